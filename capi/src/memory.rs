//! What a caller points to.

use core::slice;

use crate::error::Error;

/// Bytes with their length: `hcond_bytes` of the header.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Bytes {
    /// Null if there are none.
    pub data: *const u8,
    /// How many.
    pub length: usize,
}

/// The bytes at `data`. There are none if `length` is 0, whatever `data` is.
///
/// # Safety
///
/// If `data` is not null, `length` bytes can be read from there, and nothing changes them during `'a`.
pub(crate) unsafe fn bytes<'a>(data: *const u8, length: usize) -> Result<&'a [u8], Error> {
    // SAFETY: as promised.
    unsafe { items(data, length) }
}

/// Like [`bytes`], for items of any type.
///
/// # Safety
///
/// As for [`bytes`], and any bytes are a valid `T`.
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
/// If `data` is not null, a `T` can be read from there, any bytes are a valid `T`, and nothing changes it during `'a`.
pub(crate) unsafe fn item<'a, T>(data: *const T) -> Result<&'a T, Error> {
    check(data)?;
    // SAFETY: it is not null, it is aligned, and the rest is promised.
    Ok(unsafe { &*data })
}

/// Writes `value` to `data`, unless `data` is null: then the caller does not want it.
///
/// # Safety
///
/// If `data` is not null, a `T` can be written there.
pub(crate) unsafe fn put<T>(data: *mut T, value: T) -> Result<(), Error> {
    if data.is_null() {
        return Ok(());
    }
    check(data)?;
    // SAFETY: it is not null, it is aligned, and the rest is promised.
    unsafe { data.write(value) };
    Ok(())
}

/// Fails if `data` is null, or not aligned for a `T`.
pub(crate) fn check<T>(data: *const T) -> Result<(), Error> {
    if data.is_null() {
        Err(Error::Null)
    } else if !data.is_aligned() {
        Err(Error::Alignment)
    } else {
        Ok(())
    }
}
