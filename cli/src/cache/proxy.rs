//! What the proxy does with a request: ask, answer, select, freshen.

use std::fmt;
use std::io::{self, Write};
use std::sync::Arc;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{Request, State};
use axum::http::header::{
    AGE, AUTHORIZATION, CONTENT_LENGTH, CONTENT_RANGE, HeaderMap, HeaderName, HeaderValue,
    IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, RANGE,
};
use axum::http::uri::PathAndQuery;
use axum::http::{Method, Response, StatusCode};
use futures_util::stream::{self, StreamExt};
use http_conditional::cache::{
    self, AfterNotModified, Answer, Evaluation, OnHead, OnValidation, ValidationRequest,
    most_recent, on_head, select_for_update,
};
use http_conditional::{Decision, RangePolicy, RangeResponse, ResponseHead};

use crate::cache::freshness;
use crate::cache::origin::{Failure, Origin};
use crate::cache::store::{Entry, Store};

/// A client's list of tags that is longer than this is not merged: with the stored tags beside it
/// the request could become too long for the origin server.
const MAX_MERGED: usize = 4096;

pub(crate) struct Proxy {
    pub(crate) origin: Origin,
    pub(crate) store: Store,
    pub(crate) max_entry: usize,
}

/// What was done with a request.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Done {
    Fresh,
    Stored,
    RevalidatedByTag,
    RevalidatedByDate,
    RevalidatedForClient,
    Replaced,
    Forwarded,
    Invalidated,
    StaleOriginDead,
    StaleOriginFailed,
    Unreachable,
    Refused,
}

impl fmt::Display for Done {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Fresh => "fresh",
            Self::Stored => "stored",
            Self::RevalidatedByTag => "revalidated by tag",
            Self::RevalidatedByDate => "revalidated by date",
            Self::RevalidatedForClient => "revalidated for the client",
            Self::Replaced => "replaced",
            Self::Forwarded => "forwarded",
            Self::Invalidated => "forwarded, and invalidated what was stored",
            Self::StaleOriginDead => "stale, because the origin is dead",
            Self::StaleOriginFailed => "stale, because the origin failed",
            Self::Unreachable => "the origin is dead",
            Self::Refused => "refused",
        })
    }
}

pub(crate) async fn handle(State(proxy): State<Arc<Proxy>>, request: Request) -> Response<Body> {
    let line = format!("{} {}", request.method(), request.uri());
    let (response, done) = proxy.respond(request).await;
    // Whether somebody reads it makes no difference.
    let _ = writeln!(
        io::stdout(),
        "{line}: {done}, {}",
        response.status().as_u16()
    );
    response
}

/// A GET or HEAD of a client.
struct Asked {
    method: Method,
    target: PathAndQuery,
    fields: HeaderMap,
}

impl Proxy {
    async fn respond(&self, request: Request) -> (Response<Body>, Done) {
        let Some(target) = request.uri().path_and_query().cloned() else {
            return (status(StatusCode::BAD_REQUEST), Done::Refused);
        };
        let (head, body) = request.into_parts();
        let asked = Asked {
            method: head.method,
            target,
            fields: head.headers,
        };
        let cacheable = matches!(asked.method, Method::GET | Method::HEAD)
            && body.is_end_stream()
            && !asked.fields.contains_key(AUTHORIZATION)
            && !freshness::forbids_storing(&asked.fields);
        if !cacheable {
            return self.forward(&asked, body).await;
        }

        let candidates = self.store.candidates(asked.target.as_str(), &asked.fields);
        let chosen = most_recent(candidates.iter().map(|entry| entry.response()));
        let chosen = chosen.and_then(|place| candidates.get(place));
        let method = http_conditional::Method::from(asked.method.as_str());
        let mut evaluation = Evaluation::new(method, chosen.map(|entry| entry.response()));
        evaluation.extend(&asked.fields);
        if evaluation.asks_origin() {
            return self.forward(&asked, body).await;
        }
        match chosen {
            Some(entry)
                if entry.is_fresh()
                    && !freshness::asks_for_validation(&asked.fields, entry.age()) =>
            {
                (answer(&asked, entry), Done::Fresh)
            }
            chosen if asked.method == Method::HEAD => self.head(&asked, &candidates, chosen).await,
            chosen => self.validate(&asked, &candidates, chosen).await,
        }
    }

