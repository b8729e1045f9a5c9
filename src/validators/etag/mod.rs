//! Entity tags (RFC 9110 section 8.8.3).

mod digest;
mod invalid;
mod list;
mod making;
#[cfg(feature = "heapless")]
mod owned;
mod scan;
mod small;

use core::fmt;

use crate::buffer::{BufferTooSmall, Writer};
use crate::bytes::{trim_ows, write_lossy};
use crate::padded::pad;
use scan::{etagc_length, same};

pub use digest::DigestTag;
pub use invalid::{InvalidEntityTag, InvalidEntityTagKind};
pub use list::{EntityTagList, EntityTags};
pub(crate) use list::{Members, Reading};
#[cfg(feature = "heapless")]
pub use owned::EntityTagBuf;
pub use small::SmallTag;
#[cfg(all(feature = "dates", feature = "std"))]
pub(crate) use small::is_known;

/// An entity tag ([RFC 9110 section 8.8.3]): an opaque tag, and whether it is weak.
///
/// Two tags are compared by [`strong_eq`](Self::strong_eq) or by [`weak_eq`](Self::weak_eq),
/// never by `==`: `W/"1" == W/"1"` would contradict the strong comparison.
///
/// ```
/// use http_conditional::EntityTag;
///
/// let strong = EntityTag::parse(b"\"xyzzy\"")?;
/// let weak = EntityTag::parse(b"W/\"xyzzy\"")?;
/// assert!(strong.weak_eq(weak));
/// assert!(!strong.strong_eq(weak));
/// assert_eq!(weak.to_string(), "W/\"xyzzy\"");
/// # Ok::<(), http_conditional::InvalidEntityTag>(())
/// ```
///
/// ```abnf
/// entity-tag = [ weak ] opaque-tag
/// weak       = %s"W/"
/// opaque-tag = DQUOTE *etagc DQUOTE
/// etagc      = %x21 / %x23-7E / obs-text
///            ; VCHAR except double quotes, plus obs-text
/// ```
///
/// A comma and a backslash are ordinary characters of a tag, and so is every byte from 0x80 on:
/// no character set is assumed.
///
/// With the feature `http`, it goes where a `HeaderValue` goes: `.header("etag", tag)`.
///
/// [RFC 9110 section 8.8.3]: https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3
#[derive(Clone, Copy)]
pub struct EntityTag<'a> {
    /// What stands between the quotes.
    opaque: &'a [u8],
    weak: bool,
}

impl<'a> EntityTag<'a> {
    /// Reads a field value that is one entity tag, such as the value of `ETag`.
    ///
    /// White space around it is ignored: it is not part of a field value (section 5.5).
    ///
    /// # Errors
    ///
    /// [`InvalidEntityTag`] says what is wrong and where. All of these are invalid:
    ///
    /// | value | kind |
    /// |---|---|
    /// | `xyzzy`, `'xyzzy'`, `w/"xyzzy"`, `*` | [`OpeningQuote`](InvalidEntityTagKind::OpeningQuote) |
    /// | `"xyzzy` | [`ClosingQuote`](InvalidEntityTagKind::ClosingQuote) |
    /// | `"xy zzy"` | [`Character`](InvalidEntityTagKind::Character) |
    /// | `"a", "b"` | [`End`](InvalidEntityTagKind::End) |
    pub const fn parse(field_value: &'a [u8]) -> Result<Self, InvalidEntityTag> {
        // Not the way a list is read: const code cannot split at a position that it has counted.
        let value = trim_ows(field_value);
        let (opaque, weak) = match value {
            [b'"', opaque @ .., b'"'] => (opaque, false),
            [b'W', b'/', b'"', opaque @ .., b'"'] => (opaque, true),
            _ => return Err(Self::wrong(value).within(field_value)),
        };
        if etagc_length(opaque) < opaque.len() {
            return Err(Self::wrong(value).within(field_value));
        }
        Ok(Self { opaque, weak })
    }

