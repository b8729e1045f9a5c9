//! HTTP-date (RFC 9110 section 5.6.7). Every value is read as the oracle reads it, and as httpdate
//! does where both are right by the RFC; what was read, written and read again is the same; and
//! every instant is written and read back in all of its spellings.
#![no_main]

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use arbitrary::{Arbitrary, Result, Unstructured};
use http_conditional::{Decision, HttpDate, Method, Policy, Preconditions, Representation};
use http_conditional_fuzz::against_oracle::{date, oracle};
use http_conditional_fuzz::input::{self, FIRST, LAST, spellings};
use libfuzzer_sys::fuzz_target;

const DAY: i64 = 86_400;

#[derive(Debug)]
struct Input {
    unix: i64,
    now: Option<i64>,
    nanoseconds: u32,
    /// Where a two-digit year is read, around 50 years ahead of `now`.
    around_pivot: u8,
    /// Which byte of the spellings is damaged, and what it becomes.
    damage: (u8, u8),
    /// Any number of seconds, of which few are years of four digits.
    seconds: i64,
    value: Vec<u8>,
}

impl<'a> Arbitrary<'a> for Input {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(Self {
            unix: input::instant(u)?,
            now: input::option(u, input::instant)?,
            nanoseconds: u32::arbitrary(u)? % 1_000_000_000,
            around_pivot: Arbitrary::arbitrary(u)?,
            damage: Arbitrary::arbitrary(u)?,
            seconds: Arbitrary::arbitrary(u)?,
            value: input::text(
                u,
                b"SunMonTueWedThuFriSatday, JanFebMarAprMayJul-OctGMT:0123456789",
            )?,
        })
    }
}

fuzz_target!(|input: Input| {
    let from_unix = HttpDate::from_unix(input.seconds).map(HttpDate::to_unix);
    let is_sayable = (FIRST..=LAST).contains(&input.seconds);
    assert_eq!(from_unix.ok(), is_sayable.then_some(input.seconds));

    is_written(input.unix);
    for nanoseconds in [0, 1, 999_999_999, input.nanoseconds] {
        bridges_system_time(input.unix, nanoseconds);
        reads_system_time(input.unix, nanoseconds);
        reads_system_time(input.seconds, nanoseconds);
    }
    is_read(&input.value, input.now);
    if let Some(now) = input.now {
        is_read_around_pivot(now, input.around_pivot);
        leap_second_is_read_around_pivot(now, input.around_pivot);
    }
    for mut value in spellings(input.unix) {
        let at = usize::from(input.damage.0) % value.len();
        value[at] = input.damage.1;
        is_read(&value, input.now);
    }
    let [imf, rfc850, _] = spellings(input.unix);
    for value in [&imf, &rfc850] {
        for zone in ["UTC", "+0000", "-0000", "Z", "gmt"] {
            let value = [&value[..value.len() - "GMT".len()], zone.as_bytes()].concat();
            is_read(&value, input.now);
        }
    }
    is_read(&one_day_on(input.unix), input.now);
    for mut value in spellings(last_of_day(input.unix)) {
        input::make_leap_second(&mut value);
        is_read(&value, input.now);
    }
});

fn is_written(unix: i64) {
    let written = date(unix).encode();
    assert_eq!(oracle::format_date(unix).unwrap().as_bytes(), written);
    assert_eq!(date(unix).to_string().as_bytes(), written);
    let [_, rfc850, asctime] = spellings(unix);
    for value in [&written, &asctime[..]] {
        assert_eq!(HttpDate::parse(value, None), Ok(date(unix)));
    }
    // A date is not more than 50 years ahead of itself.
    assert_eq!(HttpDate::parse(&rfc850, Some(date(unix))), Ok(date(unix)));
    // httpdate knows nothing before 1970.
    if let Ok(seconds) = u64::try_from(unix) {
        let time = UNIX_EPOCH + Duration::from_secs(seconds);
        assert_eq!(httpdate::fmt_http_date(time).as_bytes(), written);
    }
}

/// Whether it is before 1970, and how far from it.
fn distance(time: SystemTime) -> (bool, Duration) {
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => (false, after),
        Err(before) => (true, before.duration()),
    }
}

/// So many seconds and nanoseconds after 1970, and as many before it: the last second that is not
/// later, if a date can say it.
fn reads_system_time(seconds: i64, nanoseconds: u32) {
    let distance = Duration::new(seconds.unsigned_abs(), nanoseconds);
    let nanoseconds = i128::from(seconds.unsigned_abs()) * 1_000_000_000 + i128::from(nanoseconds);
    for (time, nanoseconds) in [
        (UNIX_EPOCH.checked_add(distance), nanoseconds),
        (UNIX_EPOCH.checked_sub(distance), -nanoseconds),
    ] {
        let Some(time) = time else { continue };
        let second = i64::try_from(nanoseconds.div_euclid(1_000_000_000)).ok();
        let second = second.filter(|second| (FIRST..=LAST).contains(second));
        let seen = HttpDate::try_from(time).ok();
        assert_eq!(seen.map(HttpDate::to_unix), second);
    }
}

