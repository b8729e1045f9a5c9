//! Reading an HTTP-date (RFC 9110 section 5.6.7) part by part: all three formats, and what is
//! wrong with a value that is none of them.
//!
//! It is written for processors without division and 64-bit products, and passes no result through
//! memory: on a Cortex-M0 that halves its code.

use super::calendar::{DAY_NAMES, MONTH_NAMES, days, instant, weekday};
use super::words::{OtherZone, imf_fixdate, obsolete_date};
use super::wrong::wrong;
use super::{HttpDate, InvalidDate, InvalidDateKind};
use crate::bytes::{BY_WORDS, trim_ows};

/// Which spellings of a date are read.
#[derive(Clone, Copy)]
pub(crate) struct Spelling {
    /// The letters may be in either case.
    pub(crate) any_case: bool,
    /// And what [`Policy::lenient_dates`](crate::Policy::lenient_dates) lists is allowed.
    pub(crate) lenient: bool,
}

impl Spelling {
    /// As the grammar says.
    pub(crate) const EXACT: Self = Self {
        any_case: false,
        lenient: false,
    };

    /// As the grammar says, except for the case of the letters.
    pub(crate) const ANY_CASE: Self = Self {
        any_case: true,
        ..Self::EXACT
    };
}

/// A date as it was in a message.
#[derive(Clone, Copy)]
pub(crate) struct Received {
    pub(crate) date: HttpDate,
    /// It said 23:59:60, which no [`HttpDate`] equals.
    pub(crate) leap_second: bool,
}

impl Received {
    /// ```abnf
    /// HTTP-date    = IMF-fixdate / rfc850-date / asctime-date
    /// IMF-fixdate  = day-name "," SP day SP month SP year SP time-of-day SP GMT
    /// rfc850-date  = day-name-l "," SP day "-" month "-" 2DIGIT SP time-of-day SP GMT
    /// asctime-date = day-name SP month SP ( 2DIGIT / ( SP 1DIGIT )) SP time-of-day SP year
    /// time-of-day  = hour ":" minute ":" second   ; 00:00:00 - 23:59:60 (leap second)
    /// ```
    // It saves a tenth of the instructions of a request with a date.
    #[allow(clippy::inline_always)]
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    pub(crate) fn parse<const STRICT: bool>(
        field_value: &[u8],
        now: Option<HttpDate>,
        spelling: Spelling,
    ) -> Result<Self, InvalidDateKind> {
        match imf_fixdate(field_value) {
            Some(Ok(date)) => Ok(Self {
                date,
                leap_second: false,
            }),
            Some(Err(OtherZone)) if STRICT => Err(InvalidDateKind::Zone),
            _ => Self::parse_unusual::<STRICT>(field_value, now, spelling),
        }
    }

    /// Out of the way of what nearly every date is.
    #[cfg_attr(target_pointer_width = "64", inline(never))]
    fn parse_unusual<const STRICT: bool>(
        field_value: &[u8],
        now: Option<HttpDate>,
        spelling: Spelling,
    ) -> Result<Self, InvalidDateKind> {
        if let Some(date) = obsolete_date(field_value, now) {
            return Ok(Self {
                date,
                leap_second: false,
            });
        }
        if STRICT {
            if let Some((kind, _)) = wrong(field_value) {
                return Err(kind);
            }
        }
        let mut reader = Reader::<STRICT>::of(field_value, spelling);
        reader.read(now).map(|()| reader.received())
    }
}

impl HttpDate {
    /// Out of the way of what nearly every date is.
    #[cfg_attr(target_pointer_width = "64", inline(never))]
    #[cfg_attr(not(target_pointer_width = "64"), cold)]
    pub(super) fn read<const STRICT: bool>(
        field_value: &[u8],
        now: Option<Self>,
        spelling: Spelling,
    ) -> Result<Self, InvalidDate> {
        if let Some(date) = obsolete_date(field_value, now) {
            return Ok(date);
        }
        // Hardly any value still has white space around it.
        let is_trimmed = !matches!(field_value, [b' ' | b'\t', ..] | [.., b' ' | b'\t']);
        if STRICT && is_trimmed {
            if let Some((kind, index)) = wrong(field_value) {
                return Err(InvalidDate::new(kind, index));
            }
        }
        Self::read_unusual::<STRICT>(field_value, now, spelling)
    }

