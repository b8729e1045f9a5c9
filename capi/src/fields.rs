//! Which fields a response carries (RFC 9110 section 15).

use core::ffi::c_int;

use http_conditional::{Carries, ResponseHead};

use crate::error::{Error, answer, only_known};
use crate::memory;

pub(crate) const WITH_ETAG: u32 = 1;
pub(crate) const WITH_IF_RANGE: u32 = 2;
pub(crate) const SEVERAL_PARTS: u32 = 4;

pub(crate) const OMITTED: c_int = 0;
pub(crate) const OWN: c_int = 1;
pub(crate) const ALLOWED: c_int = 2;
pub(crate) const REQUIRED: c_int = 3;

fn head(status: c_int, flags: u32) -> Result<ResponseHead, Error> {
    only_known(flags, WITH_ETAG | WITH_IF_RANGE | SEVERAL_PARTS)?;
    let if_range = flags & WITH_IF_RANGE != 0;
    match status {
        304 => Ok(ResponseHead::NotModified {
            has_etag: flags & WITH_ETAG != 0,
        }),
        206 if flags & SEVERAL_PARTS != 0 => Ok(ResponseHead::Parts { if_range }),
        206 => Ok(ResponseHead::Part { if_range }),
        412 => Ok(ResponseHead::PreconditionFailed),
        416 => Ok(ResponseHead::RangeNotSatisfiable),
        _ => Err(Error::Argument),
    }
}

/// See the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hcond_carries(
    status: c_int,
    flags: u32,
    name: *const u8,
    length: usize,
) -> c_int {
    // SAFETY: the header requires it of the caller.
    answer((|| unsafe {
        let head = head(status, flags)?;
        Ok(match head.carries(memory::bytes(name, length)?) {
            Carries::Required => REQUIRED,
            Carries::Allowed => ALLOWED,
            Carries::Own => OWN,
            Carries::Omitted => OMITTED,
        })
    })())
}

/// See the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hcond_keeps(
    status: c_int,
    flags: u32,
    name: *const u8,
    length: usize,
) -> c_int {
    // SAFETY: the header requires it of the caller.
    answer((|| unsafe {
        let head = head(status, flags)?;
        Ok(head.keeps(memory::bytes(name, length)?).into())
    })())
}
