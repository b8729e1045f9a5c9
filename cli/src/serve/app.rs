//! From a request to its response, by way of the conditions.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{self, ErrorKind, Write};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use axum::body::{Body, HttpBody};
use axum::extract::Request;
use axum::http::header::{
    ACCEPT_RANGES, ALLOW, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG,
    EXPECT, HeaderMap, HeaderValue, LAST_MODIFIED, LOCATION,
};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use http_conditional::{
    AdmitPolicy, Boundary, ContentInParts, Decision, Field, Piece, Policy, Preconditions,
    RefusalReason, ReplyPolicy, admit, reply_in_parts,
};

use crate::page::journal::{Journal, Noted};
use crate::reasons::{Case, Departures, Finding, Last, State, find};
use crate::serve::content;
use crate::serve::files::body::FileBody;
use crate::serve::store::{Data, LookUp, Received, Snapshot, Store, decode, http_date};

pub(crate) struct App {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) writable: bool,
    pub(crate) require_precondition: bool,
    pub(crate) departures: Departures,
    /// Without one, requests are neither printed nor kept.
    pub(crate) journal: Option<Arc<Journal>>,
    /// How many bytes of content a request may have.
    pub(crate) max_body: usize,
    /// Held from the look at the current state to the end of the write: between the two, no other
    /// request changes what the conditions were evaluated against.
    pub(crate) writing: Mutex<()>,
}

/// What the evaluation came to.
pub(crate) struct Judgement {
    /// The status of the answer to the same request without conditions.
    unconditional: StatusCode,
    pub(crate) decision: Decision,
    /// The field that decided.
    pub(crate) field: Option<Field>,
    /// Why, in words, where somebody wants to know.
    finding: Option<Finding>,
}

/// A response, and the judgement that led to it.
struct Answer {
    response: Response,
    judgement: Option<Judgement>,
}

/// Answers one request.
pub(crate) async fn handle(app: &Arc<App>, peer: SocketAddr, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let answer = answer(app, &head, body).await;
    let Answer {
        mut response,
        judgement,
    } = answer.unwrap_or_else(|error| failure(&error).into());
    if let Some(journal) = &app.journal {
        let status = response.status();
        let target = head.uri.to_string();
        journal.enter(Noted {
            peer,
            method: &head.method,
            target: &target,
            fields: &head.headers,
            status,
            said: judgement
                .as_ref()
                .map_or_else(String::new, |judgement| judgement.said(status)),
            decision: judgement
                .as_ref()
                .map(|judgement| judgement.decision.to_string()),
            field: judgement
                .as_ref()
                .and_then(|judgement| Some(judgement.field?.name())),
            finding: judgement.and_then(|judgement| judgement.finding),
            faults: Vec::new(),
            length: None,
        });
    }
    if head.method == Method::HEAD {
        *response.body_mut() = Body::empty();
    }
    response
}

async fn answer(app: &App, head: &Parts, body: Body) -> io::Result<Answer> {
    if body.size_hint().lower() > u64::try_from(app.max_body).unwrap_or(u64::MAX) {
        return Ok(if waits(head, &body) {
            content::unread(content::too_large()).into()
        } else {
            content::discard(body);
            content::too_large().into()
        });
    }
    if !is_write(&head.method) {
        content::discard(body);
        return app.read(head);
    }
    // In a box: what waits for a response is moved several times, and most only read.
    Box::pin(written(app, head, body)).await
}

async fn written(app: &App, head: &Parts, body: Body) -> io::Result<Answer> {
    // RFC 9110 section 10.1.1: a client that waits for a 100 need not send content that would be
    // refused.
    if let Some(mut refusal) = app.refusal(head)? {
        if waits(head, &body) {
            refusal.response = content::unread(refusal.response);
        } else {
            content::discard(body);
        }
        return Ok(refusal);
    }
    // The content comes first, however slowly, and the lock after it.
    let mut received = tokio::task::block_in_place(|| app.receive(head))?;
    if let Err(refusal) = content::receive(body, app.max_body, &mut received).await {
        return Ok(refusal.into());
    }
    tokio::task::block_in_place(|| app.write(head, received))
}

