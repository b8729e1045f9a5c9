//! Decimal numbers (1*DIGIT), as positions and lengths are written (RFC 9110 section 14.1.1).

/// A decimal number at the front of some bytes, with any number of digits.
#[derive(Clone, Copy)]
pub(super) struct Number {
    /// [`u64::MAX`] where it is larger.
    pub(super) saturating: u64,
    /// How many digits it has: 0 where there is no number.
    pub(super) digits: usize,
}

impl Number {
    /// With what follows it; `None` where there is no digit.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    pub(super) fn split_first(bytes: &[u8]) -> Option<(Self, &[u8])> {
        let mut rest = bytes;
        // If it is too large, this value is not used.
        let mut value = 0_u64;
        while let [byte, after @ ..] = rest {
            let digit = byte.wrapping_sub(b'0');
            if digit > 9 {
                break;
            }
            value = value.wrapping_mul(10).wrapping_add(u64::from(digit));
            rest = after;
        }
        let digits = bytes.len() - rest.len();
        let saturating = match digits {
            0 => return None,
            _ if digits < MAX.len() => value,
            _ => saturating(significant(bytes, digits)),
        };
        Some((Self { saturating, digits }, rest))
    }

    /// What it is at the front of these bytes; `None` where that is more than [`u64::MAX`].
    pub(super) fn exact(self, bytes: &[u8]) -> Option<u64> {
        let is_exact = self.saturating < u64::MAX || significant(bytes, self.digits) == MAX;
        is_exact.then_some(self.saturating)
    }

    /// Whether it is less than another, each at the front of its bytes.
    pub(super) fn is_less(self, bytes: &[u8], other: Self, other_bytes: &[u8]) -> bool {
        if self.saturating < u64::MAX || other.saturating < u64::MAX {
            return self.saturating < other.saturating;
        }
        let one = significant(bytes, self.digits);
        let other = significant(other_bytes, other.digits);
        (one.len(), one) < (other.len(), other)
    }
}

/// [`u64::MAX`].
const MAX: &[u8] = b"18446744073709551615";

/// The digits from the first that is not a zero: none where the number is 0.
#[cold]
fn significant(bytes: &[u8], digits: usize) -> &[u8] {
    let mut digits = bytes.get(..digits).unwrap_or_default();
    while let [b'0', significant @ ..] = digits {
        digits = significant;
    }
    digits
}

/// Checks each digit against the largest number. So few numbers need this that the others do
/// without.
#[cold]
fn saturating(digits: &[u8]) -> u64 {
    let value = digits.iter().try_fold(0_u64, |value, digit| {
        value.checked_mul(10)?.checked_add(u64::from(digit & 0x0f))
    });
    value.unwrap_or(u64::MAX)
}
