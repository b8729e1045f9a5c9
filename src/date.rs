//! HTTP-date (RFC 9110 section 5.6.7): read in its three formats, written in one.

use core::fmt;
use core::num::NonZeroI64;

/// An instant in UTC with a resolution of one second, from year 0000 to year 9999: what an
/// HTTP-date can say ([RFC 9110 section 5.6.7]).
///
/// ```
/// use http_conditional::HttpDate;
///
/// let date = HttpDate::parse(b"Sun, 06 Nov 1994 08:49:37 GMT", None)?;
/// assert_eq!(date.to_unix(), 784_111_777);
/// assert_eq!(date.to_string(), "Sun, 06 Nov 1994 08:49:37 GMT");
/// # Ok::<(), http_conditional::InvalidDate>(())
/// ```
///
/// [RFC 9110 section 5.6.7]: https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HttpDate(
    // Seconds since 0000-01-01T00:00:00Z, plus one: never zero, so that an Option<HttpDate> takes
    // 8 bytes, and never negative, so that the calendar needs no floored division.
    NonZeroI64,
);

/// Seconds from 0000-01-01T00:00:00Z to 1970-01-01T00:00:00Z: 719,528 days.
const UNIX_EPOCH: i64 = 719_528 * SECONDS_PER_DAY;
const SECONDS_PER_DAY: i64 = 86_400;
/// Days from 0000-01-01 to 10000-01-01: 25 cycles of 400 years.
const DAYS: i64 = 25 * DAYS_PER_400_YEARS as i64;
const DAYS_PER_400_YEARS: u32 = 146_097;

impl HttpDate {
    /// 0000-01-01T00:00:00Z, the earliest date that four digits can write.
    pub const MIN: Self = Self::from_start(0);
    /// 9999-12-31T23:59:59Z, the latest date that four digits can write.
    pub const MAX: Self = Self::from_start(DAYS * SECONDS_PER_DAY - 1);

    /// The date that lies `seconds` after 1970-01-01T00:00:00Z, or before it when negative.
    ///
    /// ```
    /// use http_conditional::HttpDate;
    ///
    /// assert_eq!(HttpDate::from_unix(0)?.to_string(), "Thu, 01 Jan 1970 00:00:00 GMT");
    /// assert_eq!(HttpDate::from_unix(-1)?.to_string(), "Wed, 31 Dec 1969 23:59:59 GMT");
    /// assert!(HttpDate::from_unix(253_402_300_800).is_err()); // the year 10000
    /// # Ok::<(), http_conditional::OutOfRange>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`OutOfRange`] before the year 0000 (`-62_167_219_201` and less) and after the year 9999
    /// (`253_402_300_800` and more).
    pub const fn from_unix(seconds: i64) -> Result<Self, OutOfRange> {
        if seconds < Self::MIN.to_unix() || seconds > Self::MAX.to_unix() {
            return Err(OutOfRange(()));
        }
        Ok(Self::from_start(seconds + UNIX_EPOCH))
    }

    /// Seconds since 1970-01-01T00:00:00Z, negative before it.
    #[must_use]
    pub const fn to_unix(self) -> i64 {
        self.since_start() - UNIX_EPOCH
    }

