//! Which ranges are sent (RFC 9110 section 14).

use core::ffi::c_int;
use core::mem::size_of;

use http_conditional::{ContentRange, Field, Part, RangeResponse, WholeReason};

use crate::error::{Error, answer, only_known};
use crate::memory;
use crate::state::State;
use crate::text::Text;

/// `hcond_byte_range` of the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct ByteRange {
    /// The position of the first byte.
    pub first: u64,
    /// The position of the last one.
    pub last: u64,
}

/// `hcond_range_policy` of the header.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct RangePolicy {
    /// The departures.
    pub flags: u32,
    /// How many ranges a set may have.
    pub max_ranges: u32,
    /// How many of them may begin at or before the end of the range before them.
    pub max_reversals: u32,
    /// Must be 0.
    pub reserved: u32,
    /// How many bytes they may have in all.
    pub max_bytes: u64,
}

pub(crate) const MALFORMED_IS_416: u32 = 1;
pub(crate) const EXCESS_IS_416: u32 = 2;
pub(crate) const EMPTY_IS_200: u32 = 4;
pub(crate) const FIRST_ONLY: u32 = 8;
pub(crate) const SPACES_AROUND_HYPHEN: u32 = 16;

pub(crate) const WHOLE_NO_RANGE: c_int = 1;
pub(crate) const WHOLE_DECISION: c_int = 2;
pub(crate) const WHOLE_UNIT: c_int = 3;
pub(crate) const WHOLE_MALFORMED: c_int = 4;
pub(crate) const WHOLE_EMPTY: c_int = 5;
pub(crate) const WHOLE_TOO_MANY: c_int = 6;
pub(crate) const WHOLE_REVERSALS: c_int = 7;
pub(crate) const WHOLE_TOO_LONG: c_int = 8;
pub(crate) const WHOLE_NO_ROOM: c_int = 9;

impl RangePolicy {
    fn policy(self) -> Result<http_conditional::RangePolicy, Error> {
        only_known(self.flags, 31)?;
        if self.reserved != 0 {
            return Err(Error::Argument);
        }
        let mut policy = http_conditional::RangePolicy::new()
            .max_ranges(self.max_ranges as usize)
            .max_reversals(self.max_reversals as usize)
            .max_bytes(self.max_bytes);
        if self.flags & MALFORMED_IS_416 != 0 {
            policy = policy.malformed_is_416();
        }
        if self.flags & EXCESS_IS_416 != 0 {
            policy = policy.excess_is_416();
        }
        if self.flags & EMPTY_IS_200 != 0 {
            policy = policy.empty_is_200();
        }
        if self.flags & FIRST_ONLY != 0 {
            policy = policy.first_only();
        }
        if self.flags & SPACES_AROUND_HYPHEN != 0 {
            policy = policy.spaces_around_hyphen();
        }
        Ok(policy)
    }
}

fn why_whole(reason: WholeReason) -> c_int {
    match reason {
        WholeReason::NoRange => WHOLE_NO_RANGE,
        WholeReason::Decision => WHOLE_DECISION,
        WholeReason::Unit => WHOLE_UNIT,
        WholeReason::Malformed(_) => WHOLE_MALFORMED,
        WholeReason::Empty => WHOLE_EMPTY,
        WholeReason::TooMany => WHOLE_TOO_MANY,
        WholeReason::Reversals => WHOLE_REVERSALS,
        WholeReason::TooLong => WHOLE_TOO_LONG,
        _ => WHOLE_NO_ROOM,
    }
}

/// The caller's array for the parts.
struct Room {
    parts: *mut ByteRange,
    capacity: usize,
}

impl Room {
    /// Writes all parts, or none and `false` if there is no room for all of them.
    ///
    /// # Safety
    ///
    /// `capacity` ranges can be written at `parts`.
    unsafe fn fill(&self, count: usize, parts: impl Iterator<Item = Part>) -> bool {
        if count > self.capacity {
            return false;
        }
        for (place, part) in parts.take(self.capacity).enumerate() {
            let (first, last) = (part.range().first(), part.range().last());
            // SAFETY: `place` is less than `capacity`, and there is room for so many, as promised.
            unsafe { self.parts.add(place).write(ByteRange { first, last }) };
        }
        true
    }
}

/// See the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hcond_range(
    state: *const State,
    value: *const u8,
    length: usize,
    complete_length: u64,
    policy: *const RangePolicy,
    policy_size: usize,
    parts: *mut ByteRange,
    capacity: usize,
    count: *mut usize,
    why_whole_is_sent: *mut c_int,
) -> c_int {
    // SAFETY: the header requires it of the caller.
    answer((|| unsafe {
        let preconditions = State::preconditions(state)?;
        let range = match value.is_null() {
            true if length > 0 => return Err(Error::Null),
            // A Range that was not passed to hcond_field is ignored: the decision did not take it into account.
            false if preconditions.present().contains(Field::Range) => {
                Some(memory::bytes(value, length)?)
            }
            _ => None,
        };
        let policy = if policy.is_null() {
            http_conditional::RangePolicy::new()
        } else if policy_size == size_of::<RangePolicy>() {
            memory::item(policy)?.policy()?
        } else {
            return Err(Error::Size);
        };
        if capacity > 0 {
            memory::check(parts)?;
        }
        memory::check(count)?;
        if !why_whole_is_sent.is_null() {
            memory::check(why_whole_is_sent)?;
        }
        let room = Room { parts, capacity };
        let response =
            RangeResponse::with_policy(preconditions.decide(), range, complete_length, policy);
        let (status, sent, why) = match response {
            RangeResponse::Whole(reason) => (200, 0, why_whole(reason)),
            RangeResponse::Unsatisfiable(_) => (416, 0, 0),
            RangeResponse::Part(part) if room.fill(1, Some(part).into_iter()) => (206, 1, 0),
            RangeResponse::Parts(parts) if room.fill(parts.len(), parts.clone()) => {
                (206, parts.len(), 0)
            }
            RangeResponse::Part(_) | RangeResponse::Parts(_) => (200, 0, WHOLE_NO_ROOM),
        };
        memory::put(count, sent)?;
        memory::put(why_whole_is_sent, why)?;
        Ok(status)
    })())
}

/// See the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hcond_content_range(
    first: u64,
    last: u64,
    complete_length: u64,
    buffer: *mut u8,
    size: usize,
) -> c_int {
    // SAFETY: the header requires it of the caller.
    answer(unsafe { Text::new(buffer, size) }.and_then(|text| {
        let complete_length = (complete_length != u64::MAX).then_some(complete_length);
        let range = http_conditional::ByteRange::new(first, last).ok_or(Error::Argument)?;
        let value = ContentRange::satisfied(range, complete_length).ok_or(Error::Argument)?;
        write(value, text)
    }))
}

/// See the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hcond_content_range_unsatisfied(
    complete_length: u64,
    buffer: *mut u8,
    size: usize,
) -> c_int {
    // SAFETY: the header requires it of the caller.
    answer(
        unsafe { Text::new(buffer, size) }
            .and_then(|text| write(ContentRange::unsatisfied(complete_length), text)),
    )
}

fn write(value: ContentRange, mut text: Text) -> Result<c_int, Error> {
    text.push(value.encode(&mut [0; ContentRange::MAX_LEN]));
    text.end()
}

/// See the header.
#[unsafe(no_mangle)]
pub extern "C" fn hcond_range_policy_size() -> usize {
    size_of::<RangePolicy>()
}
