//! Section 3.3: incomplete responses.

use http_conditional::cache::{SelectionRequest, evaluate};

use super::*;

/// 9111-3.3-05: an incomplete response answers what lies wholly within it, and nothing else.
#[test]
fn covers() {
    let parts = [range(0, 4), range(10, 19), range(20, 29)];
    let stored = Response::new(206).parts(&parts).complete_length(100);
    for (asked, expected) in [
        ("bytes=0-4", true),
        ("bytes=2-2", true),
        ("bytes=10-29", true),
        ("bytes=15-24", true),
        ("bytes=0-0, 28-29", true),
        ("bytes=0-5", false),
        ("bytes=4-10", false),
        ("bytes=5-9", false),
        ("bytes=29-30", false),
        ("bytes=0-0, 5-5", false),
        ("bytes=0-", false),
        ("bytes=-1", false),
        // Nothing of it is satisfiable: whoever has the length may say so.
        ("bytes=100-", false),
        // Ignored, so they ask for the whole.
        ("bytes=4-0", false),
        ("lines=0-1", false),
        ("", false),
    ] {
        assert_eq!(stored.covers(Some(asked.as_bytes())), expected, "{asked}");
    }
    assert!(!stored.covers(None));
    assert!(!Response::new(206).covers(Some(b"bytes=0-0")));
    // Parts that begin at the same byte are one run, whichever of them is the longer.
    for parts in [[(0, 9), (0, 4), (10, 12)], [(0, 4), (0, 9), (10, 12)]] {
        let parts = parts.map(|(first, last)| range(first, last));
        let stored = Response::new(206).parts(&parts);
        assert!(stored.covers(Some(b"bytes=0-12")));
        assert!(!stored.covers(Some(b"bytes=0-13")));
    }
}

/// 9111-3.3-05: where the complete length is known, a suffix and an open range have an end.
#[test]
fn covers_up_to_the_end() {
    let tail = [range(90, 99)];
    let unknown = Response::new(206).parts(&tail);
    let known = unknown.complete_length(100);
    for asked in ["bytes=-10", "bytes=95-", "bytes=95-2000", "bytes=-1, 200-"] {
        assert!(known.covers(Some(asked.as_bytes())), "{asked}");
        assert!(!unknown.covers(Some(asked.as_bytes())), "{asked}");
    }
    assert!(!known.covers(Some(b"bytes=-11")));
    assert!(unknown.covers(Some(b"bytes=90-99")));
}

/// 9111-3.3-05, 9110-14.1.2-04: a range that is not satisfiable is left out of the answer, so it
/// need not lie within the parts; where none is left, there is nothing to answer with.
#[test]
fn covers_what_is_satisfiable_of_a_set() {
    let parts = [range(0, 3), range(8, 11)];
    let stored = Response::new(206).parts(&parts).complete_length(14);
    for (asked, expected) in [
        ("bytes=2-3, 8-11, 14-14", true),
        ("bytes=14-14, 2-3", true),
        ("bytes=2-3, 8-11, 13-14", false),
        ("bytes=14-14, 20-30", false),
    ] {
        assert_eq!(stored.covers(Some(asked.as_bytes())), expected, "{asked}");
    }
}

/// 9111-3.3-05: what has become complete answers everything, as what is complete does.
#[test]
fn complete_covers_everything() {
    let parts = [range(0, 4), range(5, 9)];
    let stored = Response::new(206).parts(&parts);
    for (response, expected) in [
        (Response::new(200), true),
        (stored.complete_length(10), true),
        (stored.complete_length(11), false),
        (stored, false),
    ] {
        assert_eq!(response.covers(None), expected);
        assert_eq!(response.covers(Some(b"bytes=-1")), expected);
    }
    // Out of order a part may be missed, but none is made up.
    let parts = [range(5, 9), range(0, 4)];
    assert!(!Response::new(206).parts(&parts).covers(Some(b"bytes=0-9")));
    assert!(Response::new(206).parts(&parts).covers(Some(b"bytes=0-4")));
}

/// 9111-3.3-04: what completes a stored response is pinned to it by If-Range, with its strong
/// validator.
#[test]
fn completion() {
    let rest: Option<&[u8]> = Some(b"bytes=5-");
    let parts = [range(0, 4)];
    let fields = |stored: Response<'static>| {
        let request = SelectionRequest::new(stored.parts(&parts)).for_range(rest);
        let fields = request.fields();
        fields
            .map(|field| format!("{}: {field}", field.name()))
            .collect::<Vec<_>>()
    };
    assert_eq!(fields(tagged("\"a\"")), ["If-Range: \"a\""]);
    assert_eq!(fields(strongly_modified()), [format!("If-Range: {T_TEXT}")]);
}

/// What is sent of stored parts is compared by what is sent.
#[test]
fn answers_are_compared() {
    let (parts, all) = ([range(0, 9)], [range(0, 5), range(6, 99)]);
    let asked = |parts: &'static str, stored| evaluate("GET", Some(stored), [("Range", parts)]);
    let stored = Response::new(206).complete_length(100);
    let answer = asked("bytes=0-1,4-5", stored.parts(&parts));
    assert_eq!(sent(&answer), "206 bytes 0-1/100, bytes 4-5/100");
    assert_eq!(answer, asked("bytes=0-1, 4-5", stored.parts(&all)));
    assert_ne!(answer, asked("bytes=0-1,4-6", stored.parts(&parts)));
    assert_ne!(answer, asked("bytes=0-1,4-5,7-7", stored.parts(&parts)));
    assert_ne!(
        answer,
        asked("bytes=0-1,4-5", stored.parts(&parts).complete_length(99))
    );
    assert_ne!(answer, asked("bytes=0-1", stored.parts(&parts)));
}
