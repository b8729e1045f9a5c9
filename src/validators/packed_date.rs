//! A date (RFC 9110 section 5.6.7) that there may be, as it is kept in a state.

use super::HttpDate;

/// A date that there may be, beside smaller values: where a word has 32 bits it begins at any word,
/// and not at every second one. On a Cortex-M0 `Preconditions` has 72 bytes then, and not 80.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(target_pointer_width = "32", repr(packed(4)))]
pub(crate) struct PackedDate(pub(crate) Option<HttpDate>);
