//! How much of the content of the 200 is sent (RFC 9110 sections 6.4.1 and 15.3.7).

use core::ops::Range;

use super::{FieldValue, Multipart, Piece};
use crate::ranges::{ByteRange, Part};

/// How much of the content to send with a [`Reply`](crate::Reply) that has one part at most.
///
/// It is exhaustive on purpose: a server handles every outcome.
///
/// ```
/// use http_conditional::{ByteRange, Content};
///
/// fn send(content: Content, data: &[u8]) -> &[u8] {
///     match content {
///         Content::None | Content::Head => b"",
///         Content::Whole => data,
///         Content::Part(range) => range.of(data).unwrap_or_default(),
///     }
/// }
///
/// let part = ByteRange::new(2, 3).map(Content::Part);
/// assert_eq!(part.map(|part| send(part, b"0123456789")), Some(b"23".as_slice()));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Content {
    /// None of it: a 304, 412 or 416. A 412 and a 416 may have content of your own that says what
    /// is wrong.
    None,
    /// The response to a HEAD: the fields of the whole content, and no content.
    ///
    /// Most frameworks drop the content by themselves. If yours takes the Content-Length from the
    /// content that it drops, give it the content all the same.
    Head,
    /// The content as it is.
    Whole,
    /// This part of it.
    Part(ByteRange),
}

impl Content {
    /// Which bytes of the content to send, if it is `complete_length` bytes long. `None` if none:
    /// for [`None`](Self::None) and for [`Head`](Self::Head).
    ///
    /// ```
    /// use http_conditional::Content;
    ///
    /// assert_eq!(Content::Whole.range(10), Some(0..10));
    /// assert_eq!(Content::Head.range(10), None);
    /// ```
    #[must_use]
    pub fn range(&self, complete_length: u64) -> Option<Range<u64>> {
        match *self {
            Self::None | Self::Head => None,
            Self::Whole => Some(0..complete_length),
            Self::Part(range) => Some(range.into()),
        }
    }

    /// The bytes to send of content that is in memory: none for [`None`](Self::None), and all for
    /// [`Head`](Self::Head), so that the framework drops them.
    ///
    /// ```
    /// use http_conditional::{ByteRange, Content};
    ///
    /// let data = b"0123456789";
    /// let part = Content::Part(ByteRange::new(2, 3).unwrap());
    /// assert_eq!(part.of(data), b"23");
    /// assert_eq!(Content::Head.of(data), data);
    /// assert_eq!(Content::None.of(data), b"");
    /// ```
    #[must_use]
    pub fn of(self, data: &[u8]) -> &[u8] {
        match self {
            Self::None => &[],
            Self::Head | Self::Whole => data,
            Self::Part(range) => range.of(data).unwrap_or_default(),
        }
    }
}

/// How much of the content to send with a [`Reply`](crate::Reply) that may have several parts.
///
/// It is exhaustive on purpose, and separate from [`Content`] so that a server that never sends
/// several parts need not handle them.
///
/// ```
/// use http_conditional::{ContentInParts, Multipart, Part, Piece};
///
/// fn send<P, T>(mut content: ContentInParts<Multipart<P, T>>, data: &[u8]) -> Vec<u8>
/// where
///     P: Iterator<Item = Part> + Clone,
///     T: AsRef<[u8]>,
/// {
///     let mut sent = Vec::new();
///     while let Some(piece) = content.next_piece(data.len() as u64) {
///         sent.extend_from_slice(match piece {
///             Piece::Framing(bytes) => bytes,
///             Piece::Content(range) => range.of(data).unwrap_or_default(),
///         });
///     }
///     sent
/// }
/// # assert_eq!(send::<std::vec::IntoIter<Part>, &str>(ContentInParts::Whole, b"0"), b"0");
/// # assert_eq!(send::<std::vec::IntoIter<Part>, &str>(ContentInParts::Head, b"0"), b"");
/// ```
#[derive(Clone, Copy, Debug)]
pub enum ContentInParts<M> {
    /// As [`Content::None`].
    None,
    /// As [`Content::Head`].
    Head,
    /// The content as it is.
    Whole,
    /// This part of it.
    Part(ByteRange),
    /// Several parts of it, as a [`Multipart`](crate::Multipart) makes them.
    Parts(M),
}

impl<P: Iterator<Item = Part> + Clone, T: AsRef<[u8]>> ContentInParts<Multipart<P, T>> {
    /// The next piece to send, or `None` at the end, if the content is `complete_length` bytes
    /// long. So one loop sends the whole, a part, several parts, or nothing.
    ///
    /// It borrows from this value, so send each piece before you ask for the next.
    ///
    /// ```
    /// use http_conditional::{ByteRange, ContentInParts, Multipart, Part, Piece};
    ///
    /// let range = ByteRange::new(2, 3).unwrap();
    /// let mut content: ContentInParts<Multipart<std::vec::IntoIter<Part>, &str>> =
    ///     ContentInParts::Part(range);
    /// assert_eq!(content.next_piece(10), Some(Piece::Content(range)));
    /// assert_eq!(content.next_piece(10), None);
    /// ```
    pub fn next_piece(&mut self, complete_length: u64) -> Option<Piece<'_>> {
        let range = match self {
            Self::Parts(multipart) => return multipart.next_piece(),
            Self::None | Self::Head => None,
            Self::Whole => complete_length
                .checked_sub(1)
                .and_then(|last| ByteRange::new(0, last)),
            Self::Part(range) => Some(*range),
        };
        *self = Self::None;
        range.map(Piece::Content)
    }
}

/// The content that a [`Reply`](crate::Reply) has: with one part at most, or with several.
pub trait Sent {
    const NONE: Self;
    const HEAD: Self;
    const WHOLE: Self;

    fn part(range: ByteRange) -> Self;

    /// The Content-Type of several parts.
    fn content_type(&self) -> Option<FieldValue<'_>>;
}

impl Sent for Content {
    const NONE: Self = Self::None;
    const HEAD: Self = Self::Head;
    const WHOLE: Self = Self::Whole;

    fn part(range: ByteRange) -> Self {
        Self::Part(range)
    }

    fn content_type(&self) -> Option<FieldValue<'_>> {
        None
    }
}

impl<P, T> Sent for ContentInParts<Multipart<P, T>> {
    const NONE: Self = Self::None;
    const HEAD: Self = Self::Head;
    const WHOLE: Self = Self::Whole;

    fn part(range: ByteRange) -> Self {
        Self::Part(range)
    }

    fn content_type(&self) -> Option<FieldValue<'_>> {
        match self {
            Self::Parts(multipart) => Some(multipart.content_type()),
            _ => None,
        }
    }
}
