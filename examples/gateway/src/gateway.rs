//! From a request to its response, by way of the conditions.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{Request, State};
use axum::http::header::{
    ACCEPT_RANGES, ALLOW, CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE,
    CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue, LAST_MODIFIED, RETRY_AFTER,
};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use futures_util::{StreamExt, stream};
use http_conditional::{
    Boundary, Condition, ContentInParts, Decision, EntityTag, Exclusion, Field, HttpDate, Piece,
    Policy, Preconditions, RangePolicy, ReplyPolicy, Requirement, reply_in_parts,
};
use object_store::PutPayload;
use object_store::path::Path;

use crate::key::key;
use crate::store::{Expected, Failure, Object, Store};

/// How often a write is tried on a state that changes before it comes to it.
const ATTEMPTS: u32 = 8;

/// How long content that nobody wants is still taken from a client.
const PATIENCE: Duration = Duration::from_secs(5);

pub(crate) struct Gateway {
    pub(crate) store: Box<dyn Store>,
    /// How many bytes of content a request may have.
    pub(crate) max_body: usize,
    /// Where it is set, the condition is evaluated here and not asked of the store, which loses
    /// updates: to see that it does.
    pub(crate) check_then_put_after: Option<Duration>,
}

/// What a request writes.
#[derive(Clone)]
enum Change {
    Put {
        content: PutPayload,
        content_type: Option<String>,
    },
    Delete,
}

/// Answers one request.
pub(crate) async fn handle(State(gateway): State<Arc<Gateway>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let mut response = gateway.answer(&head, body).await;
    if head.method == Method::HEAD {
        *response.body_mut() = Body::empty();
    }
    response
}

impl Gateway {
    async fn answer(self: Arc<Self>, head: &Parts, body: Body) -> Response {
        if head.method == Method::OPTIONS {
            return allow(empty(StatusCode::NO_CONTENT));
        }
        let known = [Method::GET, Method::HEAD, Method::PUT, Method::DELETE];
        if !known.contains(&head.method) {
            let sentence = "There is GET, HEAD, PUT and DELETE.";
            return allow(unread(text(StatusCode::METHOD_NOT_ALLOWED, sentence), body));
        }
        let Some(key) = key(head.uri.path()) else {
            let sentence = "The path can be the name of nothing.";
            return unread(text(StatusCode::BAD_REQUEST, sentence), body);
        };
        let change = match head.method {
            Method::PUT => match self.content(head, body).await {
                Ok(change) => change,
                Err(refused) => return refused,
            },
            Method::DELETE => Change::Delete,
            _ => {
                let read = self.read(head, &key).await;
                return read.unwrap_or_else(|failure| refuse(&failure));
            }
        };
        let (method, fields) = (head.method.clone(), head.headers.clone());
        // To its end, even if the client goes away: what is half done would be nobody's.
        let written = tokio::spawn(async move { self.write(&method, &fields, &key, change).await });
        match written.await {
            Ok(written) => written.unwrap_or_else(|failure| refuse(&failure)),
            Err(error) => refuse(&Failure::Unknown(error.to_string())),
        }
    }

    /// What a PUT writes.
    async fn content(&self, head: &Parts, mut body: Body) -> Result<Change, Response> {
        // RFC 9110 section 14.5: a part of a representation is not to be taken for the whole.
        if head.headers.contains_key(CONTENT_RANGE) {
            let sentence = "PUT takes the whole representation, not a range of it.";
            return Err(unread(text(StatusCode::BAD_REQUEST, sentence), body));
        }
        // Section 8.4: no coding is remembered, so none could be sent with the content.
        if head.headers.contains_key(CONTENT_ENCODING) {
            let sentence = "PUT takes content without a content coding.";
            return Err(unread(
                text(StatusCode::UNSUPPORTED_MEDIA_TYPE, sentence),
                body,
            ));
        }
        let too_large = || {
            let sentence = "The content is larger than this gateway takes.";
            text(StatusCode::PAYLOAD_TOO_LARGE, sentence)
        };
        if body.size_hint().lower() > self.max_body as u64 {
            return Err(unread(too_large(), body));
        }
        // A store writes on a condition in one request, with the content in it.
        let mut chunks: Vec<Bytes> = Vec::new();
        let mut room = self.max_body;
        let mut stream = body.into_data_stream();
        while let Some(chunk) = stream.next().await {
            let Ok(chunk) = chunk else {
                let sentence = "The content of the request is broken.";
                return Err(close(text(StatusCode::BAD_REQUEST, sentence)));
            };
            let Some(rest) = room.checked_sub(chunk.len()) else {
                body = Body::from_stream(stream);
                return Err(unread(too_large(), body));
            };
            room = rest;
            chunks.push(chunk);
        }
        let content_type = head.headers.get(CONTENT_TYPE);
        Ok(Change::Put {
            content: chunks.into_iter().collect(),
            content_type: content_type.and_then(|value| Some(value.to_str().ok()?.to_owned())),
        })
    }

