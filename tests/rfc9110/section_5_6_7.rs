//! Section 5.6.7: HTTP-date, and what it takes from RFC 5322 section 3.3.

use http_conditional::{HttpDate, InvalidDateKind};

use super::*;

/// The RFC's own example, in its three formats.
const EXAMPLE: i64 = 784_111_777;
/// 2026-06-15T00:00:00Z.
const JUNE_2026: i64 = 1_781_481_600;

fn parse(value: &str) -> Option<i64> {
    parse_at(value, None)
}

fn parse_at(value: &str, now: Option<i64>) -> Option<i64> {
    let now = now.map(|now| HttpDate::from_unix(now).unwrap());
    HttpDate::parse(value.as_bytes(), now)
        .ok()
        .map(HttpDate::to_unix)
}

fn kind(value: &str) -> (InvalidDateKind, usize) {
    let now = HttpDate::from_unix(JUNE_2026).ok();
    let error = HttpDate::parse(value.as_bytes(), now).unwrap_err();
    (error.kind(), error.index())
}

/// 9110-5.6.7-01, 9110-5.6.7-03: all three formats are read, all in UTC.
#[test]
fn all_three_formats_are_read() {
    for value in [
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
    ] {
        assert_eq!(parse_at(value, Some(JUNE_2026)), Some(EXAMPLE), "{value}");
    }
}

/// 9110-5.6.7-02, 9110-5.6.7-13, 9110-5.6.3-06: what is written is IMF-fixdate.
#[test]
fn dates_are_written_as_imf_fixdate() {
    let date = HttpDate::from_unix(EXAMPLE).unwrap();
    assert_eq!(&date.encode(), b"Sun, 06 Nov 1994 08:49:37 GMT");
    assert_eq!(date.to_string(), "Sun, 06 Nov 1994 08:49:37 GMT");
    assert_eq!(date.to_string().matches(' ').count(), 5);
}

/// 9110-5.6.7-04, 9110-5.6.7-14: IMF-fixdate has one length and one spelling.
#[test]
fn imf_fixdate_is_of_fixed_length() {
    assert_eq!(parse("Sun, 06 Nov 1994 08:49:37 GMT"), Some(EXAMPLE));
    for value in [
        "Sun, 6 Nov 1994 08:49:37 GMT",
        "Sun 06 Nov 1994 08:49:37 GMT",
        "Sun, 06-Nov-1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49 GMT",
        "Sun, 06 Nov 94 08:49:37 GMT",
        "Sun,  06 Nov 1994 08:49:37 GMT",
        "Sun,\t06 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08 :49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37  GMT",
        "Sun, 06 Nov 1994 08:49:37 GMT\r\n",
        "Sun, 06 Nov 1994 08:49:37",
        "Sun, 06 Nov 1994 08:49:37 GM",
        // The example of section 14.6 is no HTTP-date.
        "Tue, 14 July 04:58:08 GMT",
    ] {
        assert_eq!(parse(value), None, "{value}");
    }
}

/// 9110-5.6.7-04: every byte of an IMF-fixdate counts: with another one in its place it is another
/// date, or none.
#[test]
fn every_byte_of_imf_fixdate_counts() {
    for date in [
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Thu, 29 Feb 2024 23:59:59 GMT",
        "Sat, 01 Jan 0000 00:00:00 GMT",
    ] {
        for index in 0..date.len() {
            for byte in 0..=0xff {
                let mut value = date.as_bytes().to_vec();
                value[index] = byte;
                if let Ok(read) = HttpDate::parse(&value, None) {
                    assert_eq!(read.encode(), *value, "{}", value.escape_ascii());
                }
            }
        }
    }
}

/// 9111-4.2-05: in either case, every byte counts as well: with another one in its place it is the
/// same one in the other case, another digit, or no date.
#[test]
fn every_byte_counts_in_either_case() {
    let now = HttpDate::from_unix(JUNE_2026).ok();
    for date in [
        "SUN, 06 NOV 1994 08:49:37 gmt",
        "sunday, 06-nov-94 08:49:37 gmt",
        "sun nov  6 08:49:37 1994",
        "SUN NOV 06 08:49:37 1994",
    ] {
        for index in 0..date.len() {
            let expected = date.as_bytes()[index];
            for byte in 0..=0xff {
                let mut value = date.as_bytes().to_vec();
                value[index] = byte;
                let read = HttpDate::parse_ignore_ascii_case(&value, now);
                // asctime-date pads a day of one digit with either.
                let pads = index == 8 && !date.contains(',') && matches!(byte, b' ' | b'0');
                if byte.eq_ignore_ascii_case(&expected) || pads {
                    let read = read.map(HttpDate::to_unix);
                    assert_eq!(read, Ok(EXAMPLE), "{}", value.escape_ascii());
                } else if !(byte.is_ascii_digit() && expected.is_ascii_digit()) {
                    assert!(read.is_err(), "{}", value.escape_ascii());
                }
            }
        }
    }
}