    /// What is wrong with a value that is not one entity tag.
    const fn wrong(value: &[u8]) -> InvalidEntityTag {
        let after_quote = match Self::split_opening(value) {
            Ok((_, after_quote)) => after_quote,
            Err(error) => return error,
        };
        let length = etagc_length(after_quote);
        let index = value.len() - after_quote.len() + length;
        if length >= after_quote.len() {
            InvalidEntityTag::new(InvalidEntityTagKind::ClosingQuote, value.len())
        } else if after_quote[length] == b'"' {
            InvalidEntityTag::new(InvalidEntityTagKind::End, index + 1)
        } else {
            InvalidEntityTag::new(InvalidEntityTagKind::Character, index)
        }
    }

    /// The strong tag with this opaque tag, given without its quotes.
    ///
    /// ```
    /// use http_conditional::EntityTag;
    ///
    /// assert_eq!(EntityTag::strong(b"v1")?.to_string(), "\"v1\"");
    /// assert!(EntityTag::strong(b"\"v1\"").is_err());
    /// # Ok::<(), http_conditional::InvalidEntityTag>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Character`](InvalidEntityTagKind::Character) if the opaque tag contains a byte that an
    /// entity tag may not contain: a double quote, a space, a control character.
    pub const fn strong(opaque: &'a [u8]) -> Result<Self, InvalidEntityTag> {
        let length = etagc_length(opaque);
        if length == opaque.len() {
            Ok(Self {
                opaque,
                weak: false,
            })
        } else {
            Err(InvalidEntityTag::new(
                InvalidEntityTagKind::Character,
                length,
            ))
        }
    }

    /// The weak tag with this opaque tag, given without `W/` and quotes.
    ///
    /// ```
    /// use http_conditional::EntityTag;
    ///
    /// assert_eq!(EntityTag::weak(b"v1")?.to_string(), "W/\"v1\"");
    /// # Ok::<(), http_conditional::InvalidEntityTag>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`strong`](Self::strong).
    pub const fn weak(opaque: &'a [u8]) -> Result<Self, InvalidEntityTag> {
        match Self::strong(opaque) {
            Ok(tag) => Ok(Self { weak: true, ..tag }),
            Err(error) => Err(error),
        }
    }

