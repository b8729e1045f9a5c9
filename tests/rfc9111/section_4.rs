//! Section 4: constructing responses from caches.

use http_conditional::cache::{Answer, ValidationRequest, evaluate, most_recent};
use http_conditional::{Field, Method};

use super::*;

/// 9111-4-03: an unsafe method is written through, and its conditions are not evaluated.
#[test]
fn unsafe_methods_are_forwarded() {
    for method in ["PUT", "POST", "DELETE", "PATCH", "FOO", "get"] {
        assert_eq!(Method::from(method), Method::Other);
        for condition in [
            ("If-None-Match", "*"),
            ("If-None-Match", "\"a\""),
            ("If-Match", "\"x\""),
            ("If-Unmodified-Since", "Thu, 01 Jan 1970 00:00:00 GMT"),
        ] {
            let answer = evaluate(method, Some(tagged("\"a\"")), [condition]);
            assert_eq!(answer, Answer::Forward, "{method} {condition:?}");
        }
    }
}

/// 9111-4-04: the most recent of several, by Date.
#[test]
fn the_most_recent_is_used() {
    let at = |seconds| Response::new(200).date(date(T + seconds));
    assert_eq!(most_recent([at(0), at(1)]), Some(1));
    assert_eq!(most_recent([at(1), at(0)]), Some(0));
    assert_eq!(most_recent([at(0), at(7), at(3)]), Some(1));
    // Without a Date, when it was received.
    let received = Response::new(200).received(date(T + 2));
    assert_eq!(most_recent([at(1), received, at(0)]), Some(1));
    assert_eq!(most_recent([at(1).received(date(T + 9)), at(2)]), Some(1));
    // Without either, only if there is no other; of equals, the first.
    assert_eq!(most_recent([Response::new(200), at(-1)]), Some(1));
    assert_eq!(
        most_recent([Response::new(200), Response::new(200)]),
        Some(0)
    );
    assert_eq!(most_recent([at(1), at(1)]), Some(0));
    assert_eq!(most_recent([]), None);
}

/// 9111-4.1-04: where no variant fits, what is stored is described in the forwarded request.
#[test]
fn several_variants_are_asked_about() {
    let stored = [tagged("\"en\""), tagged("\"de\""), modified()];
    let request = ValidationRequest::of(&stored);
    let field = request.field(Field::IfNoneMatch).unwrap();
    assert_eq!(field.to_string(), "\"en\", \"de\"");
}

/// 9110-6.6.1-05: where there is no Date, the time of receipt is used; 9110-6.6.1-06: and also
/// where it is invalid.
#[test]
fn the_time_of_receipt_stands_in_for_date() {
    let received = Response::new(200).received(date(T));
    assert_eq!(received.time(), Some(date(T)));
    assert_eq!(received.date(date(T - 9)).time(), Some(date(T - 9)));
    for invalid in ["", "0", "garbage", "Sun, 29 Oct 1994 19:43:31 GMT"] {
        let response = received.fields([("Date", invalid)]);
        assert_eq!(response.time(), Some(date(T)), "{invalid}");
        assert_eq!(Response::new(200).fields([("Date", invalid)]).time(), None);
    }
    let twice = received.fields([("Date", "Thu, 01 Jan 1970 00:00:00 GMT"); 2]);
    assert_eq!(twice.time(), Some(date(T)));
}

/// 9110-8.8.2.2-06, 9110-8.8.2.2-01, 9110-8.8.2.2-03, 9110-8.8.2.2-05: a stored date is strong by
/// the stored Date, by one second, and by clocks that are trusted; not by the time of receipt.
#[test]
fn the_strength_of_a_stored_date() {
    let strong = |response: Response<'_>| response.strongly_modified().is_some();
    assert!(!strong(modified()));
    assert!(!strong(modified().clocks(Clocks::Same)));
    assert!(!strong(
        modified().received(date(T + 9)).clocks(Clocks::Same)
    ));
    assert!(!strong(modified().date(date(T + 9))));
    for (after, expected) in [(-1, false), (0, false), (1, true), (59, true)] {
        let dated = modified().date(date(T + after));
        assert_eq!(strong(dated.clocks(Clocks::Same)), expected, "{after}");
    }
    assert!(
        strongly_modified()
            .representation()
            .strongly_modified()
            .is_some()
    );
    assert!(modified().representation().strongly_modified().is_none());
    assert!(modified().representation().modified().is_some());
}

/// 9110-8.8.2.2-07: no margin is prescribed; it is the caller's.
#[test]
fn the_margin_is_the_callers() {
    let within = |seconds: u32| Clocks::Within(seconds.try_into().unwrap());
    let dated = modified().date(date(T + 59));
    assert!(dated.clocks(within(1)).strongly_modified().is_some());
    assert!(dated.clocks(within(59)).strongly_modified().is_some());
    assert!(dated.clocks(within(60)).strongly_modified().is_none());
}

#[test]
fn what_a_header_section_says() {
    let response = Response::new(200).received(date(T)).fields([
        ("etag", " W/\"a,b\"\t"),
        ("LAST-MODIFIED", "saturday, 29-oct-94 19:43:31 gmt"),
        ("Date", "Sat Oct 29 19:43:32 1994"),
        ("Content-Length", "0012"),
        ("Content-Range", "bytes 0-1/99"),
        ("X", "y"),
    ]);
    assert_eq!(response.entity_tag().unwrap().to_string(), "W/\"a,b\"");
    assert_eq!(response.modified(), Some(date(T)));
    assert_eq!(response.time(), Some(date(T + 1)));
    assert_eq!((response.status(), response.length()), (200, Some(12)));

    let part = [("Content-Length", "2"), ("Content-Range", "bytes 0-1/99")];
    assert_eq!(Response::new(206).fields(part).length(), Some(99));
    let unknown = [("Content-Range", "bytes 0-1/*"), ("Content-Length", "2")];
    assert_eq!(Response::new(206).fields(unknown).length(), None);
    let malformed = [("Content-Range", "bytes 0-1"), ("Content-Length", "2")];
    assert_eq!(Response::new(206).fields(malformed).length(), None);

    // What is malformed, or there twice, is not there.
    for lines in [
        [("ETag", "a"), ("Last-Modified", "0")],
        [("ETag", "\"a\", \"b\""), ("Content-Length", "1a")],
        [("ETag", "\"a\""), ("ETag", "\"a\"")],
        [("Last-Modified", T_TEXT), ("last-modified", T_TEXT)],
        [("Content-Length", ""), ("ETag", "")],
        [("Content-Length", "1, 1"), ("X", "")],
        [("Content-Length", "99999999999999999999"), ("X", "")],
    ] {
        let response = Response::new(200).fields(lines);
        assert!(response.entity_tag().is_none(), "{lines:?}");
        assert_eq!(
            (response.modified(), response.length()),
            (None, None),
            "{lines:?}"
        );
    }
}
