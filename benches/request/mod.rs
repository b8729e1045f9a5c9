//! The request of a browser, with the conditions that it may have, and the decision about it
//! composed by hand from headers' types: for `evaluate`, which takes the time of both, and for
//! `counts`, which counts the instructions.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use headers::{
    ETag, HeaderMapExt, IfMatch, IfModifiedSince, IfNoneMatch, IfRange, IfUnmodifiedSince,
    LastModified,
};
use http::HeaderMap;
use http_conditional::{Decision, EntityTag, HttpDate, Representation, evaluate};

pub(crate) const TAG: &str = "\"5b1c2d0e9f8a7b6c5d4e3f2a1b0c9d8e\"";
pub(crate) const DATE: &str = "Sun, 06 Nov 1994 08:49:37 GMT";

pub(crate) const OTHER: &str = "\"00000000000000000000000000000000\"";

/// Made beforehand, as headers' types are.
pub(crate) const CURRENT: Representation<'static> = Representation::current()
    .etag(EntityTag::from_static(TAG))
    .strong_last_modified(match HttpDate::from_unix(784_111_777) {
        Ok(date) => date,
        Err(_) => HttpDate::MIN,
    });

/// The 14 field lines that a browser sends with every request.
fn browser() -> HeaderMap {
    [
        ("host", "www.example.com"),
        ("connection", "keep-alive"),
        (
            "sec-ch-ua",
            "\"Chromium\";v=\"130\", \"Not?A_Brand\";v=\"99\"",
        ),
        ("sec-ch-ua-mobile", "?0"),
        ("sec-ch-ua-platform", "\"Linux\""),
        ("upgrade-insecure-requests", "1"),
        (
            "user-agent",
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)",
        ),
        (
            "accept",
            "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8",
        ),
        ("sec-fetch-site", "none"),
        ("sec-fetch-mode", "navigate"),
        ("sec-fetch-user", "?1"),
        ("sec-fetch-dest", "document"),
        ("accept-encoding", "gzip, deflate, br, zstd"),
        ("accept-language", "en-GB,en;q=0.9"),
    ]
    .into_iter()
    .map(|(name, value)| {
        (
            name.parse().expect("a name"),
            value.parse().expect("a value"),
        )
    })
    .collect()
}

/// The steps of section 13.2.2, composed from headers' types, as a framework's user would.
pub(crate) fn composed(
    method: &str,
    headers: &HeaderMap,
    etag: &ETag,
    modified: SystemTime,
) -> Decision {
    let safe = matches!(method, "GET" | "HEAD");
    if let Some(if_match) = headers.typed_get::<IfMatch>() {
        if !if_match.precondition_passes(etag) {
            return Decision::PreconditionFailed;
        }
    } else if let Some(since) = headers.typed_get::<IfUnmodifiedSince>() {
        if !since.precondition_passes(modified) {
            return Decision::PreconditionFailed;
        }
    }
    if let Some(if_none_match) = headers.typed_get::<IfNoneMatch>() {
        if !if_none_match.precondition_passes(etag) {
            return if safe {
                Decision::NotModified
            } else {
                Decision::PreconditionFailed
            };
        }
    } else if let Some(since) = headers.typed_get::<IfModifiedSince>().filter(|_| safe) {
        if !since.is_modified(modified) {
            return Decision::NotModified;
        }
    }
    if method == "GET" && headers.contains_key("range") {
        if let Some(if_range) = headers.typed_get::<IfRange>() {
            if if_range.is_modified(Some(etag), Some(&LastModified::from(modified))) {
                return Decision::PerformIgnoringRange;
            }
        }
    }
    Decision::Perform
}

/// What each is called, the conditions of the request, and the decision.
type Case = (
    &'static str,
    &'static [(&'static str, &'static str)],
    Decision,
);

pub(crate) const ALL_SIX: [(&str, &str); 6] = [
    ("if-match", TAG),
    ("if-unmodified-since", DATE),
    ("if-none-match", OTHER),
    ("if-modified-since", DATE),
    ("range", "bytes=0-1"),
    ("if-range", TAG),
];

const CASES: [Case; 5] = [
    ("no condition", &[], Decision::Perform),
    (
        "If-None-Match hit",
        &[("if-none-match", TAG)],
        Decision::NotModified,
    ),
    (
        "If-None-Match miss",
        &[("if-none-match", OTHER)],
        Decision::Perform,
    ),
    (
        "If-Modified-Since hit",
        &[("if-modified-since", DATE)],
        Decision::NotModified,
    ),
    ("all six fields", &ALL_SIX, Decision::Perform),
];

/// The current state, as headers' types have it.
pub(crate) fn current() -> (ETag, SystemTime) {
    let etag = TAG.parse().expect("a tag");
    (etag, UNIX_EPOCH + Duration::from_secs(784_111_777))
}

/// What each request is called, and its fields. Both ways come to the same decision about it.
pub(crate) fn requests() -> impl Iterator<Item = (&'static str, HeaderMap)> {
    CASES.into_iter().map(|(name, conditions, expected)| {
        let mut headers = browser();
        for (name, value) in conditions {
            headers.insert(*name, value.parse().expect("a value"));
        }
        let (etag, modified) = current();
        assert_eq!(evaluate("GET", CURRENT, &headers), expected, "{name}");
        let composed = composed("GET", &headers, &etag, modified);
        assert_eq!(composed, expected, "{name}");
        (name, headers)
    })
}
