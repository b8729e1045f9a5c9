//! Section 13.1.4: If-Unmodified-Since.

use super::*;

/// 9110-13.1.4-01: one HTTP-date, in any spelling.
#[test]
fn any_spelling_of_the_date() {
    for value in [
        T,
        "Saturday, 29-Oct-94 19:43:31 GMT",
        "Sat Oct 29 19:43:31 1994",
    ] {
        assert_eq!(
            decide("PUT", &[("If-Unmodified-Since", value)], modified(T)),
            PERFORM
        );
        assert_eq!(
            decide("PUT", &[("If-Unmodified-Since", value)], modified(T1)),
            FAILED
        );
    }
}

/// 9110-13.1.4-02: ignored where If-Match is present, whatever that says.
#[test]
fn ignored_beside_if_match() {
    let selected = tagged("\"a\"").last_modified(date(T));
    let both = |if_match, date| [("If-Match", if_match), ("If-Unmodified-Since", date)];
    assert_eq!(decide("PUT", &both("\"a\"", BEFORE_T), selected), PERFORM);
    assert_eq!(decide("PUT", &both("*", BEFORE_T), selected), PERFORM);
    for if_match in ["\"x\"", "", "garbage"] {
        let decided = decided_by("PUT", &both(if_match, T1), selected);
        assert_eq!(decided, (FAILED, Some(Field::IfMatch)), "{if_match}");
    }
}

/// 9110-13.1.4-03: ignored where it is no valid HTTP-date, lists of dates included.
#[test]
fn ignored_where_invalid() {
    let line = |value| ("If-Unmodified-Since", value);
    let joined = format!("{BEFORE_T}, {BEFORE_T}");
    for fields in [
        &[line("garbage")][..],
        &[line("foo")],
        &[line("")],
        &[line(BEFORE_T), line(BEFORE_T)],
        &[line(&joined)],
    ] {
        let put = preconditions("PUT", fields, modified(T));
        assert_eq!(put.decide(), PERFORM, "{fields:?}");
        assert!(
            put.malformed().contains(Field::IfUnmodifiedSince),
            "{fields:?}"
        );
    }
}

/// 9110-13.1.4-04, 9110-13.1.4-05: ignored without a modification date, as of what does not exist.
#[test]
fn ignored_without_a_modification_date() {
    for selected in [
        Representation::current(),
        tagged("\"a\""),
        Representation::ABSENT,
    ] {
        assert_eq!(
            decide("PUT", &[("If-Unmodified-Since", BEFORE_T)], selected),
            PERFORM
        );
    }
}

/// 9110-13.1.4-06: the client's Date plays no part.
#[test]
fn the_clients_clock_plays_no_part() {
    for client in [T1, BEFORE_T, "garbage"] {
        let fields = [("Date", client), ("If-Unmodified-Since", T)];
        assert_eq!(decide("PUT", &fields, modified(T)), PERFORM);
        assert_eq!(decide("PUT", &fields, modified(T1)), FAILED);
    }
}

/// 9110-13.1.4-07, 9110-13.1.4-09, 9110-13.1.4-11, 9110-13.1.4-12: modified after the date is 412.
#[test]
fn after_is_412() {
    let decided = decided_by("PUT", &[("If-Unmodified-Since", T)], modified(T1));
    assert_eq!(decided, (FAILED, Some(Field::IfUnmodifiedSince)));
}

/// 9110-13.1.4-08: modified in that second or before is unmodified since.
#[test]
fn the_same_second_is_unmodified() {
    for last_modified in [T, BEFORE_T] {
        assert_eq!(
            decide(
                "PUT",
                &[("If-Unmodified-Since", T)],
                modified(last_modified)
            ),
            PERFORM
        );
    }
}

/// 9110-13.1.4-10: every method that selects or modifies a representation, safe ones too.
#[test]
fn it_applies_to_every_method() {
    for method in SAFE.into_iter().chain(UNSAFE) {
        let fields = [("If-Unmodified-Since", T)];
        assert_eq!(decide(method, &fields, modified(T1)), FAILED, "{method}");
    }
}

/// 9110-13.1.4-13: the exception for a change made already is for methods that change state.
#[test]
fn already_applied_is_for_changes() {
    let allows = |method| {
        let explanation =
            preconditions(method, &[("If-Unmodified-Since", T)], modified(T1)).explain();
        explanation.allows_already_applied()
    };
    assert!(UNSAFE.into_iter().all(allows));
    assert!(!SAFE.into_iter().any(allows));
}

/// 9110-13.1.4-14: with Range, it asks for the rest of the same representation.
#[test]
fn it_guards_a_range() {
    let fields = [("If-Unmodified-Since", T), ("Range", "bytes=0-1")];
    assert_eq!(decide("GET", &fields, modified(T)), PERFORM);
    assert_eq!(decide("GET", &fields, modified(T1)), FAILED);
}
