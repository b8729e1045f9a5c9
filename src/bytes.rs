//! Bytes of a field value (RFC 9110 section 5.5), whatever the field: what the lowest Rust has no
//! name for yet.

/// Whether to read by words where that is faster and takes more code: not on small processors, and
/// not in `tests/small`, which holds one way to the other.
pub(crate) const BY_WORDS: bool = cfg!(all(
    target_pointer_width = "64",
    not(http_conditional_small)
));

/// A value without the optional white space around it, which is SP and HTAB only (section 5.6.3)
/// and no part of the value (section 5.5): every parser of a field value passes over it.
///
/// ```abnf
/// OWS = *( SP / HTAB )
/// ```
pub(crate) const fn trim_ows(value: &[u8]) -> &[u8] {
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

/// The same before the value only.
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

/// Passes over words that are white space and nothing else, for values that are nothing else: a
/// sixth of the instructions of one byte by one, where it is all SP.
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
    // Nothing is carried, as both are less than 0x80.
    (differences | ((differences & all(0x7f)) + all(0x7f))) & all(0x80)
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

/// Whether this is the field name that is given in lower case, in whatever case it came (section
/// 5.1).
#[inline]
pub(crate) fn is_name<const N: usize>(name: &[u8], lower: &[u8; N]) -> bool {
    let name = match <&[u8; N]>::try_from(name) {
        Ok(name) => name,
        Err(_) => return false,
    };
    if BY_WORDS && N >= 4 {
        return is_name_by_words(name, lower);
    }
    // Without a branch for each byte, as the length is known.
    let pairs = name.iter().zip(lower);
    let differences = pairs.fold(0, |differences, (byte, lower)| {
        differences | ((byte | case_bit(*lower)) ^ lower)
    });
    differences == 0
}

/// A third of the instructions of one byte by one: the words of the name that is asked for, and their
/// case bits, are constants.
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
fn word_at(bytes: &[u8], at: usize) -> u64 {
    let word = bytes.get(at..).and_then(first_chunk);
    word.map_or(0, |word| u64::from_le_bytes(*word))
}

/// The half of a word at this place, or 0 where there is none.
fn half_at(bytes: &[u8], at: usize) -> u32 {
    let half = bytes.get(at..).and_then(first_chunk);
    half.map_or(0, |half| u32::from_le_bytes(*half))
}

/// The place of a name in a list, in which a space follows each name; how many names there are
/// where it is none of them. Small letters in the list stand for either case, all else for itself.
///
/// For small processors: one search for methods and fields takes half of the code of a comparison
/// for each name.
pub(crate) const fn place_in(list: &[u8], name: &[u8]) -> usize {
    let mut place = 0;
    let mut rest = list;
    // What has not been compared yet, as long as all before is the same.
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

/// The bit by which a small letter may differ, and none for other bytes of a name: 0x40 is set in
/// letters, and neither in the hyphen nor in digits; 0x20 is set in small ones.
const fn case_bit(listed: u8) -> u8 {
    (listed & 0x40) >> 1 & listed
}

#[cfg(test)]
mod tests {
    use super::is_name;

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
                assert_eq!(is_name(&name, lower), is_same, "{}", name.escape_ascii());
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
}
