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

/// Whether this is the field name that is given in lower case, in whatever case it came (section
/// 5.1). Without a branch for each byte, as the length is known.
pub(crate) fn is_name<const N: usize>(name: &[u8], lower: &[u8; N]) -> bool {
    let differences = |name: &[u8; N]| {
        let pairs = name.iter().zip(lower);
        pairs.fold(0, |differences, (byte, lower)| {
            // A letter may come in either case: 0x40 is set in letters, and neither in the hyphen
            // nor in digits.
            differences | ((byte | (lower & 0x40) >> 1) ^ lower)
        })
    };
    matches!(<&[u8; N]>::try_from(name), Ok(name) if differences(name) == 0)
}