    /// Trimmed first if reading by words needs it, and last on small processors.
    #[cfg_attr(target_pointer_width = "64", cold)]
    fn read_unusual<const STRICT: bool>(
        field_value: &[u8],
        now: Option<Self>,
        spelling: Spelling,
    ) -> Result<Self, InvalidDate> {
        if BY_WORDS {
            let value = trim_ows(field_value);
            let fixdate = imf_fixdate(value).and_then(Result::ok);
            if let Some(date) = fixdate.or_else(|| obsolete_date(value, now)) {
                return Ok(date);
            }
        }
        Self::read_by_parts::<STRICT>(field_value, now, spelling)
    }

    pub(super) fn read_by_parts<const STRICT: bool>(
        field_value: &[u8],
        now: Option<Self>,
        spelling: Spelling,
    ) -> Result<Self, InvalidDate> {
        let mut value = field_value;
        loop {
            let mut reader = Reader::<STRICT>::of(value, spelling);
            let kind = match reader.read(now) {
                Ok(()) => return Ok(reader.received().date),
                Err(kind) => kind,
            };
            // Hardly any value still has white space around it, so it is looked for last.
            let trimmed = trim_ows(value);
            if trimmed.len() == value.len() {
                let index = reader.index_of(kind, value);
                return Err(InvalidDate::new(kind, index).within(field_value));
            }
            value = trimmed;
        }
    }
}

/// The places of the parts of a date in [`Reader::parts`]; the year is at 1.
const CENTURY: usize = 0;
const MONTH: usize = 2;
const DAY: usize = 3;
const HOUR: usize = 4;
const MINUTE: usize = 5;
const SECOND: usize = 6;

/// The error for each part; the last one is for no part.
const KINDS: [InvalidDateKind; 8] = [
    InvalidDateKind::Year,
    InvalidDateKind::Year,
    InvalidDateKind::Month,
    InvalidDateKind::Day,
    InvalidDateKind::Hour,
    InvalidDateKind::Minute,
    InvalidDateKind::Second,
    InvalidDateKind::Day,
];

/// The most that a part can be. A day is counted from 0 here.
const MOST: [u8; 8] = [99, 99, 11, 30, 23, 59, 59, 0];

/// What rfc850-date writes after the first three letters of each day.
const DAY_NAME_TAILS: &[u8] = b"day\0day\0sday\0nesday\0rsday\0day\0urday\0";

/// No name, or no number.
const NONE: u8 = 0xff;

/// What is left of a field value while it is read from the front, and what has been read.
///
/// `STRICT`: only the grammar is read, whatever `spelling` is, and nothing else is linked.
struct Reader<'a, const STRICT: bool> {
    rest: &'a [u8],
    spelling: Spelling,
    parts: [u8; 8],
    days: u32,
}

impl<'a, const STRICT: bool> Reader<'a, STRICT> {
    const fn of(field_value: &'a [u8], spelling: Spelling) -> Self {
        Self {
            rest: field_value,
            spelling,
            parts: [0; 8],
            days: 0,
        }
    }

    /// A constant where only the grammar is read.
    const fn spelling(&self) -> Spelling {
        if STRICT {
            Spelling::EXACT
        } else {
            self.spelling
        }
    }

