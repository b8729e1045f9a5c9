//! Bytes of a field value (RFC 9110 section 5.5), whatever the field.

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
