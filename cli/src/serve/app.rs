//! From a request to its response, by way of the conditions.

use std::io::{self, ErrorKind, Write};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::header::{
    ACCEPT_RANGES, ALLOW, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG,
    EXPECT, HeaderMap, HeaderValue, IF_RANGE, LAST_MODIFIED, LOCATION, RANGE,
};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use http_conditional::{
    ByteRange, Decision, Field, Guard, Parts as Ranges, Policy, Preconditions, RangePolicy,
    RangeResponse, ResponseHead,
};

use crate::page::journal::Journal;
use crate::serve::content;
use crate::serve::store::{LookUp, Snapshot, Store, decode, field_value, http_date};

pub(crate) struct App {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) writable: bool,
    pub(crate) require_precondition: bool,
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
    guards_write: bool,
    /// The steps, in words.
    pub(crate) explanation: String,
}

/// A response, and the judgement that led to it.
struct Answer {
    response: Response,
    judgement: Option<Judgement>,
}

/// Answers one request.
pub(crate) async fn handle(app: &Arc<App>, peer: SocketAddr, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let head = Arc::new(head);
    let answer = answer(app, &head, body).await;
    let Answer {
        mut response,
        judgement,
    } = answer.unwrap_or_else(|error| failure(&error).into());
    if let Some(journal) = &app.journal {
        journal.enter(peer, &head, response.status(), judgement.as_ref());
    }
    if head.method == Method::HEAD {
        *response.body_mut() = Body::empty();
    }
    response
}

