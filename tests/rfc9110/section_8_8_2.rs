//! RFC 9110 section 8.8.2, Last-Modified: making it (8.8.2.1), and when it is strong (8.8.2.2).

use core::num::NonZeroU32;

use http_conditional::{Clocks, Decision, HttpDate, Modified, Representation, evaluate};
use proptest::prelude::*;

const T: i64 = 783_459_811;

fn date(unix: i64) -> HttpDate {
    HttpDate::from_unix(unix).unwrap()
}

/// The decision on a GET with a Range and this If-Range.
fn get_if_range(selected: Representation<'_>, if_range: HttpDate) -> Decision {
    let if_range = if_range.to_string();
    evaluate(
        "GET",
        selected,
        [("Range", "bytes=0-1"), ("If-Range", &if_range)],
    )
}

/// 9110-8.8.2-01: the date is the one that the caller gives, and the time of the request is not
/// mixed in.
#[test]
fn the_date_is_the_callers() {
    for noted in [Modified::Noted(date(T)), Modified::Assigned(date(T))] {
        for now in [T, T + 1, 1_781_481_600] {
            assert_eq!(noted.last_modified(Some(date(now))), Some(date(T)));
        }
    }
}

/// 9110-8.8.2-02: one HTTP-date, written as IMF-fixdate; two are none.
#[test]
fn one_date() {
    let last_modified = Modified::Noted(date(784_111_777)).last_modified(Some(HttpDate::MAX));
    let written = last_modified.unwrap().to_string();
    assert_eq!(written, "Sun, 06 Nov 1994 08:49:37 GMT");
    assert_eq!(
        HttpDate::parse(written.as_bytes(), None),
        Ok(date(784_111_777))
    );
    let joined = format!("{written}, {written}");
    assert!(HttpDate::parse(joined.as_bytes(), None).is_err());
}

/// 9110-8.8.2.1-04: never later than Date; 9110-8.8.2.1-05: the future becomes Date.
#[test]
fn never_later_than_date() {
    let now = 784_111_777;
    for (modified, sent) in [
        (now + 10, now),
        (now + 1, now),
        (now, now),
        (now - 1, now - 1),
        (now - 10, now - 10),
        (4_070_908_800, now),
    ] {
        for modified in [
            Modified::Noted(date(modified)),
            Modified::Assigned(date(modified)),
        ] {
            assert_eq!(modified.last_modified(Some(date(now))), Some(date(sent)));
        }
    }
    let sent = Modified::Noted(date(4_070_908_800)).last_modified(Some(date(now)));
    assert_eq!(sent.unwrap().to_string(), "Sun, 06 Nov 1994 08:49:37 GMT");
}

/// 9110-8.8.2.1-06: without a clock, only a date that another system assigned.
#[test]
fn without_a_clock() {
    assert_eq!(Modified::Noted(date(T)).last_modified(None), None);
    assert_eq!(
        Modified::Assigned(date(T)).last_modified(None),
        Some(date(T))
    );
}

/// 9110-8.8.2.1-07: a time within a second is cut to the second, for sending and for evaluating.
#[cfg(feature = "std")]
#[test]
fn sub_second_times_are_truncated() {
    use std::time::{Duration, SystemTime};

    let modified = SystemTime::UNIX_EPOCH + Duration::from_millis(783_459_811_900);
    let modified = Modified::Noted(HttpDate::try_from(modified).unwrap());
    let last_modified = modified.last_modified(Some(date(T + 10))).unwrap();
    assert_eq!(last_modified.to_string(), "Sat, 29 Oct 1994 19:43:31 GMT");
    let selected = Representation::current().last_modified(last_modified);
    let same = last_modified.to_string();
    assert_eq!(
        evaluate("GET", selected, [("If-Modified-Since", &same)]),
        Decision::NotModified
    );
    assert_eq!(
        evaluate("PUT", selected, [("If-Unmodified-Since", &same)]),
        Decision::Perform
    );
}

