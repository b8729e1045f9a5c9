//! Content-Range (RFC 9110 section 14.4), read and written.

use core::fmt;

use super::ByteRange;
use super::number::Number;
use super::unit::{split_bytes, split_range_unit};
use crate::buffer::{MAX_DIGITS, Writer};
use crate::bytes::trim_ows;
use crate::invalid::Invalid;

/// The value of `Content-Range` ([RFC 9110 section 14.4]), in bytes: which range a part is and how
/// long the whole is, or in a 416 only how long the whole is.
///
/// [`Display`](fmt::Display) and [`encode`](Self::encode) write it.
///
/// ```
/// use http_conditional::{ByteRange, ContentRange};
///
/// let content_range = ContentRange::parse(b"bytes 0-4/10")?;
/// assert_eq!(content_range.range(), ByteRange::new(0, 4));
/// assert_eq!(content_range.complete_length(), Some(10));
/// assert_eq!(content_range.to_string(), "bytes 0-4/10");
/// # Ok::<(), http_conditional::InvalidContentRange>(())
/// ```
///
/// ```abnf
/// Content-Range     = range-unit SP ( range-resp / unsatisfied-range )
/// range-resp        = incl-range "/" ( complete-length / "*" )
/// incl-range        = first-pos "-" last-pos
/// unsatisfied-range = "*/" complete-length
/// complete-length   = 1*DIGIT
/// ```
///
/// [RFC 9110 section 14.4]: https://www.rfc-editor.org/rfc/rfc9110#section-14.4
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ContentRange {
    /// `None` in an unsatisfied-range.
    range: Option<ByteRange>,
    /// Above the last position of `range`; `Some` where that is `None`.
    complete_length: Option<u64>,
}

impl ContentRange {
    /// This range of a representation that is `complete_length` bytes long; `None` if that is not
    /// known. Give the length unless it is hard to find out (section 14.4).
    ///
    /// Returns `None` if the range does not lie within that length: a recipient would have to treat
    /// that as invalid.
    ///
    /// ```
    /// use http_conditional::{ByteRange, ContentRange};
    ///
    /// let range = ByteRange::new(0, 4).unwrap();
    /// let unknown = ContentRange::satisfied(range, None).unwrap();
    /// assert_eq!(unknown.to_string(), "bytes 0-4/*");
    /// assert_eq!(ContentRange::satisfied(range, Some(4)), None);
    /// ```
    #[must_use]
    pub const fn satisfied(range: ByteRange, complete_length: Option<u64>) -> Option<Self> {
        match complete_length {
            Some(complete_length) if complete_length <= range.last() => None,
            _ => Some(Self {
                range: Some(range),
                complete_length,
            }),
        }
    }

    /// The range lies within that length, if it is known.
    pub(super) const fn of_part(range: ByteRange, complete_length: Option<u64>) -> Self {
        Self {
            range: Some(range),
            complete_length,
        }
    }

    /// What a 416 says: that the representation is `complete_length` bytes long now.
    ///
    /// ```
    /// use http_conditional::ContentRange;
    ///
    /// assert_eq!(ContentRange::unsatisfied(47_022).to_string(), "bytes */47022");
    /// ```
    #[must_use]
    pub const fn unsatisfied(complete_length: u64) -> Self {
        Self {
            range: None,
            complete_length: Some(complete_length),
        }
    }

    /// Reads the value of a `Content-Range` field.
    ///
    /// White space around it is ignored: it is not part of a field value (section 5.5).
    ///
    /// If the `Content-Range` of a response is invalid or has an unknown unit, a client must not
    /// combine its content with what it has (section 14.4).
    ///
    /// # Errors
    ///
    /// [`InvalidContentRange`] says what is wrong and where. All of these are invalid:
    ///
    /// | value | kind |
    /// |---|---|
    /// | `pages 1-2/3` | [`Unit`](InvalidContentRangeKind::Unit) |
    /// | `bytes=0-4/10`, `bytes` | [`Space`](InvalidContentRangeKind::Space) |
    /// | `bytes -4/10`, `bytes 0-4/`, `bytes */*` | [`Digits`](InvalidContentRangeKind::Digits) |
    /// | `bytes 4/10` | [`Hyphen`](InvalidContentRangeKind::Hyphen) |
    /// | `bytes 0-4` | [`Slash`](InvalidContentRangeKind::Slash) |
    /// | `bytes 0-4/10, bytes 5-9/10` | [`End`](InvalidContentRangeKind::End) |
    /// | `bytes 5-4/10` | [`Order`](InvalidContentRangeKind::Order) |
    /// | `bytes 0-10/10` | [`CompleteLength`](InvalidContentRangeKind::CompleteLength) |
    /// | `bytes */99999999999999999999` | [`TooLarge`](InvalidContentRangeKind::TooLarge) |
    pub fn parse(field_value: &[u8]) -> Result<Self, InvalidContentRange> {
        let value = trim_ows(field_value);
        let error =
            |kind, rest: &[u8]| Invalid::new(kind, value.len() - rest.len()).within(field_value);
        let digits = |bytes| {
            Number::split_first(bytes).ok_or_else(|| error(InvalidContentRangeKind::Digits, bytes))
        };
        let range_at = match split_bytes(value) {
            Some([b' ', range_at @ ..]) => range_at,
            _ => match split_range_unit(value) {
                ([_, ..], [b' ', ..]) => return Err(error(InvalidContentRangeKind::Unit, value)),
                (_, rest) => return Err(error(InvalidContentRangeKind::Space, rest)),
            },
        };
        let (range, rest) = if let [b'*', rest @ ..] = range_at {
            (None, rest)
        } else {
            let (first, rest) = digits(range_at)?;
            let last_at = match rest {
                [b'-', last_at @ ..] => last_at,
                _ => return Err(error(InvalidContentRangeKind::Hyphen, rest)),
            };
            let (last, rest) = digits(last_at)?;
            // 14.4: invalid if the last-pos is less than the first-pos.
            if last.is_less(last_at, first, range_at) {
                return Err(error(InvalidContentRangeKind::Order, range_at));
            }
            (Some((first, last, last_at)), rest)
        };
        let length_at = match rest {
            [b'/', length_at @ ..] => length_at,
            _ => return Err(error(InvalidContentRangeKind::Slash, rest)),
        };
        let (complete_length, rest) = if let ([b'*', rest @ ..], Some(_)) = (length_at, range) {
            (None, rest)
        } else {
            let (complete_length, rest) = digits(length_at)?;
            (Some(complete_length), rest)
        };
        if !rest.is_empty() {
            return Err(error(InvalidContentRangeKind::End, rest));
        }
        // 14.4: invalid if the complete-length is less than or equal to the last-pos.
        if let (Some(complete_length), Some((_, last, last_at))) = (complete_length, range) {
            if !last.is_less(last_at, complete_length, length_at) {
                return Err(error(InvalidContentRangeKind::CompleteLength, length_at));
            }
        }
        let too_large = |rest| error(InvalidContentRangeKind::TooLarge, rest);
        let range = match range {
            Some((first, last, last_at)) => Some(
                ByteRange::new(first.saturating, last.saturating)
                    .ok_or_else(|| too_large(last_at))?,
            ),
            None => None,
        };
        let complete_length = match complete_length {
            Some(number) => Some(
                number
                    .exact(length_at)
                    .ok_or_else(|| too_large(length_at))?,
            ),
            None => None,
        };
        Ok(Self {
            range,
            complete_length,
        })
    }