    async fn read(&self, head: &Parts, key: &Path) -> Result<Response, Failure> {
        let field = |name: &HeaderName| Field::from_name(name.as_ref()).is_some();
        let whole = head.method == Method::GET && !head.headers.keys().any(field);
        if !whole {
            let found = self.store.look_up(key).await?;
            match retrieve(head, found, MOST_RANGES).await {
                // Another object is in its place by now.
                Err(Failure::Changed) => {}
                done => return done,
            }
        }
        // What is open does not change any more. A Range may always be ignored.
        retrieve(head, self.store.open(key).await?, 0).await
    }

    /// Writes, if the condition of the request is true of what the write replaces.
    async fn write(
        &self,
        method: &Method,
        fields: &HeaderMap,
        key: &Path,
        change: Change,
    ) -> Result<Response, Failure> {
        let condition = Condition::new(method.as_str(), fields, HttpDate::now(), Policy::new());
        let unconditional = matches!(condition, Condition::Always);
        if let Some(expected) = self.pushed_down(method, condition) {
            match self.perform(key, change.clone(), expected).await {
                // Another state than the condition asks for, or one that is about to change.
                Err(Failure::Changed) => {}
                done => return done,
            }
        }
        // What is always whole: evaluate a state, and swap just that state for another. Whatever
        // the state has become, it is evaluated again before another attempt; and only where the
        // store says that nothing was written there is one.
        for _ in 0..ATTEMPTS {
            let object = self.store.look_up(key).await?;
            let status = match (&change, &object) {
                (Change::Delete, None) => StatusCode::NOT_FOUND,
                _ => StatusCode::OK,
            };
            let decision = judge(method, fields, object.as_ref(), status).decide();
            if decision == Decision::PreconditionFailed {
                return Ok(precondition_failed(object.as_ref()));
            }
            if status == StatusCode::NOT_FOUND {
                return Ok(text(status, "There is nothing here."));
            }
            let created = object.is_none();
            let expected = match object.as_ref().map(strong_tag) {
                _ if unconditional || self.check_then_put_after.is_some() => Expected::Anything,
                None => Expected::Nothing,
                Some(Some(tag)) => Expected::Tag(tag),
                Some(None) => {
                    let what = "the object has no strong entity tag".to_owned();
                    return Err(Failure::NotImplemented(what));
                }
            };
            if let Some(pause) = self.check_then_put_after {
                tokio::time::sleep(pause).await;
            }
            let mut response = match self.perform(key, change.clone(), expected).await {
                Err(Failure::Changed) => continue,
                done => done?,
            };
            if created {
                *response.status_mut() = StatusCode::CREATED;
            }
            return Ok(response);
        }
        Err(Failure::Changed)
    }

    /// What the store is to compare with, without a look at the object, where that is all that
    /// the request asks. It is asked for nothing less than that, and for nothing stronger.
    fn pushed_down(&self, method: &Method, condition: Condition<&HeaderMap>) -> Option<Expected> {
        if self.check_then_put_after.is_some() {
            return None;
        }
        match condition {
            Condition::Requires(Requirement::Matches(tags)) => {
                Some(Expected::Tag(plain(tags.only()?)?))
            }
            Condition::Excludes(Exclusion::Exists) if method == Method::PUT => {
                Some(Expected::Nothing)
            }
            // Of several tags, of a weak one and of a date no store has a comparison that swaps.
            // And where nothing is asked, the answer still says whether something was there.
            Condition::Always
            | Condition::Never
            | Condition::Requires(_)
            | Condition::Excludes(_)
            | Condition::Both(..) => None,
        }
    }

