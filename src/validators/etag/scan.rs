//! The characters of an entity tag (RFC 9110 section 8.8.3), compared and passed over by words.

/// Whether both are the same, byte for byte. The first word tells most tags of one length apart,
/// and spares them the call that compares the rest.
#[inline]
pub(super) fn same(one: &[u8], other: &[u8]) -> bool {
    match (one.first_chunk::<WORD>(), other.first_chunk()) {
        (Some(one), Some(other)) if BY_WORDS && one != other => false,
        _ => one == other,
    }
}

pub(super) const fn is_etagc(byte: u8) -> bool {
    matches!(byte, 0x21 | 0x23..=0x7e | 0x80..=0xff)
}

/// How many bytes at the front of `bytes` are etagc.
pub(super) const fn etagc_length(bytes: &[u8]) -> usize {
    bytes.len() - skip_etagc(bytes).len()
}

/// What follows the etagc at the front of `bytes`.
const fn skip_etagc(bytes: &[u8]) -> &[u8] {
    let mut rest = if BY_WORDS { skip_plain(bytes) } else { bytes };
    while let [byte, tail @ ..] = rest {
        if !is_etagc(*byte) {
            break;
        }
        rest = tail;
    }
    rest
}

/// What follows the bytes from 0x23 to 0x7e at the front of `bytes`, which is all that nearly any
/// tag has: read by words, a quarter of the instructions of one by one. Nothing is skipped where
/// there is not even one word.
#[inline]
pub(super) const fn skip_plain(bytes: &[u8]) -> &[u8] {
    let mut rest = bytes;
    while let Some((word, tail)) = rest.split_first_chunk::<WORD>() {
        let others = others(usize::from_le_bytes(*word));
        if others != 0 {
            return skip(rest, others);
        }
        rest = tail;
    }
    match bytes.last_chunk::<WORD>() {
        // What is left is less than a word. Zeros take the place of what has been skipped.
        Some(last) => {
            let seen = WORD - 1 - bytes.len() % WORD;
            let word = usize::from_le_bytes(*last) >> 8 >> (8 * seen);
            skip(rest, others(word))
        }
        None => rest,
    }
}

/// What follows the bytes below the lowest of `others`.
const fn skip(bytes: &[u8], others: usize) -> &[u8] {
    match bytes.split_at_checked(others.trailing_zeros() as usize / 8) {
        Some((_, rest)) => rest,
        None => bytes, // not reached: others has a bit for a byte of them, or right after them
    }
}

/// The bytes of a word.
const WORD: usize = size_of::<usize>();

/// Whether to read by words where that is faster and takes more code: not on small processors.
pub(super) const BY_WORDS: bool = cfg!(target_pointer_width = "64");

/// The lowest bit is the high one of the first byte of `word` that is not from 0x23 to 0x7e, and
/// there is none where all are: only such a byte carries or borrows.
const fn others(word: usize) -> usize {
    const ONES: usize = usize::MAX / 0xff;
    (word.wrapping_sub(ONES * 0x23) | word.wrapping_add(ONES)) & (ONES * 0x80)
}

#[cfg(all(test, target_pointer_width = "64"))]
mod tests {
    use super::*;

    /// What reads by words has to go as far as it may: what it leaves is read too, but slowly,
    /// which no other test would notice.
    #[test]
    fn plain_bytes_are_skipped_by_words() {
        let mut buffer = [0; 3 * WORD];
        for length in 0..=buffer.len() {
            for end in 0..=length {
                for plain in [0x23, b'a', 0x7e] {
                    for other in [0, b' ', b'!', b'"', 0x7f, 0x80, 0xb0, 0xff] {
                        let bytes = &mut buffer[..length];
                        bytes.fill(plain);
                        bytes[end..].fill(other);
                        let skipped = if length < WORD { 0 } else { end };
                        assert_eq!(skip_plain(bytes).len(), length - skipped);
                    }
                }
            }
        }
    }
}
