//! Range requests (RFC 9110 section 14).

mod byte_range;
mod coalesce;
mod content_range;
mod number;
mod parts;
mod policy;
mod resolved;
mod response;
mod set;
mod spec;
mod unit;
mod whole;

pub use byte_range::ByteRange;
#[cfg(feature = "cache")]
pub(crate) use coalesce::coalesce;
pub use content_range::{ContentRange, InvalidContentRange, InvalidContentRangeKind};
pub use parts::{Part, Parts};
pub use policy::RangePolicy;
pub use resolved::ResolvedRanges;
pub use response::RangeResponse;
pub use set::{InvalidRanges, InvalidRangesKind, Ranges};
pub use whole::WholeReason;
