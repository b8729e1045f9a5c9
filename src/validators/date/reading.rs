//! Reading an HTTP-date (RFC 9110 section 5.6.7) part by part: all three formats, and what is
//! wrong with a value that is none of them.

use super::calendar::{Civil, DAY_NAMES, MONTH_NAMES, weekday};
use super::words::imf_fixdate;
use super::{HttpDate, InvalidDate, InvalidDateKind};
use crate::bytes::split_at;

/// Which spellings of a date are read.
#[derive(Clone, Copy)]
pub(crate) struct Spelling {
    /// The letters may be in either case.
    pub(crate) any_case: bool,
    /// So may be what [`Policy::lenient_dates`](crate::Policy::lenient_dates) lists.
    pub(crate) lenient: bool,
}

impl Spelling {
    /// As the grammar says.
    pub(crate) const EXACT: Self = Self {
        any_case: false,
        lenient: false,
    };

    /// As the grammar says, but for the case of the letters.
    pub(crate) const ANY_CASE: Self = Self {
        any_case: true,
        ..Self::EXACT
    };
}

/// A date as a message gave it.
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
    pub(crate) fn parse(
        field_value: &[u8],
        now: Option<HttpDate>,
        spelling: Spelling,
    ) -> Result<Self, InvalidDate> {
        match imf_fixdate(field_value) {
            Some(date) => Ok(Self {
                date,
                leap_second: false,
            }),
            None => Self::read(field_value, now, spelling),
        }
    }

    pub(super) fn read(
        field_value: &[u8],
        now: Option<HttpDate>,
        spelling: Spelling,
    ) -> Result<Self, InvalidDate> {
        let mut reader = Reader {
            value: field_value,
            rest: field_value,
            spelling,
        };
        let mut civil = Civil {
            century: 0,
            year: 0,
            month: 0,
            day: 0,
            hour: 0,
            minute: 0,
            second: 0,
        };
        let mut day_at = 0;
        let mut year_at = None;
        let day_name = reader.name(&DAY_NAMES, InvalidDateKind::DayName)?;
        // What follows the first three letters, a letter for each part.
        let format: &[u8] = match reader.rest {
            [b',', ..] => b",d m Y h:i:s G",
            [b' ', ..] => b" m p h:i:s Y",
            _ => {
                let tail = DAY_NAME_TAILS[(day_name % 7) as usize];
                reader.literal(tail, InvalidDateKind::DayName)?;
                b",d-m-y h:i:s G"
            }
        };
        for part in format {
            match part {
                b'd' | b'p' => {
                    day_at = reader.index();
                    civil.day = match reader.rest {
                        [b' ', day @ b'1'..=b'9', rest @ ..] if *part == b'p' => {
                            reader.rest = rest;
                            u32::from(day - b'0')
                        }
                        [day @ b'1'..=b'9', b' ' | b'-', ..] if spelling.lenient => {
                            reader.rest = &reader.rest[1..];
                            u32::from(day - b'0')
                        }
                        _ => reader.number(1..=31, InvalidDateKind::Day)?,
                    };
                }
                b'm' => civil.month = reader.name(&MONTH_NAMES, InvalidDateKind::Month)?,
                b'Y' => {
                    civil.century = reader.number(0..=99, InvalidDateKind::Year)?;
                    civil.year = reader.number(0..=99, InvalidDateKind::Year)?;
                }
                b'y' => {
                    year_at = Some(reader.index());
                    civil.year = reader.number(0..=99, InvalidDateKind::Year)?;
                }
                b'h' => civil.hour = reader.number(0..=23, InvalidDateKind::Hour)?,
                b'i' => civil.minute = reader.number(0..=59, InvalidDateKind::Minute)?,
                b's' => {
                    let is_last_minute = civil.hour == 23 && civil.minute == 59;
                    let last = if is_last_minute { 60 } else { 59 };
                    civil.second = reader.number(0..=last, InvalidDateKind::Second)?;
                }
                b'G' => reader.zone()?,
                b',' => reader.literal(b", ", InvalidDateKind::Separator)?,
                byte => reader.literal(&[*byte], InvalidDateKind::Separator)?,
            }
        }
        if let Some(year_at) = year_at {
            civil.century = century(civil, now)
                .ok_or_else(|| InvalidDate::new(InvalidDateKind::Century, year_at))?;
        }
        if spelling.lenient {
            reader.skip_length();
        }
        if !reader.rest.is_empty() {
            return Err(reader.error(InvalidDateKind::End));
        }
        if civil.day > civil.days_in_month() {
            return Err(InvalidDate::new(InvalidDateKind::Day, day_at));
        }
        let leap_second = civil.second == 60;
        if leap_second {
            // Not the second after it: that could make a changed resource look unchanged.
            civil.second = 59;
        }
        let days = civil.days();
        if weekday(days) != day_name && !spelling.lenient {
            return Err(InvalidDate::new(InvalidDateKind::Weekday, 0));
        }
        Ok(Self {
            date: civil.instant(days),
            leap_second,
        })
    }
}

