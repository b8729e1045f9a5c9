//! What a caller points to.

use core::slice;

use crate::error::Error;

/// Bytes with their length: `hcond_bytes` of the header.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Bytes {
    /// Null is no bytes.
    pub data: *const u8,
    /// How many.
    pub length: usize,
}

/// The bytes at `data`; none where `length` is 0, whatever `data` is.
///
/// # Safety
///
/// Where `data` is not null, `length` bytes can be read from there, and nothing changes them for as long as `'a`.
pub(crate) unsafe fn bytes<'a>(data: *const u8, length: usize) -> Result<&'a [u8], Error> {
    // SAFETY: as promised.
    unsafe { items(data, length) }
}

/// As [`bytes`], of other things.
///
/// # Safety
///
/// As there; and any bytes are a `T`.
pub(crate) unsafe fn items<'a, T>(data: *const T, count: usize) -> Result<&'a [T], Error> {
    if count == 0 {
        return Ok(&[]);
    }
    check(data)?;
    if count > isize::MAX as usize / size_of::<T>() {
        return Err(Error::Size);
    }
    // SAFETY: it is not null, it is aligned, it is not longer than memory can be, and the rest is promised.
    Ok(unsafe { slice::from_raw_parts(data, count) })
}

/// The one thing at `data`.
///
/// # Safety
///
/// Where `data` is not null, a `T` can be read from there, any bytes are one, and nothing changes it for as long as `'a`.
pub(crate) unsafe fn item<'a, T>(data: *const T) -> Result<&'a T, Error> {
    check(data)?;
    // SAFETY: it is not null, it is aligned, and the rest is promised.
    Ok(unsafe { &*data })
}

/// Writes to where a caller wants something, unless that is null.
///
/// # Safety
///
/// Where `data` is not null, a `T` can be written there.
pub(crate) unsafe fn put<T>(data: *mut T, value: T) -> Result<(), Error> {
    if data.is_null() {
        return Ok(());
    }
    check(data)?;
    // SAFETY: it is not null, it is aligned, and the rest is promised.
    unsafe { data.write(value) };
    Ok(())
}

/// Whether there may be a `T` at `data`.
pub(crate) fn check<T>(data: *const T) -> Result<(), Error> {
    if data.is_null() {
        Err(Error::Null)
    } else if !data.is_aligned() {
        Err(Error::Alignment)
    } else {
        Ok(())
    }
}
