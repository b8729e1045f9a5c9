//! The trait of errors, wherever the features have it from.

#[cfg(not(feature = "std"))]
pub(crate) use core::error::Error;
#[cfg(feature = "std")]
pub(crate) use std::error::Error;