const fn is_write(method: &Method) -> bool {
    matches!(*method, Method::PUT | Method::DELETE)
}

/// Whether the client waits for a 100 before it sends its content.
fn waits(head: &Parts, body: &Body) -> bool {
    expects_continue(&head.headers) && !body.is_end_stream()
}

fn expects_continue(fields: &HeaderMap) -> bool {
    let expectation = fields.get(EXPECT).map(HeaderValue::as_bytes);
    expectation.is_some_and(|value| value.eq_ignore_ascii_case(b"100-continue"))
}

/// Runs what reads and writes files where it may take its time. It runs to its end, even if the
/// client goes away.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|error| Err(error.into()))
}

impl App {
    /// The answer to a request whose content would not matter.
    fn refusal(&self, head: &Parts) -> io::Result<Option<Answer>> {
        let found = self.look_up(head)?;
        let judgement = self.judge(head, &found);
        let refused = self.refuse(head, &found, &judgement);
        Ok(refused.map(|response| judgement.answered(response)))
    }

    /// Where the content of a write goes, until it is complete.
    fn receive(&self, head: &Parts) -> io::Result<Received> {
        let path = decode(head.uri.path()).ok_or(ErrorKind::NotFound)?;
        match head.method {
            Method::PUT => self.store.receive(&path),
            // What comes with a DELETE means nothing.
            _ => Ok(Received::Memory(Vec::new())),
        }
    }

    /// Performs a write, unless a condition or something else prevents it.
    fn write(&self, head: &Parts, content: Received) -> io::Result<Answer> {
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let found = self.look_up(head)?;
        let judgement = self.judge(head, &found);
        let response = match self.refuse(head, &found, &judgement) {
            Some(refused) => refused,
            None if head.method == Method::PUT => {
                self.put(head, content, judgement.unconditional)?
            }
            None => self.delete(head)?,
        };
        Ok(judgement.answered(response))
    }

    /// Answers a request that writes nothing.
    fn read(&self, head: &Parts) -> io::Result<Answer> {
        for _ in 0..MOST_LOOKS {
            let found = self.look_up(head)?;
            let reads = matches!(head.method, Method::GET | Method::HEAD);
            let Some(snapshot) = found.snapshot().filter(|_| reads) else {
                let judgement = self.judge(head, &found);
                let refused = self.refuse(head, &found, &judgement);
                return Ok(judgement.answered(refused.unwrap_or_else(|| self.options())));
            };
            let now = http_date(SystemTime::now());
            let conditions = self.departures.policy(now);
            let Some(mut response) = retrieve(head, snapshot, conditions)? else {
                // Another version has come since it was looked at.
                continue;
            };
            let is_refused = response.status() == StatusCode::PRECONDITION_FAILED;
            let judged = self.journal.is_some() || is_refused;
            let judgement = judged.then(|| self.judge(head, &found));
            if is_refused {
                let field = judgement.as_ref().and_then(|judgement| judgement.field);
                say(&mut response, &false_condition(field));
            }
            return Ok(Answer {
                response,
                judgement,
            });
        }
        let sentence = "It changes faster than it can be read.";
        Ok(text(StatusCode::SERVICE_UNAVAILABLE, sentence).into())
    }

    fn look_up(&self, head: &Parts) -> io::Result<LookUp> {
        match decode(head.uri.path()) {
            Some(path) => self.store.look_up(&path, head),
            None => Ok(LookUp::Nowhere),
        }
    }

