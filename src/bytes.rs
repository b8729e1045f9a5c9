//! Bytes of field values (RFC 9110 section 5.5), for all fields: mostly functions that the lowest
//! Rust does not have yet.

use core::fmt;

/// Whether to read by words, which is faster and takes more code: not on small processors, and not
/// in `tests/small`, which compares the two ways.
pub(crate) const BY_WORDS: bool = cfg!(all(
    target_pointer_width = "64",
    not(http_conditional_small)
));

/// A value without the optional white space around it: SP and HTAB only (section 5.6.3). It is not
/// part of the value (section 5.5), so every parser of a field value ignores it.
///
/// ```abnf
/// OWS = *( SP / HTAB )
/// ```
#[inline]
pub(crate) const fn trim_ows(value: &[u8]) -> &[u8] {
    match value {
        // Nearly every value has none, as servers have taken it off: inlined, that takes a quarter
        // of the instructions.
        [b'!'..=u8::MAX, ..] if BY_WORDS && matches!(value, [.., b'!'..=u8::MAX]) => value,
        _ => trim_ows_that_is_there(value),
    }
}

#[cfg_attr(target_pointer_width = "64", cold)]
const fn trim_ows_that_is_there(value: &[u8]) -> &[u8] {
    let mut value = trim_ows_start(value);
    while let [before @ .., b' ' | b'\t'] = value {
        value = if BY_WORDS {
            trim_words_end(before)
        } else {
            before
        };
    }
    value
}

/// The same, before the value only.
pub(crate) const fn trim_ows_start(mut value: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', after @ ..] = value {
        value = if BY_WORDS {
            trim_words_start(after)
        } else {
            after
        };
    }
    value
}

/// Skips words of nothing but white space: for a value that is all SP, a sixth of the instructions
/// of byte by byte.
// The bytes of a word, in order.
#[allow(clippy::many_single_char_names)]
const fn trim_words_start(mut value: &[u8]) -> &[u8] {
    while let [a, b, c, d, e, f, g, h, after @ ..] = value {
        if !is_ows(u64::from_le_bytes([*a, *b, *c, *d, *e, *f, *g, *h])) {
            break;
        }
        value = after;
    }
    value
}

/// The same from the end.
#[allow(clippy::many_single_char_names)]
const fn trim_words_end(mut value: &[u8]) -> &[u8] {
    while let [before @ .., a, b, c, d, e, f, g, h] = value {
        if !is_ows(u64::from_le_bytes([*a, *b, *c, *d, *e, *f, *g, *h])) {
            break;
        }
        value = before;
    }
    value
}

/// Whether every byte of a word is SP or HTAB.
const fn is_ows(word: u64) -> bool {
    word == all(b' ') || others_than(word, b' ') & others_than(word, b'\t') == 0
}

