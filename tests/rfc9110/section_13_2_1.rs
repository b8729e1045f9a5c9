//! Section 13.2.1: when conditions are evaluated at all. Also RFC 6585 section 3.

use http_conditional::Guard;

use super::*;

/// Every condition, each of them false for a representation with `"a"`, modified at T.
const ALL_FALSE: [(&str, &str); 6] = [
    ("If-Match", "\"x\""),
    ("If-Unmodified-Since", BEFORE_T),
    ("If-None-Match", "\"a\""),
    ("If-Modified-Since", T),
    ("If-Range", "\"x\""),
    ("Host", "example.com"),
];

fn current() -> Representation<'static> {
    tagged("\"a\"").last_modified(date(T))
}

/// 9110-13.2.1-02, 9110-13.2.1-06: conditions are ignored where the answer would be neither 2xx nor 412.
#[test]
fn ignored_where_the_answer_would_be_an_error() {
    for status in (100..200)
        .chain(300..412)
        .chain(413..600)
        .chain([0, 99, 600, 999, u16::MAX])
    {
        for method in SAFE.into_iter().chain(UNSAFE) {
            let decided = preconditions(method, &ALL_FALSE, current())
                .unconditional_status(status)
                .explain();
            assert_eq!(
                (decided.decision(), decided.field()),
                (PERFORM, None),
                "{method} {status}"
            );
        }
    }
}

/// 9110-13.2.1-03: every 2xx counts.
#[test]
fn every_2xx_counts() {
    for status in 200..300 {
        let put = preconditions("PUT", &[("If-Match", "\"x\"")], current());
        assert_eq!(put.unconditional_status(status).decide(), FAILED);
        let get = preconditions("GET", &[("If-None-Match", "\"a\"")], current());
        assert_eq!(get.unconditional_status(status).decide(), NOT_MODIFIED);
    }
}

/// 9110-13.2.1-04: an answer of 412 stays one, by whichever condition.
#[test]
fn a_412_stays_a_412() {
    for (field, deciding) in [
        (("If-Match", "\"x\""), Some(Field::IfMatch)),
        (("If-Match", "\"a\""), None),
        (("If-None-Match", "\"a\""), None),
        (("If-Modified-Since", T), None),
        (("Range", "bytes=0-1"), None),
    ] {
        let get = preconditions("GET", &[field], current())
            .unconditional_status(412)
            .explain();
        assert_eq!(
            (get.decision(), get.field()),
            (FAILED, deciding),
            "{field:?}"
        );
        assert!(get.to_string().starts_with("412 Precondition Failed"));
    }
    let put = preconditions("PUT", &[("If-None-Match", "*")], current()).unconditional_status(412);
    assert_eq!(put.explain().field(), Some(Field::IfNoneMatch));
}

/// 9110-13.2.1-05: a GET of what does not exist gets its 404, whatever the conditions.
#[test]
fn a_missing_resource_is_404() {
    for method in SAFE {
        for field in [
            ("If-Match", "*"),
            ("If-None-Match", "*"),
            ("If-Match", "\"a\""),
        ] {
            let decided = decided_by(method, &[field], Representation::ABSENT);
            assert_eq!(decided, (PERFORM, None), "{method} {field:?}");
        }
    }
}

/// 9110-13.2.1-09: CONNECT, OPTIONS and TRACE ignore them.
#[test]
fn methods_that_select_nothing_ignore_them() {
    for method in ["CONNECT", "OPTIONS", "TRACE"] {
        assert_eq!(decided_by(method, &ALL_FALSE, current()), (PERFORM, None));
        assert_eq!(
            decide(method, &[("If-None-Match", "*")], current()),
            PERFORM
        );
    }
    assert_eq!(
        decide("options", &[("If-None-Match", "*")], current()),
        FAILED
    );
}

/// 9110-13.2.1-11, 9110-9.3.2-02: HEAD is decided as GET is, Range aside.
#[test]
fn head_is_decided_as_get_is() {
    for picked in 0..32_u32 {
        let fields: Vec<_> = (0..5)
            .filter(|at| picked & 1 << at != 0)
            .map(|at| ALL_FALSE[at])
            .collect();
        assert_eq!(
            decided_by("HEAD", &fields, current()),
            decided_by("GET", &fields, current())
        );
    }
}

/// 9110-13.2.1-01, 9110-13.2.1-12, 9110-10.1.1-01: nothing but the header section and the state is asked for.
#[test]
fn the_header_section_is_enough() {
    let fields = [("Expect", "100-continue"), ("If-Match", "\"old\"")];
    assert_eq!(decide("PUT", &fields, tagged("\"new\"")), FAILED);
}

/// 9110-9.1-01: methods are case-sensitive.
#[test]
fn methods_are_case_sensitive() {
    for method in ["get", "Get", "head", "GET ", ""] {
        let fields = [("If-None-Match", "\"a\"")];
        assert_eq!(decide(method, &fields, current()), FAILED, "{method}");
    }
}

/// 9110-9.3.3-01: POST gets neither 304 nor 206.
#[test]
fn post_gets_neither_304_nor_206() {
    let mut fields = vec![("If-Modified-Since", T), ("Range", "bytes=0-1")];
    assert_eq!(decide("POST", &fields, current()), IGNORING_RANGE);
    fields.push(("If-None-Match", "\"a\""));
    assert_eq!(decide("POST", &fields, current()), FAILED);
}

/// 6585-3-01, 6585-3-05: what guards a write, and what does not.
#[test]
fn what_guards_a_write() {
    for (fields, guards) in [
        (&[][..], Guard::None),
        (&[("If-Match", "\"a\"")], Guard::Strong),
        (&[("If-Match", "\"x\"")], Guard::Strong),
        (&[("If-Match", "*")], Guard::Strong),
        (&[("If-Match", "")], Guard::Strong),
        (&[("If-Match", "garbage")], Guard::None),
        (&[("If-Match", "*"), ("If-Match", "\"a\"")], Guard::None),
        (&[("If-Unmodified-Since", T)], Guard::Date),
        (&[("If-Unmodified-Since", BEFORE_T)], Guard::Date),
        (&[("If-Unmodified-Since", "garbage")], Guard::None),
        (
            &[("If-Unmodified-Since", T), ("If-Unmodified-Since", T)],
            Guard::None,
        ),
        (
            &[("If-Match", "garbage"), ("If-Unmodified-Since", T)],
            Guard::None,
        ),
        (&[("If-None-Match", "*")], Guard::Strong),
        (&[("If-None-Match", "\"a\"")], Guard::None),
        (
            &[("If-None-Match", "*"), ("If-None-Match", "")],
            Guard::None,
        ),
        (&[("If-Modified-Since", T)], Guard::None),
        (&[("If-Range", "\"a\"")], Guard::None),
    ] {
        assert_eq!(
            preconditions("PUT", fields, current()).guards_write(),
            guards,
            "{fields:?}"
        );
    }
    // Without a modification date the field is ignored, and guards nothing.
    let put = preconditions("PUT", &[("If-Unmodified-Since", T)], tagged("\"a\""));
    assert_eq!(put.guards_write(), Guard::None);
}
