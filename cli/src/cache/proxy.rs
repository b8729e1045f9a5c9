//! What the proxy does with a request: ask, answer, select, freshen.

use std::fmt;
use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::header::{
    AGE, AUTHORIZATION, CONTENT_LENGTH, CONTENT_RANGE, HeaderMap, HeaderName, HeaderValue,
    IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, RANGE,
};
use axum::http::uri::PathAndQuery;
use axum::http::{Method, Response, StatusCode};
use futures_util::stream::{self, StreamExt};
use http_conditional::cache::{
    self, AfterMerged, Answer, ConditionalField, Evaluation, OnHead, OnValidation,
    SelectionRequest, ValidationRequest, most_recent, on_head, select_for_update,
};
use http_conditional::{ContentRange, RangePolicy, ResponseHead};

use super::content::Content;
use super::freshness;
use super::origin::{Failure, Origin, end_to_end};
use super::references::resolve;
use super::store::{Entry, Store};
use crate::connections::Interim;

/// A client's list of tags that is longer than this is not merged: with the stored tags beside it
/// the request could become too long for the origin server.
const MAX_MERGED: usize = 4096;

/// One part at a time is sent.
const ONE: RangePolicy = RangePolicy::new().max_ranges(1);

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
    Completed,
    Updated,
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
            Self::Completed => "completed",
            Self::Updated => "updated by HEAD",
            Self::Forwarded => "forwarded",
            Self::Invalidated => "forwarded, and invalidated what was stored",
            Self::StaleOriginDead => "stale, because the origin is dead",
            Self::StaleOriginFailed => "stale, because the origin failed",
            Self::Unreachable => "the origin is dead",
            Self::Refused => "refused",
        })
    }
}

pub(crate) async fn handle(proxy: Arc<Proxy>, request: Request) -> Response<Body> {
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
    /// Without those of the client's connection: what the origin server gets, and so what a
    /// response may be chosen by.
    fields: HeaderMap,
    /// The way back for interim responses.
    interim: Option<Interim>,
}

impl Asked {
    fn uri(&self) -> &str {
        self.target.as_str()
    }

    fn method(&self) -> http_conditional::Method {
        http_conditional::Method::from(self.method.as_str())
    }

    /// The Range of a GET, where there is one line of it.
    fn range(&self) -> Option<&[u8]> {
        let mut lines = self.fields.get_all(RANGE).iter();
        let only = lines.next().filter(|_| lines.next().is_none())?;
        (self.method == Method::GET).then(|| only.as_bytes())
    }