    /// Reads the whole value. If something is wrong, `rest` begins there, as far as reading part by
    /// part can tell.
    fn read(&mut self, now: Option<HttpDate>) -> Result<(), InvalidDateKind> {
        let day_name = self.name(&DAY_NAMES);
        // What follows the first three letters: a digit for each part, by its place, and `p` for a
        // day that may be padded; `G` for the zone; all else as it is.
        let mut two_digits = false;
        let format: &[u8] = match self.rest {
            _ if day_name == NONE => return Err(InvalidDateKind::DayName),
            [b',', ..] => b", 3 2 01 4:5:6 G",
            [b' ', ..] => b" 2 p 4:5:6 01",
            _ => {
                let mut tails = DAY_NAME_TAILS.split(|&byte| byte == 0);
                let tail = tails.nth(usize::from(day_name)).unwrap_or_default();
                if !self.literal(tail) {
                    return Err(InvalidDateKind::DayName);
                }
                two_digits = true;
                b", 3-2-1 4:5:6 G"
            }
        };
        for &part in format {
            match part {
                b'0'..=b'6' | b'p' => self.part(part)?,
                b'G' => self.zone()?,
                _ => {
                    if !self.literal(&[part]) {
                        return Err(InvalidDateKind::Separator);
                    }
                }
            }
        }
        if two_digits && !self.find_century(now) {
            return Err(InvalidDateKind::Century);
        }
        if self.spelling().lenient {
            self.skip_length();
        }
        if !self.rest.is_empty() {
            return Err(InvalidDateKind::End);
        }
        let [century, year, month, day, ..] = self.parts;
        self.days = days(century, year, month, day);
        // A day that the month does not have is one of the next month.
        if self.days >= days(century, year, month + 1, 1) {
            return Err(InvalidDateKind::Day);
        }
        if weekday(self.days) != u32::from(day_name) && !self.spelling().lenient {
            return Err(InvalidDateKind::Weekday);
        }
        Ok(())
    }

    /// What has been read.
    fn received(&self) -> Received {
        Received {
            date: self.instant(self.days),
            leap_second: self.parts[SECOND] == 60,
        }
    }

    /// The time of day on this day. A leap second becomes the second before it: the one after could
    /// make a changed resource look unchanged.
    fn instant(&self, days: u32) -> HttpDate {
        let [.., hour, minute, second, _] = self.parts;
        instant(days, hour, minute, second.min(59))
    }

    /// Where the wrong part begins. It is worked out again here, so that only those who ask for the
    /// place pay for it.
    fn index_of(&self, kind: InvalidDateKind, field_value: &[u8]) -> usize {
        let is_digit = |byte: &u8| byte.is_ascii_digit();
        match kind {
            InvalidDateKind::Weekday => 0,
            // It has been read as a number where it is too large for its month.
            InvalidDateKind::Day if self.rest.is_empty() => {
                field_value.iter().position(is_digit).unwrap_or(0)
            }
            InvalidDateKind::Century => {
                let hyphen = field_value.iter().rposition(|&byte| byte == b'-');
                hyphen.map_or(0, |hyphen| hyphen + 1)
            }
            _ => field_value.len() - self.rest.len(),
        }
    }

    /// Reads these bytes, if they are next. The letters of what is expected have the bit of the
    /// small ones, or their difference to it in the capital that begins a name.
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    fn literal(&mut self, expected: &[u8]) -> bool {
        let mut rest = self.rest;
        for byte in expected {
            // Letters alone have this bit, of all that is expected.
            let case = if self.spelling().any_case {
                (byte & 0x40) >> 1
            } else {
                0
            };
            rest = match rest {
                [received, after @ ..] if received | case == byte | case => after,
                _ => return false,
            };
        }
        self.rest = rest;
        true
    }

    /// Reads one of these names, and says which.
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    fn name(&mut self, names: &[[u8; 3]]) -> u8 {
        if let [a, b, c, after @ ..] = self.rest {
            let word = |[a, b, c]: [u8; 3]| u32::from_le_bytes([a, b, c, 0]);
            let received = word([*a, *b, *c]);
            let either_case = if self.spelling().any_case {
                word([0x20; 3])
            } else {
                0
            };
            for (place, name) in (0..).zip(names) {
                if (received ^ word(*name)) & !either_case == 0 {
                    self.rest = after;
                    return place;
                }
            }
        }
        NONE
    }