/// What rfc850-date writes after the first three letters of each day.
const DAY_NAME_TAILS: [&[u8]; 7] = [
    b"day", b"day", b"sday", b"nesday", b"rsday", b"day", b"urday",
];

/// The year of a date whose `year` has only its last two digits (section 5.6.7): the century of
/// `now` unless that lies more than 50 years ahead, judged on the full timestamp.
fn century(two_digits: Civil, now: Option<HttpDate>) -> Option<u32> {
    let now = now?;
    let now = Civil::on(now.days(), now.second_of_day());
    let date = Civil {
        century: now.century,
        second: two_digits.second.min(59),
        ..two_digits
    };
    let year = now.year + 50;
    let limit = Civil {
        century: now.century + year / 100,
        year: year % 100,
        ..now
    };
    if date > limit {
        date.century.checked_sub(1)
    } else {
        Some(date.century)
    }
}

/// What is left of a field value while it is read from the front.
struct Reader<'a> {
    value: &'a [u8],
    rest: &'a [u8],
    spelling: Spelling,
}

impl Reader<'_> {
    fn index(&self) -> usize {
        self.value.len() - self.rest.len()
    }

    fn error(&self, kind: InvalidDateKind) -> InvalidDate {
        InvalidDate::new(kind, self.index())
    }

    fn equal(&self, received: &[u8], expected: &[u8]) -> bool {
        let same = |(one, other): (&u8, &u8)| {
            one == other || self.spelling.any_case && one.eq_ignore_ascii_case(other)
        };
        received.len() == expected.len() && received.iter().zip(expected).all(same)
    }

    fn literal(&mut self, expected: &[u8], kind: InvalidDateKind) -> Result<(), InvalidDate> {
        match split_at(self.rest, expected.len()) {
            Some((received, rest)) if self.equal(received, expected) => {
                self.rest = rest;
                Ok(())
            }
            _ => Err(self.error(kind)),
        }
    }

    /// The place in `names` of the name that comes next.
    /// `GMT`, or what means the same to those who do not write it.
    fn zone(&mut self) -> Result<(), InvalidDate> {
        let mut read = self.literal(b"GMT", InvalidDateKind::Zone);
        if self.spelling.lenient {
            for zone in [&b"UTC"[..], b"+0000", b"-0000"] {
                read = read.or_else(|_| self.literal(zone, InvalidDateKind::Zone));
            }
        }
        read
    }

    /// Passes over `; length=` and a number, which old browsers add to the date.
    fn skip_length(&mut self) {
        let whole = self.rest;
        let has_length = self.literal(b"; length=", InvalidDateKind::End).is_ok();
        if has_length && !self.rest.is_empty() && self.rest.iter().all(u8::is_ascii_digit) {
            self.rest = &[];
        } else {
            self.rest = whole;
        }
    }

    fn name(&mut self, names: &[[u8; 3]], kind: InvalidDateKind) -> Result<u32, InvalidDate> {
        if let [a, b, c, rest @ ..] = self.rest {
            for (place, name) in (0..).zip(names) {
                if self.equal(&[*a, *b, *c], name) {
                    self.rest = rest;
                    return Ok(place);
                }
            }
        }
        Err(self.error(kind))
    }

    /// A number of two digits.
    fn number(
        &mut self,
        range: core::ops::RangeInclusive<u32>,
        kind: InvalidDateKind,
    ) -> Result<u32, InvalidDate> {
        if let [tens @ b'0'..=b'9', ones @ b'0'..=b'9', rest @ ..] = self.rest {
            let number = u32::from(tens - b'0') * 10 + u32::from(ones - b'0');
            if range.contains(&number) {
                self.rest = rest;
                return Ok(number);
            }
        }
        Err(self.error(kind))
    }
}
