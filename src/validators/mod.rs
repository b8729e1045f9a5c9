//! Validators (RFC 9110 section 8.8): entity tags, modification dates, and the representation that
//! they belong to.

mod date;
mod etag;
mod representation;

pub use date::{HttpDate, InvalidDate, InvalidDateKind, OutOfRange};
pub(crate) use date::{Received, Spelling};
#[cfg(feature = "heapless")]
pub use etag::EntityTagBuf;
pub use etag::{EntityTag, EntityTagList, EntityTags, InvalidEntityTag, InvalidEntityTagKind};
pub(crate) use etag::{Members, Reading, is_any};
pub use representation::Representation;
