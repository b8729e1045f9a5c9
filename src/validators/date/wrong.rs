//! What is wrong with a value that begins as an IMF-fixdate does (RFC 9110 section 5.6.7), found by
//! words.

use super::InvalidDateKind::{
    self, Day, DayName, End, Hour, Minute, Month, Second, Separator, Weekday, Year, Zone,
};
use super::calendar::{DAY_NAMES, weekday};
use super::words::{self, DAY_NAME_WORDS, Form, GMT, day_at, long_word, word};
use crate::bytes::{BY_WORDS, first_chunk};

/// What is wrong, and where: the same as reading part by part finds, in a fifth of the
/// instructions. `None` if nothing is wrong, or if the value may still be a date: in another
/// format, or with a leap second.
pub(super) fn wrong(value: &[u8]) -> Option<(InvalidDateKind, usize)> {
    if !BY_WORDS {
        return None;
    }
    let mut padded = [0; 29];
    // A shorter value is wrong where it ends, because a zero is never allowed.
    let begin = first_chunk(value).unwrap_or_else(|| {
        for (place, byte) in padded.iter_mut().zip(value) {
            *place = *byte;
        }
        &padded
    });
    if !DAY_NAMES.contains(first_chunk(value).unwrap_or(&[0; 3])) {
        return Some((DayName, 0));
    }
    if begin[3] != b',' {
        return None;
    }
    let date = long_word(word(begin, 4)?, word(begin, 12)?);
    let month = word(begin, 8)?;
    let time = long_word(word(begin, 17)?, word(begin, 21)?);
    if time == LEAP_SECOND {
        return None;
    }
    let place = Form::DATE.first_wrong(date, [32, 100, 100]);
    let is_form_of_date = place == 8 && begin[5..7] != *b"00" && begin[16] == b' ';
    if !(is_form_of_date && words::Month::is_one(month)) {
        return Some(match place {
            0 => (Separator, 4),
            1 => (Day, 5),
            _ if begin[5..7] == *b"00" => (Day, 5),
            3 => (Separator, 7),
            _ if !words::Month::is_name(month) => (Month, 8),
            _ if begin[11] != b' ' => (Separator, 11),
            4 => (Year, 12),
            6 => (Year, 14),
            _ => (Separator, 16),
        });
    }
    Some(match Form::TIME.first_wrong(time, [24, 60, 60]) {
        0 => (Hour, 17),
        2 => (Separator, 19),
        3 => (Minute, 20),
        5 => (Separator, 22),
        6 => (Second, 23),
        _ if begin[25] != b' ' => (Separator, 25),
        _ if word(begin, 25)? != GMT => (Zone, 26),
        _ if value.len() > begin.len() => (End, begin.len()),
        _ => match day_at(Form::DATE.numbers(date)?, month) {
            None => (Day, 5),
            Some(day) if DAY_NAME_WORDS[(weekday(day.days()) % 8) as usize] != word(begin, 0)? => {
                (Weekday, 0)
            }
            Some(_) => return None,
        },
    })
}

const LEAP_SECOND: u64 = u64::from_le_bytes(*b"23:59:60");
