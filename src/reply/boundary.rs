//! The line between the parts of a multipart (RFC 2046 section 5.1.1, RFC 9110 section 14.6).

use core::fmt;

use crate::buffer::Writer;
use crate::bytes::hex_digit;

/// The line that separates the parts of a multipart, and is nowhere in them ([RFC 2046 section
/// 5.1.1]).
///
/// No line of the content may begin with two hyphens and the boundary, or a client would take it
/// for the end of a part. So nobody must be able to guess the boundary: make it [from a random
/// number](Self::from_random) for each response. One that never changes, or that clients can work
/// out, is safe only if nobody else can choose the content.
///
/// ```
/// use http_conditional::Boundary;
///
/// let boundary = Boundary::from_random(0x0123_4567_89ab_cdef_0123_4567_89ab_cdef);
/// assert_eq!(boundary.as_bytes(), b"0123456789abcdef0123456789abcdef");
/// assert!(Boundary::new(b"THIS_STRING_SEPARATES").is_some());
/// assert!(Boundary::new(b"a\r\nSet-Cookie: b").is_none());
/// ```
///
/// ```abnf
/// boundary      = 0*69bchars bcharsnospace
/// bchars        = bcharsnospace / " "
/// bcharsnospace = DIGIT / ALPHA / "'" / "(" / ")" / "+" / "_" / "," / "-" / "." / "/" / ":"
///               / "=" / "?"
/// ```
///
/// [RFC 2046 section 5.1.1]: https://www.rfc-editor.org/rfc/rfc2046#section-5.1.1
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Boundary {
    bytes: [u8; Self::MAX_LEN],
    /// From 1 to `MAX_LEN`. The bytes after it are zero.
    length: u8,
}

impl Boundary {
    /// The most bytes that a boundary may have: 70.
    pub const MAX_LEN: usize = 70;

    pub(super) const MAX_CONTENT_TYPE: usize = CONTENT_TYPE.len() + Self::MAX_LEN + 2;

    /// This boundary; `None` where it is empty, longer than 70 bytes, or has a byte that no
    /// boundary may have.
    #[must_use]
    pub fn new(boundary: &[u8]) -> Option<Self> {
        let is_allowed = |&byte: &u8| {
            byte.is_ascii_alphanumeric()
                || NOT_IN_TOKENS.contains(&byte)
                || b"'+_-.".contains(&byte)
        };
        let length = u8::try_from(boundary.len()).ok()?;
        if !boundary.iter().all(is_allowed) || matches!(boundary, [] | [.., b' ']) {
            return None;
        }
        let mut bytes = [0; Self::MAX_LEN];
        // Not copy_from_slice, which checks again that the lengths are the same.
        let place = bytes.get_mut(..boundary.len())?;
        place
            .iter_mut()
            .zip(boundary)
            .for_each(|(to, from)| *to = *from);
        Some(Self { bytes, length })
    }

    /// The boundary that is this number, as 32 hexadecimal digits.
    ///
    /// Take a new number for each response, from the operating system or from a generator that it
    /// seeded. A version 4 UUID will do, with its 122 random bits:
    /// `Boundary::from_random(Uuid::new_v4().as_u128())`.
    #[must_use]
    pub const fn from_random(number: u128) -> Self {
        let mut bytes = [0; Self::MAX_LEN];
        let mut rest = number;
        let mut index = 32;
        while index > 0 {
            index -= 1;
            bytes[index] = hex_digit((rest & 15) as u8);
            rest >>= 4;
        }
        Self { bytes, length: 32 }
    }

    /// The boundary, without the hyphens before it.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.length.into()).unwrap_or_default()
    }

    /// The value of `Content-Type` that names it.
    pub(super) fn write_content_type(&self, writer: &mut Writer<'_>) {
        // A token needs no quotes, and not every client removes them.
        let quote: &[u8] = if self
            .as_bytes()
            .iter()
            .any(|byte| NOT_IN_TOKENS.contains(byte))
        {
            b"\""
        } else {
            b""
        };
        writer.push(CONTENT_TYPE);
        writer.push(quote);
        writer.push(self.as_bytes());
        writer.push(quote);
    }
}

const CONTENT_TYPE: &[u8] = b"multipart/byteranges; boundary=";

/// What a boundary may have and a token may not (RFC 9110 section 5.6.2).
const NOT_IN_TOKENS: &[u8] = b"(),/:=? ";

impl fmt::Debug for Boundary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Boundary({})", self.as_bytes().escape_ascii())
    }
}
