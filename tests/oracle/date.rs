//! HTTP-date (RFC 9110 section 5.6.7) and the little calendar it needs.

use super::without_outer_whitespace;

/// `day-name-l` of section 5.6.7, Monday first. A `day-name` is the first three
/// letters.
const DAY_NAMES: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

/// `month` of section 5.6.7.
const MONTH_NAMES: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

const SECONDS_PER_DAY: i64 = 24 * 60 * 60;

/// The Gregorian calendar repeats itself every 400 years: 303 common years and
/// 97 leap years.
const DAYS_PER_400_YEARS: i64 = 303 * 365 + 97 * 366;

/// What one of the three formats says, before anybody asks whether it is true.
struct Written {
    /// 0 is Monday.
    weekday: i64,
    year: WrittenYear,
    /// 1 is January.
    month: i64,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
}

enum WrittenYear {
    /// `year = 4DIGIT`
    FourDigits(i64),
    /// the `2DIGIT` at the end of `date2`
    TwoDigits(i64),
}

/// A moment on the calendar. The derived order is the order in time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Moment {
    year: i64,
    month: i64,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
}

fn is_leap_year(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in_year(year: i64) -> i64 {
    if is_leap_year(year) { 366 } else { 365 }
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap_year(year) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days from 1 January 0000 to the given day.
fn days_since_year_0(year: i64, month: i64, day: i64) -> i64 {
    let mut days = year.div_euclid(400) * DAYS_PER_400_YEARS;
    for earlier_year in 0..year.rem_euclid(400) {
        days += days_in_year(earlier_year);
    }
    for earlier_month in 1..month {
        days += days_in_month(year, earlier_month);
    }
    days + day - 1
}

/// Days from 1 January 1970 to the given day.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    days_since_year_0(year, month, day) - days_since_year_0(1970, 1, 1)
}

/// 0 is Monday. 1 January 1970 was a Thursday.
fn weekday_of(days_since_1970: i64) -> i64 {
    (days_since_1970 + 3).rem_euclid(7)
}

fn unix_from_moment(moment: Moment) -> i64 {
    days_since_1970(moment.year, moment.month, moment.day) * SECONDS_PER_DAY
        + moment.hour * 60 * 60
        + moment.minute * 60
        + moment.second
}

fn moment_from_unix(unix: i64) -> Moment {
    let mut days = unix.div_euclid(SECONDS_PER_DAY) + days_since_year_0(1970, 1, 1);
    let seconds = unix.rem_euclid(SECONDS_PER_DAY);

    let mut year = days.div_euclid(DAYS_PER_400_YEARS) * 400;
    days = days.rem_euclid(DAYS_PER_400_YEARS);
    while days >= days_in_year(year) {
        days -= days_in_year(year);
        year += 1;
    }
    let mut month = 1;
    while days >= days_in_month(year, month) {
        days -= days_in_month(year, month);
        month += 1;
    }

    Moment {
        year,
        month,
        day: days + 1,
        hour: seconds / (60 * 60),
        minute: seconds / 60 % 60,
        second: seconds % 60,
    }
}

/// Exactly `width` times DIGIT.
fn number(text: &[u8], width: usize) -> Option<i64> {
    if text.len() != width || !text.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(text).ok()?.parse().ok()
}

/// The names are case-sensitive (`%s` in the grammar of section 5.6.7), except
/// for a cache (RFC 9111 section 4.2).
fn same_word(text: &[u8], word: &str, ignore_case: bool) -> bool {
    if ignore_case {
        text.eq_ignore_ascii_case(word.as_bytes())
    } else {
        text == word.as_bytes()
    }
}

/// `day-name-l`
fn long_day_name(text: &[u8], ignore_case: bool) -> Option<i64> {
    (0_i64..)
        .zip(DAY_NAMES)
        .find(|(_, name)| same_word(text, name, ignore_case))
        .map(|(weekday, _)| weekday)
}

/// `day-name`
fn day_name(text: &[u8], ignore_case: bool) -> Option<i64> {
    (0_i64..)
        .zip(DAY_NAMES)
        .find(|(_, name)| same_word(text, &name[..3], ignore_case))
        .map(|(weekday, _)| weekday)
}

/// `month`
fn month_name(text: &[u8], ignore_case: bool) -> Option<i64> {
    (1_i64..)
        .zip(MONTH_NAMES)
        .find(|(_, name)| same_word(text, name, ignore_case))
        .map(|(month, _)| month)
}

/// `time-of-day = hour ":" minute ":" second`
fn time_of_day(text: &[u8]) -> Option<(i64, i64, i64)> {
    let parts: Vec<&[u8]> = text.split(|&byte| byte == b':').collect();
    let [hour, minute, second] = parts[..] else {
        return None;
    };
    Some((number(hour, 2)?, number(minute, 2)?, number(second, 2)?))
}

/// How a date is read: strictly, or with one or both of two departures.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DateReading {
    /// Letters may be in either case.
    pub ignore_case: bool,
    /// All of this may be there, and nothing else:
    ///
    /// - a day-name that the date does not have
    /// - `UTC`, `+0000` or `-0000` in the place of `GMT`
    /// - a day of the month of one digit in the place of two
    /// - `; length=` and digits, after the date
    pub lenient: bool,
}