    fn covered_by(&self, entry: &Entry) -> bool {
        entry.response().covers_with(self.range(), ONE)
    }
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
            fields: end_to_end(&head.headers),
            interim: head.extensions.get::<Interim>().cloned(),
        };
        let cacheable = matches!(asked.method, Method::GET | Method::HEAD)
            && body.is_end_stream()
            && !asked.fields.contains_key(AUTHORIZATION)
            && !freshness::forbids_storing(&asked.fields);
        if !cacheable {
            return self.forward(&asked, body).await;
        }

        let candidates = self.store.candidates(asked.uri(), &asked.fields);
        let covering: Vec<&Arc<Entry>> = candidates
            .iter()
            .filter(|entry| asked.covered_by(entry))
            .collect();
        let chosen = most_recent(covering.iter().map(|entry| entry.response()));
        let chosen = chosen.and_then(|place| covering.get(place).copied());
        let mut evaluation = Evaluation::new(asked.method(), chosen.map(|entry| entry.response()));
        evaluation.extend(&asked.fields);
        if evaluation.asks_origin() {
            return self.forward(&asked, body).await;
        }
        let is_usable = |entry: &Entry| {
            entry.is_fresh() && !freshness::asks_for_validation(&asked.fields, entry.age())
        };
        match chosen {
            Some(entry) if is_usable(entry) => (answer(&asked, entry), Done::Fresh),
            chosen if asked.method == Method::HEAD => self.head(&asked, &candidates, chosen).await,
            Some(entry) => self.validate(&asked, &candidates, Some(entry)).await,
            None => {
                let beginning = candidates.iter().find(|entry| {
                    is_usable(entry) && entry.content.prefix() > 0 && !entry.is_complete()
                });
                match beginning {
                    Some(entry) if asked.range().is_none() => {
                        self.complete(&asked, &candidates, entry).await
                    }
                    _ => self.validate(&asked, &candidates, None).await,
                }
            }
        }
    }

    /// Sends the request on as it is, and nothing of the response is stored.
    async fn forward(&self, asked: &Asked, body: Body) -> (Response<Body>, Done) {
        let method = asked.method.clone();
        let interim = asked.interim.as_ref();
        let response = self
            .origin
            .send(method, &asked.target, &asked.fields, body, interim);
        let response = match response.await {
            Ok(response) => response,
            Err(failure) => return failed(failure, StatusCode::BAD_GATEWAY),
        };
        if cache::invalidates(asked.method(), response.status().as_u16()) {
            self.store.invalidate(asked.uri());
            let target = self.origin.uri(&asked.target);
            for reference in cache::invalidates_also(&target, response.headers()) {
                if let Some(uri) = resolve(asked.target.path(), reference) {
                    self.store.invalidate(&uri);
                }
            }
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
        let status = response.status().as_u16();
        let head = cache::Response::new(status).received(freshness::now());
        let head = head.fields(response.headers());
        let mut current = None;
        for entry in candidates.iter().rev() {
            match on_head(head, entry.response()) {
                OnHead::Update => {
                    let updated = Arc::new(entry.updated(response.headers()));
                    self.store.update(asked.uri(), Arc::clone(&updated));
                    if chosen.is_some_and(|chosen| Arc::ptr_eq(chosen, entry)) {
                        current = Some(updated);
                    }
                }
                OnHead::MarkStale => self.store.mark_stale(asked.uri(), entry),
                OnHead::Keep => {}
            }
        }
        match current {
            // With what is stored beside what the response has.
            Some(entry) => (answer(asked, &entry), Done::Updated),
            None => (response, done),
        }
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
        // What came malformed goes back as it came, to those who compare text.
        let request = ValidationRequest::of(&stored)
            .for_range(asked.range())
            .range_policy(ONE)
            .byte_for_byte();
        let Ok(request) = request.merge(&listed) else {
            // What is malformed is for the origin server to judge.
            return self.fetch(asked, None, chosen).await.into_done();
        };
        // Where all that is asked about is whole, so is what replaces it.
        let is_whole = chosen.is_some_and(|entry| entry.is_complete());
        let replaced = chosen.map(|_| {
            let mut fields = asked.fields.clone();
            for name in [IF_NONE_MATCH, IF_MODIFIED_SINCE, IF_RANGE] {
                fields.remove(name);
            }
            if is_whole {
                fields.remove(RANGE);
            }
            request.fields().for_each(|field| put(&mut fields, &field));
            fields
        });
        let not_modified = match self.fetch(asked, replaced.as_ref(), chosen).await {
            Fetched::Done(response, done) => return (response, done),
            // About what the client has, and nothing else.
            Fetched::NotModified(response) if replaced.is_none() => {
                return (response, Done::Forwarded);
            }
            Fetched::NotModified(response) => response,
        };

        let newer = cache::Response::new(304).received(freshness::now());
        let newer = newer.fields(not_modified.headers());
        let after = request.after_not_modified(newer);
        let mut current = match after {
            AfterMerged::Reuse(place) | AfterMerged::ReuseAsIs(place) => candidates.get(place),
            AfterMerged::Forward | AfterMerged::Retry => None,
        }
        .cloned();
        for place in select_for_update(newer, stored.iter().copied()) {
            if let Some(entry) = candidates.get(place) {
                let updated = Arc::new(entry.updated(not_modified.headers()));
                self.store.update(asked.uri(), Arc::clone(&updated));
                if after == AfterMerged::Reuse(place) {
                    current = Some(updated);
                }
            }
        }
        match (after, current) {
            (AfterMerged::Forward, _) => (not_modified, Done::RevalidatedForClient),
            (_, Some(entry)) => {
                let done = if entry.response().entity_tag().is_some() {
                    Done::RevalidatedByTag
                } else {
                    Done::RevalidatedByDate
                };
                (answer(asked, &entry), done)
            }
            // The client's own request, which the stored responses have no part in.
            (_, None) => self.fetch(asked, None, chosen).await.into_done(),
        }
    }

    /// Asks for what a stored response lacks at its end, where there is a way to ask for just that
    /// (RFC 9111 section 3.3).
    async fn complete(
        &self,
        asked: &Asked,
        candidates: &[Arc<Entry>],
        beginning: &Arc<Entry>,
    ) -> (Response<Body>, Done) {
        let rest = format!("bytes={}-", beginning.content.prefix());
        let request = SelectionRequest::new(beginning.response()).for_range(Some(rest.as_bytes()));
        // If-Range, and no other: a 412 would be of no use to the client.
        let Some(if_range) = request.field(http_conditional::Field::IfRange) else {
            return self.validate(asked, candidates, None).await;
        };
        let mut fields = asked.fields.clone();
        for name in [IF_NONE_MATCH, IF_MODIFIED_SINCE] {
            fields.remove(name);
        }
        put(&mut fields, &if_range);
        if let Ok(rest) = HeaderValue::from_str(&rest) {
            fields.insert(RANGE, rest);
        }
        match self.fetch(asked, Some(&fields), None).await {
            Fetched::Done(response, done)
                if response.status() != StatusCode::RANGE_NOT_SATISFIABLE =>
            {
                (response, done)
            }
            // The client has not asked for a part, nor whether anything is modified.
            _ => self.fetch(asked, None, None).await.into_done(),
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
        let ticket = self.store.fetches(asked.uri());
        let (method, body) = (Method::GET, Body::empty());
        let interim = asked.interim.as_ref();
        let response = self
            .origin
            .send(method, &asked.target, fields, body, interim);
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
        let code = response.status().as_u16();
        match (OnValidation::of(code), usable) {
            (OnValidation::Freshen, _) => return Fetched::NotModified(response),
            (OnValidation::ForwardOrServeStale, Some(entry)) => {
                return Fetched::Done(answer(asked, entry), Done::StaleOriginFailed);
            }
            _ => {}
        }
        let part = (code == 206).then(|| part_of(response.headers()));
        if !freshness::may_be_stored(code, response.headers()) || part == Some(None) {
            return Fetched::Done(response, Done::Forwarded);
        }
        let (head, body) = response.into_parts();
        let data = match collect(body, self.max_entry, self.origin.timeout()).await {
            Collected::Whole(data) => data,
            Collected::TooMuch(body) => {
                return Fetched::Done(Response::from_parts(head, body), Done::Forwarded);
            }
            Collected::BrokenOff => {
                return match usable {
                    Some(entry) => Fetched::Done(answer(asked, entry), Done::StaleOriginDead),
                    None => Fetched::of(failed(Failure::Unreachable, StatusCode::BAD_GATEWAY)),
                };
            }
        };
        let content = match part.flatten() {
            None => Content::whole(data.clone()),
            Some((first, last, length)) if last - first + 1 == data.len() as u64 => {
                Content::part(first, data.clone(), length)
            }
            // It is not the part that it says.
            Some(_) => {
                let response = Response::from_parts(head, Body::from(data));
                return Fetched::Done(response, Done::Forwarded);
            }
        };
        let Some(entry) = Entry::new(code, fields, head.headers.clone(), content) else {
            let response = Response::from_parts(head, Body::from(data));
            return Fetched::Done(response, Done::Forwarded);
        };
        let was_part = code == 206;
        let entry = self.store.insert(&ticket, entry);
        let response = if replaced.is_some() && asked.covered_by(&entry) {
            answer(asked, &entry)
        } else if was_part && replaced.is_some() && asked.range().is_none() {
            // The rest of something else: it cannot be put together with what is stored.
            return Fetched::NotModified(Response::from_parts(head, Body::empty()));
        } else {
            // The origin server has judged the client's conditions, and its Range.
            Response::from_parts(head, Body::from(data))
        };
        let done = match (chosen.is_some(), was_part && entry.is_complete()) {
            (_, true) => Done::Completed,
            (true, false) => Done::Replaced,
            (false, false) => Done::Stored,
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

/// The first and last position of a single part, and the length of the whole.
fn part_of(fields: &HeaderMap) -> Option<(u64, u64, Option<u64>)> {
    let mut lines = fields.get_all(CONTENT_RANGE).iter();
    let only = lines.next().filter(|_| lines.next().is_none())?;
    let part = ContentRange::parse(only.as_bytes()).ok()?;
    let range = part.range()?;
    Some((range.first(), range.last(), part.complete_length()))
}

/// Writes a conditional field.
fn put<'a, C, T>(fields: &mut HeaderMap, field: &ConditionalField<'a, C>)
where
    C: IntoIterator<Item = &'a T> + Clone,
    T: AsRef<[u8]> + ?Sized + 'a,
{
    let mut value = vec![0; field.encoded_len()];
    let value = field.encode(&mut value).ok();
    let value = value.and_then(|value| HeaderValue::from_bytes(value).ok());
    let name = HeaderName::from_bytes(field.name().as_bytes());
    if let (Ok(name), Some(value)) = (name, value) {
        fields.insert(name, value);
    }
}

/// Answers the client's conditions and its Range from a response that may be used.
fn answer(asked: &Asked, entry: &Entry) -> Response<Body> {
    let stored = entry.response();
    let mut evaluation = Evaluation::new(asked.method(), Some(stored)).range_policy(ONE);
    evaluation.extend(&asked.fields);
    match evaluation.answer() {
        Answer::NotModified => {
            let has_etag = stored.entity_tag().is_some();
            let head = ResponseHead::NotModified { has_etag };
            respond(StatusCode::NOT_MODIFIED, asked, entry, Some(head), None)
        }
        Answer::Part(part) => {
            let Some(data) = entry.content.get(part.range()) else {
                return status(StatusCode::BAD_GATEWAY);
            };
            let if_range = asked.fields.contains_key(IF_RANGE);
            let head = ResponseHead::Part { if_range };
            let status = StatusCode::PARTIAL_CONTENT;
            let mut response = respond(status, asked, entry, Some(head), Some(data));
            let content_range = part.content_range().to_string();
            insert(&mut response, CONTENT_RANGE, &content_range);
            response
        }
        Answer::Unsatisfiable(content_range) => {
            let head = ResponseHead::RangeNotSatisfiable;
            let status = StatusCode::RANGE_NOT_SATISFIABLE;
            let mut response = respond(status, asked, entry, Some(head), Some(Bytes::new()));
            insert(&mut response, CONTENT_RANGE, &content_range.to_string());
            response
        }
        Answer::Whole => {
            let status = StatusCode::from_u16(entry.status).unwrap_or(StatusCode::OK);
            respond(status, asked, entry, None, entry.content.all())
        }
        // One range at a time is sent, and what does not cover the request is not chosen.
        Answer::Parts(_) | Answer::Forward => status(StatusCode::BAD_GATEWAY),
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
enum Collected {
    Whole(Bytes),
    /// All of it, to be passed on as it comes.
    TooMuch(Body),
    BrokenOff,
}

/// A client that is slow to take it does not matter: what is stored is taken at once.
async fn collect(body: Body, most: usize, patience: Duration) -> Collected {
    let mut parts = Vec::new();
    let mut length = 0;
    let mut rest = body.into_data_stream();
    loop {
        let part = match tokio::time::timeout(patience, rest.next()).await {
            Ok(Some(Ok(part))) => part,
            Ok(None) => break,
            Ok(Some(Err(_))) | Err(_) => return Collected::BrokenOff,
        };
        length += part.len();
        parts.push(part);
        if length > most {
            let parts = stream::iter(parts.into_iter().map(Ok));
            return Collected::TooMuch(Body::from_stream(parts.chain(rest)));
        }
    }
    Collected::Whole(Bytes::from(parts.concat()))
}