    async fn perform(
        &self,
        key: &Path,
        change: Change,
        expected: Expected,
    ) -> Result<Response, Failure> {
        let status = match expected {
            Expected::Nothing => StatusCode::CREATED,
            Expected::Anything | Expected::Tag(_) => StatusCode::NO_CONTENT,
        };
        let mut response = empty(status);
        match change {
            Change::Put {
                content,
                content_type,
            } => {
                let tag = self.store.put(key, content, content_type, expected).await?;
                // RFC 9110 section 9.3.4: allowed, because the content is stored as it came.
                insert(response.headers_mut(), ETAG, tag);
            }
            Change::Delete => self.store.delete(key, expected).await?,
        }
        Ok(response)
    }
}

fn judge<'o>(
    method: &Method,
    fields: &HeaderMap,
    object: Option<&'o Object>,
    unconditional: StatusCode,
) -> Preconditions<'o> {
    let selected = object.map_or(http_conditional::Representation::ABSENT, |object| {
        object.representation()
    });
    let policy = Policy::new().now(HttpDate::now());
    let mut preconditions = Preconditions::with_policy(method.as_str().into(), selected, policy)
        .unconditional_status(unconditional.as_u16());
    preconditions.extend(fields);
    preconditions
}

/// A tag that a store can be given as the client gave it. Stores are less exact than HTTP about
/// quotes, commas and `*`; so those that are not letters, digits and hyphens are compared here.
fn plain(tag: EntityTag<'_>) -> Option<String> {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
    let plain = !tag.opaque().is_empty() && tag.opaque().iter().all(is_plain);
    plain.then(|| tag.to_string())
}

fn strong_tag(object: &Object) -> Option<String> {
    let tag = object.entity_tag().filter(|tag| !tag.is_weak())?;
    Some(tag.to_string())
}

/// So many ranges are sent at most: each is a request to the store. Of more the whole is sent, as is
/// always allowed.
const MOST_RANGES: usize = 8;

/// What the framing of a part takes, about: to send a smaller gap between two is cheaper.
const PART_OVERHEAD: u64 = 80;

/// What stands between parts, and not in them, but by the rarest chance.
fn boundary() -> Boundary {
    // Each is made of what the system has as randomness.
    let random = || u128::from(RandomState::new().build_hasher().finish());
    Boundary::from_random(random() << 64 | random())
}

/// The answer to a GET or HEAD, with as many ranges as are permitted.
async fn retrieve(
    head: &Parts,
    found: Option<Object>,
    max_ranges: usize,
) -> Result<Response, Failure> {
    let Some(object) = found else {
        return Ok(text(StatusCode::NOT_FOUND, "There is nothing here."));
    };
    let mut response = empty(StatusCode::OK);
    *response.headers_mut() = fields(&object);
    let policy = ReplyPolicy::new()
        .conditions(Policy::new().now(HttpDate::now()))
        .ranges(RangePolicy::new().max_ranges(max_ranges))
        .coalescing(PART_OVERHEAD);
    let length = object.length;
    let content = reply_in_parts(
        &head.method,
        &head.headers,
        &mut response,
        Some(length),
        &policy,
        boundary,
    );
    let sentence = match response.status() {
        StatusCode::PRECONDITION_FAILED => Some(FAILED),
        StatusCode::RANGE_NOT_SATISFIABLE => Some("The object is not that long."),
        _ => None,
    };
    if let Some(sentence) = sentence {
        say(&mut response, sentence);
    }
    let read = object.reader;
    *response.body_mut() = match content {
        ContentInParts::None | ContentInParts::Head => return Ok(response),
        ContentInParts::Whole => Body::from_stream(read(0..length).await?),
        ContentInParts::Part(range) => Body::from_stream(read(range.into()).await?),
        ContentInParts::Parts(mut parts) => {
            // Each is asked for before the first is sent: all are of one version, or none is sent.
            let mut pieces = Vec::new();
            while let Some(piece) = parts.next_piece() {
                pieces.push(match piece {
                    Piece::Framing(bytes) => {
                        let bytes = Bytes::copy_from_slice(bytes);
                        stream::iter([Ok(bytes)]).boxed()
                    }
                    Piece::Content(range) => read(range.into()).await?,
                });
            }
            Body::from_stream(stream::iter(pieces).flatten())
        }
    };
    Ok(response)
}

