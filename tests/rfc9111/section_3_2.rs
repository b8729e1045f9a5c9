//! Section 3.2: updating stored header fields.

use super::*;

/// 9111-3.2-01, 9111-4.3.4-07: each field of the newer response is added, and replaces what is
/// stored under its name.
#[test]
fn newer_fields_replace() {
    let result = updated(
        &[("Cache-Control", "max-age=1"), ("X", "1")],
        &[("cache-control", "max-age=9"), ("Y", "2")],
    );
    let expected = [("X", "1"), ("cache-control", "max-age=9"), ("Y", "2")];
    assert_eq!(result, fields(&expected));

    // All lines of a name are replaced by all of the newer ones.
    let result = updated(
        &[("Vary", "a"), ("Link", "b"), ("Vary", "c")],
        &[("Vary", "d"), ("Vary", "e")],
    );
    assert_eq!(lines_of(&result, "Vary"), ["d", "e"]);
    assert_eq!(lines_of(&result, "Link"), ["b"]);
}

/// 9111-3.2-02: what is not stored is not merged either.
#[test]
fn what_is_not_stored_is_not_merged() {
    let stored = [("X", "1"), ("X-Hop", "kept")];
    let result = updated(
        &stored,
        &[
            ("Connection", "close, x-hop"),
            ("X-Hop", "newer"),
            ("Proxy-Authenticate", "Basic"),
            ("Transfer-Encoding", "chunked"),
        ],
    );
    assert_eq!(result, fields(&stored));
}

/// 9111-3.2-03: the length of the newer response is never merged.
#[test]
fn content_length_is_kept() {
    let stored = [("Content-Length", "10")];
    assert_eq!(
        updated(&stored, &[("content-length", "0")]),
        fields(&stored)
    );
    assert_eq!(updated(&[], &[("Content-Length", "0")]), []);
}

/// 9111-3.2-04: by default Content-Encoding and Content-Type are merged, and a cache whose stored
/// form depends on them excepts them.
#[test]
fn exceptions_are_the_caches_choice() {
    let stored = fields(&[("Content-Encoding", "identity"), ("Content-Type", "a/b")]);
    let newer = fields(&[
        ("Content-Encoding", "gzip"),
        ("Content-Type", "c/d"),
        ("X", "1"),
    ]);
    assert_eq!(updated_except(&stored, &newer, &[]), newer);
    let excepted = updated_except(&stored, &newer, &["content-encoding"]);
    assert_eq!(lines_of(&excepted, "Content-Encoding"), ["identity"]);
    assert_eq!(lines_of(&excepted, "Content-Type"), ["c/d"]);
    assert_eq!(lines_of(&excepted, "X"), ["1"]);
}

/// 9111-3.2-06: Content-Range, which is processed and removed, is left out.
#[test]
fn content_range_is_not_merged() {
    assert_eq!(
        updated(&[("X", "1")], &[("Content-Range", "bytes 0-1/10")]),
        fields(&[("X", "1")])
    );
}

/// 9111-3.2-07: a name that begins with Content- is like any other.
#[test]
fn a_prefix_says_nothing() {
    let newer = [
        ("Content-Location", "/x"),
        ("Content-Language", "en"),
        ("Content-Type", "text/plain"),
        ("Content-Unknown", "1"),
    ];
    assert_eq!(updated(&[], &newer), fields(&newer));
}

/// 9111-3.2-08: stored fields that the newer response does not have stay.
#[test]
fn what_is_absent_is_kept() {
    let result = updated(&[("ETag", "\"a\""), ("X", "1")], &[("X", "2")]);
    assert_eq!(lines_of(&result, "ETag"), ["\"a\""]);
}