    /// Evaluates the conditions against the current state.
    fn judge(&self, head: &Parts, found: &LookUp) -> Judgement {
        let unconditional = self.unconditional(head, found);
        let now = http_date(SystemTime::now());
        let policy = self.departures.policy(now);
        let method = head.method.as_str().into();
        let brothers = found.brothers();
        let selected = found.representation().also(&brothers);
        let mut preconditions = Preconditions::with_policy(method, selected, policy)
            .unconditional_status(unconditional.as_u16());
        preconditions.extend(&head.headers);
        let explanation = preconditions.explain();
        Judgement {
            unconditional,
            decision: explanation.decision(),
            field: explanation.field(),
            finding: self.journal.as_ref().map(|_| {
                find(Case {
                    request: &asked(head),
                    state: &state(found),
                    brothers: &brothers,
                    unconditional: Some(unconditional.as_u16()),
                    policy,
                    now,
                    last: Last::Unknown,
                })
            }),
        }
    }

    /// The status of the answer to the request without its conditions (RFC 9110 section 13.2.1).
    fn unconditional(&self, head: &Parts, found: &LookUp) -> StatusCode {
        match head.method {
            Method::GET | Method::HEAD => match found {
                LookUp::Current(_) | LookUp::Selected(_) => StatusCode::OK,
                LookUp::Moved(_) => StatusCode::MOVED_PERMANENTLY,
                LookUp::Vacant | LookUp::Nowhere => StatusCode::NOT_FOUND,
            },
            // 14.5: a part of a representation must not be taken for the whole.
            Method::PUT if self.writable && head.headers.contains_key(CONTENT_RANGE) => {
                StatusCode::BAD_REQUEST
            }
            // 8.4: no coding is remembered, so none could be sent with the data.
            Method::PUT if self.writable && head.headers.contains_key(CONTENT_ENCODING) => {
                StatusCode::UNSUPPORTED_MEDIA_TYPE
            }
            Method::PUT if self.writable => match found {
                LookUp::Current(_) => StatusCode::NO_CONTENT,
                LookUp::Vacant => StatusCode::CREATED,
                LookUp::Selected(_) | LookUp::Moved(_) | LookUp::Nowhere => StatusCode::CONFLICT,
            },
            Method::DELETE if self.writable => match found {
                LookUp::Current(_) => StatusCode::NO_CONTENT,
                LookUp::Selected(_) | LookUp::Moved(_) => StatusCode::CONFLICT,
                LookUp::Vacant | LookUp::Nowhere => StatusCode::NOT_FOUND,
            },
            Method::OPTIONS => StatusCode::NO_CONTENT,
            _ => StatusCode::METHOD_NOT_ALLOWED,
        }
    }

    /// The response where the method is not performed.
    fn refuse(&self, head: &Parts, found: &LookUp, judgement: &Judgement) -> Option<Response> {
        if !judgement.unconditional.is_success() {
            return Some(self.refuse_unconditionally(judgement.unconditional, found));
        }
        let now = http_date(SystemTime::now());
        let mut policy = AdmitPolicy::new().conditions(self.departures.policy(now));
        if self.require_precondition {
            policy = policy.require_strong_guard();
        }
        let brothers = found.brothers();
        let current = found.representation().also(&brothers);
        let refusal = admit(head.method.as_str(), &head.headers, current, &policy).err()?;
        let mut response = match refusal.reason() {
            RefusalReason::PreconditionFailed => text(
                StatusCode::PRECONDITION_FAILED,
                &false_condition(judgement.field),
            ),
            RefusalReason::PreconditionRequired => {
                text(StatusCode::PRECONDITION_REQUIRED, &refusal.to_string())
            }
        };
        // The fields from which the representation was read.
        if let Some(snapshot) = found.snapshot() {
            keep_validators(&mut response, &snapshot.fields);
        }
        Some(response)
    }