/// 9110-8.8.2.2-01: a date is weak unless it is said to be strong.
#[test]
fn weak_by_default() {
    let selected = Representation::current().last_modified(date(T));
    assert_eq!(
        get_if_range(selected, date(T)),
        Decision::PerformIgnoringRange
    );
}

/// 9110-8.8.2.2-02: an origin server vouches for it.
#[test]
fn strong_by_the_origins_word() {
    let selected = Representation::current().strong_last_modified(date(T));
    assert_eq!(get_if_range(selected, date(T)), Decision::Perform);
    let taken_back = selected.last_modified(date(T));
    assert_eq!(
        get_if_range(taken_back, date(T)),
        Decision::PerformIgnoringRange
    );
}

/// 9110-8.8.2.2-03: a client deduces it from a Date that is later, if it trusts the clocks.
#[test]
fn strong_by_a_clients_deduction() {
    let within = |seconds| Clocks::Within(NonZeroU32::new(seconds).unwrap());
    for (later, clocks, strong) in [
        (1, Clocks::Same, true),
        (1, Clocks::Untrusted, false),
        (1_000_000, Clocks::Untrusted, false),
        (59, within(60), false),
        (60, within(60), true),
        (1, within(1), true),
    ] {
        assert_eq!(date(T).is_strong(Some(date(T + later)), clocks), strong);
    }
}

/// 9110-8.8.2.2-04: a cache deduces it from its own entry, and compares If-Range with that.
#[test]
fn strong_by_a_caches_deduction() {
    let stored = |date_field| {
        let entry = Representation::current();
        if date(T).is_strong(Some(date(date_field)), Clocks::Same) {
            entry.strong_last_modified(date(T))
        } else {
            entry.last_modified(date(T))
        }
    };
    assert_eq!(get_if_range(stored(T + 1), date(T)), Decision::Perform);
    assert_eq!(
        get_if_range(stored(T), date(T)),
        Decision::PerformIgnoringRange
    );
}

/// 9110-8.8.2.2-05: the same second is not enough, and an earlier one is not either.
#[test]
fn at_least_one_second() {
    for (later, strong) in [(-1, false), (0, false), (1, true), (2, true)] {
        assert_eq!(
            date(T).is_strong(Some(date(T + later)), Clocks::Same),
            strong
        );
    }
    assert!(!HttpDate::MAX.is_strong(Some(HttpDate::MIN), Clocks::Same));
    let most = Clocks::Within(NonZeroU32::MAX);
    assert!(HttpDate::MIN.is_strong(Some(HttpDate::MAX), most));
}

/// 9110-8.8.2.2-06: without a Date there is nothing to deduce from.
#[test]
fn without_date() {
    for clocks in [
        Clocks::Untrusted,
        Clocks::Same,
        Clocks::Within(NonZeroU32::MIN),
    ] {
        assert!(!date(T).is_strong(None, clocks));
    }
}

/// 9110-8.8.2.2-07: no 60 seconds; the gap is the caller's, and at least one second by its type.
#[test]
fn no_fixed_margin() {
    assert!(date(T).is_strong(Some(date(T + 59)), Clocks::Same));
    assert!(date(T).is_strong(Some(date(T + 59)), Clocks::Within(NonZeroU32::MIN)));
}

proptest! {
    /// 9110-8.8.2.1-04: with a clock there is always a date, no later than Date nor than the
    /// modification.
    #[test]
    fn with_a_clock(modified in -1_000_000_i64..5_000_000_000, now in 0_i64..5_000_000_000) {
        let at = date(modified);
        for modified in [Modified::Noted(at), Modified::Assigned(at)] {
            let sent = modified.last_modified(Some(date(now))).unwrap();
            prop_assert!(sent <= date(now) && sent <= at);
            prop_assert!(sent == date(now) || sent == at);
        }
    }
}
