//! Section 4.2: dates as a cache reads them.

use std::env;
use std::process::Command;

use http_conditional::cache::{Answer, Evaluation, evaluate};
use http_conditional::{Method, Policy};

use super::*;

fn read(value: &str) -> Option<HttpDate> {
    HttpDate::parse_ignore_ascii_case(value.as_bytes(), None).ok()
}

/// 9111-4.2-01: a cache reads dates in either case, in stored responses and in requests.
#[test]
fn either_case() {
    assert_eq!(
        read("SUN, 06 nov 1994 08:49:37 gmt"),
        Some(date(784_111_777))
    );
    assert!(HttpDate::parse(b"SUN, 06 nov 1994 08:49:37 gmt", None).is_err());
    let lower = T_TEXT.to_lowercase();
    let stored = Response::new(200).fields([("Last-Modified", lower.as_str())]);
    assert_eq!(stored.modified(), Some(date(T)));
    let request = [("If-Modified-Since", lower.as_str())];
    assert_eq!(evaluate("GET", Some(stored), request), Answer::NotModified);
    let mut strict = Evaluation::with_policy(Method::Get, Some(stored), Policy::new());
    strict.extend(request);
    assert_eq!(strict.answer(), Answer::Whole);
}

/// 9111-4.2-02: the one date that has no instant of its own here becomes the one before it.
#[test]
fn not_after_what_was_received() {
    let read = read("Sat, 31 Dec 2016 23:59:60 GMT").unwrap();
    assert_eq!(read.to_string(), "Sat, 31 Dec 2016 23:59:59 GMT");
}

/// 9111-4.2-03: the local time zone plays no part.
#[test]
fn the_local_time_zone_plays_no_part() {
    assert_eq!(read(T_TEXT), Some(date(T)));
    assert_eq!(date(T).to_string(), T_TEXT);
    if env::var_os("TZ").is_some_and(|zone| zone == "Asia/Kolkata") {
        return;
    }
    let this_test = "section_4_2::the_local_time_zone_plays_no_part";
    let mut elsewhere = Command::new(env::current_exe().unwrap());
    elsewhere
        .args(["--exact", this_test])
        .env("TZ", "Asia/Kolkata");
    let output = elsewhere.output().unwrap();
    assert!(output.status.success());
    assert!(String::from_utf8_lossy(&output.stdout).contains("1 passed"));
}

/// 9111-4.2-04: no zone but GMT.
#[test]
fn no_other_zone() {
    for zone in ["UTC", "utc", "EST", "Z", "+0000", "GMT+1", ""] {
        assert_eq!(read(&T_TEXT.replace("GMT", zone)), None, "{zone}");
    }
}

/// 9111-4.2-05: the case, and nothing else, is relaxed.
#[test]
fn nothing_else_is_relaxed() {
    for value in [
        "sun, 6 nov 1994 08:49:37 gmt",
        "sun, 31 feb 2021 00:00:00 gmt",
        "mon, 06 nov 1994 08:49:37 gmt",
        "sun,  06 nov 1994 08:49:37 gmt",
        "sun, 06 nov 94 08:49:37 gmt",
        "sun, 06 nov 1994 24:00:00 gmt",
    ] {
        assert_eq!(read(value), None, "{value}");
    }
}