    fn refuse_unconditionally(&self, status: StatusCode, found: &LookUp) -> Response {
        let sentence = match status {
            StatusCode::MOVED_PERMANENTLY => "It is at another path: see Location.",
            StatusCode::BAD_REQUEST => "PUT takes the whole representation, not a range of it.",
            StatusCode::NOT_FOUND => "There is nothing here.",
            StatusCode::CONFLICT => {
                "Only a file in a directory that exists can be written, under its own path."
            }
            StatusCode::UNSUPPORTED_MEDIA_TYPE => "PUT takes data without a content coding.",
            _ => "The method is not allowed here.",
        };
        let mut response = text(status, sentence);
        let fields = response.headers_mut();
        if status == StatusCode::METHOD_NOT_ALLOWED {
            fields.insert(ALLOW, self.allow());
        }
        if let (StatusCode::MOVED_PERMANENTLY, LookUp::Moved(location)) = (status, found) {
            fields.insert(LOCATION, location.clone());
        }
        response
    }

    fn put(&self, head: &Parts, content: Received, status: StatusCode) -> io::Result<Response> {
        let path = decode(head.uri.path()).ok_or(ErrorKind::NotFound)?;
        let content_type = head.headers.get(CONTENT_TYPE);
        let snapshot = self.store.put(&path, content, content_type)?;
        let mut response = empty(status);
        // RFC 9110 section 9.3.4: allowed, because the data is stored as it came.
        keep_validators(&mut response, &snapshot.fields);
        Ok(response)
    }

    fn delete(&self, head: &Parts) -> io::Result<Response> {
        let path = decode(head.uri.path()).ok_or(ErrorKind::NotFound)?;
        self.store.delete(&path)?;
        Ok(empty(StatusCode::NO_CONTENT))
    }

    fn options(&self) -> Response {
        let mut response = empty(StatusCode::NO_CONTENT);
        response.headers_mut().insert(ALLOW, self.allow());
        response
    }

    fn allow(&self) -> HeaderValue {
        HeaderValue::from_static(if self.writable {
            "GET, HEAD, PUT, DELETE, OPTIONS"
        } else {
            "GET, HEAD, OPTIONS"
        })
    }
}

/// The request, as what finds reasons takes it.
fn asked(head: &Parts) -> crate::explain::read::Request {
    let fields = head.headers.iter();
    crate::explain::read::Request {
        method: head.method.to_string(),
        target: head.uri.to_string(),
        fields: fields
            .map(|(name, value)| (name.to_string(), value.as_bytes().to_vec()))
            .collect(),
        is_assumed: false,
    }
}

/// The state, likewise.
fn state(found: &LookUp) -> State {
    let Some(snapshot) = found.snapshot() else {
        return State::ABSENT;
    };
    let value = |name| snapshot.fields.get(name).map(HeaderValue::as_bytes);
    let mut state = State::current(value(ETAG), value(LAST_MODIFIED));
    state.strong_date = snapshot.strong_date;
    state
}

impl Judgement {
    /// What the line of the request says behind its status.
    fn said(&self, status: StatusCode) -> String {
        let mut said = String::new();
        // The status says the rest: 304 or 412, or why the method could not be performed.
        if self.decision.status().is_none() && status.is_success() {
            said = format!(": {}", self.decision);
        }
        if let Some(field) = self.field {
            said = format!("{said} ({field})");
        }
        said
    }

    fn answered(self, response: Response) -> Answer {
        Answer {
            response,
            judgement: Some(self),
        }
    }
}

impl From<Response> for Answer {
    fn from(response: Response) -> Self {
        Self {
            response,
            judgement: None,
        }
    }
}

/// How often it is looked at what changes all the time.
const MOST_LOOKS: usize = 8;

/// About how many bytes a part costs besides its data: a smaller gap between two is cheaper to
/// fill.
const PART_OVERHEAD: u64 = 80;

