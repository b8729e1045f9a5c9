//! An optional date (RFC 9110 section 5.6.7), as a state keeps it.

use super::HttpDate;

/// An optional date, aligned to four bytes rather than eight. `Preconditions` then has 72 bytes on
/// a Cortex-M0 instead of 80, and 96 on 64-bit machines instead of 104.
#[derive(Clone, Copy, Debug)]
#[repr(packed(4))]
pub(crate) struct PackedDate(pub(crate) Option<HttpDate>);
