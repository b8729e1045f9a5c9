//! Validators (RFC 9110 section 8.8): entity tags, modification dates, and the representation that
//! they belong to.

#[cfg(feature = "dates")]
mod date;
#[cfg(not(feature = "dates"))]
#[path = "no_date.rs"]
mod date;
mod etag;
#[cfg(feature = "dates")]
mod last_modified;
mod packed_date;
mod representation;

#[cfg(not(feature = "dates"))]
pub(crate) use date::HttpDate;
#[cfg(feature = "dates")]
pub use date::{HttpDate, InvalidDate, InvalidDateKind, OutOfRange};
pub(crate) use date::{Received, Spelling};
#[cfg(feature = "heapless")]
pub use etag::EntityTagBuf;
pub use etag::{
    DigestTag, EntityTag, EntityTagList, EntityTags, InvalidEntityTag, InvalidEntityTagKind,
    SmallTag,
};
pub(crate) use etag::{Members, Reading};
pub(crate) use packed_date::PackedDate;
pub use representation::Representation;

/// Whether dates are read at all. If not, date fields are ignored, as sections 13.1.3 and 13.1.4
/// say for a resource without a modification date.
pub(crate) const DATES: bool = cfg!(feature = "dates");
