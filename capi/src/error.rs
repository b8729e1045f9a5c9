//! What a caller gets instead of an answer: a negative number.

use core::ffi::c_int;

/// Why there is no answer. The numbers are those of the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub(crate) enum Error {
    Null = -1,
    Alignment = -2,
    Size = -3,
    State = -4,
    Argument = -5,
    Tag = -6,
    Date = -7,
    TooLong = -8,
    #[cfg_attr(feature = "dates", allow(dead_code))]
    Unsupported = -9,
}

/// The answer as C gets it: a number, negative for an error.
pub(crate) fn answer(result: Result<c_int, Error>) -> c_int {
    result.unwrap_or_else(|error| error as c_int)
}

/// Fails if a bit is set that is not among the known ones.
pub(crate) const fn only_known(bits: u32, known: u32) -> Result<(), Error> {
    if bits & !known == 0 {
        Ok(())
    } else {
        Err(Error::Argument)
    }
}
