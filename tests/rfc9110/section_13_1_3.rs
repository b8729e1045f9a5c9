//! Section 13.1.3: If-Modified-Since.

use http_conditional::{Method, Policy};

use super::*;

/// 9110-13.1.3-01: one HTTP-date, in any spelling.
#[test]
fn any_spelling_of_the_date() {
    for value in [
        T,
        "Saturday, 29-Oct-94 19:43:31 GMT",
        "Sat Oct 29 19:43:31 1994",
    ] {
        assert_eq!(
            decide("GET", &[("If-Modified-Since", value)], modified(T)),
            NOT_MODIFIED
        );
        assert_eq!(
            decide("GET", &[("If-Modified-Since", value)], modified(T1)),
            PERFORM
        );
    }
}

/// 9110-13.1.3-02: ignored where If-None-Match is present, whatever that says.
#[test]
fn ignored_beside_if_none_match() {
    let selected = tagged("\"a\"").last_modified(date(BEFORE_T));
    for value in ["\"x\"", "", ",", "garbage", "\"a\", *"] {
        let fields = [("If-None-Match", value), ("If-Modified-Since", T)];
        assert_eq!(decide("GET", &fields, selected), PERFORM, "{value}");
    }
    let fields = [("If-None-Match", "\"a\""), ("If-Modified-Since", "garbage")];
    assert_eq!(
        decided_by("GET", &fields, selected),
        (NOT_MODIFIED, Some(Field::IfNoneMatch))
    );
}

/// 9110-13.1.3-03: ignored where it is no valid HTTP-date.
#[test]
fn ignored_where_invalid() {
    for value in [
        "",
        "0",
        "783459811",
        "yesterday",
        "foo 2030",
        "Sat, 29 Oct 1994 19:43:31",
        "Sat, 29 Oct 1994 19:43:31 UTC",
        "Sat, 32 Oct 1994 19:43:31 GMT",
    ] {
        assert_eq!(
            decide("GET", &[("If-Modified-Since", value)], modified(T)),
            PERFORM,
            "{value}"
        );
        assert!(is_malformed("If-Modified-Since", &[value]));
    }
}

/// 9110-13.1.3-04: ignored where there is more than one, even the same twice.
#[test]
fn ignored_where_repeated() {
    let line = |value| ("If-Modified-Since", value);
    let joined = format!("{T}, {T}");
    assert_eq!(decide("GET", &[line(T), line(T1)], modified(T)), PERFORM);
    assert_eq!(decide("GET", &[line(T), line(T)], modified(T)), PERFORM);
    assert_eq!(decide("GET", &[line(T), line("")], modified(T)), PERFORM);
    assert_eq!(decide("GET", &[line("x"), line(T)], modified(T)), PERFORM);
    assert_eq!(decide("GET", &[line(&joined)], modified(T)), PERFORM);
}

/// 9110-13.1.3-05: ignored for every method but GET and HEAD.
#[test]
fn ignored_for_other_methods() {
    for method in UNSAFE.into_iter().chain(["OPTIONS", "TRACE", "CONNECT"]) {
        let fields = [("If-Modified-Since", T)];
        assert_eq!(
            decide(method, &fields, modified(BEFORE_T)),
            PERFORM,
            "{method}"
        );
    }
}

/// 9110-13.1.3-06: ignored without a modification date.
#[test]
fn ignored_without_a_modification_date() {
    for selected in [tagged("\"a\""), Representation::current()] {
        let get = preconditions("GET", &[("If-Modified-Since", T)], selected);
        assert_eq!(get.decide(), PERFORM);
        assert!(get.malformed().is_empty());
    }
}

/// 9110-13.1.3-07, 9110-6.6.1-07: the client's Date plays no part.
#[test]
fn the_clients_clock_plays_no_part() {
    for client in [T, T1, BEFORE_T, "garbage"] {
        let fields = [("Date", client), ("If-Modified-Since", T)];
        assert_eq!(decide("GET", &fields, modified(T)), NOT_MODIFIED);
        assert_eq!(decide("GET", &fields, modified(T1)), PERFORM);
    }
}

/// 9110-13.1.3-08, 9110-13.1.3-10, 9110-13.1.3-12, 9110-13.1.3-13: the same second is not modified: 304.
#[test]
fn the_same_second_is_not_modified() {
    for method in SAFE {
        let decided = decided_by(method, &[("If-Modified-Since", T)], modified(T));
        assert_eq!(
            decided,
            (NOT_MODIFIED, Some(Field::IfModifiedSince)),
            "{method}"
        );
    }
}

/// 9110-13.1.3-09: modified before the date is not modified since.
#[test]
fn before_is_not_modified() {
    assert_eq!(
        decide("GET", &[("If-Modified-Since", T)], modified(BEFORE_T)),
        NOT_MODIFIED
    );
}

/// 9110-13.1.3-11: modified after the date is modified since.
#[test]
fn after_is_modified() {
    assert_eq!(
        decide("GET", &[("If-Modified-Since", T)], modified(T1)),
        PERFORM
    );
}

/// 9110-13.1.3-14: only the exact date, for those who ask for it by name.
#[test]
fn exact_match_is_opt_in() {
    let policy = Policy::new().exact_if_modified_since();
    for (last_modified, expected) in [(BEFORE_T, PERFORM), (T, NOT_MODIFIED), (T1, PERFORM)] {
        let selected = modified(last_modified);
        let mut get = Preconditions::with_policy(Method::Get, selected, policy);
        get.field(b"If-Modified-Since", T.as_bytes());
        assert_eq!(get.decide(), expected, "{last_modified}");
    }
}

/// 9110-13.1.3-15: a date in the future is compared like any other.
#[test]
fn the_future_is_valid() {
    let policy = Policy::new().now(date(T));
    let mut get = Preconditions::with_policy(Method::Get, modified(BEFORE_T), policy);
    get.field(b"If-Modified-Since", b"Sun, 30 Oct 1994 19:43:31 GMT");
    assert_eq!(get.decide(), NOT_MODIFIED);
}

/// 9110-5.6.7-12: the case of letters is relaxed for those who ask for it by name.
#[test]
fn case_insensitive_dates_are_opt_in() {
    let policy = Policy::new().case_insensitive_dates();
    let mut get = Preconditions::with_policy(Method::Get, modified(T), policy);
    get.field(b"If-Modified-Since", b"sat, 29 oct 1994 19:43:31 gmt");
    assert_eq!(get.decide(), NOT_MODIFIED);
}

/// A leap second reads as the second before, never after: what changed in the next second is
/// modified.
#[test]
fn a_leap_second_hides_no_change() {
    let fields = [("If-Modified-Since", "Sat, 31 Dec 2016 23:59:60 GMT")];
    assert_eq!(
        decide("GET", &fields, modified("Sat, 31 Dec 2016 23:59:59 GMT")),
        NOT_MODIFIED
    );
    assert_eq!(
        decide("GET", &fields, modified("Sun, 01 Jan 2017 00:00:00 GMT")),
        PERFORM
    );
}
