//! What fuzzing has found, a test for each by name. How to find more: `fuzz/README.md`.
#![cfg(feature = "dates")]

use http_conditional::HttpDate;

/// Where years begin in March, January and February 0000 belong to the year before: counting back
/// to it must not go below zero.
#[test]
fn the_first_two_months_of_the_year_0000() {
    let first = HttpDate::MIN;
    let last = HttpDate::from_unix(first.to_unix() + 60 * 86_400 - 1).unwrap();
    assert_eq!(&first.encode(), b"Sat, 01 Jan 0000 00:00:00 GMT");
    assert_eq!(&last.encode(), b"Tue, 29 Feb 0000 23:59:59 GMT");

    let value = b"Tuesday, 29-Feb-00 23:59:59 GMT";
    assert_eq!(HttpDate::parse(value, Some(first)), Ok(last));
}
