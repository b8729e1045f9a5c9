//! HTTP-dates by words of eight bytes (RFC 9110 section 5.6.7): IMF-fixdate, the format that nearly
//! every date has, read and written; and the obsolete two, read as the same words.

use super::HttpDate;
use super::calendar::{
    DAY_NAMES, DAYS_PER_400_YEARS, MONTH_NAMES, SECONDS_PER_DAY, days_before_month,
    days_before_year, is_leap, weekday,
};
use crate::bytes::{BY_WORDS, first_chunk};

/// Reads an IMF-fixdate by words. `None` for everything else: other formats, leap seconds, and
/// nearly everything that is not a date.
// It makes HttpDate::parse a tenth faster.
#[allow(clippy::inline_always)]
#[inline(always)]
pub(super) fn imf_fixdate(field_value: &[u8]) -> Option<Result<HttpDate, OtherZone>> {
    if !BY_WORDS {
        // With words of 32 bits it would take more code and save little.
        return None;
    }
    // `Sun,` ` 06 ` `Nov ` `1994` ` ` `08:49:37` ` GMT`
    let value = <&[u8; 29]>::try_from(field_value).ok()?;
    let date = long_word(word(value, 4)?, word(value, 12)?);
    let time = long_word(word(value, 17)?, word(value, 21)?);
    let numbers = Form::DATE.numbers(date)?;
    let second_of_day = second_of_day(time)?;
    let day = day_at(numbers, word(value, 8)?)?;
    if value[16] != b' ' {
        return None;
    }
    if word(value, 25)? != GMT {
        return OtherZone::of(value).map(Err);
    }
    let days = day.days();
    (DAY_NAME_WORDS[(weekday(days) % 8) as usize] == word(value, 0)?)
        .then_some(Ok(instant(days, second_of_day)))
}

/// An IMF-fixdate with a wrong zone, which is the most frequent mistake. Found while reading, it
/// takes half the time of looking for the mistake afterwards.
pub(super) struct OtherZone;

impl OtherZone {
    pub(super) const INDEX: usize = 26;

    /// `None` if the name of the day or the space before the zone is wrong too, and if there is
    /// white space instead of a zone.
    #[allow(clippy::inline_always)]
    #[inline(always)]
    fn of(value: &[u8; 29]) -> Option<Self> {
        let has_name = value[3] == b',' && DAY_NAMES.contains(first_chunk(value)?);
        let has_zone = value[25] == b' ' && !matches!(value[28], b' ' | b'\t');
        (has_name && has_zone).then_some(Self)
    }
}

/// Reads a date in an obsolete format by words: all dates but those with a leap second, and those
/// with a year of two digits whose century takes more to find.
#[inline]
pub(super) fn obsolete_date(field_value: &[u8], now: Option<HttpDate>) -> Option<HttpDate> {
    if !BY_WORDS {
        return None;
    }
    match field_value.len() {
        24 => asctime_date(field_value),
        30..=33 => rfc850_date(field_value, now?),
        _ => None,
    }
}

/// Reads an asctime-date: a third of the instructions that it takes part by part.
fn asctime_date(field_value: &[u8]) -> Option<HttpDate> {
    // `Sun ` `Nov` `  6 ` `08:49:37` ` ` `1994`
    let value = <&[u8; 24]>::try_from(field_value).ok()?;
    // A day of one digit has a space before it, in the place of a zero.
    let pad = if value[8] == b' ' { b' ' ^ b'0' } else { 0 };
    let date = long_word(
        word(value, 7)? ^ u32::from_le_bytes([0, pad, 0, 0]),
        word(value, 20)?,
    );
    let time = long_word(word(value, 11)?, word(value, 15)?);
    let [day, century, year] = Form::DATE.numbers(date)?;
    let second_of_day = second_of_day(time)?;
    let days = day_at([day, century, year], word(value, 4)?)?.days();
    let day_name = DAY_NAME_WORDS[(weekday(days) % 8) as usize] ^ last_of(b',', b' ');
    (day_name == word(value, 0)? && value[19] == b' ').then_some(instant(days, second_of_day))
}

