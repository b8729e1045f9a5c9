//! An entity tag made of a digest (RFC 9110 section 8.8.3.1), by value.

use core::fmt;

use super::EntityTag;
use crate::bytes::hex_digit;

/// A strong entity tag made of a digest of `N` bytes, 16 or 32 say, of the content as it is sent:
/// two lower-case hexadecimal digits a byte. It owns its bytes, and making it cannot fail.
///
/// Half of a SHA-256 is enough, unless somebody who writes both contents gains from a tag that they
/// share: take all 32 bytes then.
///
/// ```
/// use http_conditional::{DigestTag, Representation};
///
/// const TAG: DigestTag<16> = DigestTag::new(*b"0123456789abcdef");
/// let current = Representation::current().etag(TAG.as_tag());
/// assert_eq!(TAG.to_string(), "\"30313233343536373839616263646566\"");
///
/// let sha256 = [0xab; 32]; // of the content
/// let half = DigestTag::<16>::new(sha256[..16].try_into()?);
/// assert_eq!(half.as_tag().opaque().len(), 32);
/// # Ok::<(), std::array::TryFromSliceError>(())
/// ```
///
/// `N` is 32 at most; more does not compile.
#[derive(Clone, Copy)]
pub struct DigestTag<const N: usize> {
    /// What comes after the first `2 * N` is zero.
    digits: [u8; MAX_DIGITS],
}

const MAX_DIGITS: usize = 64;

impl<const N: usize> DigestTag<N> {
    const FITS: () = assert!(N <= MAX_DIGITS / 2, "a digest of at most 32 bytes");

    /// Of this digest.
    #[must_use]
    pub const fn new(digest: [u8; N]) -> Self {
        // Checked when the program is compiled.
        #[allow(clippy::let_unit_value)]
        let () = Self::FITS;
        let mut digits = [0; MAX_DIGITS];
        let mut index = 0;
        while index < N && index < MAX_DIGITS / 2 {
            digits[2 * index] = hex_digit(digest[index] >> 4);
            digits[2 * index + 1] = hex_digit(digest[index] & 15);
            index += 1;
        }
        Self { digits }
    }

    /// The tag, borrowed.
    #[must_use]
    pub fn as_tag(&self) -> EntityTag<'_> {
        EntityTag::from_parts(self.digits.get(..2 * N).unwrap_or(&self.digits), false)
    }
}

impl<const N: usize> From<[u8; N]> for DigestTag<N> {
    fn from(digest: [u8; N]) -> Self {
        Self::new(digest)
    }
}

/// Writes the field value, as [`EntityTag`] does.
impl<const N: usize> fmt::Display for DigestTag<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_tag().fmt(f)
    }
}

impl<const N: usize> fmt::Debug for DigestTag<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_tag().fmt(f)
    }
}
