//! Entity tags made in the usual ways (RFC 9110 section 8.8.3.1).

use super::EntityTag;
use crate::buffer::BufferTooSmall;
use crate::bytes::hex_digit;

/// Making tags in the usual ways.
impl<'a> EntityTag<'a> {
    /// A strong tag from the digest of the representation's data: its bytes in hexadecimal, two
    /// lower-case digits each, written to the front of `buffer`.
    ///
    /// Make the digest of the content as it is sent: with gzip and without, the tags have to differ
    /// (section 8.8.3.3).
    ///
    /// ```
    /// use http_conditional::EntityTag;
    ///
    /// let digest = [0xd4, 0x1d, 0x8c]; // of SHA-256, say
    /// let mut buffer = [0; 64];
    /// let tag = EntityTag::from_digest(&digest, &mut buffer)?;
    /// assert_eq!(tag.to_string(), "\"d41d8c\"");
    /// # Ok::<(), http_conditional::BufferTooSmall>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`BufferTooSmall`] where `buffer` is shorter than twice the digest.
    pub fn from_digest(digest: &[u8], buffer: &'a mut [u8]) -> Result<Self, BufferTooSmall> {
        let needed = digest.len().saturating_mul(2);
        let buffer = buffer
            .get_mut(..needed)
            .ok_or(BufferTooSmall::new(needed))?;
        for (place, byte) in buffer.chunks_exact_mut(2).zip(digest) {
            place.copy_from_slice(&[hex_digit(byte >> 4), hex_digit(byte & 15)]);
        }
        Ok(Self {
            opaque: buffer,
            weak: false,
        })
    }

    /// The number of bytes that [`from_size_and_modified`](Self::from_size_and_modified) needs.
    pub const SIZE_AND_MODIFIED_LEN: usize = SIZE_AND_MODIFIED_LEN;

    /// A weak tag from what a file system knows: the size in bytes, and the time of the last
    /// modification in seconds since the Unix epoch and nanoseconds after that. Three hexadecimal
    /// numbers, `size-seconds-nanoseconds`.
    ///
    /// It is weak, because two versions can have the same size and time if they are written within
    /// one tick of the clock. The inode is left out on purpose: it differs between the machines of
    /// a fleet, and tells strangers about the file system.
    ///
    /// ```
    /// use http_conditional::EntityTag;
    ///
    /// let mut buffer = [0; EntityTag::SIZE_AND_MODIFIED_LEN];
    /// let tag = EntityTag::from_size_and_modified(4096, 784_111_777, 500_000_000, &mut buffer);
    /// assert_eq!(tag.to_string(), "W/\"1000-2ebc98a1-1dcd6500\"");
    /// ```
    #[must_use]
    pub fn from_size_and_modified(
        size: u64,
        seconds: i64,
        nanoseconds: u32,
        buffer: &'a mut [u8; SIZE_AND_MODIFIED_LEN],
    ) -> Self {
        let seconds = u64::from_ne_bytes(seconds.to_ne_bytes());
        let mut places = buffer.iter_mut();
        let mut length = 0;
        for (number, separator) in [
            (size, Some(b'-')),
            (seconds, Some(b'-')),
            (u64::from(nanoseconds), None),
        ] {
            let digits = (u64::BITS - (number | 1).leading_zeros() + 3) / 4;
            let digits = (0..digits).rev().map(|digit| number >> (4 * digit));
            let digits = digits.map(|number| hex_digit((number & 15).to_le_bytes()[0]));
            // In this order, as `zip` asks its first side first: no place is lost at the end.
            for (byte, place) in digits.chain(separator).zip(places.by_ref()) {
                *place = byte;
                length += 1;
            }
        }
        Self {
            opaque: buffer.get(..length).unwrap_or_default(),
            weak: true,
        }
    }
}

const SIZE_AND_MODIFIED_LEN: usize = 16 + 1 + 16 + 1 + 8;
