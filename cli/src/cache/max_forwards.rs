//! How many servers a TRACE or OPTIONS may still pass (RFC 9110 section 7.6.2).

use axum::body::Body;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, HeaderValue, MAX_FORWARDS};
use axum::http::{Method, Response, StatusCode};

use super::answer::status;
use super::asked::Asked;

/// Counts this one; the answer to a request that may pass no more.
pub(crate) fn count(asked: &mut Asked) -> Option<Response<Body>> {
    // It MAY be ignored for other methods.
    if !matches!(asked.method, Method::TRACE | Method::OPTIONS) {
        return None;
    }
    let mut lines = asked.fields.get_all(MAX_FORWARDS).iter();
    let only = lines.next()?.as_bytes();
    let left = match lines.next() {
        None => read(only),
        Some(_) => None,
    };
    match left {
        None => Some(status(StatusCode::BAD_REQUEST)),
        Some(0) if asked.method == Method::TRACE => Some(reflection(asked)),
        Some(0) => Some(status(StatusCode::OK)),
        Some(left) => {
            asked.fields.insert(MAX_FORWARDS, (left - 1).into());
            None
        }
    }
}

/// ```abnf
/// Max-Forwards = 1*DIGIT
/// ```
///
/// More than there can be is the most that there can be.
fn read(value: &[u8]) -> Option<u32> {
    if value.is_empty() || !value.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let digits = str::from_utf8(value).ok()?;
    Some(digits.parse().unwrap_or(u32::MAX))
}

/// The request as it came, but for what is secret (RFC 9110 section 9.3.8).
fn reflection(asked: &Asked) -> Response<Body> {
    let mut message = format!("TRACE {} {:?}\r\n", asked.target, asked.version).into_bytes();
    for (name, value) in &asked.fields {
        if ![AUTHORIZATION, COOKIE].contains(name) {
            message.extend_from_slice(name.as_str().as_bytes());
            message.extend_from_slice(b": ");
            message.extend_from_slice(value.as_bytes());
            message.extend_from_slice(b"\r\n");
        }
    }
    message.extend_from_slice(b"\r\n");
    let mut response = Response::new(Body::from(message));
    let media_type = HeaderValue::from_static("message/http");
    response.headers_mut().insert(CONTENT_TYPE, media_type);
    response
}
