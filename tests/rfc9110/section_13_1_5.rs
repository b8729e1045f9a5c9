//! Section 13.1.5: If-Range.

use http_conditional::{RangePolicy, RangeResponse};

use super::*;

const RANGE: (&str, &str) = ("Range", "bytes=0-1");

fn strongly_modified(value: &str) -> Representation<'static> {
    Representation::current().strong_last_modified(date(value))
}

fn ranged(if_range: &str, selected: Representation<'_>) -> Decision {
    decide("GET", &[RANGE, ("If-Range", if_range)], selected)
}

/// 9110-13.1.5-01, 9110-13.1.5-19: one tag or one date; anything else matches nothing.
#[test]
fn one_validator_and_nothing_else() {
    let selected = tagged("\"a\"").strong_last_modified(date(T));
    assert_eq!(ranged("\"a\"", selected), PERFORM);
    assert_eq!(ranged(T, selected), PERFORM);
    for value in [
        "",
        "abc",
        "a",
        "*",
        "\"a\", \"b\"",
        "\"a\", \"a\"",
        "\"a\",",
        "\"x\", \"a\"",
        "0",
    ] {
        assert_eq!(ranged(value, selected), IGNORING_RANGE, "{value}");
        assert!(is_malformed("If-Range", &[value]), "{value}");
    }
    let line = ("If-Range", "\"a\"");
    assert_eq!(
        decide("GET", &[RANGE, line, line], selected),
        IGNORING_RANGE
    );
}

/// 9110-13.1.5-02: a quote among the first three characters makes it a tag.
#[test]
fn a_quote_makes_it_a_tag() {
    assert_eq!(ranged("\"\"", tagged("\"\"")), PERFORM);
    assert_eq!(ranged("W/\"a\"", tagged("\"a\"")), IGNORING_RANGE);
    assert!(!is_malformed("If-Range", &["W/\"a\""]));
    assert!(is_malformed("If-Range", &["ab\"c\""]));
    assert_eq!(
        ranged("Sat Oct 29 19:43:31 1994", strongly_modified(T)),
        PERFORM
    );
}

/// 9110-13.1.5-04: ignored without Range.
#[test]
fn ignored_without_range() {
    for value in ["\"x\"", "\"a\"", "garbage"] {
        assert_eq!(
            decide("GET", &[("If-Range", value)], tagged("\"a\"")),
            PERFORM
        );
    }
}

/// 9110-13.1.5-08, 9110-13.1.5-14, 9110-13.1.5-18, 9110-13.2.2-12: a strong match lets the Range apply.
#[test]
fn a_strong_match_lets_the_range_apply() {
    assert_eq!(ranged("\"a\"", tagged("\"a\"")), PERFORM);
}

/// 9110-13.1.5-09, 9110-8.8.2.2-01, 9110-8.8.1-11: a date is weak by default, and does not match then.
#[test]
fn a_weak_date_does_not_match() {
    assert_eq!(ranged(T, modified(T)), IGNORING_RANGE);
}

/// 9110-13.1.5-10, 9110-8.8.2.2-02: a strong date matches exactly.
#[test]
fn a_strong_date_matches_exactly() {
    assert_eq!(ranged(T, strongly_modified(T)), PERFORM);
}

/// 9110-13.1.5-11, 9110-13.1.5-12: earlier and later dates do not match.
#[test]
fn other_dates_do_not_match() {
    assert_eq!(ranged(T, strongly_modified(BEFORE_T)), IGNORING_RANGE);
    assert_eq!(ranged(T, strongly_modified(T1)), IGNORING_RANGE);
}

/// 9110-13.1.5-13: a date does not match where there is none.
#[test]
fn no_date_does_not_match() {
    assert_eq!(ranged(T, tagged("\"a\"")), IGNORING_RANGE);
}

/// 9110-13.1.5-15: weak tags do not match, the same or not.
#[test]
fn weak_tags_do_not_match() {
    assert_eq!(ranged("W/\"a\"", tagged("W/\"a\"")), IGNORING_RANGE);
    assert_eq!(ranged("\"a\"", tagged("W/\"a\"")), IGNORING_RANGE);
    assert_eq!(ranged("W/\"a\"", tagged("\"a\"")), IGNORING_RANGE);
}

/// 9110-13.1.5-16: another tag does not match, nor does any where there is none.
#[test]
fn other_tags_do_not_match() {
    assert_eq!(ranged("\"b\"", tagged("\"a\"")), IGNORING_RANGE);
    assert_eq!(ranged("\"b\"", Representation::current()), IGNORING_RANGE);
}

/// 9110-13.1.5-17, 9110-13.2.2-13: false is neither 412 nor 416: the Range is ignored.
#[test]
fn false_ignores_the_range() {
    let fields = [("Range", "bytes=9999-"), ("If-Range", "\"b\"")];
    let decided = decided_by("GET", &fields, tagged("\"a\""));
    assert_eq!(decided, (IGNORING_RANGE, Some(Field::IfRange)));
    assert_eq!(decided.0.status(), None);
}

/// 9110-13.1.5-20: instants are compared, in whatever spelling.
#[test]
fn instants_are_compared() {
    assert_eq!(
        ranged("Saturday, 29-Oct-94 19:43:31 GMT", strongly_modified(T)),
        PERFORM
    );
}

/// 9110-13.1.5-05: without support for ranges it makes no difference: the whole is sent.
#[test]
fn without_support_for_ranges_it_makes_no_difference() {
    let unsupported = RangePolicy::new().max_ranges(0);
    for value in ["\"a\"", "\"x\"", "garbage"] {
        let decision = ranged(value, tagged("\"a\""));
        for range in ["bytes=0-1", "bytes=99-"] {
            let range = Some(range.as_bytes());
            let response = RangeResponse::with_policy(decision, range, 10, unsupported);
            assert!(matches!(response, RangeResponse::Whole(_)), "{value}");
        }
    }
}

/// A leap second equals no date.
#[test]
fn a_leap_second_matches_nothing() {
    let selected = strongly_modified("Sat, 31 Dec 2016 23:59:59 GMT");
    assert_eq!(
        ranged("Sat, 31 Dec 2016 23:59:60 GMT", selected),
        IGNORING_RANGE
    );
    assert_eq!(ranged("Sat, 31 Dec 2016 23:59:59 GMT", selected), PERFORM);
}