/// The fields of a 200.
fn fields(object: &Object) -> HeaderMap {
    let mut fields = HeaderMap::new();
    fields.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    let content_type = object.content_type.as_deref();
    let content_type = content_type.unwrap_or("application/octet-stream");
    insert(&mut fields, CONTENT_TYPE, Some(content_type.to_owned()));
    insert(&mut fields, ETAG, object.tag.clone());
    // RFC 9110 section 8.8.2.1: not later than the response is made.
    let modified = object.last_modified.min(HttpDate::now());
    insert(&mut fields, LAST_MODIFIED, Some(modified.to_string()));
    fields
}

/// What a store says may not be fit for a field; it is left out then.
fn insert(fields: &mut HeaderMap, name: HeaderName, value: Option<String>) {
    if let Some(value) = value.and_then(|value| HeaderValue::try_from(value).ok()) {
        fields.insert(name, value);
    }
}

const FAILED: &str = "The condition of the request is false, so nothing was done.";

fn precondition_failed(object: Option<&Object>) -> Response {
    let mut response = text(StatusCode::PRECONDITION_FAILED, FAILED);
    // So that the client knows which version it missed.
    insert(
        response.headers_mut(),
        ETAG,
        object.and_then(|object| object.tag.clone()),
    );
    response
}

/// The answer where the store did not do it.
fn refuse(failure: &Failure) -> Response {
    if let Some(what) = failure.what() {
        let _ = writeln!(io::stderr(), "{what}");
    }
    let (status, sentence) = match failure {
        Failure::Changed => (
            StatusCode::CONFLICT,
            "Others change this all the time. Nothing was done; try again.",
        ),
        Failure::Name(_) => (
            StatusCode::CONFLICT,
            "This store can have no object of this name beside those it has. Nothing was done.",
        ),
        Failure::Unreachable(_) => (
            StatusCode::SERVICE_UNAVAILABLE,
            "The store cannot be reached. Nothing was done; try again.",
        ),
        Failure::NotImplemented(_) => (
            StatusCode::NOT_IMPLEMENTED,
            "This store cannot write on this condition. Nothing was done.",
        ),
        Failure::Forbidden(_) => (
            StatusCode::FORBIDDEN,
            "The store does not permit this. Nothing was done.",
        ),
        Failure::Full(_) => (
            StatusCode::INSUFFICIENT_STORAGE,
            "The store is full. Nothing was done.",
        ),
        Failure::Broken(_) => (
            StatusCode::INTERNAL_SERVER_ERROR,
            "The store does not work. Nothing was done.",
        ),
        Failure::Unknown(_) => (
            StatusCode::GATEWAY_TIMEOUT,
            "The store did not answer. What was asked for may be done, or not: look before asking again.",
        ),
    };
    let mut response = text(status, sentence);
    if matches!(failure, Failure::Changed | Failure::Unreachable(_)) {
        let fields = response.headers_mut();
        fields.insert(RETRY_AFTER, HeaderValue::from_static("1"));
    }
    response
}

/// With content left unread, there is no telling where the next request begins. It is read on
/// beside the answer for a while: a connection that is closed while content arrives is reset, and
/// the answer may be lost with it (RFC 9112 section 9.6).
fn unread(response: Response, body: Body) -> Response {
    if body.is_end_stream() {
        return response;
    }
    let mut rest = body.into_data_stream();
    let discard = async move { while let Some(Ok(_)) = rest.next().await {} };
    tokio::spawn(tokio::time::timeout(PATIENCE, discard));
    close(response)
}

fn close(mut response: Response) -> Response {
    let fields = response.headers_mut();
    fields.insert(CONNECTION, HeaderValue::from_static("close"));
    response
}

fn allow(mut response: Response) -> Response {
    let methods = HeaderValue::from_static("GET, HEAD, PUT, DELETE, OPTIONS");
    response.headers_mut().insert(ALLOW, methods);
    response
}

/// A response whose content is one sentence.
fn text(status: StatusCode, sentence: &str) -> Response {
    let mut response = empty(status);
    say(&mut response, sentence);
    response
}

fn say(response: &mut Response, sentence: &str) {
    let content = format!("{sentence}\n");
    let fields = response.headers_mut();
    fields.insert(CONTENT_LENGTH, content.len().into());
    let plain = HeaderValue::from_static("text/plain; charset=utf-8");
    fields.insert(CONTENT_TYPE, plain);
    *response.body_mut() = content.into();
}

fn empty(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}
