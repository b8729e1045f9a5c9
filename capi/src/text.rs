//! Writes text to a caller's buffer, as snprintf does.

use core::ffi::c_int;
use core::fmt;

use crate::error::Error;

/// Writes what fits, counts all of it, and ends it with a NUL.
pub(crate) struct Text {
    buffer: *mut u8,
    size: usize,
    length: usize,
}

impl Text {
    /// Begins a text in a buffer of this size.
    ///
    /// # Safety
    ///
    /// If `buffer` is not null, `size` bytes can be written there while the `Text` is used, and nothing that is pushed
    /// overlaps them.
    pub(crate) unsafe fn new(buffer: *mut u8, size: usize) -> Result<Self, Error> {
        if buffer.is_null() && size > 0 {
            return Err(Error::Null);
        }
        if size > isize::MAX as usize {
            return Err(Error::Size);
        }
        Ok(Self {
            buffer,
            size,
            length: 0,
        })
    }

    pub(crate) fn push(&mut self, bytes: &[u8]) {
        // One byte is kept for the NUL.
        let room = self.size.saturating_sub(1).saturating_sub(self.length);
        let fits = bytes.len().min(room);
        if fits > 0 {
            // SAFETY: `length + fits` is less than `size`, and the buffer is as long as that and overlaps nothing, as
            // `new` was promised.
            unsafe {
                self.buffer
                    .add(self.length)
                    .copy_from_nonoverlapping(bytes.as_ptr(), fits);
            }
        }
        self.length = self.length.saturating_add(bytes.len());
    }

    /// Ends the text with a NUL, and returns the length of all of it without the NUL, even if it did not fit.
    pub(crate) fn end(self) -> Result<c_int, Error> {
        if let Some(last) = self.size.checked_sub(1) {
            // SAFETY: that is within the buffer, as `new` was promised.
            unsafe { self.buffer.add(self.length.min(last)).write(0) };
        }
        c_int::try_from(self.length).map_err(|_| Error::TooLong)
    }
}

impl fmt::Write for Text {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.push(text.as_bytes());
        Ok(())
    }
}