    /// Reads two digits.
    fn number(&mut self) -> u8 {
        if let [tens @ b'0'..=b'9', ones @ b'0'..=b'9', rest @ ..] = self.rest {
            self.rest = rest;
            return (tens - b'0') * 10 + (ones - b'0');
        }
        NONE
    }

    /// Reads a day of one digit, where it is padded or need not be.
    fn short_day(&mut self, padded: bool) -> u8 {
        match self.rest {
            [b' ', day @ b'1'..=b'9', rest @ ..] if padded => {
                self.rest = rest;
                day - b'0'
            }
            [day @ b'1'..=b'9', rest @ ..] if self.spelling().lenient => {
                self.rest = rest;
                day - b'0'
            }
            _ => NONE,
        }
    }

    /// Reads the part that this byte of a format stands for.
    fn part(&mut self, part: u8) -> Result<(), InvalidDateKind> {
        let padded = part == b'p';
        let place = if padded { DAY } else { usize::from(part & 7) };
        let before = self.rest;
        let mut read = if place == MONTH {
            self.name(&MONTH_NAMES)
        } else {
            self.number()
        };
        if read == NONE && place == DAY {
            read = self.short_day(padded);
        }
        let is_last_minute = self.parts[HOUR] == 23 && self.parts[MINUTE] == 59;
        let most = MOST[place] + u8::from(place == SECOND && is_last_minute);
        if read.wrapping_sub(u8::from(place == DAY)) > most {
            self.rest = before;
            return Err(KINDS[place]);
        }
        self.parts[place] = read;
        Ok(())
    }

    /// Reads `GMT`, or a zone that means the same.
    fn zone(&mut self) -> Result<(), InvalidDateKind> {
        let lenient: &[&[u8]] = if self.spelling().lenient {
            &[b"UTC", b"+0000", b"-0000"]
        } else {
            &[]
        };
        if self.literal(b"GMT") || lenient.iter().any(|zone| self.literal(zone)) {
            Ok(())
        } else {
            Err(InvalidDateKind::Zone)
        }
    }

    /// Skips `; length=` and a number, which old browsers add to the date.
    fn skip_length(&mut self) {
        let whole = self.rest;
        let has_length = self.literal(b"; length=");
        if has_length && !self.rest.is_empty() && self.rest.iter().all(u8::is_ascii_digit) {
            self.rest = &[];
        } else {
            self.rest = whole;
        }
    }

    /// Finds the century of a year of two digits (section 5.6.7): that of `now`, unless the date
    /// would lie more than 50 years ahead of it then, judged on the full timestamp.
    fn find_century(&mut self, now: Option<HttpDate>) -> bool {
        let now = match now {
            Some(now) => now,
            None => return false,
        };
        let begins = |century| instant(days(century, 0, 0, 1), 0, 0, 0);
        let mut century = near_century(now);
        while century < 99 && begins(century + 1) <= now {
            century += 1;
        }
        // Fifty years earlier, it is ahead of `now` itself.
        let [_, year, month, day, ..] = self.parts;
        let is_ahead = match year.checked_sub(50) {
            // No year below 50 is, in the century of `now`.
            None => false,
            // Fifty years before a leap year is none: its 29 February lies between two days.
            Some(year) if month == 1 && day == 29 => {
                instant(days(century, year, 2, 1), 0, 0, 0) > now
            }
            Some(year) => self.instant(days(century, year, month, day)) > now,
        };
        if is_ahead && century == 0 {
            return false;
        }
        self.parts[CENTURY] = century - u8::from(is_ahead);
        true
    }
}

/// The century of a date, or one before it. Without a division: a century has fewer seconds than
/// 2^41 / 690.
// At most 9,404 before the product, and 99 after it.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
const fn near_century(date: HttpDate) -> u8 {
    let seconds = (date.since_start() >> 25) as u32;
    ((seconds * 690) >> 16) as u8
}
