//! Dates, read and written (RFC 9110 section 5.6.7).

use core::ffi::c_int;

#[cfg(feature = "dates")]
use http_conditional::HttpDate;

use crate::error::{Error, answer};
use crate::memory;
use crate::text::Text;

#[cfg(feature = "dates")]
pub(crate) fn date(seconds: i64) -> Result<HttpDate, Error> {
    HttpDate::from_unix(seconds).map_err(|_| Error::Date)
}

/// See the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hcond_date_parse(
    value: *const u8,
    length: usize,
    now: *const i64,
    seconds: *mut i64,
) -> c_int {
    // SAFETY: the header requires it of the caller.
    answer((|| unsafe {
        let value = memory::bytes(value, length)?;
        let now = if now.is_null() {
            None
        } else {
            Some(*memory::item(now)?)
        };
        memory::check(seconds)?;
        memory::put(seconds, parse(value, now)?)?;
        Ok(0)
    })())
}

/// See the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hcond_date_write(seconds: i64, buffer: *mut u8, size: usize) -> c_int {
    // SAFETY: the header requires it of the caller.
    answer(unsafe { Text::new(buffer, size) }.and_then(|text| write(seconds, text)))
}

#[cfg(feature = "dates")]
fn parse(value: &[u8], now: Option<i64>) -> Result<i64, Error> {
    let now = match now {
        Some(now) => Some(date(now)?),
        None => None,
    };
    match HttpDate::parse(value, now) {
        Ok(date) => Ok(date.to_unix()),
        Err(_) => Err(Error::Date),
    }
}

#[cfg(feature = "dates")]
fn write(seconds: i64, mut text: Text) -> Result<c_int, Error> {
    text.push(&date(seconds)?.encode());
    text.end()
}

#[cfg(not(feature = "dates"))]
fn parse(_: &[u8], _: Option<i64>) -> Result<i64, Error> {
    Err(Error::Unsupported)
}

#[cfg(not(feature = "dates"))]
fn write(_: i64, _: Text) -> Result<c_int, Error> {
    Err(Error::Unsupported)
}