/// `GMT = %s"GMT"`
fn is_zone(text: &[u8], reading: DateReading) -> bool {
    let zones: &[&str] = if reading.lenient {
        &["GMT", "UTC", "+0000", "-0000"]
    } else {
        &["GMT"]
    };
    zones
        .iter()
        .any(|zone| same_word(text, zone, reading.ignore_case))
}

/// `day = 2DIGIT`
fn day_of_month(text: &[u8], reading: DateReading) -> Option<i64> {
    match number(text, 2) {
        None if reading.lenient => number(text, 1),
        day => day,
    }
}

/// What stands before `; length=` and at least one digit at the end, or else the
/// whole.
fn without_length(value: &[u8], reading: DateReading) -> &[u8] {
    const LENGTH: &str = "; length=";
    let digits = value.iter().rev().take_while(|byte| byte.is_ascii_digit());
    let rest = &value[..value.len() - digits.count()];
    if rest.len() == value.len() || rest.len() < LENGTH.len() {
        return value;
    }
    let (date, word) = rest.split_at(rest.len() - LENGTH.len());
    if same_word(word, LENGTH, reading.ignore_case) {
        date
    } else {
        value
    }
}

/// `IMF-fixdate = day-name "," SP date1 SP time-of-day SP GMT`,
/// `date1 = day SP month SP year`
fn imf_fixdate(value: &[u8], reading: DateReading) -> Option<Written> {
    let ignore_case = reading.ignore_case;
    let words: Vec<&[u8]> = value.split(|&byte| byte == b' ').collect();
    let [weekday, day, month, year, time, zone] = words[..] else {
        return None;
    };
    if !is_zone(zone, reading) {
        return None;
    }
    let (hour, minute, second) = time_of_day(time)?;
    Some(Written {
        weekday: day_name(weekday.strip_suffix(b",")?, ignore_case)?,
        year: WrittenYear::FourDigits(number(year, 4)?),
        month: month_name(month, ignore_case)?,
        day: day_of_month(day, reading)?,
        hour,
        minute,
        second,
    })
}

/// `rfc850-date = day-name-l "," SP date2 SP time-of-day SP GMT`,
/// `date2 = day "-" month "-" 2DIGIT`
fn rfc850_date(value: &[u8], reading: DateReading) -> Option<Written> {
    let ignore_case = reading.ignore_case;
    let words: Vec<&[u8]> = value.split(|&byte| byte == b' ').collect();
    let [weekday, date, time, zone] = words[..] else {
        return None;
    };
    if !is_zone(zone, reading) {
        return None;
    }
    let parts: Vec<&[u8]> = date.split(|&byte| byte == b'-').collect();
    let [day, month, year] = parts[..] else {
        return None;
    };
    let (hour, minute, second) = time_of_day(time)?;
    Some(Written {
        weekday: long_day_name(weekday.strip_suffix(b",")?, ignore_case)?,
        year: WrittenYear::TwoDigits(number(year, 2)?),
        month: month_name(month, ignore_case)?,
        day: day_of_month(day, reading)?,
        hour,
        minute,
        second,
    })
}