/// The word of which each byte is this one.
pub(crate) const fn all(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// The high bit of each byte of a word that is not this one.
pub(crate) const fn others_than(word: u64, byte: u8) -> u64 {
    let differences = word ^ all(byte);
    // Nothing is carried, because both are less than 0x80.
    (differences | ((differences & all(0x7f)) + all(0x7f))) & all(0x80)
}

/// A hexadecimal digit in lower case.
pub(crate) const fn hex_digit(nibble: u8) -> u8 {
    match nibble {
        0..=9 => b'0' + nibble,
        _ => b'a' + nibble % 16 - 10,
    }
}

/// `split_at_checked` of Rust 1.80.
pub(crate) fn split_at(bytes: &[u8], middle: usize) -> Option<(&[u8], &[u8])> {
    Some((bytes.get(..middle)?, bytes.get(middle..)?))
}

/// `first_chunk` of Rust 1.77.
pub(crate) fn first_chunk<const N: usize>(bytes: &[u8]) -> Option<&[u8; N]> {
    bytes.get(..N)?.try_into().ok()
}

/// Writes text, with U+FFFD for what is not UTF-8.
pub(crate) fn write_lossy(f: &mut fmt::Formatter<'_>, bytes: &[u8]) -> fmt::Result {
    let mut rest = Some(bytes);
    while let Some(bytes) = rest {
        let (valid, after) = split_valid_utf8(bytes);
        f.write_str(valid)?;
        if after.is_some() {
            f.write_str("\u{fffd}")?;
        }
        rest = after;
    }
    Ok(())
}

/// The valid UTF-8 at the front of `bytes`, and what follows the invalid bytes after that, `None`
/// if there are none: like `utf8_chunks` of Rust 1.79.
fn split_valid_utf8(bytes: &[u8]) -> (&str, Option<&[u8]>) {
    match core::str::from_utf8(bytes) {
        Ok(text) => (text, None),
        Err(error) => {
            let end = error.valid_up_to();
            let valid = bytes.get(..end).unwrap_or_default();
            // Without a length, the invalid part goes on to the end.
            let invalid = error.error_len().map_or(bytes.len(), |length| end + length);
            (
                core::str::from_utf8(valid).unwrap_or_default(),
                Some(bytes.get(invalid..).unwrap_or_default()),
            )
        }
    }
}

/// Whether `name`, in upper or lower case, is this field name, which is given in lower case
/// (section 5.1).
#[inline]
pub(crate) fn is_name<const N: usize>(name: &[u8], lower: &[u8; N]) -> bool {
    if BY_WORDS && N >= 4 {
        return <&[u8; N]>::try_from(name).map_or(false, |name| is_name_by_words(name, lower));
    }
    is_name_by_bytes(name, lower)
}

/// Once for all names, which saves small processors 500 bytes of code.
#[inline(never)]
fn is_name_by_bytes(name: &[u8], lower: &[u8]) -> bool {
    let is_same = |(byte, lower): (&u8, &u8)| byte | case_bit(*lower) == *lower;
    name.len() == lower.len() && name.iter().zip(lower).all(is_same)
}

/// In a third of the instructions of byte by byte: the words of the expected name, and their case
/// bits, are constants.
#[inline]
fn is_name_by_words<const N: usize>(name: &[u8; N], lower: &[u8; N]) -> bool {
    let is_same = |name: u64, lower: u64| name | (lower & all(0x40)) >> 1 == lower;
    if N < 8 {
        // The first four bytes and the last four, which may overlap.
        let ends =
            |name: &[u8]| u64::from(half_at(name, 0)) << 32 | u64::from(half_at(name, N - 4));
        return is_same(ends(name), ends(lower));
    }
    let is_same_at = |at| is_same(word_at(name, at), word_at(lower, at));
    // The last eight bytes first, in which names differ that begin alike; then what is before them,
    // up to where they begin or beyond.
    is_same_at(N - 8) && (0..(N - 1) / 8).all(|place| is_same_at(8 * place))
}

/// The word at this place, or 0 where there is none.
#[inline]
fn word_at(bytes: &[u8], at: usize) -> u64 {
    let word = bytes.get(at..).and_then(first_chunk);
    word.map_or(0, |word| u64::from_le_bytes(*word))
}

/// The half of a word at this place, or 0 where there is none.
#[inline]
fn half_at(bytes: &[u8], at: usize) -> u32 {
    let half = bytes.get(at..).and_then(first_chunk);
    half.map_or(0, |half| u32::from_le_bytes(*half))
}

/// The place of a name in a list, in which a space follows each name; the number of names if it is
/// not in the list. A small letter in the list matches either case, everything else itself.
///
/// For small processors: one search for methods and fields takes half the code of a comparison with
/// each name.
pub(crate) const fn place_in(list: &[u8], name: &[u8]) -> usize {
    let mut place = 0;
    let mut rest = list;
    // What has not been compared yet, as long as everything before is the same.
    let mut left = Some(name);
    while let [listed, after @ ..] = rest {
        left = match (left, *listed) {
            (Some([]), b' ') => break,
            (_, b' ') => {
                place += 1;
                Some(name)
            }
            (Some([byte, after @ ..]), listed) if *byte | case_bit(listed) == listed => Some(after),
            _ => None,
        };
        rest = after;
    }
    place
}

/// The bit in which a small letter may differ, and 0 for other bytes of a name: letters have 0x40
/// set, the hyphen and digits do not; small letters have 0x20 set.
const fn case_bit(listed: u8) -> u8 {
    (listed & 0x40) >> 1 & listed
}

#[cfg(test)]
mod tests {
    use super::{is_name, place_in};

    fn holds<const N: usize>(lower: &[u8; N]) {
        assert!(is_name(lower, lower));
        assert!(is_name(&lower.to_ascii_uppercase(), lower));
        assert!(!is_name(&lower[1..], lower));
        assert!(!is_name(&[lower.as_slice(), b"x"].concat(), lower));
        // No other byte at any place is taken for the one that is there, but the other case of it.
        for place in 0..N {
            for byte in 0..=u8::MAX {
                let mut name = *lower;
                name[place] = byte;
                let is_same = byte.eq_ignore_ascii_case(&lower[place]);
                assert_eq!(is_name(&name, lower), is_same);
            }
        }
    }

    /// 9110-5.1-01: names of every number of words, and of parts of words that overlap.
    #[test]
    fn names_are_compared_whole_and_in_either_case() {
        holds(b"age");
        holds(b"etag");
        holds(b"range");
        holds(b"expires");
        holds(b"if-match");
        holds(b"content-type");
        holds(b"if-none-match");
        holds(b"content-encoding");
        holds(b"if-modified-since");
        holds(b"content-disposition");
        holds(b"x-name-of-24-characters-");
        holds(b"x-name-of-25-characters--");
    }

    /// 9110-5.1-01, 9110-9.1-01: a small letter of the list stands for either case of it, and every
    /// other byte for itself only.
    #[test]
    fn a_name_is_found_at_its_place_in_the_list() {
        let list = b"GET if-range x_9 ";
        for (place, listed) in [b"GET".as_slice(), b"if-range", b"x_9"].iter().enumerate() {
            assert_eq!(place_in(list, listed), place);
            for at in 0..listed.len() {
                for byte in 0..=u8::MAX {
                    let mut name = listed.to_vec();
                    name[at] = byte;
                    let is_same = byte.to_ascii_lowercase() == listed[at] || byte == listed[at];
                    let expected = if is_same { place } else { 3 };
                    assert_eq!(place_in(list, &name), expected, "{name:?}");
                }
            }
        }
        for absent in [
            b"".as_slice(),
            b"GE",
            b"ET",
            b"GET ",
            b"if-rangex",
            b"if-range x_9",
        ] {
            assert_eq!(place_in(list, absent), 3, "{absent:?}");
        }
    }
}
