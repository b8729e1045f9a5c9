//! The error of what writes a field value (RFC 9110 section 5.5) to a buffer that it is lent.

use core::fmt;

/// A buffer that is too short for what was to be written to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
        write!(f, "the buffer is too small: {} bytes needed", self.needed)
    }
}

#[cfg(any(feature = "std", feature = "core-error"))]
impl crate::error::Error for BufferTooSmall {}
