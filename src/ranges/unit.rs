//! Range units (RFC 9110 section 14.1).

use crate::bytes::{is_name, split_at};

/// What follows the range unit, if the unit is `bytes`.
// Inlined, it takes registers from the reading of the set: 25 instructions more.
#[cfg_attr(target_pointer_width = "64", inline(never))]
pub(super) fn split_bytes(value: &[u8]) -> Option<&[u8]> {
    let (unit, rest) = split_at(value, 5)?;
    is_name(unit, b"bytes").then_some(rest)
}

/// A range unit off the front of `bytes`, empty where there is none, and what follows it.
///
/// ```abnf
/// range-unit = token
/// token      = 1*tchar
/// tchar      = "!" / "#" / "$" / "%" / "&" / "'" / "*" / "+" / "-" / "." / "^" / "_" / "`"
///            / "|" / "~" / DIGIT / ALPHA
/// ```
pub(super) fn split_range_unit(bytes: &[u8]) -> (&[u8], &[u8]) {
    let is_tchar = |byte: &u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte);
    let end = bytes.iter().position(|byte| !is_tchar(byte));
    end.and_then(|end| split_at(bytes, end))
        .unwrap_or((bytes, &[]))
}
