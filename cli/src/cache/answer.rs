//! The response to a client, from what is stored.

use axum::body::{Body, Bytes};
use axum::http::header::{
    AGE, CONTENT_LENGTH, CONTENT_RANGE, ETAG, HeaderMap, HeaderName, HeaderValue, IF_NONE_MATCH,
    IF_RANGE, WARNING,
};
use axum::http::{Method, Response, StatusCode};
use http_conditional::cache::{Answer, Evaluation};
use http_conditional::{Field, ResponseHead};

use super::asked::{Asked, ONE};
use super::done::Done;
use super::origin::Failure;
use super::store::Entry;

/// Answers the client's conditions and its Range from a response that may be used.
pub(crate) fn answer(asked: &Asked, entry: &Entry) -> Response<Body> {
    let stored = entry.response();
    let mut evaluation = Evaluation::new(asked.method(), Some(stored)).range_policy(ONE);
    evaluation.extend(&asked.fields);
    let answer = match evaluation.answer() {
        Answer::Forward => Answer::Forward,
        _ if is_same_text(asked, entry, &evaluation) => Answer::NotModified,
        answer => answer,
    };
    match answer {
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

/// Whether the client sent the same `ETag`, and it is not an entity tag. A malformed tag means
/// nothing by itself, but byte for byte the client got it from this response.
fn is_same_text(asked: &Asked, entry: &Entry, evaluation: &Evaluation<'_>) -> bool {
    (200..300).contains(&entry.status)
        && evaluation.malformed().contains(Field::IfNoneMatch)
        && only(&asked.fields, &IF_NONE_MATCH)
            .is_some_and(|text| only(&entry.fields, &ETAG) == Some(text))
}

/// The line of a field that has only one.
fn only<'a>(fields: &'a HeaderMap, name: &HeaderName) -> Option<&'a HeaderValue> {
    let mut lines = fields.get_all(name).iter();
    lines.next().filter(|_| lines.next().is_none())
}

/// An answer that was not validated although it should have been. The only field that says so is
/// the one that RFC 9111 section 5.5 calls obsolete.
pub(crate) fn stale(asked: &Asked, entry: &Entry) -> Response<Body> {
    let mut response = answer(asked, entry);
    insert(&mut response, WARNING, "110 cache \"Response is Stale\"");
    response
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

pub(crate) fn status(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

pub(crate) fn failed(failure: Failure, unreachable: StatusCode) -> (Response<Body>, Done) {
    match failure {
        Failure::Unreachable => (status(unreachable), Done::Unreachable),
        Failure::BadRequest => (status(StatusCode::BAD_REQUEST), Done::Refused),
        Failure::Paused => (status(StatusCode::REQUEST_TIMEOUT), Done::Refused),
    }
}