/// Reads an rfc850-date: a third of the instructions that it takes part by part.
fn rfc850_date(field_value: &[u8], now: HttpDate) -> Option<HttpDate> {
    // `day,` ` 06-` `Nov-` `94` ` ` `08:49:37` ` GMT`
    let begin = field_value.len().checked_sub(27)?;
    let value = <&[u8; 27]>::try_from(field_value.get(begin..)?).ok()?;
    if value[14] != b' ' || word(value, 23)? != GMT || word(value, 0)? != DAY {
        return None;
    }
    let year = u32::from_le_bytes([b'0', b'0', value[12], value[13]]);
    let date = long_word(word(value, 4)? ^ last_of(b'-', b' '), year);
    let time = long_word(word(value, 15)?, word(value, 19)?);
    let month = word(value, 8)? ^ last_of(b'-', b' ');
    let [day, _, year] = Form::DATE.numbers(date)?;
    let second_of_day = second_of_day(time)?;
    // Four centuries have as many days as a century has quarters of a day, on average, and a year
    // has 1,461 of those. That gives the year of now, or the one before it, which is enough for all
    // dates that are not about fifty years ahead.
    let quarters = 4 * now.days();
    let century = u8::try_from(quarters / DAYS_PER_400_YEARS).ok()?;
    let year_now = quarters % DAYS_PER_400_YEARS / 1_461;
    let century = match u32::from(year) + 100 - year_now {
        0..=149 => century,
        150 | 151 => return None,
        _ => century.checked_sub(1)?,
    };
    let days = day_at([day, century, year], month)?.days();
    let day_name = LONG_DAY_NAMES[(weekday(days) % 8) as usize];
    // If its eight bytes do not reach the end, they overlap with `day,`, which comes before the
    // day.
    (day_name == *first_chunk(field_value)?).then(|| instant(days, second_of_day))
}

/// A day that there is.
pub(super) struct Day {
    century: u32,
    year: u32,
    /// From the start of the year.
    days_before: u32,
}

/// This day, if that is the name of a month, and the month has the day.
// It makes IMF-fixdate a tenth faster.
#[allow(clippy::inline_always)]
#[inline(always)]
pub(super) fn day_at(numbers: [u8; 3], month: u32) -> Option<Day> {
    let [day, century, year] = numbers.map(u32::from);
    let month = Month::of(month, is_leap(century, year))?;
    let day = day.wrapping_sub(1);
    if day >= u32::from(month.days) {
        return None;
    }
    Some(Day {
        century,
        year,
        days_before: u32::from(month.days_before) + day,
    })
}

impl Day {
    /// Days from 0000-01-01 to it.
    pub(super) fn days(&self) -> u32 {
        days_before_year(self.century, self.year) + self.days_before
    }
}

fn instant(days: u32, second_of_day: u32) -> HttpDate {
    HttpDate::from_start(i64::from(days) * SECONDS_PER_DAY + i64::from(second_of_day))
}

/// Four bytes of a value, the first one in the lowest bits.
pub(super) fn word<const N: usize>(value: &[u8; N], at: usize) -> Option<u32> {
    first_chunk(value.get(at..)?).map(|bytes| u32::from_le_bytes(*bytes))
}

pub(super) fn long_word(first: u32, second: u32) -> u64 {
    u64::from(first) | u64::from(second) << 32
}

/// Replaces one byte by another in the last place of a word; any other byte there becomes something
/// that is neither.
const fn last_of(one: u8, other: u8) -> u32 {
    u32::from_le_bytes([0, 0, 0, one ^ other])
}

pub(super) const GMT: u32 = u32::from_le_bytes(*b" GMT");
const DAY: u32 = u32::from_le_bytes(*b"day,");

/// What rfc850-date begins with; and one place more, so that three bits are always a place.
const LONG_DAY_NAMES: [[u8; 8]; 8] = [
    *b"Sunday, ",
    *b"Monday, ",
    *b"Tuesday,",
    *b"Wednesda",
    *b"Thursday",
    *b"Friday, ",
    *b"Saturday",
    [0; 8],
];

/// The names of the days with the comma that follows them, as they stand in a word; and one place
/// more, so that three bits are always a place.
pub(super) const DAY_NAME_WORDS: [u32; 8] = {
    let mut words = [0; 8];
    let mut day = 0;
    while day < 7 {
        let [a, b, c] = DAY_NAMES[day];
        words[day] = u32::from_le_bytes([a, b, c, b',']);
        day += 1;
    }
    words
};