/// 9110-5.6.7-05: rfc850-date has the long name of the day and a two-digit year.
#[test]
fn rfc850_date_has_the_long_name_and_the_short_year() {
    for (value, expected) in [
        ("Sunday, 06-Nov-94 08:49:37 GMT", Some(EXAMPLE)),
        ("Sun, 06-Nov-94 08:49:37 GMT", None),
        ("Sunday, 06-Nov-1994 08:49:37 GMT", None),
        ("Sunday, 06 Nov 1994 08:49:37 GMT", None),
        ("Sunday, 6-Nov-94 08:49:37 GMT", None),
        ("Sunday, 06-Nov-94 08:49:37", None),
        ("Sund, 06-Nov-94 08:49:37 GMT", None),
    ] {
        assert_eq!(parse_at(value, Some(JUNE_2026)), expected, "{value}");
    }
}

/// 9110-5.6.7-06: asctime-date ends with the year, and pads the day with a space.
#[test]
fn asctime_date_pads_the_day() {
    assert_eq!(parse("Sun Nov  6 08:49:37 1994"), Some(EXAMPLE));
    assert_eq!(parse("Sun Nov 06 08:49:37 1994"), Some(EXAMPLE));
    assert_eq!(
        parse("Wed Nov 16 08:49:37 1994"),
        Some(EXAMPLE + 10 * 86_400)
    );
    for value in [
        "Sun Nov 6 08:49:37 1994",
        "Sun Nov  6 08:49:37 1994 GMT",
        "Sun Nov  6 08:49:37 94",
        "Sun Nov   6 08:49:37 1994",
        "Wed Nov  0 08:49:37 1994",
        "Sunday Nov  6 08:49:37 1994",
    ] {
        assert_eq!(parse(value), None, "{value}");
    }
}

/// 9110-5.6.7-07: seven days, twelve months, spelled like that.
#[test]
fn names_are_the_listed_ones() {
    // The first seven days of November 1994 were Tuesday to Monday.
    let days = [
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
        "Monday",
    ];
    for (day, name) in (1..).zip(days) {
        let expected = EXAMPLE + (day - 6) * 86_400;
        let value = format!("{}, {day:02} Nov 1994 08:49:37 GMT", &name[..3]);
        assert_eq!(parse(&value), Some(expected), "{value}");
        let value = format!("{name}, {day:02}-Nov-94 08:49:37 GMT");
        assert_eq!(parse_at(&value, Some(JUNE_2026)), Some(expected), "{value}");
    }
    // The first day of each month of 2023, by the day of the week it fell on.
    for value in [
        "Sun, 01 Jan 2023 00:00:00 GMT",
        "Wed, 01 Feb 2023 00:00:00 GMT",
        "Wed, 01 Mar 2023 00:00:00 GMT",
        "Sat, 01 Apr 2023 00:00:00 GMT",
        "Mon, 01 May 2023 00:00:00 GMT",
        "Thu, 01 Jun 2023 00:00:00 GMT",
        "Sat, 01 Jul 2023 00:00:00 GMT",
        "Tue, 01 Aug 2023 00:00:00 GMT",
        "Fri, 01 Sep 2023 00:00:00 GMT",
        "Sun, 01 Oct 2023 00:00:00 GMT",
        "Wed, 01 Nov 2023 00:00:00 GMT",
        "Fri, 01 Dec 2023 00:00:00 GMT",
    ] {
        assert!(parse(value).is_some(), "{value}");
    }
    assert_eq!(
        kind("Son, 06 Nov 1994 08:49:37 GMT"),
        (InvalidDateKind::DayName, 0)
    );
    assert_eq!(
        kind("Thursdey, 03-Nov-94 08:49:37 GMT"),
        (InvalidDateKind::DayName, 3)
    );
    assert_eq!(
        kind("Sun, 06 Sept 1994 08:49:37 GMT"),
        (InvalidDateKind::Separator, 11)
    );
    assert_eq!(
        kind("Sun, 06 nov 1994 08:49:37 GMT"),
        (InvalidDateKind::Month, 8)
    );
}