    /// Reads a field value that is one HTTP-date, in any of the three formats that a recipient
    /// has to understand.
    ///
    /// ```
    /// use http_conditional::HttpDate;
    ///
    /// let now = HttpDate::from_unix(1_781_481_600).ok(); // June 2026
    /// for value in [
    ///     "Sun, 06 Nov 1994 08:49:37 GMT",  // IMF-fixdate
    ///     "Sunday, 06-Nov-94 08:49:37 GMT", // rfc850-date, obsolete
    ///     "Sun Nov  6 08:49:37 1994",       // asctime-date, obsolete
    /// ] {
    ///     assert_eq!(HttpDate::parse(value.as_bytes(), now)?.to_unix(), 784_111_777);
    /// }
    /// # Ok::<(), http_conditional::InvalidDate>(())
    /// ```
    ///
    /// `now` only matters for the two-digit year of an rfc850-date: it is taken to be in the
    /// century of `now`, and in the one before where that would be more than 50 years ahead of
    /// `now`. Without a clock, give `None`: such a date is an error then.
    ///
    /// `23:59:60`, the leap second, reads as `23:59:59`.
    ///
    /// The value is what stands between the white space that may surround a field value
    /// (section 5.5), and nothing else: no line end, no space before or after.
    ///
    /// # Errors
    ///
    /// [`InvalidDate`] says what is wrong and where. All of these are invalid:
    ///
    /// | value | kind |
    /// |---|---|
    /// | `Sun, 6 Nov 1994 08:49:37 GMT` | [`Day`](InvalidDateKind::Day) |
    /// | `Sun, 31 Feb 2021 00:00:00 GMT` | [`Day`](InvalidDateKind::Day) |
    /// | `Mon, 06 Nov 1994 08:49:37 GMT` | [`Weekday`](InvalidDateKind::Weekday) |
    /// | `sun, 06 nov 1994 08:49:37 gmt` | [`DayName`](InvalidDateKind::DayName) |
    /// | `Sun, 06 Nov 1994 24:00:00 GMT` | [`Hour`](InvalidDateKind::Hour) |
    /// | `Sun, 06 Nov 1994 08:49:37 +0000` | [`Zone`](InvalidDateKind::Zone) |
    /// | `Sunday, 06-Nov-94 08:49:37 GMT` without `now` | [`Century`](InvalidDateKind::Century) |
    pub fn parse(field_value: &[u8], now: Option<HttpDate>) -> Result<Self, InvalidDate> {
        match imf_fixdate(field_value) {
            Some(date) => Ok(date),
            None => Self::read(field_value, now, Case::Sensitive),
        }
    }

    /// [`parse`](Self::parse) with the letters in either case, as RFC 9111 section 4.2 asks of
    /// caches. Nothing else is relaxed.
    ///
    /// ```
    /// use http_conditional::HttpDate;
    ///
    /// let value = b"SUN, 06 nov 1994 08:49:37 gmt";
    /// assert!(HttpDate::parse(value, None).is_err());
    /// assert_eq!(HttpDate::parse_ignore_ascii_case(value, None)?.to_unix(), 784_111_777);
    /// # Ok::<(), http_conditional::InvalidDate>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse).
    pub fn parse_ignore_ascii_case(
        field_value: &[u8],
        now: Option<HttpDate>,
    ) -> Result<Self, InvalidDate> {
        match imf_fixdate(field_value) {
            Some(date) => Ok(date),
            None => Self::read(field_value, now, Case::Insensitive),
        }
    }

    /// Out of the way of what nearly every date is.
    #[cold]
    fn read(field_value: &[u8], now: Option<Self>, case: Case) -> Result<Self, InvalidDate> {
        Received::read(field_value, now, case).map(|received| received.date)
    }

    /// The date as IMF-fixdate, the one format that may be sent: 29 bytes of ASCII.
    ///
    /// ```
    /// use http_conditional::HttpDate;
    ///
    /// let date = HttpDate::from_unix(784_111_777)?;
    /// assert_eq!(&date.encode(), b"Sun, 06 Nov 1994 08:49:37 GMT");
    /// # Ok::<(), http_conditional::OutOfRange>(())
    /// ```
    #[must_use]
    pub const fn encode(self) -> [u8; 29] {
        let days = self.days();
        let civil = Civil::on(days, self.second_of_day());
        let date = Form::DATE.write([civil.day, civil.century, civil.year]);
        let time = Form::TIME.write([civil.hour, civil.minute, civil.second]);
        // Neither remainder changes anything: they stand for the check that the place exists.
        let day_name = DAY_NAME_WORDS[(weekday(days) % 8) as usize];
        let month_name = Month::NAMES[(civil.month % 16) as usize];
        let mut out = *b"Sun, 00 Jan 0000 00:00:00 GMT";
        [out[0], out[1], out[2], out[3]] = day_name.to_le_bytes();
        [_, out[5], out[6], _, out[12], out[13], out[14], out[15]] = date;
        [out[8], out[9], out[10], out[11]] = month_name.to_le_bytes();
        [
            out[17], out[18], out[19], out[20], out[21], out[22], out[23], out[24],
        ] = time;
        out
    }

