//! What the response carries (RFC 9110 section 15).

mod after_put;
mod head;
#[cfg(feature = "dates")]
mod modified;
mod names;

pub use head::{Carries, RemovedNames, ResponseHead};
#[cfg(feature = "dates")]
pub use modified::{Clocks, Modified};
pub(crate) use names::{Known, Names, NamesIter};
