//! A simple reading of freshness (RFC 9111 sections 4.2 and 5.2). Warnings, heuristics, `max-stale`
//! and what else a real cache has are left out.

use std::time::{SystemTime, UNIX_EPOCH};

use axum::http::header::{
    AGE, CACHE_CONTROL, DATE, EXPIRES, HeaderMap, HeaderName, PRAGMA, SET_COOKIE,
};
use http_conditional::HttpDate;

/// The current time, cut to the second.
pub(crate) fn now() -> HttpDate {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let seconds = since.map_or(0, |since| {
        i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
    });
    HttpDate::from_unix(seconds).unwrap_or(HttpDate::MAX)
}

/// The directives of all lines of `Cache-Control`, names in lower case, arguments without quotes.
fn directives(fields: &HeaderMap) -> impl Iterator<Item = (String, String)> {
    let lines = fields.get_all(CACHE_CONTROL).iter();
    lines.flat_map(|line| {
        let line = String::from_utf8_lossy(line.as_bytes()).into_owned();
        let mut quoted = false;
        let members = line.split(|c: char| {
            quoted ^= c == '"';
            c == ',' && !quoted
        });
        let directives = members.map(|member| {
            let (name, argument) = member.split_once('=').unwrap_or((member, ""));
            let argument = argument.trim().trim_matches('"');
            (name.trim().to_ascii_lowercase(), argument.to_owned())
        });
        directives.collect::<Vec<_>>()
    })
}

fn has(fields: &HeaderMap, names: &[&str]) -> bool {
    directives(fields).any(|(name, _)| names.contains(&name.as_str()))
}

/// The seconds of a directive; the least of several, and 0 where it is not a number.
fn seconds(fields: &HeaderMap, directive: &str) -> Option<i64> {
    directives(fields)
        .filter(|(name, _)| name == directive)
        .map(|(_, argument)| delta_seconds(&argument).unwrap_or(0))
        .min()
}

fn delta_seconds(value: &str) -> Option<i64> {
    let digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    // Too large a number is as good as this one (RFC 9111 section 1.2.2).
    digits.then(|| value.parse().unwrap_or(i64::from(i32::MAX)))
}

fn date(fields: &HeaderMap, name: HeaderName, now: HttpDate) -> Option<HttpDate> {
    let value = fields.get(name)?.as_bytes();
    HttpDate::parse_ignore_ascii_case(value, Some(now)).ok()
}

/// Whether there is a `Date` that is valid.
pub(crate) fn has_date(fields: &HeaderMap, received: HttpDate) -> bool {
    fields.get_all(DATE).iter().count() == 1 && date(fields, DATE, received).is_some()
}

/// For how many seconds the response is fresh after it was made.
fn lifetime(fields: &HeaderMap, received: HttpDate) -> i64 {
    let max_age = seconds(fields, "s-maxage").or_else(|| seconds(fields, "max-age"));
    max_age.unwrap_or_else(|| {
        let expires = date(fields, EXPIRES, received);
        let made = date(fields, DATE, received).unwrap_or(received);
        expires.map_or(0, |expires| expires.to_unix() - made.to_unix())
    })
}

/// How many seconds ago the response was made or validated by the origin server.
pub(crate) fn age(fields: &HeaderMap, received: HttpDate, now: HttpDate) -> i64 {
    let made = date(fields, DATE, received).unwrap_or(received);
    let apparent = received.to_unix() - made.to_unix();
    let value = fields.get(AGE).and_then(|value| value.to_str().ok());
    // Section 5.1: of several members the first counts.
    let first = value.and_then(|value| value.split(',').next());
    let stated = first.map(str::trim).and_then(delta_seconds).unwrap_or(0);
    let resident = now.to_unix() - received.to_unix();
    apparent.max(stated).max(0).saturating_add(resident.max(0))
}

/// Whether the response may be used again without asking the origin server.
pub(crate) fn is_fresh(fields: &HeaderMap, received: HttpDate, now: HttpDate) -> bool {
    !has(fields, &["no-cache"]) && lifetime(fields, received) > age(fields, received, now)
}

/// Whether the response may be used although it is stale and the origin server does not respond
/// (RFC 9111 section 4.2.4).
pub(crate) fn may_be_stale(fields: &HeaderMap) -> bool {
    let forbidden = [
        "no-cache",
        "must-revalidate",
        "proxy-revalidate",
        "s-maxage",
    ];
    !has(fields, &forbidden)
}

/// Whether a shared cache may store a response with this status. One that sets a cookie may be
/// personal, and one that is not a 200 may be temporary: both have to say how long they may be
/// reused.
pub(crate) fn may_be_stored(status: u16, fields: &HeaderMap) -> bool {
    let allowed = has(fields, &["public", "max-age", "s-maxage"]);
    let is_plain = matches!(status, 200 | 206) && !fields.contains_key(SET_COOKIE);
    // 304, 412 and 416 answer the conditions and the Range of one request, RFC 6585 says MUST NOT
    // of 428, 429 and 431, and 5xx may be answered with what is stored.
    let is_final =
        matches!(status, 200..=499) && !matches!(status, 304 | 412 | 416 | 428 | 429 | 431);
    !has(fields, &["no-store", "private"]) && is_final && (is_plain || allowed)
}

/// Whether the request keeps its response from being stored.
pub(crate) fn forbids_storing(request: &HeaderMap) -> bool {
    has(request, &["no-store"])
}

/// Whether the request is to be answered by the origin server, if what is stored is that old.
pub(crate) fn asks_for_validation(request: &HeaderMap, age: i64) -> bool {
    let pragma = request.get(PRAGMA).is_some_and(|value| value == "no-cache");
    has(request, &["no-cache"])
        || seconds(request, "max-age").is_some_and(|max_age| max_age < age.max(1))
        || pragma && !request.contains_key(CACHE_CONTROL)
}
