//! Several parts in one response: multipart/byteranges (RFC 9110 sections 14.6 and 15.3.7.2).

use core::fmt;

use super::{Boundary, FieldValue};
use crate::buffer::Writer;
use crate::ranges::{ByteRange, ContentRange, Part};

/// The content of a 206 with several parts, piece by piece: it writes what comes between the parts,
/// and says which bytes of the representation come next. Nothing is allocated, and the
/// [length](Self::content_length) is known before anything is sent.
///
/// ```
/// use http_conditional::{Boundary, Decision, Multipart, Piece, RangeResponse};
///
/// let data = b"0123456789";
/// let range: &[u8] = b"bytes=0-1, 7-";
/// let RangeResponse::Parts(parts) = RangeResponse::new(Decision::Perform, Some(range), 10) else {
///     unreachable!();
/// };
/// let boundary = Boundary::new(b"SEPARATOR").unwrap();
/// let mut multipart = Multipart::new(parts, Some("text/plain"), boundary);
/// let length = multipart.content_length();
///
/// let mut content = Vec::new();
/// while let Some(piece) = multipart.next_piece() {
///     content.extend_from_slice(match piece {
///         Piece::Framing(bytes) => bytes,
///         Piece::Content(range) => range.of(data).unwrap_or_default(),
///     });
/// }
/// assert_eq!(length, Some(content.len() as u64));
/// assert_eq!(
///     String::from_utf8_lossy(&content),
///     "--SEPARATOR\r\nContent-Range: bytes 0-1/10\r\nContent-Type: text/plain\r\n\r\n01\
///      \r\n--SEPARATOR\r\nContent-Range: bytes 7-9/10\r\nContent-Type: text/plain\r\n\r\n789\
///      \r\n--SEPARATOR--\r\n"
/// );
/// ```
///
/// A [`Reply`](crate::Reply) makes one if several parts are sent, and sets the fields that go with
/// it. If you make one by hand, set [`content_type`](Self::content_type) in the header section, and
/// no `Content-Range`.
#[derive(Clone)]
#[must_use]
pub struct Multipart<P, T> {
    parts: P,
    /// All of its bytes are allowed in a field value.
    media_type: Option<T>,
    boundary: Boundary,
    content_length: Option<u64>,
    next: Next,
    buffer: [u8; HEAD_LEN],
}

/// What comes next.
#[derive(Clone, Copy, Debug)]
enum Next {
    /// A delimiter, the first of all.
    First,
    /// A delimiter, after a part.
    Delimiter,
    /// The value of the Content-Type of this part.
    MediaType(Part),
    /// The end of the fields of this part.
    EndOfFields(Part),
    Content(Part),
    Nothing,
}

/// A piece of the content of a [`Multipart`], to be sent in order.
///
/// It is exhaustive on purpose: a server sends both kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'m> {
    /// These bytes, which come before a part, between two, or after the last. Several such pieces
    /// may follow each other.
    Framing(&'m [u8]),
    /// These bytes of the representation.
    Content(ByteRange),
}

const CONTENT_RANGE: &[u8] = b"\r\nContent-Range: ";
const CONTENT_TYPE: &[u8] = b"\r\nContent-Type: ";
const END_OF_FIELDS: &[u8] = b"\r\n\r\n";
const CLOSING: &[u8] = b"--\r\n";
/// The longest head of a part, without its media type.
const HEAD_LEN: usize = "\r\n--".len()
    + Boundary::MAX_LEN
    + CONTENT_RANGE.len()
    + ContentRange::MAX_LEN
    + CONTENT_TYPE.len();

impl<P: Iterator<Item = Part> + Clone, T: AsRef<[u8]>> Multipart<P, T> {
    /// These parts, each with `media_type` as its `Content-Type`: the value that the 200 has, which
    /// section 15.3.7.2 wants repeated in each part.
    ///
    /// A media type with a byte that is not allowed in a field value, such as a line end, is left
    /// out: it could smuggle in other fields.
    pub fn new(parts: P, media_type: Option<T>, boundary: Boundary) -> Self {
        let media_type = media_type.filter(|media_type| {
            let mut bytes = media_type.as_ref().iter();
            bytes.all(|&byte| byte == b'\t' || byte >= b' ' && byte != 0x7f)
        });
        let content_length = content_length(parts.clone(), media_type.as_ref(), &boundary);
        Self {
            parts,
            media_type,
            boundary,
            content_length,
            next: Next::First,
            buffer: [0; HEAD_LEN],
        }
    }