    /// The date that lies `seconds` after the start of the year 0000; the caller has checked that
    /// it lies in 0..=9999.
    const fn from_start(seconds: i64) -> Self {
        match NonZeroI64::new(seconds + 1) {
            Some(stored) => Self(stored),
            None => Self(NonZeroI64::MIN), // not reached: seconds is not negative
        }
    }

    const fn since_start(self) -> i64 {
        self.0.get() - 1
    }

    /// Days since 0000-01-01.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "0..=2,465,386,874"
    )]
    const fn days(self) -> u32 {
        // A day is 128 times 675 seconds: a division of 64 bits costs small processors a lot.
        (self.since_start() >> 7) as u32 / 675
    }

    /// Seconds since midnight.
    #[expect(
        clippy::cast_sign_loss,
        clippy::cast_possible_truncation,
        reason = "0..=86,399"
    )]
    const fn second_of_day(self) -> u32 {
        // The difference is right though both numbers are cut to 32 bits.
        (self.since_start() as u32).wrapping_sub(self.days().wrapping_mul(SECONDS_PER_DAY as u32))
    }
}

/// Writes IMF-fixdate, as [`HttpDate::encode`] does.
impl fmt::Display for HttpDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(core::str::from_utf8(&self.encode()).unwrap_or_default())
    }
}

impl fmt::Debug for HttpDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HttpDate({self})")
    }
}

const DAY_NAMES: [[u8; 3]; 7] = [
    *b"Sun", *b"Mon", *b"Tue", *b"Wed", *b"Thu", *b"Fri", *b"Sat",
];
/// What rfc850-date writes after the first three letters of each day.
const DAY_NAME_TAILS: [&[u8]; 7] = [
    b"day", b"day", b"sday", b"nesday", b"rsday", b"day", b"urday",
];
const MONTH_NAMES: [[u8; 3]; 12] = [
    *b"Jan", *b"Feb", *b"Mar", *b"Apr", *b"May", *b"Jun", *b"Jul", *b"Aug", *b"Sep", *b"Oct",
    *b"Nov", *b"Dec",
];

/// Days from the start of a year that is no leap year to the start of its months.
const DAYS_BEFORE_MONTH: [u32; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

/// The day of the week of a day since 0000-01-01, which was a Saturday: 0 is Sunday. The days are
/// at most 3,652,424, of 10,000 years.
const fn weekday(days: u32) -> u32 {
    // The lower half of the product is the fraction of a week: 613,566,757 is 2^32 / 7, rounded up.
    let fraction = (days + 6).wrapping_mul(613_566_757);
    ((7 * fraction as u64) >> 32) as u32
}

/// Calendar date and time of day; ordered as the instants are.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Civil {
    /// The year, without its last two digits.
    century: u32,
    /// The last two digits of the year.
    year: u32,
    /// 0 is January.
    month: u32,
    /// From 1.
    day: u32,
    hour: u32,
    minute: u32,
    second: u32,
}

impl Civil {
    /// Years are counted from 1 March here, so that the leap day is the last of its year, and
    /// from 400 years before year 0, so that January 0000 is not negative.
    const DAYS_BEFORE: u32 = DAYS_PER_400_YEARS - 60;

