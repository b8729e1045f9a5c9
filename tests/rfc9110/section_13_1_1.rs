//! Section 13.1.1: If-Match.

use http_conditional::{Method, Policy};

use super::*;

/// 9110-13.1.1-02, 9110-13.1.1-11: strong comparison.
#[test]
fn tags_are_compared_strongly() {
    for (field, current, expected) in [
        ("\"a\"", "\"a\"", PERFORM),
        ("W/\"a\"", "W/\"a\"", FAILED),
        ("\"a\"", "W/\"a\"", FAILED),
        ("W/\"a\"", "\"a\"", FAILED),
        ("\"a\"", "\"b\"", FAILED),
    ] {
        assert_eq!(
            decide("PUT", &[("If-Match", field)], tagged(current)),
            expected
        );
    }
}

/// 9110-13.1.1-03, 9110-13.1.1-16, 9110-13.1.1-17: a false condition is 412, and nothing is performed.
#[test]
fn a_false_condition_is_412() {
    let fields = [("If-Match", "\"old\"")];
    let decided = decided_by("PUT", &fields, tagged("\"new\""));
    assert_eq!(decided, (FAILED, Some(Field::IfMatch)));
    assert_eq!(decided.0.status(), Some(412));
}

/// 9110-13.1.1-04, 9110-13.1.1-05: `*` is true where there is a current representation, with or without a tag.
#[test]
fn the_wildcard_asks_for_existence() {
    for selected in [
        tagged("\"a\""),
        tagged("W/\"a\""),
        Representation::current(),
        modified(T),
    ] {
        assert_eq!(decide("PUT", &[("If-Match", "*")], selected), PERFORM);
    }
}

/// 9110-13.1.1-06, 9110-13.1.1-10: nothing matches what does not exist.
#[test]
fn nothing_matches_what_does_not_exist() {
    for value in ["*", "\"a\"", "", "W/\"a\""] {
        let fields = [("If-Match", value)];
        assert_eq!(decide("PUT", &fields, Representation::ABSENT), FAILED);
    }
}

/// 9110-13.1.1-07, 9110-13.1.1-08, 9110-13.1.1-12: one strong match among the members is enough.
#[test]
fn one_match_is_enough() {
    for (field, expected) in [
        ("\"x\", \"a\", \"y\"", PERFORM),
        ("\"a\", \"x\", \"y\"", PERFORM),
        ("\"x\", \"y\", \"a\"", PERFORM),
        ("\"x\", \"y\"", FAILED),
        ("W/\"a\", \"a\"", PERFORM),
        ("W/\"x\", \"a\"", PERFORM),
        ("W/\"a\"", FAILED),
    ] {
        assert_eq!(
            decide("DELETE", &[("If-Match", field)], tagged("\"a\"")),
            expected,
            "{field}"
        );
    }
}

/// 9110-13.1.1-09: without an entity tag, no list matches.
#[test]
fn without_a_tag_no_list_matches() {
    assert_eq!(decide("PUT", &[("If-Match", "\"a\"")], modified(T)), FAILED);
}

/// 9110-13.1.1-14: what is malformed is false.
#[test]
fn malformed_is_false() {
    for value in [
        "abc",
        "\"abc",
        "abc\"",
        "\"a\" \"abc\"",
        "\"a b\"",
        "\"abc\";",
        "W/abc",
    ] {
        let fields = [("If-Match", value)];
        assert_eq!(decide("PUT", &fields, tagged("\"abc\"")), FAILED, "{value}");
        assert!(is_malformed("If-Match", &[value]));
    }
}

/// 9110-13.1.1-15: every method that selects or modifies a representation, safe ones too.
#[test]
fn it_applies_to_every_method() {
    for method in SAFE.into_iter().chain(UNSAFE) {
        assert_eq!(
            decide(method, &[("If-Match", "\"x\"")], tagged("\"a\"")),
            FAILED,
            "{method}"
        );
    }
}

/// 9110-13.1.1-18, 9110-13.1.1-19: the exception for a change made already is for methods that change state.
#[test]
fn already_applied_is_for_changes() {
    let fields = [("If-Match", "\"old\"")];
    let allows = |method| {
        let explanation = preconditions(method, &fields, tagged("\"new\"")).explain();
        assert_eq!(explanation.decision(), FAILED);
        explanation.allows_already_applied()
    };
    for method in UNSAFE {
        assert!(allows(method), "{method}");
    }
    for method in SAFE {
        assert!(!allows(method), "{method}");
    }
    // Nor where no condition failed.
    let performed = preconditions("PUT", &[("If-Match", "*")], tagged("\"a\"")).explain();
    assert!(!performed.allows_already_applied());
}