/// What the fast path needs to know about a month.
#[derive(Clone, Copy)]
pub(super) struct Month {
    /// The name and the space that follows it, as they stand in a word.
    name: u32,
    /// From the start of the year to the start of the month.
    days_before: u16,
    /// Its length.
    days: u16,
}

impl Month {
    /// The names of the months, as they stand in a word; four bits are always a place.
    pub(super) const NAMES: [u32; 16] = {
        let mut names = [0; 16];
        let mut month = 0;
        while month < 12 {
            let [a, b, c] = MONTH_NAMES[month];
            names[month] = u32::from_le_bytes([a, b, c, b' ']);
            month += 1;
        }
        names
    };

    /// Whether this is the name of a month, and the space after it.
    pub(super) fn is_one(name: u32) -> bool {
        Self::of(name, false).is_some()
    }

    /// Whether its first three letters are, whatever follows them.
    pub(super) fn is_name(name: u32) -> bool {
        Self::is_one(name & 0xff_ffff | u32::from(b' ') << 24)
    }

    #[inline]
    fn of(name: u32, in_leap_year: bool) -> Option<Self> {
        let month = Self::BY_NAME[Self::hash(name, in_leap_year)];
        (month.name == name).then_some(month)
    }

    /// One multiplication takes the twelve names to twelve of sixteen places.
    const fn hash(name: u32, in_leap_year: bool) -> usize {
        (name.wrapping_mul(26_596) >> 28) as usize + if in_leap_year { 16 } else { 0 }
    }

    // A year has 366 days.
    #[allow(clippy::cast_possible_truncation)]
    const BY_NAME: [Self; 32] = {
        let mut months = [Self {
            name: 0,
            days_before: 0,
            days: 0,
        }; 32];
        let mut number = 0;
        while number < 24 {
            let (month, in_leap_year) = (number % 12, number >= 12);
            let name = Self::NAMES[month as usize];
            let before = days_before_month(month, in_leap_year);
            months[Self::hash(name, in_leap_year)] = Self {
                name,
                days_before: before as u16,
                days: (days_before_month(month + 1, in_leap_year) - before) as u16,
            };
            number += 1;
        }
        months
    };
}

/// Eight bytes of text with three numbers of two digits in it, read and written as one word.
pub(super) struct Form {
    /// The text with every digit 0.
    zeros: u64,
    /// Takes a byte to 0x80 that is more than 9 for a digit, or more than 0 for anything else, once
    /// `zeros` is taken off.
    limits: u64,
    /// Where the numbers begin, in bits.
    at: [u32; 3],
}

// Inlined, so that each form is a constant: that halves the instructions for what is not a date.
#[allow(clippy::inline_always)]
impl Form {
    /// The day between spaces, and the two halves of the year.
    pub(super) const DATE: Self = Self::new(*b" 00 0000", [1, 4, 6]);
    /// Hour, minute and second.
    pub(super) const TIME: Self = Self::new(*b"00:00:00", [0, 3, 6]);

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

    /// The lowest bit is the high one of the first byte that has another form, and there is none
    /// where all have this one.
    #[inline(always)]
    const fn others(&self, text: u64) -> u64 {
        const HIGH: u64 = u64::from_le_bytes([0x80; 8]);
        let values = text ^ self.zeros;
        // Only a byte that is 0x80 or more itself can carry.
        (values | values.wrapping_add(self.limits)) & HIGH
    }

    /// The numbers where they begin in the text, and zeros elsewhere. Where the text has another
    /// form they are right up to the first byte that has.
    #[inline(always)]
    const fn values(&self, text: u64) -> u64 {
        let values = text ^ self.zeros;
        values.wrapping_mul(10).wrapping_add(values >> 8) & self.place([0xff; 3])
    }

    /// The same; `None` where the text has another form.
    #[inline(always)]
    fn read(&self, text: u64) -> Option<u64> {
        (self.others(text) == 0).then_some(self.values(text))
    }

    /// The three numbers, one by one.
    #[inline(always)]
    pub(super) fn numbers(&self, text: u64) -> Option<[u8; 3]> {
        let values = self.read(text)?;
        Some(self.at.map(|at| (values >> at).to_le_bytes()[0]))
    }