    /// The calendar as linear functions, as Neri and Schneider have it ("Euclidean affine
    /// functions and their application to calendar algorithms", 2022): a quotient is the year or
    /// the month, and its remainder the day in it. Of 10,000 years of days and of the 86,400 seconds
    /// of a day, nothing overflows.
    #[expect(clippy::cast_possible_truncation, reason = "the halves of a product")]
    const fn on(days: u32, second: u32) -> Self {
        // A century has 146,097 quarters of a day, give or take.
        let quarters = 4 * (days + Self::DAYS_BEFORE) + 3;
        let century = quarters / DAYS_PER_400_YEARS;
        let day_of_century = quarters % DAYS_PER_400_YEARS / 4;
        // And a year has 1,461 of them: 2,939,745 is 2^32 / 1,461, rounded up.
        let product = 2_939_745 * (4 * day_of_century + 3) as u64;
        let year_of_century = (product >> 32) as u32;
        let day_of_year = product as u32 / 2_939_745 / 4;
        // Five months from March or August on have 153 days: 2,141 is 2^16 * 5 / 153, rounded.
        let product = 2_141 * day_of_year + 197_913;
        let month = product >> 16; // 3 is March, 14 is February
        let next_year = (day_of_year >= 306) as u32;
        let year = year_of_century + next_year;
        let next_century = (year == 100) as u32;
        // The lower half of a product is a fraction of an hour, and then of a minute: 1,193,047 is
        // 2^32 / 3,600, rounded up.
        let hours = 1_193_047 * second as u64;
        let minutes = 60 * (hours as u32) as u64;
        let seconds = 60 * (minutes as u32) as u64;
        Self {
            century: century + next_century - 4,
            year: year - 100 * next_century,
            month: month - 1 - 12 * next_year,
            day: (product & 0xffff) / 2_141 + 1,
            hour: (hours >> 32) as u32,
            minute: (minutes >> 32) as u32,
            second: (seconds >> 32) as u32,
        }
    }

    /// Days since 0000-01-01 of a date that exists.
    const fn days(self) -> u32 {
        let leap_day = (self.month > 1 && is_leap(self.century, self.year)) as u32;
        let days_before_month = DAYS_BEFORE_MONTH[(self.month % 12) as usize];
        days_before_year(self.century, self.year) + days_before_month + leap_day + self.day - 1
    }

    const fn days_in_month(self) -> u32 {
        match self.month {
            1 => 28 + is_leap(self.century, self.year) as u32,
            3 | 5 | 8 | 10 => 30,
            _ => 31,
        }
    }

    /// The instant, given the days since 0000-01-01.
    const fn instant(self, days: u32) -> HttpDate {
        let second_of_day = self.hour * 3_600 + self.minute * 60 + self.second;
        HttpDate::from_start(days as i64 * SECONDS_PER_DAY + second_of_day as i64)
    }
}

/// Whether the letters of a date have to be in the case that the grammar gives.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    Sensitive,
    Insensitive,
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
        case: Case,
    ) -> Result<Self, InvalidDate> {
        match imf_fixdate(field_value) {
            Some(date) => Ok(Self {
                date,
                leap_second: false,
            }),
            None => Self::read(field_value, now, case),
        }
    }

    fn read(field_value: &[u8], now: Option<HttpDate>, case: Case) -> Result<Self, InvalidDate> {
        let mut reader = Reader {
            value: field_value,
            rest: field_value,
            case,
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
                b'G' => reader.literal(b"GMT", InvalidDateKind::Zone)?,
                b',' => reader.literal(b", ", InvalidDateKind::Separator)?,
                byte => reader.literal(&[*byte], InvalidDateKind::Separator)?,
            }
        }
        if let Some(year_at) = year_at {
            civil.century = century(civil, now)
                .ok_or_else(|| InvalidDate::new(InvalidDateKind::Century, year_at))?;
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
        if weekday(days) != day_name {
            return Err(InvalidDate::new(InvalidDateKind::Weekday, 0));
        }
        Ok(Self {
            date: civil.instant(days),
            leap_second,
        })
    }
}

/// Reads an IMF-fixdate by words. `None` for everything else: other formats, leap seconds, and
/// what is no date at all.
#[expect(
    clippy::inline_always,
    reason = "HttpDate::parse takes a tenth less time"
)]
#[inline(always)]
fn imf_fixdate(field_value: &[u8]) -> Option<HttpDate> {
    if !cfg!(target_pointer_width = "64") {
        // With words of 32 bits it would take more code and save little.
        return None;
    }
    // `Sun,` ` 06 ` `Nov ` `1994` ` ` `08:49:37` ` GMT`
    let value = <&[u8; 29]>::try_from(field_value).ok()?;
    let date = u64::from(word(value, 4)?) | u64::from(word(value, 12)?) << 32;
    let time = u64::from(word(value, 17)?) | u64::from(word(value, 21)?) << 32;
    let date = Form::DATE.read(date)?;
    let [day, century, year] = Form::DATE
        .at
        .map(|at| u32::from((date >> at).to_le_bytes()[0]));
    let second_of_day = second_of_day(time)?;
    let month = Month::of(word(value, 8)?, is_leap(century, year))?;
    if value[16] != b' '
        || word(value, 25)? != u32::from_le_bytes(*b" GMT")
        || day.wrapping_sub(1) >= u32::from(month.days)
    {
        return None;
    }
    let days = days_before_year(century, year) + u32::from(month.days_before) + day - 1;
    let date = HttpDate::from_start(i64::from(days) * SECONDS_PER_DAY + i64::from(second_of_day));
    (DAY_NAME_WORDS[(weekday(days) % 8) as usize] == word(value, 0)?).then_some(date)
}