/// 9110-5.6.7-08, 9111-4.2-04: the zone is `GMT`.
#[test]
fn the_zone_is_gmt() {
    for zone in ["UTC", "UT", "Z", "+0000", "EST", "gmt", "", "GMT+1", "GMT0"] {
        let value = format!("Sun, 06 Nov 1994 08:49:37 {zone}");
        assert_eq!(parse(&value), None, "{value}");
        let lenient = HttpDate::parse_ignore_ascii_case(value.as_bytes(), None);
        assert_eq!(lenient.is_ok(), zone == "gmt", "{value}");
    }
}

/// 9110-5.6.7-09, 5322-3.3-03: the time of day lies in 00:00:00 to 23:59:60.
#[test]
fn the_time_of_day_has_its_bounds() {
    for (time, valid) in [
        ("00:00:00", true),
        ("23:59:59", true),
        ("23:59:60", true),
        ("23:59:61", false),
        ("24:00:00", false),
        ("23:60:00", false),
        ("12:00:61", false),
        ("12:00:60", false),
        ("12:59:60", false),
        ("1:02:03", false),
        ("-1:02:03", false),
        ("+1:02:03", false),
        (" 1:02:03", false),
    ] {
        let value = format!("Sun, 06 Nov 1994 {time} GMT");
        assert_eq!(parse(&value).is_some(), valid, "{value}");
    }
}

/// 9110-5.6.7-10: a leap second is read as the second before it.
#[test]
fn a_leap_second_is_the_second_before() {
    assert_eq!(parse("Sat, 31 Dec 2016 23:59:60 GMT"), Some(1_483_228_799));
    assert_eq!(parse("Sat Dec 31 23:59:60 2016"), Some(1_483_228_799));
    let value = "Saturday, 31-Dec-16 23:59:60 GMT";
    assert_eq!(parse_at(value, Some(JUNE_2026)), Some(1_483_228_799));
}

/// 9110-5.6.7-11: an origin server reads case-sensitively, so that such a date is ignored.
#[test]
fn an_origin_server_reads_case_sensitively() {
    let value = "sat, 29 oct 1994 19:43:31 gmt";
    assert_eq!(parse(value), None);
    assert_eq!(
        decide("GET", &[("If-Modified-Since", value)], modified(T)),
        PERFORM
    );
}

/// 9110-5.6.7-12, 9111-4.2-01, 9111-4.2-05: a cache reads in either case, and relaxes nothing else.
#[test]
fn a_cache_reads_in_either_case() {
    let now = HttpDate::from_unix(JUNE_2026).ok();
    let lenient = |value: &str| HttpDate::parse_ignore_ascii_case(value.as_bytes(), now).ok();
    for value in [
        "SUN, 06 NOV 1994 08:49:37 gmt",
        "sun, 06 nov 1994 08:49:37 Gmt",
        "SUNDAY, 06-nov-94 08:49:37 gmT",
        "sun nov  6 08:49:37 1994",
    ] {
        assert_eq!(
            lenient(value).map(HttpDate::to_unix),
            Some(EXAMPLE),
            "{value}"
        );
        assert_eq!(parse_at(value, Some(JUNE_2026)), None, "{value}");
    }
    assert_eq!(lenient("sun, 6 nov 1994 08:49:37 gmt"), None);
    assert_eq!(lenient("sun, 31 feb 2021 00:00:00 gmt"), None);
    assert_eq!(lenient("mon, 06 nov 1994 08:49:37 gmt"), None);
}

