//! A naive reading of Range and Content-Range (RFC 9110 section 14): text is cut up by `split`,
//! numbers may have any length, and a range is a question that can be asked of any position, or the
//! bytes from one number up to another.

use std::ops::Range;

/// A number of any length, without leading zeros; ordered as numbers are.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Number {
    length: usize,
    digits: Vec<u8>,
}

impl Number {
    fn read(text: &[u8]) -> Option<Self> {
        if text.is_empty() || !text.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let zeros = text.iter().take_while(|&&digit| digit == b'0').count();
        let digits = text[zeros..].to_vec();
        let length = digits.len();
        Some(Self { length, digits })
    }

    /// The number, or a larger one than any length of 64 bits.
    pub fn value(&self) -> u128 {
        let digits = str::from_utf8(&self.digits).unwrap_or_default();
        match digits.len() {
            0 => 0,
            1..=38 => digits.parse().unwrap_or(u128::MAX),
            _ => u128::MAX,
        }
    }
}

/// One range of a set.
#[derive(Clone, Debug)]
pub enum Spec {
    Int(Number, Option<Number>),
    Suffix(Number),
}

impl Spec {
    fn read(member: &[u8]) -> Option<Self> {
        let hyphen = member.iter().position(|&byte| byte == b'-')?;
        let (before, after) = (&member[..hyphen], &member[hyphen + 1..]);
        if before.is_empty() {
            return Number::read(after).map(Self::Suffix);
        }
        let first = Number::read(before)?;
        if after.is_empty() {
            return Some(Self::Int(first, None));
        }
        let last = Number::read(after)?;
        (first <= last).then_some(Self::Int(first, Some(last)))
    }

    /// Section 14.1.2: it begins before the end, or it is a suffix that is not empty.
    pub fn is_satisfiable(&self, complete_length: u64) -> bool {
        match self {
            Self::Int(first, _) => first.value() < u128::from(complete_length),
            Self::Suffix(length) => length.value() > 0,
        }
    }

    /// Whether this position is among the bytes that it means.
    pub fn means(&self, position: u64, complete_length: u64) -> bool {
        let (position, complete_length) = (u128::from(position), u128::from(complete_length));
        let is_meant = match self {
            Self::Int(first, None) => position >= first.value(),
            Self::Int(first, Some(last)) => first.value() <= position && position <= last.value(),
            Self::Suffix(length) => position.saturating_add(length.value()) >= complete_length,
        };
        is_meant && position < complete_length
    }

    /// The bytes that it means, as the first of them and the one after the last. Where that is
    /// empty, it means none.
    pub fn bytes(&self, complete_length: u64) -> Range<u128> {
        let complete_length = u128::from(complete_length);
        match self {
            Self::Int(first, None) => first.value()..complete_length,
            Self::Int(first, Some(last)) => {
                first.value()..complete_length.min(last.value().saturating_add(1))
            }
            Self::Suffix(length) => {
                complete_length - complete_length.min(length.value())..complete_length
            }
        }
    }
}

/// Without the white space around it.
pub fn without_ows(text: &[u8]) -> &[u8] {
    let is_ows = |byte: &&u8| matches!(byte, b' ' | b'\t');
    let before = text.iter().take_while(is_ows).count();
    let after = text[before..].iter().rev().take_while(is_ows).count();
    &text[before..text.len() - after]
}

/// A set of byte ranges, `None` where the value is none.
pub fn read(value: &[u8]) -> Option<Vec<Spec>> {
    let value = without_ows(value);
    let equals = value.iter().position(|&byte| byte == b'=')?;
    if !value[..equals].eq_ignore_ascii_case(b"bytes") {
        return None;
    }
    let specs: Option<Vec<Spec>> = value[equals + 1..]
        .split(|&byte| byte == b',')
        .map(without_ows)
        .filter(|member| !member.is_empty())
        .map(Spec::read)
        .collect();
    specs.filter(|specs| !specs.is_empty())
}

/// What a Content-Range says: first and last position, and the complete length.
pub type Said = (Option<(u64, u64)>, Option<u64>);

/// A Content-Range in bytes, `None` where the value is none that 64 bits can say.
pub fn read_content_range(value: &[u8]) -> Option<Said> {
    let value = without_ows(value);
    let space = value.iter().position(|&byte| byte == b' ')?;
    if !value[..space].eq_ignore_ascii_case(b"bytes") {
        return None;
    }
    let parts: Vec<&[u8]> = value[space + 1..].split(|&byte| byte == b'/').collect();
    let [range, complete_length] = parts[..] else {
        return None;
    };
    let number = |text: &[u8]| u64::try_from(Number::read(text)?.value()).ok();
    let length = number(complete_length);
    if range == b"*" {
        return length.map(|length| (None, Some(length)));
    }
    if length.is_none() && complete_length != b"*" {
        return None;
    }
    let positions: Vec<&[u8]> = range.split(|&byte| byte == b'-').collect();
    let [first, last] = positions[..] else {
        return None;
    };
    let (first, last) = (number(first)?, number(last)?);
    // The last position there is: what is longer has a length of 65 bits.
    let end = length.unwrap_or(u64::MAX);
    (first <= last && last < end).then_some((Some((first, last)), length))
}

/// A Content-Range that says this.
pub fn written((range, complete_length): Said) -> String {
    let range = range.map_or("*".to_owned(), |(first, last)| format!("{first}-{last}"));
    let length = complete_length.map_or("*".to_owned(), |length| length.to_string());
    format!("bytes {range}/{length}")
}