/// Four bytes of a value, the first one in the lowest bits.
fn word(value: &[u8; 29], at: usize) -> Option<u32> {
    let bytes = value.get(at..)?.first_chunk()?;
    Some(u32::from_le_bytes(*bytes))
}

/// The names of the days with the comma that follows them, as they stand in a word; and one place
/// more, so that three bits are always a place.
const DAY_NAME_WORDS: [u32; 8] = {
    let mut words = [0; 8];
    let mut day = 0;
    while day < 7 {
        let [a, b, c] = DAY_NAMES[day];
        words[day] = u32::from_le_bytes([a, b, c, b',']);
        day += 1;
    }
    words
};

/// What the fast path needs to know of a month.
#[derive(Clone, Copy)]
struct Month {
    /// The name and the space that follows it, as they stand in a word.
    name: u32,
    /// From the start of the year to the start of the month.
    days_before: u16,
    /// Its length.
    days: u16,
}

impl Month {
    /// The names of the months, as they stand in a word; four bits are always a place.
    const NAMES: [u32; 16] = {
        let mut names = [0; 16];
        let mut month = 0;
        while month < 12 {
            let [a, b, c] = MONTH_NAMES[month];
            names[month] = u32::from_le_bytes([a, b, c, b' ']);
            month += 1;
        }
        names
    };

    #[inline]
    fn of(name: u32, in_leap_year: bool) -> Option<Self> {
        let month = Self::BY_NAME[Self::place(name, in_leap_year)];
        (month.name == name).then_some(month)
    }

    /// One multiplication takes the twelve names to twelve of sixteen places.
    const fn place(name: u32, in_leap_year: bool) -> usize {
        (name.wrapping_mul(26_596) >> 28) as usize + if in_leap_year { 16 } else { 0 }
    }

    #[expect(clippy::cast_possible_truncation, reason = "a year has 366 days")]
    const BY_NAME: [Self; 32] = {
        let mut months = [Self {
            name: 0,
            days_before: 0,
            days: 0,
        }; 32];
        let mut civil = Civil {
            century: 0,
            year: 0,
            month: 0,
            day: 1,
            hour: 0,
            minute: 0,
            second: 0,
        };
        while civil.year < 2 {
            let name = Self::NAMES[civil.month as usize];
            months[Self::place(name, is_leap(0, civil.year))] = Self {
                name,
                days_before: (civil.days() - days_before_year(0, civil.year)) as u16,
                days: civil.days_in_month() as u16,
            };
            civil.month = (civil.month + 1) % 12;
            civil.year += (civil.month == 0) as u32;
        }
        months
    };
}

/// Days from 0000-01-01 to the start of a year.
#[inline]
const fn days_before_year(century: u32, year: u32) -> u32 {
    // The years before it that are multiples of 4, of 100 and of 400; the year 0 is one of each.
    let by_4 = 25 * century + ((year + 3) >> 2);
    let by_100 = century + (year != 0) as u32;
    let by_400 = (by_100 + 3) >> 2;
    365 * (100 * century + year) + by_4 - by_100 + by_400
}

const fn is_leap(century: u32, year: u32) -> bool {
    (if year == 0 { century } else { year }) % 4 == 0
}

/// Eight bytes of text with three numbers of two digits in it, read and written as one word.
struct Form {
    /// The text with every digit 0.
    zeros: u64,
    /// Takes a byte to 0x80 that is more than 9 for a digit, or more than 0 for anything else, once
    /// `zeros` is taken off.
    limits: u64,
    /// Where the numbers begin, in bits.
    at: [u32; 3],
}

