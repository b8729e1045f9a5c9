//! What the response carries (RFC 9110 section 15).

mod after_put;
mod head;
mod modified;

pub use head::{Carries, ResponseHead};
pub use modified::{Clocks, Modified};
