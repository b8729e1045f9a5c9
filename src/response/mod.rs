//! What the response carries (RFC 9110 section 15).

mod after_put;
mod head;
mod modified;
mod names;

pub use head::{Carries, RemovedNames, ResponseHead};
pub use modified::{Clocks, Modified};
pub(crate) use names::{Known, Names, NamesIter};