    /// Which bytes the response or the body part has; `None` in a 416, which has none.
    #[must_use]
    pub const fn range(self) -> Option<ByteRange> {
        self.range
    }

    /// How many bytes the whole representation has; `None` where it is not known.
    #[must_use]
    pub const fn complete_length(self) -> Option<u64> {
        self.complete_length
    }

    /// The number of bytes that [`encode`](Self::encode) writes at most.
    pub const MAX_LEN: usize = CONTENT_RANGE_MAX_LEN;

    /// Writes the field value to the front of `buffer` and returns what was written: ASCII.
    ///
    /// ```
    /// use http_conditional::ContentRange;
    ///
    /// let mut buffer = [0; ContentRange::MAX_LEN];
    /// assert_eq!(ContentRange::unsatisfied(10).encode(&mut buffer), b"bytes */10");
    /// ```
    #[must_use]
    pub fn encode(self, buffer: &mut [u8; CONTENT_RANGE_MAX_LEN]) -> &[u8] {
        let mut writer = Writer::new(buffer);
        self.write(&mut writer);
        writer.written()
    }

    /// Inlined where there are registers for the writer: a quarter of the instructions.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    pub(crate) fn write(self, writer: &mut Writer<'_>) {
        writer.push(b"bytes ");
        match self.range {
            Some(range) => {
                writer.push_number(range.first());
                writer.push(b"-");
                writer.push_number(range.last());
            }
            None => writer.push(b"*"),
        }
        writer.push(b"/");
        match self.complete_length {
            Some(number) => writer.push_number(number),
            None => writer.push(b"*"),
        }
    }
}

const CONTENT_RANGE_MAX_LEN: usize = "bytes -/".len() + 3 * MAX_DIGITS;

/// Writes the field value, as [`ContentRange::encode`] does.
impl fmt::Display for ContentRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut buffer = [0; Self::MAX_LEN];
        f.pad(core::str::from_utf8(self.encode(&mut buffer)).unwrap_or_default())
    }
}

/// Why a value is not a `Content-Range` in bytes, and where.
///
/// ```
/// use http_conditional::{ContentRange, InvalidContentRangeKind};
///
/// let error = ContentRange::parse(b"bytes 0-10/10").unwrap_err();
/// assert_eq!(error.kind(), InvalidContentRangeKind::CompleteLength);
/// assert_eq!(error.index(), 11);
/// assert_eq!(
///     error.to_string(),
///     "not a Content-Range in bytes: a range that goes beyond the complete length, at byte 11"
/// );
/// ```
pub type InvalidContentRange = Invalid<InvalidContentRangeKind>;

/// What is wrong with a value that is not a `Content-Range` in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum InvalidContentRangeKind {
    /// A unit other than `bytes`.
    Unit,
    /// No unit with a single space after it.
    Space,
    /// No digit where a position or the complete length begins.
    Digits,
    /// No `-` after the first position.
    Hyphen,
    /// No `/` before the complete length.
    Slash,
    /// More bytes after the complete length.
    End,
    /// The last position is less than the first.
    Order,
    /// The complete length is not above the last position.
    CompleteLength,
    /// Valid, but a number is larger than this crate can hold.
    TooLarge,
}

impl fmt::Display for InvalidContentRangeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Unit => "not a Content-Range in bytes: a range unit other than `bytes`,",
            Self::Space => "not a Content-Range in bytes: expected a range unit and a space",
            Self::Digits => "not a Content-Range in bytes: expected a digit",
            Self::Hyphen => "not a Content-Range in bytes: expected `-`",
            Self::Slash => "not a Content-Range in bytes: expected `/`",
            Self::End => "not a Content-Range in bytes: expected nothing more",
            Self::Order => "not a Content-Range in bytes: a range that ends before it begins,",
            Self::CompleteLength => {
                "not a Content-Range in bytes: a range that goes beyond the complete length,"
            }
            Self::TooLarge => "not a Content-Range in bytes: a number too large for 64 bits,",
        })
    }
}