    /// The high bits of those of these numbers that are not below their bound, up to the first.
    #[inline(always)]
    const fn beyond(&self, values: u64, [a, b, c]: [u32; 3]) -> u64 {
        let limits = self.place([0x80 - a, 0x80 - b, 0x80 - c]);
        values.wrapping_add(limits) & self.place([0x80; 3])
    }

    /// Where the first byte is that has another form, or the first number that is not below its
    /// bound; 8 where there is none. What is wrong with a number is so where it begins.
    #[inline(always)]
    pub(super) const fn first_wrong(&self, text: u64, bounds: [u32; 3]) -> u32 {
        let others = self.others(text);
        let second_digits = (others >> 8) & self.place([0x80; 3]);
        (others | second_digits | self.beyond(self.values(text), bounds)).trailing_zeros() / 8
    }

    /// The text with these numbers, which are less than 100.
    pub(super) const fn write(&self, numbers: [u32; 3]) -> [u8; 8] {
        let numbers = self.place(numbers);
        // A tenth of each: 103 / 1024 is near enough to that for two digits, and nothing is carried.
        let tens = ((numbers * 103) >> 10) & self.place([0x0f; 3]);
        // The ones are what is left, numbers - 10 * tens, and stand a byte higher.
        (self.zeros + (numbers << 8) - ((10 << 8) - 1) * tens).to_le_bytes()
    }

    /// The numbers, each where it begins in the text.
    #[inline(always)]
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
// 0..=86,399
#[allow(clippy::cast_possible_truncation, clippy::inline_always)]
#[inline(always)]
fn second_of_day(text: u64) -> Option<u32> {
    let numbers = Form::TIME.read(text)?;
    if Form::TIME.beyond(numbers, [24, 60, 60]) != 0 {
        return None;
    }
    // Hour and minute stand 24 bits apart, and so do their factors: both products begin at bit 40,
    // and what else there is lies below or falls off the top.
    let minutes = numbers.wrapping_mul(3_600 << 40 | 60 << 16) >> 40;
    Some((minutes + (numbers >> 48)) as u32)
}

#[cfg(all(test, target_pointer_width = "64"))]
mod tests {
    use super::super::wrong::wrong;
    use super::super::{InvalidDate, Received, Spelling};
    use super::*;
    use crate::bytes::trim_ows;

    /// What reads by words has to read every date: what it leaves is read too, but slowly, which no
    /// other test would notice.
    #[test]
    fn every_date_is_read_by_words() {
        let (first, last) = (HttpDate::MIN.to_unix(), HttpDate::MAX.to_unix());
        let mut years = [-99, -53, -51, -50, -49, -47, 0, 47, 49, 50, 51, 53, 99]
            .into_iter()
            .cycle();
        // Eleven days and some hours, minutes and seconds apart, so that all of them come.
        for seconds in (first..=last).step_by(999_983).chain([last]) {
            let date = HttpDate::from_unix(seconds).unwrap();
            let text = date.encode();
            assert!(matches!(imf_fixdate(&text), Some(Ok(read)) if read == date));
            for padded in [false, true] {
                let asctime = asctime(&text, padded);
                assert_eq!(obsolete_date(&asctime, None), Some(date));
            }
            // The clock shows the same date, or one of which it tells the century by years.
            let (buffer, begin) = rfc850(&text);
            let rfc850 = &buffer[begin..];
            let years = years.next().unwrap();
            let now = HttpDate::from_unix(seconds + years * 31_556_952).ok();
            let by_words = obsolete_date(rfc850, now);
            let by_parts = HttpDate::read_by_parts::<true>(rfc850, now, Spelling::EXACT);
            assert!(
                by_words == by_parts.ok()
                    || matches!(years, -51..=-49 | 49..=51) && by_words.is_none(),
                "{date:?}, {years} years before {now:?}: {by_words:?}, {by_parts:?}"
            );
            assert_eq!(obsolete_date(rfc850, Some(date)), Some(date));
            assert_eq!(obsolete_date(rfc850, None), None);
        }
    }

