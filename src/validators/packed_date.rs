//! A date (RFC 9110 section 5.6.7) that there may be, as it is kept in a state.

use super::HttpDate;

/// A date that there may be, beside smaller values: it begins at every fourth byte, and not at every
/// eighth. `Preconditions` has 72 bytes then on a Cortex-M0, and not 80; and 96 where a word has 64
/// bits, and not 104.
#[derive(Clone, Copy, Debug)]
#[repr(packed(4))]
pub(crate) struct PackedDate(pub(crate) Option<HttpDate>);