/// 9110-5.6.7-15, 5322-3.3-02: the day exists in that month of that year.
#[test]
fn the_day_exists() {
    assert_eq!(parse("Tue, 29 Feb 2000 00:00:00 GMT"), Some(951_782_400));
    assert_eq!(parse("Thu, 29 Feb 2024 00:00:00 GMT"), Some(1_709_164_800));
    for value in [
        "Sun, 31 Feb 2021 00:00:00 GMT",
        "Tue, 30 Feb 2021 00:00:00 GMT",
        "Wed, 29 Feb 2023 00:00:00 GMT",
        "Thu, 29 Feb 1900 00:00:00 GMT",
        "Fri, 31 Apr 2021 00:00:00 GMT",
        "Sat, 31 Jun 2021 00:00:00 GMT",
        "Sun, 31 Sep 2021 00:00:00 GMT",
        "Wed, 31 Nov 2021 00:00:00 GMT",
        "Tue, 32 Jan 2021 00:00:00 GMT",
        "Thu, 00 Jan 2021 00:00:00 GMT",
    ] {
        // Whatever day of the week it is given.
        for day in ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] {
            let value = format!("{day}{}", &value[3..]);
            assert_eq!(kind(&value), (InvalidDateKind::Day, 5), "{value}");
        }
    }
}

/// 5322-3.3-01: the day of the week fits the date.
#[test]
fn the_weekday_fits() {
    for day in ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] {
        let value = format!("{day}, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(kind(&value), (InvalidDateKind::Weekday, 0), "{value}");
    }
    // In an rfc850-date it is that of the year that the century rule gave.
    let now = Some(JUNE_2026);
    assert_eq!(parse_at("Monday, 06-Nov-94 08:49:37 GMT", now), None);
}

/// 9110-5.6.7-16, 9110-5.6.7-17, 9110-5.6.7-18: more than 50 years ahead, to the second, is a century ago.
#[test]
fn a_two_digit_year_is_not_more_than_fifty_years_ahead() {
    for (value, expected) in [
        ("Saturday, 01-Jan-77 00:00:00 GMT", 220_924_800),
        ("Sunday, 06-Nov-94 08:49:37 GMT", EXAMPLE),
        ("Monday, 15-Jun-76 00:00:00 GMT", 3_359_404_800),
        ("Tuesday, 15-Jun-76 00:00:01 GMT", 203_644_801),
        ("Wednesday, 01-Jan-76 00:00:00 GMT", 3_345_062_400),
        ("Friday, 31-Dec-76 00:00:00 GMT", 220_838_400),
        ("Sunday, 14-Jun-76 23:59:59 GMT", 3_359_404_799),
        ("Tuesday, 29-Jun-76 00:00:00 GMT", 204_854_400),
    ] {
        assert_eq!(parse_at(value, Some(JUNE_2026)), Some(expected), "{value}");
        assert_eq!(in_capitals(value, JUNE_2026), Some(expected), "{value}");
    }
}

/// A cache reads it, and whatever is written in one case only takes another way through the code.
fn in_capitals(value: &str, now: i64) -> Option<i64> {
    let value = value.to_ascii_uppercase();
    let read = HttpDate::parse_ignore_ascii_case(value.as_bytes(), HttpDate::from_unix(now).ok());
    read.ok().map(HttpDate::to_unix)
}

/// 9110-5.6.7-16: fifty years before a 29 February there is none; it lies between two days then.
#[test]
fn fifty_years_before_the_leap_day_lie_between_two_days() {
    for (now, value, expected) in [
        // The 29 February 2076 lies fifty years ahead from the 1 March 2026 on.
        (
            "28 Feb 2026 23:59:59",
            "Sunday, 29-Feb-76 00:00:00 GMT",
            "29 Feb 1976 00:00:00",
        ),
        (
            "28 Feb 2026 23:59:59",
            "Sunday, 29-Feb-76 12:00:00 GMT",
            "29 Feb 1976 12:00:00",
        ),
        (
            "01 Mar 2026 00:00:00",
            "Saturday, 29-Feb-76 00:00:00 GMT",
            "29 Feb 2076 00:00:00",
        ),
        (
            "01 Mar 2026 00:00:00",
            "Saturday, 29-Feb-76 12:00:00 GMT",
            "29 Feb 2076 12:00:00",
        ),
        (
            "01 Mar 2026 06:00:00",
            "Saturday, 29-Feb-76 12:00:00 GMT",
            "29 Feb 2076 12:00:00",
        ),
        // The days beside it.
        (
            "28 Feb 2026 12:00:00",
            "Friday, 28-Feb-76 06:00:00 GMT",
            "28 Feb 2076 06:00:00",
        ),
        (
            "28 Feb 2026 12:00:00",
            "Saturday, 28-Feb-76 18:00:00 GMT",
            "28 Feb 1976 18:00:00",
        ),
        (
            "01 Mar 2026 06:00:00",
            "Sunday, 01-Mar-76 06:00:00 GMT",
            "01 Mar 2076 06:00:00",
        ),
        (
            "01 Mar 2026 06:00:00",
            "Monday, 01-Mar-76 06:00:01 GMT",
            "01 Mar 1976 06:00:01",
        ),
    ] {
        let [now, expected] = [now, expected].map(unix);
        assert_eq!(parse_at(value, Some(now)), Some(expected), "{value}");
        assert_eq!(in_capitals(value, now), Some(expected), "{value}");
    }
}