/// `asctime-date = day-name SP date3 SP time-of-day SP year`,
/// `date3 = month SP ( 2DIGIT / ( SP 1DIGIT ))`
fn asctime_date(value: &[u8], reading: DateReading) -> Option<Written> {
    let ignore_case = reading.ignore_case;
    let words: Vec<&[u8]> = value.split(|&byte| byte == b' ').collect();
    let (weekday, month, day, time, year) = match words[..] {
        [weekday, month, day, time, year] => {
            (weekday, month, day_of_month(day, reading)?, time, year)
        }
        // Two SP in a row leave an empty word between them.
        [weekday, month, b"", day, time, year] => (weekday, month, number(day, 1)?, time, year),
        _ => return None,
    };
    let (hour, minute, second) = time_of_day(time)?;
    Some(Written {
        weekday: day_name(weekday, ignore_case)?,
        year: WrittenYear::FourDigits(number(year, 4)?),
        month: month_name(month, ignore_case)?,
        day,
        hour,
        minute,
        second,
    })
}

/// Section 5.6.7: "Recipients of a timestamp value in rfc850-date format, which
/// uses a two-digit year, MUST interpret a timestamp that appears to be more
/// than 50 years in the future as representing the most recent year in the past
/// that had the same last two digits."
///
/// `moment` carries the two digits as its year. The century of `now` is tried
/// first.
fn with_century(moment: Moment, now: Moment) -> Moment {
    let assumed = Moment {
        year: now.year.div_euclid(100) * 100 + moment.year,
        ..moment
    };
    let in_50_years = Moment {
        year: now.year + 50,
        ..now
    };
    if assumed > in_50_years {
        Moment {
            year: assumed.year - 100,
            ..assumed
        }
    } else {
        assumed
    }
}

/// A strict HTTP-date, but for the case of its letters where that is to be
/// ignored; whitespace around it is no part of it. See [`read_date`].
#[must_use]
pub fn parse_date(value: &[u8], now: Option<i64>, ignore_case: bool) -> Option<(i64, bool)> {
    let reading = DateReading {
        ignore_case,
        lenient: false,
    };
    read_date(&without_outer_whitespace(value), now, reading)
}

/// An HTTP-date, without whitespace around it: Unix seconds, and whether it was a
/// leap second (`23:59:60`), which counts as `23:59:59`.
///
/// `HTTP-date = IMF-fixdate / obs-date`,
/// `obs-date = rfc850-date / asctime-date`
#[must_use]
pub fn read_date(value: &[u8], now: Option<i64>, reading: DateReading) -> Option<(i64, bool)> {
    let value = if reading.lenient {
        without_length(value, reading)
    } else {
        value
    };
    let written = imf_fixdate(value, reading)
        .or_else(|| rfc850_date(value, reading))
        .or_else(|| asctime_date(value, reading))?;

    // Section 5.6.7: "00:00:00 - 23:59:60 (leap second)".
    let is_leap_second = written.hour == 23 && written.minute == 59 && written.second == 60;
    let second = if is_leap_second { 59 } else { written.second };
    if written.hour > 23 || written.minute > 59 || second > 59 {
        return None;
    }

    let mut moment = Moment {
        year: 0,
        month: written.month,
        day: written.day,
        hour: written.hour,
        minute: written.minute,
        second,
    };
    match written.year {
        WrittenYear::FourDigits(year) => moment.year = year,
        WrittenYear::TwoDigits(year) => {
            moment.year = year;
            moment = with_century(moment, moment_from_unix(now?));
        }
    }
    if !(0..=9999).contains(&moment.year) {
        return None;
    }

    // RFC 5322 section 3.3: the day must exist, and the weekday must be the one
    // implied by the date.
    if !(1..=days_in_month(moment.year, moment.month)).contains(&moment.day) {
        return None;
    }
    let days = days_since_1970(moment.year, moment.month, moment.day);
    if weekday_of(days) != written.weekday && !reading.lenient {
        return None;
    }

    Some((unix_from_moment(moment), is_leap_second))
}

/// An IMF-fixdate; `None` if the year is outside 0000 to 9999.
#[must_use]
pub fn format_date(unix: i64) -> Option<String> {
    let moment = moment_from_unix(unix);
    if !(0..=9999).contains(&moment.year) {
        return None;
    }
    let days = days_since_1970(moment.year, moment.month, moment.day);
    let weekday = DAY_NAMES.get(usize::try_from(weekday_of(days)).ok()?)?;
    let month = MONTH_NAMES.get(usize::try_from(moment.month - 1).ok()?)?;
    Some(format!(
        "{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
        &weekday[..3],
        moment.day,
        month,
        moment.year,
        moment.hour,
        moment.minute,
        moment.second,
    ))
}