    /// With any one byte another, words and parts find the same, down to what is wrong and where;
    /// and so they do with bytes left out or added, and white space around it.
    #[test]
    fn words_and_parts_agree() {
        let now = HttpDate::from_unix(1_781_481_600).ok();
        let agree = |value: &[u8], read_by_words: &mut u32| {
            let by_parts = HttpDate::read_by_parts::<true>(value, now, Spelling::EXACT);
            assert_eq!(HttpDate::parse(value, now), by_parts, "{value:?}");
            let received = Received::parse::<true>(value, now, Spelling::EXACT);
            if let Ok(received) = received {
                assert_eq!(Ok(received.date), by_parts);
            }
            if let Err(kind) = received {
                // There, the caller skips the white space.
                let is_trimmed = trim_ows(value).len() == value.len();
                assert!(!is_trimmed || by_parts.map_err(InvalidDate::kind) == Err(kind));
            }
            let fixdate = imf_fixdate(value).and_then(Result::ok);
            let by_words = fixdate.or_else(|| obsolete_date(value, now));
            assert!(by_words.is_none() || by_words == by_parts.ok());
            *read_by_words += u32::from(wrong(value).is_some() || by_words.is_some());
        };
        let (mut tried, mut by_words) = (0, 0);
        for unix in [
            784_111_777,
            951_782_400,   // Tue, 29 Feb 2000 00:00:00 GMT
            4_107_542_399, // Sun, 28 Feb 2100 23:59:59 GMT
            1_483_228_799, // Sat, 31 Dec 2016 23:59:59 GMT, before a leap second
            -62_167_219_200,
        ] {
            let imf = HttpDate::from_unix(unix).unwrap().encode();
            let (buffer, begin) = rfc850(&imf);
            let texts: [&[u8]; 4] = [
                &imf,
                &asctime(&imf, false),
                &asctime(&imf, true),
                &buffer[begin..],
            ];
            for text in texts {
                let mut buffer = [b' '; 40];
                let (begin, end) = (2, 2 + text.len());
                buffer[begin..end].copy_from_slice(text);
                for place in begin..=end {
                    for byte in 0..=255 {
                        let before = buffer[place];
                        buffer[place] = byte;
                        agree(&buffer[begin..end], &mut by_words);
                        agree(&buffer[begin..=end], &mut by_words);
                        tried += 2;
                        buffer[place] = before;
                    }
                    for other in begin..end {
                        agree(&buffer[place.min(other)..place.max(other)], &mut by_words);
                        // Two bytes that are wrong, or a number that is too large.
                        let before = (buffer[place], buffer[other]);
                        (buffer[place], buffer[other]) = (b'9', b'9');
                        agree(&buffer[begin..end], &mut by_words);
                        (buffer[place], buffer[other]) = (b'\xff', b'z');
                        agree(&buffer[begin..end], &mut by_words);
                        (buffer[place], buffer[other]) = before;
                    }
                }
                agree(&buffer, &mut by_words);
            }
        }
        assert!(by_words > tried / 4, "{by_words} of {tried}");
    }

    /// The same date as asctime-date.
    fn asctime(imf: &[u8; 29], padded: bool) -> [u8; 24] {
        let mut text = *b"Sun Nov 06 08:49:37 1994";
        text[..3].copy_from_slice(&imf[..3]);
        text[4..7].copy_from_slice(&imf[8..11]);
        text[8..10].copy_from_slice(&imf[5..7]);
        text[11..19].copy_from_slice(&imf[17..25]);
        text[20..].copy_from_slice(&imf[12..16]);
        if padded && text[8] == b'0' {
            text[8] = b' ';
        }
        text
    }

    /// The same date as rfc850-date, and where it begins.
    fn rfc850(imf: &[u8; 29]) -> ([u8; 33], usize) {
        const NAMES: [&[u8]; 7] = [
            b"Sunday",
            b"Monday",
            b"Tuesday",
            b"Wednesday",
            b"Thursday",
            b"Friday",
            b"Saturday",
        ];
        let name = NAMES.into_iter().find(|name| name.starts_with(&imf[..3]));
        let name = name.unwrap();
        let mut text = *b"Wednesday, 06-Nov-94 08:49:37 GMT";
        let begin = 9 - name.len();
        text[begin..9].copy_from_slice(name);
        text[11..13].copy_from_slice(&imf[5..7]);
        text[14..17].copy_from_slice(&imf[8..11]);
        text[18..20].copy_from_slice(&imf[14..16]);
        text[21..29].copy_from_slice(&imf[17..25]);
        (text, begin)
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
