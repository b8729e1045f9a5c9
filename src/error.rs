//! The trait `Error`, from std or core, as the features say.

#[cfg(not(feature = "std"))]
pub(crate) use core::error::Error;
#[cfg(feature = "std")]
pub(crate) use std::error::Error;
