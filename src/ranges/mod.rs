//! Range requests (RFC 9110 section 14).

// Where processors have 64 bits, what reads a member and counts it is one loop, which keeps its
// state in registers: a fifth of the instructions less.
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