    /// Sends the request on as it is, and nothing of the response is stored.
    async fn forward(&self, asked: &Asked, body: Body) -> (Response<Body>, Done) {
        let method = asked.method.clone();
        let response = self.origin.send(method, &asked.target, &asked.fields, body);
        let response = match response.await {
            Ok(response) => response,
            Err(failure) => return failed(failure, StatusCode::BAD_GATEWAY),
        };
        let method = http_conditional::Method::from(asked.method.as_str());
        if cache::invalidates(method, response.status().as_u16()) {
            self.store.invalidate(asked.target.as_str());
            return (response, Done::Invalidated);
        }
        (response, Done::Forwarded)
    }

    /// Forwards a HEAD. Its response says whether what is stored is still current.
    async fn head(
        &self,
        asked: &Asked,
        candidates: &[Arc<Entry>],
        chosen: Option<&Arc<Entry>>,
    ) -> (Response<Body>, Done) {
        let (response, done) = self.forward(asked, Body::empty()).await;
        match chosen {
            Some(entry) if done == Done::Unreachable && freshness::may_be_stale(&entry.fields) => {
                return (answer(asked, entry), Done::StaleOriginDead);
            }
            _ => {}
        }
        let uri = asked.target.as_str();
        let status = response.status().as_u16();
        let head = cache::Response::new(status).received(freshness::now());
        let head = head.fields(response.headers());
        for entry in candidates.iter().rev() {
            match on_head(head, entry.response()) {
                OnHead::Update => {
                    let updated = entry.updated(response.headers());
                    self.store.update(uri, Arc::new(updated));
                }
                OnHead::MarkStale => self.store.mark_stale(uri, entry),
                OnHead::Keep => {}
            }
        }
        (response, done)
    }

    /// Asks the origin server whether one of the stored responses is current, and whether what
    /// the client has is.
    async fn validate(
        &self,
        asked: &Asked,
        candidates: &[Arc<Entry>],
        chosen: Option<&Arc<Entry>>,
    ) -> (Response<Body>, Done) {
        let listed = asked.fields.get_all(IF_NONE_MATCH);
        let mut listed: Vec<&HeaderValue> = listed.iter().collect();
        if listed.iter().map(|line| line.len()).sum::<usize>() > MAX_MERGED {
            listed.clear();
        }
        let stored: Vec<_> = candidates.iter().map(|entry| entry.response()).collect();
        let request = ValidationRequest::new(stored.iter().copied());
        let Ok(request) = request.merge(&listed) else {
            // What is malformed is for the origin server to judge.
            return self.fetch(asked, None, chosen).await.into_done();
        };
        let conditions = request.fields().filter_map(|field| {
            let mut value = vec![0; field.encoded_len()];
            let value = field.encode(&mut value).ok()?.to_vec();
            Some((field.name(), value))
        });
        let replaced = (!candidates.is_empty()).then(|| replace_conditions(asked, conditions));
        let not_modified = match self.fetch(asked, replaced.as_ref(), chosen).await {
            Fetched::Done(response, done) => return (response, done),
            // About what the client has, and nothing else.
            Fetched::NotModified(response) if candidates.is_empty() => {
                return (response, Done::Forwarded);
            }
            Fetched::NotModified(response) => response,
        };

        let newer = cache::Response::new(304).received(freshness::now());
        let newer = newer.fields(not_modified.headers());
        let mut current = None;
        let after = request.after_not_modified(newer);
        for place in select_for_update(newer, stored.iter().copied()) {
            if let Some(entry) = candidates.get(place) {
                let updated = Arc::new(entry.updated(not_modified.headers()));
                self.store
                    .update(asked.target.as_str(), Arc::clone(&updated));
                if after == AfterNotModified::Reuse(place) {
                    current = Some(updated);
                }
            }
        }
        match (after, current) {
            (AfterNotModified::Reuse(_), Some(entry)) => {
                let done = if entry.response().entity_tag().is_some() {
                    Done::RevalidatedByTag
                } else {
                    Done::RevalidatedByDate
                };
                (answer(asked, &entry), done)
            }
            (AfterNotModified::Forward, _) => (not_modified, Done::RevalidatedForClient),
            // The client's own request, which the stored responses have no part in.
            _ => self.fetch(asked, None, chosen).await.into_done(),
        }
    }