/// The answer to a GET or HEAD of this; `None` where it is another version by now.
fn retrieve(
    head: &Parts,
    snapshot: &Snapshot,
    mut conditions: Policy,
) -> io::Result<Option<Response>> {
    let length = snapshot.data.length();
    let mut response = Response::new(Body::empty());
    *response.headers_mut() = HeaderMap::clone(&snapshot.fields);
    if snapshot.strong_date {
        conditions = conditions.if_range_by_date();
    }
    let policy = ReplyPolicy::new()
        .conditions(conditions)
        .coalescing(PART_OVERHEAD);
    let (method, fields) = (head.method.as_str(), &head.headers);
    let content = reply_in_parts(
        method,
        fields,
        &mut response,
        Some(length),
        &policy,
        boundary,
    );
    let status = response.status();
    if matches!(status.as_u16(), 200 | 206 | 416) {
        let bytes = HeaderValue::from_static("bytes");
        response.headers_mut().insert(ACCEPT_RANGES, bytes);
    }
    if status == StatusCode::RANGE_NOT_SATISFIABLE {
        say(
            &mut response,
            "No range that was asked for lies within the representation.",
        );
    }
    *response.body_mut() = match (content, &snapshot.data) {
        // A GET opens it too, and that may be refused.
        (ContentInParts::Head, Data::File(file)) if file.open()?.is_none() => return Ok(None),
        (ContentInParts::None | ContentInParts::Head, _) => return Ok(Some(response)),
        (ContentInParts::Whole, Data::Memory(data)) => data.clone().into(),
        (ContentInParts::Part(range), Data::Memory(data)) => {
            data.slice_ref(range.of(data).unwrap_or_default()).into()
        }
        (ContentInParts::Parts(mut parts), Data::Memory(data)) => {
            let mut content = Vec::new();
            while let Some(piece) = parts.next_piece() {
                content.extend_from_slice(match piece {
                    Piece::Framing(bytes) => bytes,
                    Piece::Content(range) => range.of(data).unwrap_or_default(),
                });
            }
            content.into()
        }
        (content, Data::File(file)) => {
            let Some(opened) = file.open()? else {
                return Ok(None);
            };
            Body::new(match content {
                ContentInParts::Parts(parts) => FileBody::parts(opened, parts),
                ContentInParts::Part(range) => {
                    FileBody::range(opened, range.first(), range.last() + 1)
                }
                _ => FileBody::whole(opened, file),
            })
        }
    };
    Ok(Some(response))
}

/// The line between parts, which is in them only by the rarest chance.
fn boundary() -> Boundary {
    // Each is made of what the system has as randomness.
    let random = || u128::from(RandomState::new().build_hasher().finish());
    Boundary::from_random(random() << 64 | random())
}

/// Gives a response a sentence as its content.
fn say(response: &mut Response, sentence: &str) {
    let said = text(response.status(), sentence);
    let (head, body) = said.into_parts();
    response.headers_mut().extend(head.headers);
    *response.body_mut() = body;
}

/// Says which version is in place now (RFC 9110 section 8.8).
fn keep_validators(response: &mut Response, fields: &HeaderMap) {
    for name in [ETAG, LAST_MODIFIED] {
        if let Some(value) = fields.get(&name) {
            response.headers_mut().insert(name, value.clone());
        }
    }
}

fn false_condition(field: Option<Field>) -> String {
    let field = field.map_or("the request", Field::name);
    format!("The condition in {field} is false, so nothing was done.")
}

/// Reading or writing failed, through no fault of the conditions.
pub(crate) fn failure(error: &io::Error) -> Response {
    let _ = writeln!(io::stderr(), "{error}");
    match error.kind() {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => text(
            StatusCode::FORBIDDEN,
            "The file system does not allow this.",
        ),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => text(
            StatusCode::INSUFFICIENT_STORAGE,
            "There is no space left for it.",
        ),
        _ => text(
            StatusCode::INTERNAL_SERVER_ERROR,
            "Reading or writing failed.",
        ),
    }
}

/// A response whose content is one sentence.
pub(crate) fn text(status: StatusCode, sentence: &str) -> Response {
    let content = format!("{sentence}\n");
    let mut response = empty(status);
    let fields = response.headers_mut();
    fields.insert(CONTENT_LENGTH, content.len().into());
    fields.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("text/plain; charset=utf-8"),
    );
    *response.body_mut() = content.into();
    response
}

fn empty(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}