impl Form {
    /// The day between spaces, and the two halves of the year.
    const DATE: Self = Self::new(*b" 00 0000", [1, 4, 6]);
    /// Hour, minute and second.
    const TIME: Self = Self::new(*b"00:00:00", [0, 3, 6]);

    const fn new(zeros: [u8; 8], [a, b, c]: [u32; 3]) -> Self {
        let mut limits = [0x80 - 1; 8];
        let mut byte = 0;
        while byte < 8 {
            if zeros[byte] == b'0' {
                limits[byte] = 0x80 - 10;
            }
            byte += 1;
        }
        Self {
            zeros: u64::from_le_bytes(zeros),
            limits: u64::from_le_bytes(limits),
            at: [8 * a, 8 * b, 8 * c],
        }
    }

    /// The numbers where they begin in the text, and zeros elsewhere; `None` where the text has
    /// another form.
    fn read(&self, text: u64) -> Option<u64> {
        const HIGH: u64 = u64::from_le_bytes([0x80; 8]);
        let values = text ^ self.zeros;
        // Only a byte that is 0x80 or more itself can carry.
        if (values | values.wrapping_add(self.limits)) & HIGH != 0 {
            return None;
        }
        Some((values * 10 + (values >> 8)) & self.place([0xff; 3]))
    }

    /// The text with these numbers, which are less than 100.
    const fn write(&self, numbers: [u32; 3]) -> [u8; 8] {
        let numbers = self.place(numbers);
        // A tenth of each: 103 / 1024 is near enough to that for two digits, and nothing is carried.
        let tens = ((numbers * 103) >> 10) & self.place([0x0f; 3]);
        // The ones are what is left, numbers - 10 * tens, and stand a byte higher.
        (self.zeros + (numbers << 8) - ((10 << 8) - 1) * tens).to_le_bytes()
    }

    /// The numbers, each where it begins in the text.
    const fn place(&self, numbers: [u32; 3]) -> u64 {
        let mut placed = 0;
        let mut number = 0;
        while number < 3 {
            placed |= (numbers[number] as u64) << self.at[number];
            number += 1;
        }
        placed
    }
}

/// Seconds since midnight, if `text` is a time of day.
#[expect(clippy::cast_possible_truncation, reason = "0..=86,399")]
fn second_of_day(text: u64) -> Option<u32> {
    let numbers = Form::TIME.read(text)?;
    // 24, 60 and 60 reach the high bit of their byte.
    if (numbers + Form::TIME.place([0x80 - 24, 0x80 - 60, 0x80 - 60])) & Form::TIME.place([0x80; 3])
        != 0
    {
        return None;
    }
    // Hour and minute stand 24 bits apart, and so do their factors: both products begin at bit 40,
    // and what else there is lies below or falls off the top.
    let minutes = numbers.wrapping_mul(3_600 << 40 | 60 << 16) >> 40;
    Some((minutes + (numbers >> 48)) as u32)
}

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
    case: Case,
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
            one == other || self.case == Case::Insensitive && one.eq_ignore_ascii_case(other)
        };
        received.len() == expected.len() && received.iter().zip(expected).all(same)
    }

    fn literal(&mut self, expected: &[u8], kind: InvalidDateKind) -> Result<(), InvalidDate> {
        match self.rest.split_at_checked(expected.len()) {
            Some((received, rest)) if self.equal(received, expected) => {
                self.rest = rest;
                Ok(())
            }
            _ => Err(self.error(kind)),
        }
    }

    /// The place in `names` of the name that comes next.
    fn name(&mut self, names: &[[u8; 3]], kind: InvalidDateKind) -> Result<u32, InvalidDate> {
        if let Some((received, rest)) = self.rest.split_first_chunk::<3>() {
            for (place, name) in (0..).zip(names) {
                if self.equal(received, name) {
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

/// A number of seconds that lies outside the years 0000 to 9999, so that no HTTP-date can say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfRange(pub(crate) ());

impl fmt::Display for OutOfRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the time lies outside the years 0000 to 9999 that an HTTP-date can say")
    }
}

impl core::error::Error for OutOfRange {}

/// Why a field value is not an HTTP-date, and where.
///
/// ```
/// use http_conditional::{HttpDate, InvalidDateKind};
///
/// let error = HttpDate::parse(b"Sun, 06 Nov 1994 08:49:37 UTC", None).unwrap_err();
/// assert_eq!(error.kind(), InvalidDateKind::Zone);
/// assert_eq!(error.index(), 26);
/// assert_eq!(error.to_string(), "not an HTTP-date: expected `GMT` at byte 26");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidDate {
    kind: InvalidDateKind,
    index: usize,
}

impl InvalidDate {
    const fn new(kind: InvalidDateKind, index: usize) -> Self {
        Self { kind, index }
    }

    /// What is wrong.
    #[must_use]
    pub const fn kind(self) -> InvalidDateKind {
        self.kind
    }

    /// Where the part that is wrong begins: bytes from the start of the field value, its length
    /// where something is missing at the end.
    #[must_use]
    pub const fn index(self) -> usize {
        self.index
    }
}

/// What is wrong with a value that is not an HTTP-date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidDateKind {
    /// Not the name of a day: `Sun` to `Sat`, or `Sunday` to `Saturday` before a two-digit year.
    DayName,
    /// Not the punctuation or the single space that the format has there.
    Separator,
    /// Not two digits, or no day of that month in that year.
    Day,
    /// Not `Jan` to `Dec`.
    Month,
    /// Not four digits, or two in an rfc850-date.
    Year,
    /// Not `00` to `23`.
    Hour,
    /// Not `00` to `59`.
    Minute,
    /// Not `00` to `59`, nor `60` in `23:59:60`.
    Second,
    /// Not `GMT`.
    Zone,
    /// More bytes after the date.
    End,
    /// The date does not fall on that day of the week.
    Weekday,
    /// A two-digit year, and nothing to tell its century by.
    Century,
}

