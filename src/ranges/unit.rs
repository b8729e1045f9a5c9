//! Range units (RFC 9110 section 14.1).

use crate::bytes::split_at;

/// The range unit that counts bytes.
pub(super) const BYTES: &[u8] = b"bytes";

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