/// Both ways, cut to the second before.
fn bridges_system_time(unix: i64, nanoseconds: u32) {
    let time = SystemTime::try_from(date(unix)).unwrap();
    let expected = Duration::from_secs(unix.unsigned_abs());
    assert_eq!(distance(time), (unix < 0, expected));
    let within = time + Duration::from_nanos(nanoseconds.into());
    assert_eq!(HttpDate::try_from(time), Ok(date(unix)));
    assert_eq!(HttpDate::try_from(within), Ok(date(unix)));
}

fn is_read(value: &[u8], now: Option<i64>) {
    let clock = now.map(date);
    for (ignore_case, seen) in [
        (false, HttpDate::parse(value, clock)),
        (true, HttpDate::parse_ignore_ascii_case(value, clock)),
    ] {
        let expected = oracle::parse_date(value, now, ignore_case);
        let unix = expected.map(|(unix, _)| unix);
        assert_eq!(seen.ok().map(HttpDate::to_unix), unix);
        match (seen, expected) {
            (Ok(seen), Some((_, is_leap_second))) => {
                assert_eq!(HttpDate::parse(&seen.encode(), None), Ok(seen));
                is_exact(value, clock, seen, is_leap_second);
            }
            (seen, _) => assert!(seen.is_err_and(|error| error.index() <= value.len())),
        }
    }
    agrees_with_httpdate(value);
}

/// The next day with the month left as it is: at the end of a month, a day that does not exist on
/// the weekday that it would have.
fn one_day_on(unix: i64) -> Vec<u8> {
    let [mut value, ..] = spellings(unix);
    let [next, ..] = spellings((unix + DAY).min(LAST));
    let day = (value[5] - b'0') * 10 + value[6] - b'0' + 1;
    value[..3].copy_from_slice(&next[..3]);
    value[5..7].copy_from_slice(&[b'0' + day / 10, b'0' + day % 10]);
    value
}

fn last_of_day(unix: i64) -> i64 {
    unix - unix.rem_euclid(DAY) + DAY - 1
}

/// 50 years are 18,261 to 18,263 days.
fn days_to_pivot(byte: u8) -> i64 {
    18_261 + i64::from(byte % 3)
}

fn is_read_around_pivot(now: i64, byte: u8) {
    let days = days_to_pivot(byte);
    let ahead = now + days * DAY + i64::from(byte >> 2 & 7) - 4;
    if ahead <= LAST {
        let [_, rfc850, _] = spellings(ahead);
        is_read(&rfc850, Some(now));
    }
}

/// 23:59:60 is 23:59:59, and that may be 50 years ahead of a clock at the end of its day.
fn leap_second_is_read_around_pivot(now: i64, byte: u8) {
    let now = last_of_day(now) - i64::from(byte >> 2 & 3);
    let ahead = last_of_day(now) + days_to_pivot(byte) * DAY;
    if ahead <= LAST {
        let [_, mut rfc850, _] = spellings(ahead);
        input::make_leap_second(&mut rfc850);
        is_read(&rfc850, Some(now));
    }
}

/// In If-Range a date has to be exactly that of the representation; a leap second never is.
fn is_exact(value: &[u8], clock: Option<HttpDate>, modified: HttpDate, is_leap_second: bool) {
    let mut policy = Policy::new().case_insensitive_dates();
    if let Some(clock) = clock {
        policy = policy.now(clock);
    }
    let current = Representation::current().strong_last_modified(modified);
    let mut preconditions = Preconditions::with_policy(Method::Get, current, policy);
    preconditions.field(b"If-Range", value);
    preconditions.field(b"Range", b"bytes=0-0");
    let is_exact = preconditions.decide() == Decision::Perform;
    assert_eq!(is_exact, !is_leap_second);
}

/// Not compared: white space around a date, which is not the date's; leap seconds and what lies
/// before 1970, which httpdate does not know; of rfc850-dates the years 70 to 76, which in 2026 are
/// ahead of us by the rule of 50 years and behind us by httpdate's fixed pivot, and those that are
/// none, as httpdate takes any byte between date and time.
fn agrees_with_httpdate(value: &[u8]) {
    let june_2026 = date(1_781_481_600);
    let Ok(text) = str::from_utf8(value) else {
        return;
    };
    if text.trim() != text || text.contains(":60") {
        return;
    }
    let ours = HttpDate::parse(value, Some(june_2026)).ok();
    if text.contains('-') && ours.is_none_or(is_beyond_the_pivot) {
        return;
    }
    let since_1970 = ours.filter(|date| date.to_unix() >= 0);
    let since_1970 = since_1970.map(|date| SystemTime::try_from(date).unwrap());
    assert_eq!(httpdate::parse_http_date(text).ok(), since_1970);
}

fn is_beyond_the_pivot(date: HttpDate) -> bool {
    let january_2070 = 3_155_760_000;
    date.to_unix() >= january_2070
}