    /// Sends a GET, and sees to every response but a 304. Its fields are those of the client, or
    /// those that replace them.
    async fn fetch(
        &self,
        asked: &Asked,
        replaced: Option<&HeaderMap>,
        chosen: Option<&Arc<Entry>>,
    ) -> Fetched {
        let fields = replaced.unwrap_or(&asked.fields);
        let usable = chosen.filter(|entry| freshness::may_be_stale(&entry.fields));
        let invalidations = self.store.invalidations();
        let response = self
            .origin
            .send(Method::GET, &asked.target, fields, Body::empty());
        let response = match (response.await, usable) {
            (Ok(response), _) => response,
            (Err(Failure::Unreachable), Some(entry)) => {
                return Fetched::Done(answer(asked, entry), Done::StaleOriginDead);
            }
            (Err(failure), None) if chosen.is_some() => {
                return Fetched::of(failed(failure, StatusCode::GATEWAY_TIMEOUT));
            }
            (Err(failure), _) => return Fetched::of(failed(failure, StatusCode::BAD_GATEWAY)),
        };
        match (OnValidation::of(response.status().as_u16()), usable) {
            (OnValidation::Freshen, _) => return Fetched::NotModified(response),
            (OnValidation::ForwardOrServeStale, Some(entry)) => {
                return Fetched::Done(answer(asked, entry), Done::StaleOriginFailed);
            }
            _ => {}
        }
        if response.status() != StatusCode::OK || !freshness::may_be_stored(response.headers()) {
            return Fetched::Done(response, Done::Forwarded);
        }
        let (head, body) = response.into_parts();
        let data = match collect(body, self.max_entry).await {
            Content::Whole(data) => data,
            Content::TooMuch(body) => {
                return Fetched::Done(Response::from_parts(head, body), Done::Forwarded);
            }
            Content::BrokenOff => {
                return match usable {
                    Some(entry) => Fetched::Done(answer(asked, entry), Done::StaleOriginDead),
                    None => Fetched::of(failed(Failure::Unreachable, StatusCode::BAD_GATEWAY)),
                };
            }
        };
        let Some(entry) = Entry::new(&asked.fields, head.headers.clone(), data.clone()) else {
            let response = Response::from_parts(head, Body::from(data));
            return Fetched::Done(response, Done::Forwarded);
        };
        let response = if replaced.is_some() {
            answer(asked, &entry)
        } else {
            // The origin server has judged the client's conditions, and its Range.
            respond(StatusCode::OK, asked, &entry, None, Some(data))
        };
        self.store
            .insert(asked.target.as_str(), entry, invalidations);
        let done = if chosen.is_some() {
            Done::Replaced
        } else {
            Done::Stored
        };
        Fetched::Done(response, done)
    }
}

enum Fetched {
    Done(Response<Body>, Done),
    NotModified(Response<Body>),
}

impl Fetched {
    fn of((response, done): (Response<Body>, Done)) -> Self {
        Self::Done(response, done)
    }

    fn into_done(self) -> (Response<Body>, Done) {
        match self {
            Self::Done(response, done) => (response, done),
            Self::NotModified(response) => (response, Done::Forwarded),
        }
    }
}

/// The client's fields with these conditions instead of its own. The stored content is whole, and
/// so is what replaces it, so the Range is left out: it is applied to what comes of it.
fn replace_conditions(
    asked: &Asked,
    conditions: impl Iterator<Item = (&'static str, Vec<u8>)>,
) -> HeaderMap {
    let mut fields = asked.fields.clone();
    for name in [IF_NONE_MATCH, IF_MODIFIED_SINCE, IF_RANGE, RANGE] {
        fields.remove(name);
    }
    for (name, value) in conditions {
        let name = HeaderName::from_bytes(name.as_bytes());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_bytes(&value)) {
            fields.insert(name, value);
        }
    }
    fields
}

