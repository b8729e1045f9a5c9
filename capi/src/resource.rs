//! What a server says about the selected representation and about itself.

use core::mem::size_of;

use http_conditional::{EntityTag, Policy, Representation};

use crate::error::{Error, only_known};
use crate::memory::{self, Bytes};

/// `hcond_resource` of the header.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Resource {
    /// What there is: `EXISTS`, `HAS_LAST_MODIFIED` and so on.
    pub flags: u32,
    /// Which departures from the RFC are on.
    pub policy: u32,
    /// The status without conditions, or 0 if it is not known.
    pub status: u32,
    /// Must be 0.
    pub reserved: u32,
    /// In seconds since 1970.
    pub last_modified: i64,
    /// In seconds since 1970.
    pub now: i64,
    /// The value of `ETag`.
    pub etag: Bytes,
    /// The values of `ETag` of other representations.
    pub also: *const Bytes,
    /// How many.
    pub also_count: usize,
    /// Room for that many.
    pub also_room: *mut TagRoom,
}

/// `hcond_tag_room` of the header: room for one entity tag of another representation.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct TagRoom {
    opaque: [usize; 3],
}

const _: () = assert!(size_of::<EntityTag<'_>>() <= size_of::<TagRoom>());
const _: () = assert!(align_of::<EntityTag<'_>>() <= align_of::<TagRoom>());

pub(crate) const EXISTS: u32 = 1;
pub(crate) const HAS_LAST_MODIFIED: u32 = 2;
pub(crate) const STRONG_LAST_MODIFIED: u32 = 4;
pub(crate) const HAS_NOW: u32 = 8;

pub(crate) const EXACT_IF_MODIFIED_SINCE: u32 = 1;
pub(crate) const WEAK_IF_MATCH: u32 = 2;
pub(crate) const LENIENT_ENTITY_TAGS: u32 = 4;
pub(crate) const CASE_INSENSITIVE_DATES: u32 = 8;
pub(crate) const LENIENT_DATES: u32 = 16;
pub(crate) const IF_RANGE_BY_DATE: u32 = 32;

impl Resource {
    /// The representation, and the status without conditions.
    ///
    /// # Safety
    ///
    /// What `etag` and `also` point to can be read, `also_room` can be written, and nothing else changes any of them
    /// during `'a`.
    pub(crate) unsafe fn representation<'a>(&self) -> Result<Representation<'a>, Error> {
        only_known(
            self.flags,
            EXISTS | HAS_LAST_MODIFIED | STRONG_LAST_MODIFIED | HAS_NOW,
        )?;
        if self.reserved != 0 {
            return Err(Error::Argument);
        }
        let mut selected = if self.flags & EXISTS == 0 {
            Representation::ABSENT
        } else {
            Representation::current()
        };
        if !self.etag.data.is_null() {
            // SAFETY: as promised.
            let value = unsafe { memory::bytes(self.etag.data, self.etag.length) }?;
            selected = selected.etag(EntityTag::parse(value).map_err(|_| Error::Tag)?);
        } else if self.etag.length > 0 {
            return Err(Error::Null);
        }
        selected = self.modified(selected)?;
        // SAFETY: as promised.
        Ok(selected.also(unsafe { self.brothers() }?))
    }

    /// The tags of the other representations, kept in the room that the caller lends for them.
    ///
    /// # Safety
    ///
    /// As for `representation`.
    unsafe fn brothers<'a>(&self) -> Result<&'a [EntityTag<'a>], Error> {
        // SAFETY: as promised.
        let values = unsafe { memory::items(self.also, self.also_count) }?;
        if values.is_empty() {
            return Ok(&[]);
        }
        memory::check(self.also_room)?;
        if values.len() > isize::MAX as usize / size_of::<TagRoom>() {
            return Err(Error::Size);
        }
        let room = self.also_room.cast::<EntityTag<'a>>();
        for (place, value) in values.iter().enumerate() {
            // SAFETY: as promised.
            let value = unsafe { memory::bytes(value.data, value.length) }?;
            let tag = EntityTag::parse(value).map_err(|_| Error::Tag)?;
            // SAFETY: a tag is no larger than its room and needs no stricter alignment, which is asserted above, and
            // there is room for each.
            unsafe { room.add(place).write(tag) };
        }
        // SAFETY: that many have been written there, and nothing else writes there during 'a.
        unsafe { memory::items(room, values.len()) }
    }

    #[cfg(feature = "dates")]
    fn modified<'a>(&self, selected: Representation<'a>) -> Result<Representation<'a>, Error> {
        match self.flags & (HAS_LAST_MODIFIED | STRONG_LAST_MODIFIED) {
            0 => Ok(selected),
            HAS_LAST_MODIFIED => {
                Ok(selected.last_modified(crate::dates::date(self.last_modified)?))
            }
            STRONG_LAST_MODIFIED => Err(Error::Argument),
            _ => Ok(selected.strong_last_modified(crate::dates::date(self.last_modified)?)),
        }
    }

    #[cfg(not(feature = "dates"))]
    fn modified<'a>(&self, selected: Representation<'a>) -> Result<Representation<'a>, Error> {
        if self.flags & (HAS_LAST_MODIFIED | STRONG_LAST_MODIFIED | HAS_NOW) == 0 {
            Ok(selected)
        } else {
            Err(Error::Unsupported)
        }
    }

    /// The clock and the departures.
    pub(crate) fn policy(&self) -> Result<Policy, Error> {
        only_known(self.policy, 63)?;
        let mut policy = Policy::new();
        if self.policy & WEAK_IF_MATCH != 0 {
            policy = policy.weak_if_match();
        }
        if self.policy & LENIENT_ENTITY_TAGS != 0 {
            policy = policy.lenient_entity_tags();
        }
        self.of_dates(policy)
    }

    #[cfg(feature = "dates")]
    fn of_dates(&self, mut policy: Policy) -> Result<Policy, Error> {
        if self.flags & HAS_NOW != 0 {
            policy = policy.now(crate::dates::date(self.now)?);
        }
        if self.policy & EXACT_IF_MODIFIED_SINCE != 0 {
            policy = policy.exact_if_modified_since();
        }
        if self.policy & CASE_INSENSITIVE_DATES != 0 {
            policy = policy.case_insensitive_dates();
        }
        if self.policy & LENIENT_DATES != 0 {
            policy = policy.lenient_dates();
        }
        if self.policy & IF_RANGE_BY_DATE != 0 {
            policy = policy.if_range_by_date();
        }
        Ok(policy)
    }

    #[cfg(not(feature = "dates"))]
    fn of_dates(&self, policy: Policy) -> Result<Policy, Error> {
        const OF_DATES: u32 =
            EXACT_IF_MODIFIED_SINCE | CASE_INSENSITIVE_DATES | LENIENT_DATES | IF_RANGE_BY_DATE;
        if self.policy & OF_DATES == 0 {
            Ok(policy)
        } else {
            Err(Error::Unsupported)
        }
    }
}

/// See the header.
#[unsafe(no_mangle)]
pub extern "C" fn hcond_resource_size() -> usize {
    size_of::<Resource>()
}