async fn answer(app: &Arc<App>, head: &Arc<Parts>, body: Body) -> io::Result<Answer> {
    // RFC 9110 section 10.1.1: a client that waits to be asked for its content is spared to send
    // what would be refused.
    let waits = expects_continue(&head.headers) && !body.is_end_stream();
    if body.size_hint().lower() > u64::try_from(app.max_body).unwrap_or(u64::MAX) {
        if !waits {
            content::discard(body);
        }
        return Ok(content::too_large().into());
    }
    if waits {
        let (app, head) = (Arc::clone(app), Arc::clone(head));
        if let Some(mut refusal) = blocking(move || app.refusal(&head)).await? {
            refusal.response = content::unread(refusal.response);
            return Ok(refusal);
        }
    }
    // The content comes first, as slowly as it may, and the lock after it.
    let content = match content::read(body, app.max_body).await {
        Ok(content) => content,
        Err(refusal) => return Ok(refusal.into()),
    };
    let (app, head) = (Arc::clone(app), Arc::clone(head));
    blocking(move || app.perform(&head, content)).await
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

    /// Performs the method, unless a condition or something else stands against it.
    fn perform(&self, head: &Parts, content: Bytes) -> io::Result<Answer> {
        let writes = matches!(head.method, Method::PUT | Method::DELETE);
        let _writing = writes.then(|| self.writing.lock().unwrap_or_else(PoisonError::into_inner));
        let found = self.look_up(head)?;
        let judgement = self.judge(head, &found);
        let response = match self.refuse(head, &found, &judgement) {
            Some(refused) => refused,
            None => match (&head.method, found) {
                (&Method::PUT, _) => self.put(head, content, judgement.unconditional)?,
                (&Method::DELETE, _) => self.delete(head)?,
                (&Method::OPTIONS, _) => self.options(),
                (_, LookUp::Current(snapshot) | LookUp::Selected(snapshot)) => {
                    retrieve(&head.headers, judgement.decision, snapshot)
                }
                (_, absent) => self.refuse_unconditionally(StatusCode::NOT_FOUND, &absent),
            },
        };
        Ok(judgement.answered(response))
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
        let mut policy = Policy::new();
        if let Some(now) = http_date(SystemTime::now()) {
            policy = policy.now(now);
        }
        let method = head.method.as_str().into();
        let mut preconditions = Preconditions::with_policy(method, found.representation(), policy)
            .unconditional_status(unconditional.as_u16());
        preconditions.extend(&head.headers);
        let explanation = preconditions.explain();
        Judgement {
            unconditional,
            decision: explanation.decision(),
            field: explanation.field(),
            guards_write: preconditions.guards_write() != Guard::None,
            explanation: explanation.to_string(),
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
            // 14.5: a part of a representation is not to be taken for the whole.
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
        match (judgement.decision, found.snapshot()) {
            (Decision::NotModified, Some(snapshot)) => return Some(not_modified(snapshot)),
            (Decision::NotModified | Decision::PreconditionFailed, _) => {
                return Some(precondition_failed(judgement.field));
            }
            (Decision::Perform | Decision::PerformIgnoringRange, _) => {}
        }
        if !judgement.unconditional.is_success() {
            return Some(self.refuse_unconditionally(judgement.unconditional, found));
        }
        let writes = matches!(head.method, Method::PUT | Method::DELETE);
        if self.require_precondition
            && writes
            && found.snapshot().is_some()
            && !judgement.guards_write
        {
            return Some(text(
                StatusCode::PRECONDITION_REQUIRED,
                "Send If-Match with the entity tag that you have seen, so that no update is lost.",
            ));
        }
        None
    }

    fn refuse_unconditionally(&self, status: StatusCode, found: &LookUp) -> Response {
        let sentence = match status {
            StatusCode::MOVED_PERMANENTLY => "It is at another path, see Location.",
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

    fn put(&self, head: &Parts, data: Bytes, status: StatusCode) -> io::Result<Response> {
        let path = decode(head.uri.path()).ok_or(ErrorKind::NotFound)?;
        let content_type = head.headers.get(CONTENT_TYPE);
        let mut snapshot = self.store.put(&path, data, content_type)?;
        let mut response = empty(status);
        // RFC 9110 section 9.3.4: allowed, because the data is stored as it came.
        for name in [ETAG, LAST_MODIFIED] {
            if let Some(value) = snapshot.fields.remove(&name) {
                response.headers_mut().insert(name, value);
            }
        }
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

impl Judgement {
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

/// The answer to a GET or HEAD that is performed: 200, or 206 or 416 where there is a Range that
/// applies.
fn retrieve(request: &HeaderMap, decision: Decision, snapshot: Snapshot) -> Response {
    let range = request.get(RANGE).map(HeaderValue::as_bytes);
    let if_range = request.contains_key(IF_RANGE);
    let mut lent = [ByteRange::default(); RangePolicy::DEFAULT_MAX_RANGES];
    let mut response = match RangeResponse::new(decision, range, snapshot.length())
        .coalesce(PART_OVERHEAD, &mut lent)
    {
        RangeResponse::Whole(_) => {
            let mut response = Response::new(Body::from(snapshot.data));
            *response.headers_mut() = snapshot.fields;
            response
        }
        RangeResponse::Part(part) => {
            let content_range = field_value(part.content_range().to_string());
            let mut fields = carried(&snapshot, ResponseHead::Part { if_range });
            fields.insert(CONTENT_RANGE, content_range);
            partial_content(fields, snapshot.slice(part.range()))
        }
        RangeResponse::Parts(parts) => {
            let (content_type, data) = multipart(&snapshot, parts);
            let mut fields = carried(&snapshot, ResponseHead::Parts { if_range });
            fields.insert(CONTENT_TYPE, content_type);
            partial_content(fields, data)
        }
        RangeResponse::Unsatisfiable(content_range) => {
            let sentence = "No range that was asked for lies within the representation.";
            let mut response = text(StatusCode::RANGE_NOT_SATISFIABLE, sentence);
            let content_range = field_value(content_range.to_string());
            response.headers_mut().insert(CONTENT_RANGE, content_range);
            response
        }
    };
    let bytes = HeaderValue::from_static("bytes");
    response.headers_mut().insert(ACCEPT_RANGES, bytes);
    response
}

/// What a part costs beside its data, about: to fill a smaller gap between two is cheaper.
const PART_OVERHEAD: u64 = 80;

/// The content of a `multipart/byteranges` response, and its type (RFC 9110 section 14.6).
fn multipart(snapshot: &Snapshot, parts: Ranges<'_>) -> (HeaderValue, Bytes) {
    let boundary = snapshot.boundary();
    let mut data = Vec::new();
    for part in parts {
        data.extend_from_slice(format!("--{boundary}\r\n").as_bytes());
        if let Some(content_type) = snapshot.fields.get(CONTENT_TYPE) {
            data.extend_from_slice(b"Content-Type: ");
            data.extend_from_slice(content_type.as_bytes());
            data.extend_from_slice(b"\r\n");
        }
        let head = format!("Content-Range: {}\r\n\r\n", part.content_range());
        data.extend_from_slice(head.as_bytes());
        data.extend_from_slice(&snapshot.slice(part.range()));
        data.extend_from_slice(b"\r\n");
    }
    data.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    let content_type = format!("multipart/byteranges; boundary={boundary}");
    (field_value(content_type), data.into())
}

fn partial_content(fields: HeaderMap, data: Bytes) -> Response {
    let mut response = Response::new(Body::from(data));
    *response.status_mut() = StatusCode::PARTIAL_CONTENT;
    *response.headers_mut() = fields;
    response
}

fn not_modified(snapshot: &Snapshot) -> Response {
    let has_etag = snapshot.fields.contains_key(ETAG);
    let mut response = empty(StatusCode::NOT_MODIFIED);
    *response.headers_mut() = carried(snapshot, ResponseHead::NotModified { has_etag });
    response
}

/// The fields of the 200 that another response carries (RFC 9110 section 15).
fn carried(snapshot: &Snapshot, head: ResponseHead) -> HeaderMap {
    let fields = snapshot.fields.iter();
    fields
        .filter(|(name, _)| head.keeps(name.as_ref()))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

fn precondition_failed(field: Option<Field>) -> Response {
    let field = field.map_or("the request", Field::name);
    text(
        StatusCode::PRECONDITION_FAILED,
        &format!("The condition in {field} is false, so nothing was done."),
    )
}

/// Reading or writing failed, through no fault of the conditions.
pub(crate) fn failure(error: &io::Error) -> Response {
    let _ = writeln!(io::stderr(), "{error}");
    match error.kind() {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => text(
            StatusCode::FORBIDDEN,
            "The file system does not let this be written.",
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