    /// What stands between the quotes.
    #[must_use]
    pub const fn opaque(self) -> &'a [u8] {
        self.opaque
    }

    /// Whether the tag is marked weak, by `W/`.
    #[must_use]
    pub const fn is_weak(self) -> bool {
        self.weak
    }

    /// Strong comparison ([section 8.8.3.2]): neither tag is weak, and their opaque tags are the
    /// same byte for byte. It decides If-Match and If-Range.
    ///
    /// | | | strong | weak |
    /// |---|---|---|---|
    /// | `W/"1"` | `W/"1"` | no match | match |
    /// | `W/"1"` | `W/"2"` | no match | no match |
    /// | `W/"1"` | `"1"` | no match | match |
    /// | `"1"` | `"1"` | match | match |
    ///
    /// [section 8.8.3.2]: https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3.2
    #[inline]
    #[must_use]
    pub fn strong_eq(self, other: EntityTag<'_>) -> bool {
        !self.weak && !other.weak && same(self.opaque, other.opaque)
    }

    /// Weak comparison (section 8.8.3.2): the opaque tags are the same byte for byte, either tag
    /// being weak or not. It decides If-None-Match.
    #[inline]
    #[must_use]
    pub fn weak_eq(self, other: EntityTag<'_>) -> bool {
        same(self.opaque, other.opaque)
    }

    /// Whether a field value is this tag and nothing else, byte for byte.
    #[inline]
    pub(crate) fn is_written(self, field_value: &[u8]) -> bool {
        match field_value {
            [b'"', opaque @ .., b'"'] if !self.weak => same(opaque, self.opaque),
            [b'W', b'/', b'"', opaque @ .., b'"'] if self.weak => same(opaque, self.opaque),
            _ => false,
        }
    }

    /// The number of bytes that [`encode`](Self::encode) writes.
    #[must_use]
    pub const fn encoded_len(self) -> usize {
        self.opaque.len() + if self.weak { 4 } else { 2 }
    }

    /// Writes the tag to the front of `buffer` as a field value, byte for byte, and returns what
    /// was written.
    ///
    /// ```
    /// use http_conditional::EntityTag;
    ///
    /// let mut buffer = [0; 16];
    /// let tag = EntityTag::from_static("W/\"v1\"");
    /// assert_eq!(tag.encode(&mut buffer), Ok(b"W/\"v1\"".as_slice()));
    /// assert_eq!(tag.encode(&mut []).unwrap_err().needed(), 6);
    /// ```
    ///
    /// # Errors
    ///
    /// [`BufferTooSmall`] where `buffer` is shorter than [`encoded_len`](Self::encoded_len);
    /// nothing is written then.
    pub fn encode(self, buffer: &mut [u8]) -> Result<&[u8], BufferTooSmall> {
        let needed = self.encoded_len();
        let buffer = buffer
            .get_mut(..needed)
            .ok_or(BufferTooSmall::new(needed))?;
        let mut writer = Writer::new(buffer);
        self.write(&mut writer);
        writer.finish()
    }

    pub(crate) fn write(self, writer: &mut Writer<'_>) {
        writer.push(if self.weak { b"W/\"" } else { b"\"" });
        writer.push(self.opaque);
        writer.push(b"\"");
    }

    /// The caller has checked that `opaque` is all etagc.
    pub(crate) const fn from_parts(opaque: &'a [u8], weak: bool) -> Self {
        Self { opaque, weak }
    }

    /// Whether the tag that `bytes` begins with is weak, and what follows its opening quote.
    const fn split_opening(bytes: &[u8]) -> Result<(bool, &[u8]), InvalidEntityTag> {
        let index = match bytes {
            [b'"', rest @ ..] => return Ok((false, rest)),
            [b'W', b'/', b'"', rest @ ..] => return Ok((true, rest)),
            [b'W', b'/', ..] => 2,
            _ => 0,
        };
        Err(InvalidEntityTag::new(
            InvalidEntityTagKind::OpeningQuote,
            index,
        ))
    }
}

impl EntityTag<'static> {
    /// The tag in this literal, quotes included: for tests, and for tags that you know when you
    /// write the program. In a `const`, a bad literal does not compile.
    ///
    /// ```
    /// use http_conditional::EntityTag;
    ///
    /// const TAG: EntityTag<'static> = EntityTag::from_static("\"v1\"");
    /// assert_eq!(TAG.opaque(), b"v1");
    /// ```
    ///
    /// # Panics
    ///
    /// If the literal is not an entity tag, such as `v1` without quotes. It is the only function of
    /// this crate that panics.
    #[track_caller]
    #[must_use]
    pub const fn from_static(field_value: &'static str) -> Self {
        match Self::parse(field_value.as_bytes()) {
            Ok(tag) => tag,
            Err(_) => panic!("not an entity tag"),
        }
    }
}

/// Writes the field value. It is exact for every tag that is valid UTF-8, which includes ASCII;
/// other bytes from 0x80 on become U+FFFD, because a [`fmt::Formatter`] takes only text.
/// [`EntityTag::encode`] writes the bytes as they are.
impl fmt::Display for EntityTag<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        pad(f, |f| {
            f.write_str(if self.weak { "W/\"" } else { "\"" })?;
            write_lossy(f, self.opaque)?;
            f.write_str("\"")
        })
    }
}

impl fmt::Debug for EntityTag<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = if self.weak { "W/" } else { "" };
        write!(f, "EntityTag({mark}\"{}\")", self.opaque.escape_ascii())
    }
}
