//! Decimal numbers (1*DIGIT), as positions and lengths are written (RFC 9110 section 14.1.1).

use core::cmp::Ordering;

use crate::bytes::split_at;

/// A decimal number with any number of digits (1*DIGIT).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Number<'a> {
    /// From the first that is not a zero: none where the number is 0.
    digits: &'a [u8],
}

impl<'a> Number<'a> {
    /// A number off the front of `bytes`, and what follows it; `None` where there is no digit.
    pub(super) fn split_first(bytes: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let end = bytes.iter().position(|byte| !byte.is_ascii_digit());
        let (mut digits, rest) = split_at(bytes, end.unwrap_or(bytes.len()))?;
        if digits.is_empty() {
            return None;
        }
        while let [b'0', significant @ ..] = digits {
            digits = significant;
        }
        Some((Self { digits }, rest))
    }

    pub(super) fn value(self) -> Option<u64> {
        self.digits.iter().try_fold(0_u64, |value, digit| {
            value.checked_mul(10)?.checked_add(u64::from(digit & 0x0f))
        })
    }

    pub(super) fn saturating(self) -> u64 {
        self.value().unwrap_or(u64::MAX)
    }
}

impl Ord for Number<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let lengths = self.digits.len().cmp(&other.digits.len());
        lengths.then_with(|| self.digits.cmp(other.digits))
    }
}

impl PartialOrd for Number<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