/// 9110-13.1.1-20: with Range, it asks for the rest of the same representation.
#[test]
fn it_guards_a_range() {
    let fields = [("If-Match", "\"a\""), ("Range", "bytes=0-1")];
    assert_eq!(decide("GET", &fields, tagged("\"a\"")), PERFORM);
    assert_eq!(decide("GET", &fields, tagged("\"b\"")), FAILED);
}

/// 9110-13.1.1-23: `*` among other members is neither `*` nor a list.
#[test]
fn a_mixed_wildcard_is_malformed() {
    for value in ["*, \"a\"", "\"a\", *", "*, *", "*,", ",*", "**"] {
        assert_eq!(
            decide("PUT", &[("If-Match", value)], tagged("\"a\"")),
            FAILED,
            "{value}"
        );
        assert!(is_malformed("If-Match", &[value]), "{value}");
    }
}

/// 9110-13.1.1-24: several lines are one list.
#[test]
fn several_lines_are_one_list() {
    let fields = [("If-Match", "\"x\""), ("If-Match", "\"a\"")];
    assert_eq!(decide("PUT", &fields, tagged("\"a\"")), PERFORM);
}

/// 9110-13.1.1-26, as far as it goes: the selected representation is the one that counts.
#[test]
fn the_selected_representation_counts() {
    assert_eq!(
        decide("PUT", &[("If-Match", "\"gz\"")], tagged("\"id\"")),
        FAILED
    );
}

/// Weak comparison is there for those who ask for it by name.
#[test]
fn weak_comparison_is_opt_in() {
    let policy = Policy::new().weak_if_match();
    for (field, current, expected) in [
        ("W/\"a\"", "W/\"a\"", PERFORM),
        ("\"a\"", "W/\"a\"", PERFORM),
        ("W/\"b\"", "W/\"a\"", FAILED),
    ] {
        let mut put = Preconditions::with_policy(Method::Other, tagged(current), policy);
        put.field(b"If-Match", field.as_bytes());
        assert_eq!(put.decide(), expected, "{field}");
    }
}

/// 9110-13.1.1-02, 9110-5.3-01: a line that is the current tag byte for byte is one of the lines of
/// its field like any other, whether it has to be read or not.
#[test]
fn a_line_that_is_the_current_tag_is_a_member_like_others() {
    const GIVEN: &str = "\"a,b\"";
    for (lines, matches) in [
        (&[GIVEN][..], true),
        (&[" \"a,b\"\t"], true),
        (&["\"x\"", GIVEN], true),
        (&[GIVEN, "\"x\""], true),
        (&[GIVEN, ""], true),
        (&[GIVEN, GIVEN], true),
        (&["W/\"a,b\"", GIVEN], true),
        (&["W/\"a,b\""], false),
        // Malformed, each of them, and so false.
        (&[GIVEN, "x"], false),
        (&["x", GIVEN], false),
        (&[GIVEN, "*"], false),
        (&["*", GIVEN], false),
        (&["\"a,b\"\"a,b\""], false),
        (&["\"a,b"], false),
    ] {
        let fields: Vec<_> = lines.iter().map(|line| ("If-Match", line)).collect();
        let expected = if matches { PERFORM } else { FAILED };
        assert_eq!(decide("PUT", &fields, tagged(GIVEN)), expected, "{lines:?}");
    }
    // The brothers are asked too where the line is the weak tag that was given out: none of theirs
    // is the same by strong comparison.
    let brothers = [EntityTag::from_static("\"a,b\"")];
    let selected = tagged("W/\"a,b\"").also(&brothers);
    assert_eq!(
        decide("PUT", &[("If-Match", "W/\"a,b\"")], selected),
        FAILED
    );
    assert_eq!(decide("PUT", &[("If-Match", GIVEN)], selected), PERFORM);
    // How many tags there were, and which of them matched, is told as before.
    let fields = [("If-Match", "\"x\", \"y\""), ("If-Match", GIVEN)];
    let explained = preconditions("PUT", &fields, tagged(GIVEN)).explain();
    assert!(
        explained
            .to_string()
            .contains("3 tags, compared strongly with \"a,b\": number 3 matches"),
        "{explained}"
    );
}
