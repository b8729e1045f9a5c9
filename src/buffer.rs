//! Writing field values (RFC 9110 section 5.5) to a borrowed buffer, and the error if that is too
//! short.

use core::fmt;

use crate::bytes::BY_WORDS;
use crate::padded::pad;

/// A buffer was too short for what should have been written to it.
///
/// ```
/// use http_conditional::EntityTag;
///
/// let error = EntityTag::from_static("\"v1\"").encode(&mut [0; 3]).unwrap_err();
/// assert_eq!(error.to_string(), "the buffer is too small: 4 bytes needed");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BufferTooSmall {
    needed: usize,
}

impl BufferTooSmall {
    pub(crate) const fn new(needed: usize) -> Self {
        Self { needed }
    }

    /// The number of bytes that would have been enough.
    #[must_use]
    pub const fn needed(self) -> usize {
        self.needed
    }
}

impl fmt::Display for BufferTooSmall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let needed = self.needed;
        pad(f, |f| {
            write!(f, "the buffer is too small: {needed} bytes needed")
        })
    }
}

#[cfg(any(feature = "std", feature = "core-error"))]
impl crate::error::Error for BufferTooSmall {}

/// The most digits that a [`u64`] has.
pub(crate) const MAX_DIGITS: usize = 20;

/// The numbers below 100, of two digits each.
const PAIRS: [[u8; 2]; 100] = {
    let mut pairs = [[0; 2]; 100];
    let mut number = 0;
    while number < 100 {
        pairs[number as usize] = [b'0' + number / 10, b'0' + number % 10];
        number += 1_u8;
    }
    pairs
};

/// Writes digits from the last one on, two by two: half of the divisions of one by one, and two
/// thirds of the instructions. Returns the place that is left, of one digit at most, and the digits
/// that belong before what was written.
#[inline]
fn write_pairs(mut place: &mut [u8], number: u64) -> (&mut [u8], u64) {
    let mut rest = number;
    while let [before @ .., tens, ones] = place {
        // Less than 100.
        [*tens, *ones] = PAIRS[(rest % 100) as usize];
        rest /= 100;
        place = before;
    }
    (place, rest)
}

/// Writes to the front of a buffer, and counts what there is no room for.
pub(crate) struct Writer<'b> {
    buffer: &'b mut [u8],
    /// Of all that was to be written.
    length: usize,
}

impl<'b> Writer<'b> {
    pub(crate) fn new(buffer: &'b mut [u8]) -> Self {
        Self { buffer, length: 0 }
    }

    pub(crate) fn push(&mut self, bytes: &[u8]) {
        let rest = self.buffer.get_mut(self.length..);
        if let Some(place) = rest.and_then(|rest| rest.get_mut(..bytes.len())) {
            // Not copy_from_slice, which checks again that the lengths are the same.
            place
                .iter_mut()
                .zip(bytes)
                .for_each(|(to, from)| *to = *from);
        }
        self.length += bytes.len();
    }

    /// In decimal.
    pub(crate) fn push_number(&mut self, number: u64) {
        // How many digits first, so that they are written where they go.
        let mut digits = 1;
        let mut bound = 10_u64;
        while digits < MAX_DIGITS && number >= bound {
            digits += 1;
            // Of 20 digits, this is not looked at again.
            bound = bound.wrapping_mul(10);
        }
        let rest = self.buffer.get_mut(self.length..);
        if let Some(place) = rest.and_then(|rest| rest.get_mut(..digits)) {
            let (place, mut rest) = if BY_WORDS {
                write_pairs(place, number)
            } else {
                (place, number)
            };
            for digit in place.iter_mut().rev() {
                // Less than 10.
                *digit = b'0' + (rest % 10) as u8;
                rest /= 10;
            }
        }
        self.length += digits;
    }

    /// All that was written, to a buffer that was long enough.
    pub(crate) fn written(self) -> &'b [u8] {
        self.finish().unwrap_or_default()
    }

    /// All that was written, if there was room for it.
    pub(crate) fn finish(self) -> Result<&'b [u8], BufferTooSmall> {
        let Self { buffer, length } = self;
        buffer.get(..length).ok_or(BufferTooSmall::new(length))
    }
}
