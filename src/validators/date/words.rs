//! IMF-fixdate, the format that nearly every HTTP-date has (RFC 9110 section 5.6.7), read and
//! written by words of eight bytes.

use super::HttpDate;
use super::calendar::{
    DAY_NAMES, MONTH_NAMES, SECONDS_PER_DAY, days_before_month, days_before_year, is_leap, weekday,
};
use crate::bytes::{BY_WORDS, first_chunk};

/// Reads an IMF-fixdate by words. `None` for everything else: other formats, leap seconds, and
/// what is no date at all.
// HttpDate::parse takes a tenth less time.
#[allow(clippy::inline_always)]
#[inline(always)]
pub(super) fn imf_fixdate(field_value: &[u8]) -> Option<HttpDate> {
    if !BY_WORDS {
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
    first_chunk(value.get(at..)?).map(|bytes| u32::from_le_bytes(*bytes))
}

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

/// What the fast path needs to know of a month.
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

    #[inline]
    fn of(name: u32, in_leap_year: bool) -> Option<Self> {
        let month = Self::BY_NAME[Self::place(name, in_leap_year)];
        (month.name == name).then_some(month)
    }

    /// One multiplication takes the twelve names to twelve of sixteen places.
    const fn place(name: u32, in_leap_year: bool) -> usize {
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
        let mut place = 0;
        while place < 24 {
            let (month, in_leap_year) = (place % 12, place >= 12);
            let name = Self::NAMES[month as usize];
            let before = days_before_month(month, in_leap_year);
            months[Self::place(name, in_leap_year)] = Self {
                name,
                days_before: before as u16,
                days: (days_before_month(month + 1, in_leap_year) - before) as u16,
            };
            place += 1;
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
    pub(super) const fn write(&self, numbers: [u32; 3]) -> [u8; 8] {
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
// 0..=86,399
#[allow(clippy::cast_possible_truncation)]
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
