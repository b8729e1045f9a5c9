//! The calendar behind HTTP-date (RFC 9110 section 5.6.7): from days and seconds to a date that
//! people read, and back.

use super::HttpDate;
use crate::bytes::BY_WORDS;

pub(super) const SECONDS_PER_DAY: i64 = 86_400;
pub(super) const DAYS_PER_400_YEARS: u32 = 146_097;

pub(super) const DAY_NAMES: [[u8; 3]; 7] = [
    *b"Sun", *b"Mon", *b"Tue", *b"Wed", *b"Thu", *b"Fri", *b"Sat",
];
pub(super) const MONTH_NAMES: [[u8; 3]; 12] = [
    *b"Jan", *b"Feb", *b"Mar", *b"Apr", *b"May", *b"Jun", *b"Jul", *b"Aug", *b"Sep", *b"Oct",
    *b"Nov", *b"Dec",
];

/// The day of the week, counted from 0 for Sunday, of a day since 0000-01-01, which was a Saturday.
/// There are at most 3,652,424 days in 10,000 years.
pub(super) const fn weekday(days: u32) -> u32 {
    let days = days + 6;
    if BY_WORDS {
        // The lower half of the product is the fraction of a week: 613,566,757 is 2^32 / 7, rounded
        // up.
        let fraction = days.wrapping_mul(613_566_757);
        return ((7 * fraction as u64) >> 32) as u32;
    }
    // In base 8 the sum of the digits leaves the same remainder, because 8 is one more than a week.
    // That takes 80 bytes less than a 64-bit product on a processor that has none.
    let mut sum = days;
    while sum > 7 {
        sum = (sum >> 3) + (sum & 7);
    }
    if sum == 7 { 0 } else { sum }
}

/// Calendar date and time of day; ordered as the instants are.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Civil {
    /// The year, without its last two digits.
    pub(super) century: u32,
    /// The last two digits of the year.
    pub(super) year: u32,
    /// 0 is January.
    pub(super) month: u32,
    /// From 1.
    pub(super) day: u32,
    pub(super) hour: u32,
    pub(super) minute: u32,
    pub(super) second: u32,
}

impl Civil {
    /// Years are counted from 1 March here, so that the leap day is the last of its year, and
    /// from 400 years before year 0, so that January 0000 is not negative.
    const DAYS_BEFORE: u32 = DAYS_PER_400_YEARS - 60;

    /// The calendar as linear functions, after Neri and Schneider ("Euclidean affine functions and
    /// their application to calendar algorithms", 2022): a quotient is the year or the month, and
    /// its remainder the day in it. Of 10,000 years of days and of the 86,400 seconds of a day,
    /// nothing overflows.
    // The halves of a product.
    #[allow(clippy::cast_possible_truncation)]
    pub(super) const fn on(days: u32, second: u32) -> Self {
        // 400 years have 146,097 days, so a century has as many quarters of a day, on average.
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
}

/// Days from 0000-01-01 to this day; `month` is 0 for January. A month may be one after December,
/// and a day one that its month does not have.
pub(super) const fn days(century: u8, year: u8, month: u8, day: u8) -> u32 {
    let (century, year, month) = (century as u32, year as u32, month as u32);
    let days_before_month = days_before_month(month, is_leap(century, year));
    // Last, so that nothing is below zero on the way.
    days_before_year(century, year) + days_before_month + day as u32 - 1
}

/// Days from the first of January to the first of this month.
pub(super) const fn days_before_month(month: u32, in_leap_year: bool) -> u32 {
    // As if February had 30 days: 43,691 / 2^19 is a twelfth, near enough for this.
    let days = ((367 * month + 5) * 43_691) >> 19;
    if month < 2 {
        days
    } else {
        days - 2 + in_leap_year as u32
    }
}

/// The instant of this time of this day.
pub(super) const fn instant(days: u32, hour: u8, minute: u8, second: u8) -> HttpDate {
    let second_of_day = hour as u32 * 3_600 + minute as u32 * 60 + second as u32;
    // A day is 128 times 675 seconds: without a product of 64 bits, which costs small processors a
    // lot.
    HttpDate::from_start((((days * 675) as i64) << 7) + second_of_day as i64)
}

/// Days from 0000-01-01 to the start of a year.
#[inline]
pub(super) const fn days_before_year(century: u32, year: u32) -> u32 {
    // 365 for each year before it, and one more for each that is a multiple of 4; then those that
    // are multiples of 100 and of 400. The year 0 is one of each.
    let with_leap_days = (1_461 * (100 * century + year) + 3) >> 2;
    let by_100 = century + (year != 0) as u32;
    let by_400 = (by_100 + 3) >> 2;
    with_leap_days - by_100 + by_400
}

pub(super) const fn is_leap(century: u32, year: u32) -> bool {
    (if year == 0 { century } else { year }) % 4 == 0
}