/// The instant of the day and time of an IMF-fixdate, whose day of the week is left out.
fn unix(date: &str) -> i64 {
    let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
    let read = days
        .iter()
        .find_map(|day| parse(&format!("{day}, {date} GMT")));
    read.expect("a date")
}

/// 9110-5.6.7-16: before the year 100 there is no century earlier, and none is skipped.
#[test]
fn a_two_digit_year_in_the_first_century_stays_in_it() {
    // 1 January 0080: the year 120 would be no more than 50 years ahead, but is not of this century.
    let now = Some(-59_642_611_200);
    let value = "Wednesday, 01-Jan-20 00:00:00 GMT";
    assert_eq!(parse_at(value, now), Some(-61_536_067_200));
}

/// 9110-5.6.7-19: a four-digit year is never shifted.
#[test]
fn a_four_digit_year_stays() {
    for value in ["Thu, 01 Jan 2099 00:00:00 GMT", "Thu Jan  1 00:00:00 2099"] {
        assert_eq!(
            parse_at(value, Some(JUNE_2026)),
            Some(4_070_908_800),
            "{value}"
        );
    }
}

/// 9110-5.6.7-20: the century comes from the reference that is given, and from no other clock.
#[test]
fn the_century_comes_from_the_reference() {
    let in_1990 = parse("Mon, 01 Jan 1990 00:00:00 GMT");
    let in_2060 = parse("Thu, 01 Jan 2060 00:00:00 GMT");
    assert_eq!(
        parse_at("Tuesday, 15-Jun-76 00:00:00 GMT", in_1990),
        Some(203_644_800)
    );
    assert_eq!(
        parse_at("Monday, 15-Jun-76 00:00:00 GMT", in_2060),
        Some(3_359_404_800)
    );
    assert_eq!(kind_without_clock(), InvalidDateKind::Century);
    // The year 30 has no century before it, though the 15 June 85 was a Friday.
    let in_30 = parse("Tue, 01 Jan 0030 00:00:00 GMT");
    assert!(in_30.is_some());
    assert_eq!(parse_at("Friday, 15-Jun-85 00:00:00 GMT", in_30), None);
}

fn kind_without_clock() -> InvalidDateKind {
    let value = b"Sunday, 06-Nov-94 08:49:37 GMT";
    HttpDate::parse(value, None).unwrap_err().kind()
}

/// 9110-5.6.7-20, 9110-5.6.7-24: without a clock, the modification date is the reference; without that, none is.
#[test]
fn without_a_clock_the_modification_date_is_the_reference() {
    let fields = [("If-Modified-Since", "Saturday, 29-Oct-94 19:43:31 GMT")];
    assert_eq!(decide("GET", &fields, modified(T)), NOT_MODIFIED);
    let untagged = Representation::current();
    assert!(
        preconditions("GET", &fields, untagged)
            .malformed()
            .contains(Field::IfModifiedSince)
    );
    let fields = [
        ("Range", "bytes=0-1"),
        ("If-Range", "Saturday, 29-Oct-94 19:43:31 GMT"),
    ];
    assert_eq!(decide("GET", &fields, untagged), IGNORING_RANGE);
}

/// 9110-5.6.7-21: what is no HTTP-date is not repaired.
#[test]
fn nothing_is_repaired() {
    for value in [
        "Sat, 29 Oct 1994 19:43:31 +0000",
        "1994-10-29T19:43:31Z",
        "783459811",
    ] {
        assert_eq!(
            decide("GET", &[("If-Modified-Since", value)], modified(T)),
            PERFORM
        );
    }
}

