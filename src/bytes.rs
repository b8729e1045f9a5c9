//! Bytes of a field value (RFC 9110 section 5.5), whatever the field: what the lowest Rust has no
//! name for yet.

/// A value without the optional white space around it, which is SP and HTAB only (section 5.6.3).
///
/// ```abnf
/// OWS = *( SP / HTAB )
/// ```
pub(crate) fn trim_ows(mut value: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] = value {
        value = rest;
    }
    while let [rest @ .., b' ' | b'\t'] = value {
        value = rest;
    }
    value
}

/// `split_at_checked` of Rust 1.80.
pub(crate) fn split_at(bytes: &[u8], middle: usize) -> Option<(&[u8], &[u8])> {
    Some((bytes.get(..middle)?, bytes.get(middle..)?))
}

/// `first_chunk` of Rust 1.77.
pub(crate) fn first_chunk<const N: usize>(bytes: &[u8]) -> Option<&[u8; N]> {
    bytes.get(..N)?.try_into().ok()
}

/// What is valid UTF-8 at the front of `bytes`, and what follows the invalid bytes after that:
/// `None` where there are none, as in `utf8_chunks` of Rust 1.79.
pub(crate) fn split_valid_utf8(bytes: &[u8]) -> (&str, Option<&[u8]>) {
    match core::str::from_utf8(bytes) {
        Ok(text) => (text, None),
        Err(error) => {
            let end = error.valid_up_to();
            let valid = bytes.get(..end).unwrap_or_default();
            // Without a length, what is invalid goes on to the end.
            let invalid = error.error_len().map_or(bytes.len(), |length| end + length);
            (
                core::str::from_utf8(valid).unwrap_or_default(),
                Some(bytes.get(invalid..).unwrap_or_default()),
            )
        }
    }
}