/// Answers the client's conditions, and then its Range, from a response that may be used.
fn answer(asked: &Asked, entry: &Entry) -> Response<Body> {
    let stored = Some(entry.response());
    let decision = match cache::evaluate(asked.method.as_str(), stored, &asked.fields) {
        Answer::NotModified => {
            let has_etag = entry.response().entity_tag().is_some();
            return respond(
                StatusCode::NOT_MODIFIED,
                asked,
                entry,
                Some(ResponseHead::NotModified { has_etag }),
                None,
            );
        }
        answer => answer.decision().unwrap_or(Decision::PerformIgnoringRange),
    };
    let mut ranges = asked.fields.get_all(RANGE).iter();
    let range = ranges
        .next()
        .filter(|_| ranges.next().is_none())
        .map(HeaderValue::as_bytes);
    let length = entry.data.len() as u64;
    let one = RangePolicy::new().max_ranges(1);
    match RangeResponse::with_policy(decision, range, length, one) {
        RangeResponse::Part(part) => {
            let range = part.range();
            let first = usize::try_from(range.first()).unwrap_or(usize::MAX);
            let end = usize::try_from(range.last()).unwrap_or(usize::MAX);
            let data = entry.data.slice(first..=end);
            let if_range = asked.fields.contains_key(IF_RANGE);
            let head = ResponseHead::Part { if_range };
            let mut response = respond(
                StatusCode::PARTIAL_CONTENT,
                asked,
                entry,
                Some(head),
                Some(data),
            );
            insert(
                &mut response,
                CONTENT_RANGE,
                &part.content_range().to_string(),
            );
            response
        }
        RangeResponse::Unsatisfiable(content_range) => {
            let head = ResponseHead::RangeNotSatisfiable;
            let status = StatusCode::RANGE_NOT_SATISFIABLE;
            let mut response = respond(status, asked, entry, Some(head), Some(Bytes::new()));
            insert(&mut response, CONTENT_RANGE, &content_range.to_string());
            response
        }
        RangeResponse::Whole(_) | RangeResponse::Parts(_) => {
            respond(StatusCode::OK, asked, entry, None, Some(entry.data.clone()))
        }
    }
}

/// A response with the stored fields that belong into it, and this content.
fn respond(
    status: StatusCode,
    asked: &Asked,
    entry: &Entry,
    head: Option<ResponseHead>,
    data: Option<Bytes>,
) -> Response<Body> {
    let kept = entry.fields.iter();
    let kept = kept.filter(|(name, _)| head.is_none_or(|head| head.keeps(name.as_ref())));
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    *response.headers_mut() = kept
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    // RFC 9111 section 4: MUST be there where it was not validated for this request.
    response.headers_mut().insert(AGE, entry.age().into());
    if let Some(data) = data {
        response
            .headers_mut()
            .insert(CONTENT_LENGTH, data.len().into());
        if asked.method != Method::HEAD {
            *response.body_mut() = Body::from(data);
        }
    }
    response
}

fn insert(response: &mut Response<Body>, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

fn status(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

fn failed(failure: Failure, unreachable: StatusCode) -> (Response<Body>, Done) {
    match failure {
        Failure::Unreachable => (status(unreachable), Done::Unreachable),
        Failure::BadRequest => (status(StatusCode::BAD_REQUEST), Done::Refused),
    }
}

/// Content, as far as it was worth waiting for.
enum Content {
    Whole(Bytes),
    /// All of it, to be passed on as it comes.
    TooMuch(Body),
    BrokenOff,
}

async fn collect(body: Body, most: usize) -> Content {
    let mut parts = Vec::new();
    let mut length = 0;
    let mut rest = body.into_data_stream();
    while let Some(part) = rest.next().await {
        let Ok(part) = part else {
            return Content::BrokenOff;
        };
        length += part.len();
        parts.push(part);
        if length > most {
            let parts = stream::iter(parts.into_iter().map(Ok));
            return Content::TooMuch(Body::from_stream(parts.chain(rest)));
        }
    }
    Content::Whole(Bytes::from(parts.concat()))
}
