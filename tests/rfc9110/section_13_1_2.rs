//! Section 13.1.2: If-None-Match.

use http_conditional::{Method, Policy};

use super::*;

/// 9110-13.1.2-02: weak comparison.
#[test]
fn tags_are_compared_weakly() {
    for (field, current, expected) in [
        ("\"a\"", "\"a\"", NOT_MODIFIED),
        ("W/\"a\"", "\"a\"", NOT_MODIFIED),
        ("\"a\"", "W/\"a\"", NOT_MODIFIED),
        ("W/\"a\"", "W/\"a\"", NOT_MODIFIED),
        ("W/\"a\"", "W/\"b\"", PERFORM),
    ] {
        assert_eq!(
            decide("GET", &[("If-None-Match", field)], tagged(current)),
            expected
        );
    }
}

/// 9110-13.1.2-04, 9110-13.1.2-14: a false condition stops the method.
#[test]
fn a_false_condition_stops_the_method() {
    let decided = decided_by("PUT", &[("If-None-Match", "\"a\"")], tagged("\"a\""));
    assert_eq!(decided, (FAILED, Some(Field::IfNoneMatch)));
}

/// 9110-13.1.2-05, 9110-13.1.2-06: `*` is false where there is a current representation, with or without a tag.
#[test]
fn the_wildcard_asks_for_existence() {
    for selected in [
        tagged("\"a\""),
        tagged("W/\"a\""),
        Representation::current(),
        modified(T),
    ] {
        assert_eq!(decide("PUT", &[("If-None-Match", "*")], selected), FAILED);
        assert_eq!(
            decide("GET", &[("If-None-Match", "*")], selected),
            NOT_MODIFIED
        );
    }
}

/// 9110-13.1.2-07, 9110-13.1.2-11: nothing matches what does not exist.
#[test]
fn nothing_matches_what_does_not_exist() {
    for value in ["*", "\"a\"", ""] {
        let fields = [("If-None-Match", value)];
        assert_eq!(decide("PUT", &fields, Representation::ABSENT), PERFORM);
    }
}

/// 9110-13.1.2-08, 9110-13.1.2-09: one match among the members makes it false.
#[test]
fn one_match_is_enough() {
    for (field, expected) in [
        ("\"x\", W/\"a\"", NOT_MODIFIED),
        ("\"a\", \"x\"", NOT_MODIFIED),
        ("\"x\", \"y\"", PERFORM),
    ] {
        assert_eq!(
            decide("GET", &[("If-None-Match", field)], tagged("\"a\"")),
            expected
        );
    }
}

/// 9110-13.1.2-10: without an entity tag, no list matches.
#[test]
fn without_a_tag_no_list_matches() {
    for method in ["GET", "PUT"] {
        assert_eq!(
            decide(method, &[("If-None-Match", "\"a\"")], modified(T)),
            PERFORM
        );
    }
}

/// 9110-13.1.2-13, 9110-13.1.2-20: what is malformed lets a GET through in full, never a write.
#[test]
fn malformed_is_the_safe_thing() {
    for value in [
        "abc",
        "\"abc",
        "\"abc\", *",
        "*, *",
        "\"abc\", x",
        "W/ \"abc\"",
    ] {
        let fields = [("If-None-Match", value)];
        for method in SAFE {
            assert_eq!(
                decide(method, &fields, tagged("\"abc\"")),
                PERFORM,
                "{method} {value}"
            );
            // It is present, so If-Modified-Since stays off.
            let both = [fields[0], ("If-Modified-Since", T)];
            let selected = tagged("\"abc\"").last_modified(date(T));
            assert_eq!(decide(method, &both, selected), PERFORM, "{method} {value}");
        }
        for method in UNSAFE {
            let decided = decided_by(method, &fields, tagged("\"abc\""));
            assert_eq!(
                decided,
                (FAILED, Some(Field::IfNoneMatch)),
                "{method} {value}"
            );
            assert_eq!(decide(method, &fields, Representation::ABSENT), FAILED);
        }
        assert!(is_malformed("If-None-Match", &[value]));
    }
}

/// 9110-13.1.2-15, 9110-13.2.2-08: false is 304 for GET and HEAD.
#[test]
fn false_is_304_for_get_and_head() {
    for method in SAFE {
        let decided = decided_by(method, &[("If-None-Match", "\"a\"")], tagged("\"a\""));
        assert_eq!(
            decided,
            (NOT_MODIFIED, Some(Field::IfNoneMatch)),
            "{method}"
        );
        assert_eq!(decided.0.status(), Some(304));
    }
}

/// 9110-13.1.2-16, 9110-16.1.2-01: false is 412 for every other method, known or not.
#[test]
fn false_is_412_for_every_other_method() {
    for method in UNSAFE {
        let fields = [("If-None-Match", "\"a\"")];
        assert_eq!(decide(method, &fields, tagged("\"a\"")), FAILED, "{method}");
    }
}

/// 9110-13.1.2-17: a change made already is no excuse here.
#[test]
fn already_applied_is_not_for_if_none_match() {
    let put = preconditions("PUT", &[("If-None-Match", "*")], tagged("\"a\""));
    assert_eq!(put.decide(), FAILED);
    assert!(!put.explain().allows_already_applied());
}

/// 9110-13.1.2-21: several lines are one list.
#[test]
fn several_lines_are_one_list() {
    let fields = [("If-None-Match", "\"x\""), ("If-None-Match", "\"a\"")];
    assert_eq!(decide("GET", &fields, tagged("\"a\"")), NOT_MODIFIED);
}

/// 9110-13.1.2-22: `*` guards the first creation.
#[test]
fn the_wildcard_guards_creation() {
    let fields = [("If-None-Match", "*")];
    assert_eq!(decide("PUT", &fields, Representation::ABSENT), PERFORM);
    assert_eq!(decide("PUT", &fields, tagged("\"first\"")), FAILED);
}

/// Tags without quotes are read for those who ask for it by name.
#[test]
fn unquoted_tags_are_opt_in() {
    let policy = Policy::new().lenient_entity_tags();
    for (value, current, expected) in [
        ("a", "\"a\"", NOT_MODIFIED),
        ("W/a", "\"a\"", NOT_MODIFIED),
        ("x, a", "\"a\"", NOT_MODIFIED),
        ("x,\"a\"", "\"a\"", NOT_MODIFIED),
        ("x-12345678,a-12345678", "\"a-12345678\"", NOT_MODIFIED),
        ("\"a,b\"", "\"a,b\"", NOT_MODIFIED),
        ("x,y", "\"a\"", PERFORM),
        ("a b", "\"a\"", PERFORM),
        ("a\"", "\"a\"", PERFORM),
        ("a, *", "\"a\"", PERFORM),
        ("*", "\"a\"", NOT_MODIFIED),
        ("*a", "\"*a\"", NOT_MODIFIED),
        // With nothing after it, it marks nothing, and is the tag.
        ("W/", "\"W/\"", NOT_MODIFIED),
        ("W/,x", "\"W/\"", NOT_MODIFIED),
        ("W/ ,x", "\"W/\"", NOT_MODIFIED),
        ("x,W/,", "\"W/\"", NOT_MODIFIED),
        ("W/,a", "\",a\"", PERFORM),
    ] {
        let mut get = Preconditions::with_policy(Method::Get, tagged(current), policy);
        get.field(b"If-None-Match", value.as_bytes());
        assert_eq!(get.decide(), expected, "{value}");
    }
}
