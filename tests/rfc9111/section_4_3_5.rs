//! Section 4.3.5: freshening responses with HEAD.

use http_conditional::cache::{OnHead, on_head};

use super::*;

/// 9111-4.3.5-01, 9111-4.3.5-02, 9111-4.3.5-03: each stored response is updated where what the
/// HEAD has matches, and is stale otherwise.
#[test]
fn update_or_stale() {
    let bare = Response::new(200);
    let stored = modified()
        .etag(EntityTag::from_static("\"a\""))
        .complete_length(10);
    for (head, expected) in [
        (tagged("\"a\"").complete_length(10), OnHead::Update),
        (stored, OnHead::Update),
        (modified(), OnHead::Update),
        (bare, OnHead::Update),
        (tagged("\"b\""), OnHead::MarkStale),
        (tagged("W/\"a\""), OnHead::MarkStale),
        (bare.complete_length(11), OnHead::MarkStale),
        (bare.last_modified(date(T + 1)), OnHead::MarkStale),
        (stored.complete_length(11), OnHead::MarkStale),
        (stored.last_modified(date(T + 1)), OnHead::MarkStale),
        (
            stored.etag(EntityTag::from_static("\"b\"")),
            OnHead::MarkStale,
        ),
    ] {
        assert_eq!(on_head(head, stored), expected, "{head:?}");
    }
    // What the stored response does not have does not match.
    for head in [tagged("\"a\""), modified(), bare.complete_length(0)] {
        assert_eq!(on_head(head, bare), OnHead::MarkStale, "{head:?}");
    }
    assert_eq!(on_head(bare, bare), OnHead::Update);
    // Of several, each by itself.
    let all = [stored, tagged("\"b\""), bare].map(|one| on_head(tagged("\"a\""), one));
    assert_eq!(all, [OnHead::Update, OnHead::MarkStale, OnHead::MarkStale]);
}

/// 9111-4.3.5-01: it is a 200 that does that.
#[test]
fn other_statuses() {
    for status in [204, 301, 304, 404, 500] {
        let head = Response::new(status).etag(EntityTag::from_static("\"b\""));
        assert_eq!(on_head(head, tagged("\"a\"")), OnHead::Keep, "{status}");
    }
}

/// 9111-4.3.5-04: the update is the one of section 3.2.
#[test]
fn the_update() {
    let result = updated(
        &[
            ("ETag", "\"a\""),
            ("Content-Length", "10"),
            ("Expires", "0"),
            ("X", "1"),
        ],
        &[
            ("ETag", "\"a\""),
            ("Content-Length", "10"),
            ("Expires", "1"),
            ("Connection", "close"),
        ],
    );
    let expected = [
        ("Content-Length", "10"),
        ("X", "1"),
        ("ETag", "\"a\""),
        ("Expires", "1"),
    ];
    assert_eq!(result, fields(&expected));
}