impl fmt::Display for InvalidDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            InvalidDateKind::DayName => "expected the English name of a day of the week",
            InvalidDateKind::Separator => "expected other punctuation or a single space",
            InvalidDateKind::Day => "expected two digits of a day that the month has",
            InvalidDateKind::Month => "expected `Jan` to `Dec`",
            InvalidDateKind::Year => "expected the digits of a year",
            InvalidDateKind::Hour => "expected an hour, `00` to `23`",
            InvalidDateKind::Minute => "expected a minute, `00` to `59`",
            InvalidDateKind::Second => "expected a second, `00` to `59`",
            InvalidDateKind::Zone => "expected `GMT`",
            InvalidDateKind::End => "expected nothing more",
            InvalidDateKind::Weekday => "the date falls on another day of the week than named",
            InvalidDateKind::Century => "a two-digit year, and no clock to tell its century by,",
        };
        write!(f, "not an HTTP-date: {what} at byte {}", self.index)
    }
}

impl core::error::Error for InvalidDate {}

#[cfg(all(test, target_pointer_width = "64"))]
mod tests {
    use super::*;

    /// What reads by words has to read every IMF-fixdate: what it leaves is read too, but slowly,
    /// which no other test would notice.
    #[test]
    fn every_imf_fixdate_is_read_by_words() {
        let (first, last) = (HttpDate::MIN.to_unix(), HttpDate::MAX.to_unix());
        // Eleven days and some hours, minutes and seconds apart, so that all of them come.
        for seconds in (first..=last).step_by(999_983).chain([last]) {
            let date = HttpDate::from_unix(seconds).unwrap();
            assert_eq!(imf_fixdate(&date.encode()), Some(date));
        }
    }

    /// The forms are made when the crate is compiled; here as they are at any other time.
    #[test]
    fn forms_are_the_digits_among_punctuation() {
        let form = Form::new(*b"00-00-00", [0, 3, 6]);
        assert_eq!(form.write([19, 70, 1]), *b"19-70-01");
        assert_eq!(
            form.read(u64::from_le_bytes(*b"19-70-01")),
            Some(form.place([19, 70, 1]))
        );
        assert_eq!(form.read(u64::from_le_bytes(*b"19-7:-01")), None);
    }
}