    /// The next piece, until there is none.
    ///
    /// It borrows what is in here, so each piece is sent before the next is asked for.
    pub fn next_piece(&mut self) -> Option<Piece<'_>> {
        let (piece, next) = match self.next {
            Next::Nothing => return None,
            Next::First | Next::Delimiter => {
                let mut writer = Writer::new(&mut self.buffer);
                if let Next::Delimiter = self.next {
                    writer.push(b"\r\n");
                }
                writer.push(b"--");
                writer.push(self.boundary.as_bytes());
                let next = if let Some(part) = self.parts.next() {
                    writer.push(CONTENT_RANGE);
                    part.content_range().write(&mut writer);
                    if self.media_type.is_some() {
                        writer.push(CONTENT_TYPE);
                        Next::MediaType(part)
                    } else {
                        Next::EndOfFields(part)
                    }
                } else {
                    writer.push(CLOSING);
                    Next::Nothing
                };
                (Piece::Framing(writer.written()), next)
            }
            Next::MediaType(part) => {
                let media_type = self.media_type.as_ref().map(T::as_ref);
                let bytes = media_type.unwrap_or_default();
                (Piece::Framing(bytes), Next::EndOfFields(part))
            }
            Next::EndOfFields(part) => (Piece::Framing(END_OF_FIELDS), Next::Content(part)),
            Next::Content(part) => (Piece::Content(part.range()), Next::Delimiter),
        };
        self.next = next;
        Some(piece)
    }
}

impl<P, T> Multipart<P, T> {
    /// The number of bytes of all pieces together, sent already or not: the `Content-Length` of the
    /// response. `None` if it does not fit into a [`u64`].
    #[must_use]
    pub const fn content_length(&self) -> Option<u64> {
        self.content_length
    }

    /// The `Content-Type` of the response, with the boundary.
    ///
    /// ```
    /// use http_conditional::{Boundary, Multipart};
    ///
    /// let boundary = Boundary::new(b"a b").unwrap();
    /// let multipart = Multipart::new(std::iter::empty(), None::<&str>, boundary);
    /// let content_type = multipart.content_type().to_string();
    /// assert_eq!(content_type, "multipart/byteranges; boundary=\"a b\"");
    /// ```
    #[must_use]
    pub const fn content_type(&self) -> FieldValue<'_> {
        FieldValue::multipart(&self.boundary)
    }
}

/// The length of all of it.
fn content_length<T: AsRef<[u8]>>(
    parts: impl Iterator<Item = Part>,
    media_type: Option<&T>,
    boundary: &Boundary,
) -> Option<u64> {
    let delimiter = "\r\n--".len() + boundary.as_bytes().len();
    let media_type = media_type
        .as_ref()
        .map(|media_type| media_type.as_ref().len());
    let media_type = media_type.map_or(0, |length| length.saturating_add(CONTENT_TYPE.len()));
    let head = delimiter + CONTENT_RANGE.len() + END_OF_FIELDS.len();
    let head = u64::try_from(head.saturating_add(media_type)).ok()?;
    // The first delimiter has no line end before it.
    let mut length = u64::try_from(delimiter + CLOSING.len() - "\r\n".len()).ok()?;
    let mut buffer = [0; ContentRange::MAX_LEN];
    for part in parts {
        let content_range = part.content_range().encode(&mut buffer).len() as u64;
        length = length.checked_add(head)?.checked_add(content_range)?;
        length = length.checked_add(part.range().len())?;
    }
    Some(length)
}

impl<P, T> fmt::Debug for Multipart<P, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Multipart")
            .field("boundary", &self.boundary)
            .field("content_length", &self.content_length)
            .field("next", &self.next)
            .finish_non_exhaustive()
    }
}
