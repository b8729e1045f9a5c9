//! Range requests (RFC 9110 section 14).

// On 64-bit processors one loop reads a member and counts it, and keeps its state in registers:
// that saves a fifth of the instructions.
#![allow(clippy::inline_always)]

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
mod tally;
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
