//! The characters of an entity tag (RFC 9110 section 8.8.3), compared and skipped by words.

use crate::bytes::{BY_WORDS, all, first_chunk, others_than};

/// Whether both are the same, byte for byte. The first word tells most tags of the same length
/// apart, without the call that compares the rest.
#[inline]
pub(super) fn same(one: &[u8], other: &[u8]) -> bool {
    if !BY_WORDS {
        let mut pairs = one.iter().zip(other);
        return one.len() == other.len() && pairs.all(|(one, other)| one == other);
    }
    match (first_chunk::<WORD>(one), first_chunk(other)) {
        (Some(one), Some(other)) if BY_WORDS && one != other => false,
        _ => one == other,
    }
}

pub(super) const fn is_etagc(byte: u8) -> bool {
    matches!(byte, 0x21 | 0x23..=0x7e | 0x80..=0xff)
}

/// How many bytes at the front of `bytes` are etagc.
pub(super) const fn etagc_length(bytes: &[u8]) -> usize {
    let mut length = if BY_WORDS { plain_length(bytes) } else { 0 };
    while length < bytes.len() && is_etagc(bytes[length]) {
        length += 1;
    }
    length
}

/// How many bytes at the front of `bytes` are from 0x23 to 0x7e, as nearly all bytes of nearly all
/// tags are. Reading by words takes a quarter of the instructions of byte by byte. Returns 0 if
/// there is not even one word.
#[inline]
// The bytes of a word, in order.
#[allow(clippy::many_single_char_names)]
pub(super) const fn plain_length(bytes: &[u8]) -> usize {
    let mut rest = bytes;
    // Two words at once save a tenth on a list of tags of 32 bytes.
    while let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, tail @ ..] = rest {
        let one = u64::from_le_bytes([*a, *b, *c, *d, *e, *f, *g, *h]);
        let other = u64::from_le_bytes([*i, *j, *k, *l, *m, *n, *o, *p]);
        if others(one) | others(other) != 0 {
            break;
        }
        rest = tail;
    }
    while let [a, b, c, d, e, f, g, h, tail @ ..] = rest {
        let others = others(u64::from_le_bytes([*a, *b, *c, *d, *e, *f, *g, *h]));
        if others != 0 {
            return bytes.len() - rest.len() + bytes_below(others);
        }
        rest = tail;
    }
    match bytes {
        // What is left is less than a word. Zeros take the place of what has been counted.
        [.., a, b, c, d, e, f, g, h] => {
            let counted = WORD - 1 - bytes.len() % WORD;
            let last = u64::from_le_bytes([*a, *b, *c, *d, *e, *f, *g, *h]);
            let others = others(last >> 8 >> (8 * counted));
            bytes.len() - rest.len() + bytes_below(others)
        }
        _ => 0,
    }
}

/// Skips words at the front that are nothing but commas and white space, and says whether there was
/// a comma. For values that are nothing else, that takes a seventh of the instructions of byte by
/// byte.
// The bytes of a word, in order.
#[allow(clippy::many_single_char_names)]
pub(super) fn after_separators(mut rest: &[u8]) -> (&[u8], bool) {
    let mut before = all(b' ');
    let mut commas = 0;
    while let [a, b, c, d, e, f, g, h, after @ ..] = rest {
        let word = u64::from_le_bytes([*a, *b, *c, *d, *e, *f, *g, *h]);
        // What repeats one byte or two is looked at once.
        if word != before {
            let no_comma = others_than(word, b',');
            if no_comma & others_than(word, b' ') & others_than(word, b'\t') != 0 {
                break;
            }
            commas |= no_comma ^ all(0x80);
            before = word;
        }
        rest = after;
    }
    (rest, commas != 0)
}

/// How many bytes lie below the lowest of `others`.
const fn bytes_below(others: u64) -> usize {
    others.trailing_zeros() as usize / 8
}

/// The bytes of a word.
const WORD: usize = 8;

/// The lowest bit is the high one of the first byte of `word` that is not from 0x23 to 0x7e, and
/// there is none where all are: only such a byte carries or borrows.
const fn others(word: u64) -> u64 {
    (word.wrapping_sub(all(0x23)) | word.wrapping_add(all(1))) & all(0x80)
}

#[cfg(all(test, target_pointer_width = "64"))]
mod tests {
    use super::*;

    /// What reads by words has to go as far as it may: what it leaves is read too, but slowly,
    /// which no other test would notice.
    #[test]
    fn plain_bytes_are_counted_by_words() {
        let mut buffer = [0; 3 * WORD];
        for length in 0..=buffer.len() {
            for end in 0..=length {
                for plain in [0x23, b'a', 0x7e] {
                    for other in [0, b' ', b'!', b'"', 0x7f, 0x80, 0xb0, 0xff] {
                        let bytes = &mut buffer[..length];
                        bytes.fill(plain);
                        bytes[end..].fill(other);
                        let counted = if length < WORD { 0 } else { end };
                        assert_eq!(plain_length(bytes), counted);
                    }
                }
            }
        }
    }

    /// Each byte in each place of a word of commas and white space ends it, but for these.
    #[test]
    fn separators_are_passed_over_by_words() {
        let mut buffer = [b' '; 3 * WORD];
        for separator in [b' ', b'\t', b','] {
            for place in 0..buffer.len() {
                for byte in 0..=255 {
                    buffer.fill(separator);
                    buffer[place] = byte;
                    let is_separator = matches!(byte, b' ' | b'\t' | b',');
                    let end = if is_separator {
                        buffer.len()
                    } else {
                        place / WORD * WORD
                    };
                    let (rest, has_comma) = after_separators(&buffer);
                    assert_eq!(rest, &buffer[end..]);
                    assert_eq!(has_comma, buffer[..end].contains(&b','));
                }
            }
        }
    }
}
