//! What the proxy does with a request: ask, answer, select, freshen.

use std::io::{self, Write};
use std::sync::Arc;

use axum::body::{Body, HttpBody};
use axum::extract::Request;
use axum::http::header::{
    AUTHORIZATION, HeaderMap, HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE,
    RANGE,
};
use axum::http::{Method, Response, StatusCode};
use http_conditional::cache::{
    self, AfterMerged, ConditionalField, Evaluation, OnHead, OnValidation, SelectionRequest,
    ValidationRequest, most_recent, on_head, select_for_update,
};

use super::answer::{answer, failed, stale, status};
use super::asked::{Asked, ONE};
use super::content::Content;
use super::done::Done;
use super::freshness;
use super::max_forwards;
use super::origin::{Failure, Origin};
use super::receive::{Collected, collect, part_of};
use super::references::resolve;
use super::store::{Entry, Store};
use crate::connections::Interim;
use crate::inbound::end_to_end;
use crate::log::visible;

/// A client's list of tags that is longer than this is not merged: with the stored tags beside it
/// the request could become too long for the origin server.
const MAX_MERGED: usize = 4096;

pub(crate) struct Proxy {
    pub(crate) origin: Origin,
    pub(crate) store: Store,
    pub(crate) max_entry: usize,
}

pub(crate) async fn handle(
    proxy: Arc<Proxy>,
    interim: Option<Interim>,
    request: Request,
) -> Response<Body> {
    let line = visible(&format!("{} {}", request.method(), request.uri()));
    let (response, done) = proxy.respond(interim, request).await;
    // It makes no difference whether anybody reads it.
    let _ = writeln!(
        io::stdout(),
        "{line}: {done}, {}",
        response.status().as_u16()
    );
    response
}

impl Proxy {
    async fn respond(&self, interim: Option<Interim>, request: Request) -> (Response<Body>, Done) {
        let Some(target) = request.uri().path_and_query().cloned() else {
            return (status(StatusCode::BAD_REQUEST), Done::Refused);
        };
        let (head, body) = request.into_parts();
        let mut fields = end_to_end(&head.headers);
        self.origin.base().complete_host(&head.uri, &mut fields);
        let mut asked = Asked {
            method: head.method,
            target,
            version: head.version,
            fields,
            interim,
        };
        if let Some(response) = max_forwards::count(&mut asked) {
            return (response, Done::Answered);
        }
        let cacheable = matches!(asked.method, Method::GET | Method::HEAD)
            && body.is_end_stream()
            && !asked.fields.contains_key(AUTHORIZATION)
            && !freshness::forbids_storing(&asked.fields);
        if !cacheable {
            return self.forward(&asked, body).await;
        }

        let candidates = self.store.candidates(asked.path(), &asked.fields);
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
        let response = self.origin.send(asked, method, &asked.fields, body);
        let response = match response.await {
            Ok(response) => response,
            Err(failure) => return failed(failure, StatusCode::BAD_GATEWAY),
        };
        if cache::invalidates(asked.method(), response.status().as_u16()) {
            self.store.invalidate(asked.path());
            for reference in cache::invalidates_also(&asked.uri(), response.headers()) {
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
                return (stale(asked, entry), Done::StaleOriginDead);
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
                    self.store.update(asked.path(), Arc::clone(&updated));
                    if chosen.is_some_and(|chosen| Arc::ptr_eq(chosen, entry)) {
                        current = Some(updated);
                    }
                }
                OnHead::MarkStale => self.store.mark_stale(asked.path(), entry),
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
        // A malformed validator is sent back as it came, for servers that compare text.
        let request = ValidationRequest::of(&stored)
            .for_range(asked.range())
            .range_policy(ONE)
            .byte_for_byte();
        let Ok(request) = request.merge(&listed) else {
            // The origin server has to judge malformed fields.
            return self.fetch(asked, None, chosen).await.into_done();
        };
        // If everything that is asked about is complete, so is what replaces it.
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
                self.store.update(asked.path(), Arc::clone(&updated));
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
            // The client's own request, without the stored responses.
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
        let ticket = self.store.fetches(asked.path());
        let (method, body) = (Method::GET, Body::empty());
        let response = self.origin.send(asked, method, fields, body);
        let response = match (response.await, usable) {
            (Ok(response), _) => response,
            (Err(Failure::Unreachable), Some(entry)) => {
                return Fetched::Done(stale(asked, entry), Done::StaleOriginDead);
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
                return Fetched::Done(stale(asked, entry), Done::StaleOriginFailed);
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
                    Some(entry) => Fetched::Done(stale(asked, entry), Done::StaleOriginDead),
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