/// 9110-5.6.7-22: what four digits cannot write is refused.
#[test]
fn the_years_are_0000_to_9999() {
    let last = HttpDate::from_unix(253_402_300_799).unwrap();
    assert_eq!(last.to_string(), "Fri, 31 Dec 9999 23:59:59 GMT");
    assert_eq!(last, HttpDate::MAX);
    assert!(HttpDate::from_unix(253_402_300_800).is_err());
    let first = HttpDate::from_unix(-62_167_219_200).unwrap();
    assert_eq!(first.to_string(), "Sat, 01 Jan 0000 00:00:00 GMT");
    assert_eq!(first, HttpDate::MIN);
    assert!(HttpDate::from_unix(-62_167_219_201).is_err());
    for extreme in [i64::MIN, i64::MAX] {
        assert!(HttpDate::from_unix(extreme).is_err());
    }
    assert_eq!(
        parse("Sat, 01 Jan 0000 00:00:00 GMT"),
        Some(-62_167_219_200)
    );
    assert_eq!(
        parse("Fri, 31 Dec 9999 23:59:60 GMT"),
        Some(253_402_300_799)
    );
}

/// 9110-5.6.7-23: a comma within a date does not make it two members.
#[test]
fn the_comma_of_a_date_separates_nothing() {
    assert_eq!(
        decide("GET", &[("If-Modified-Since", T)], modified(T)),
        NOT_MODIFIED
    );
}

/// 5322-3.3-04, as far as it goes: years before 1900 are read and compared like any other.
#[test]
fn years_before_1900_are_read() {
    assert_eq!(parse("Sun, 31 Dec 1899 23:59:59 GMT"), Some(-2_208_988_801));
}

/// An error says what is wrong and where.
#[test]
fn errors_say_what_and_where() {
    for (value, expected) in [
        ("", (InvalidDateKind::DayName, 0)),
        ("Su", (InvalidDateKind::DayName, 0)),
        ("Sun", (InvalidDateKind::DayName, 3)),
        (
            "Sun,06 Nov 1994 08:49:37 GMT",
            (InvalidDateKind::Separator, 4),
        ),
        ("Sun, 6 Nov 1994 08:49:37 GMT", (InvalidDateKind::Day, 5)),
        ("Sun, 06 Nov 19x4 08:49:37 GMT", (InvalidDateKind::Year, 14)),
        ("Sun, 06 Nov 1994 0x:49:37 GMT", (InvalidDateKind::Hour, 17)),
        (
            "Sun, 06 Nov 1994 08:60:37 GMT",
            (InvalidDateKind::Minute, 20),
        ),
        (
            "Sun, 06 Nov 1994 08:49:60 GMT",
            (InvalidDateKind::Second, 23),
        ),
        ("Sun, 06 Nov 1994 08:49:37 EST", (InvalidDateKind::Zone, 26)),
        (
            "Sun, 06 Nov 1994 08:49:37 GMT, x",
            (InvalidDateKind::End, 29),
        ),
        (
            "Sun, 06 Nov 1994 08:49:37",
            (InvalidDateKind::Separator, 25),
        ),
        ("Mon Nov  6 08:49:37 1994", (InvalidDateKind::Weekday, 0)),
        ("Mon Nov 31 08:49:37 1994", (InvalidDateKind::Day, 8)),
        ("Monday, 31-Nov-94 08:49:37 GMT", (InvalidDateKind::Day, 8)),
        (
            "Sunday, 06-Nov-9x 08:49:37 GMT",
            (InvalidDateKind::Year, 15),
        ),
        ("Sun Nov  0 08:49:37 1994", (InvalidDateKind::Day, 8)),
        ("Sun Nov  x 08:49:37 1994", (InvalidDateKind::Day, 8)),
        ("Mon Nov 31 08:49:37 1994", (InvalidDateKind::Day, 8)),
        ("Mon, 31 Nov 1994 08:49:37 GMT", (InvalidDateKind::Day, 5)),
        ("Mon, 31 Nov 1994 08:49:37 GMT,", (InvalidDateKind::End, 29)),
        // White space that is no part of the value, and no zone.
        (
            "Sun, 06 Nov 1994 08:49:37    ",
            (InvalidDateKind::Separator, 25),
        ),
    ] {
        assert_eq!(kind(value), expected, "{value}");
        // The same to a cache, which reads in either case, and with white space before it.
        let now = HttpDate::from_unix(JUNE_2026).ok();
        let padded = format!("\t{}", value.to_ascii_uppercase());
        let error = HttpDate::parse_ignore_ascii_case(padded.as_bytes(), now).unwrap_err();
        let (kind, index) = expected;
        assert_eq!((error.kind(), error.index()), (kind, index + 1), "{padded}");
    }
}
