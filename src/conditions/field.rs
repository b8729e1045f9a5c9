//! The fields that make a request conditional (RFC 9110 section 13.1), and Range (section 14.2).

use core::fmt;

use crate::bytes::{BY_WORDS, is_name, place_in};

/// A field that takes part in the evaluation: the five of [RFC 9110 section 13.1], and Range.
///
/// [RFC 9110 section 13.1]: https://www.rfc-editor.org/rfc/rfc9110#section-13.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Field {
    /// `If-Match` (section 13.1.1).
    IfMatch,
    /// `If-None-Match` (section 13.1.2).
    IfNoneMatch,
    /// `If-Modified-Since` (section 13.1.3).
    IfModifiedSince,
    /// `If-Unmodified-Since` (section 13.1.4).
    IfUnmodifiedSince,
    /// `If-Range` (section 13.1.5).
    IfRange,
    /// `Range` (section 14.2); only its presence counts here.
    Range,
}

impl Field {
    pub(super) const ALL: [Self; 6] = [
        Self::IfMatch,
        Self::IfNoneMatch,
        Self::IfModifiedSince,
        Self::IfUnmodifiedSince,
        Self::IfRange,
        Self::Range,
    ];

    /// The field of this name, in whatever case it came (section 5.1); `None` for every other
    /// field.
    ///
    /// ```
    /// use http_conditional::Field;
    ///
    /// assert_eq!(Field::from_name(b"IF-none-Match"), Some(Field::IfNoneMatch));
    /// assert_eq!(Field::from_name(b"If"), None);
    /// ```
    #[inline]
    #[must_use]
    pub fn from_name(name: &[u8]) -> Option<Self> {
        if !BY_WORDS {
            let list =
                b"if-match if-none-match if-modified-since if-unmodified-since if-range range ";
            return Self::ALL.get(place_in(list, name)).copied();
        }
        // By length first: that rules out nearly every field that is not ours.
        match name.len() {
            5 => is(name, b"range", Self::Range),
            8 => is(name, b"if-match", Self::IfMatch).or(is(name, b"if-range", Self::IfRange)),
            13 => is(name, b"if-none-match", Self::IfNoneMatch),
            17 => is(name, b"if-modified-since", Self::IfModifiedSince),
            19 => is(name, b"if-unmodified-since", Self::IfUnmodifiedSince),
            _ => None,
        }
    }

    /// Whether any of the fields may have a name of this length, in bytes. Only the five low bits
    /// are looked at: a name that is 32 bytes longer is rare, and to rule it out here would take
    /// three instructions for every field of a request.
    // Only the low bits count.
    #[allow(clippy::cast_possible_truncation)]
    pub(crate) const fn may_have_length(length: usize) -> bool {
        const LENGTHS: u32 = 1 << 5 | 1 << 8 | 1 << 13 | 1 << 17 | 1 << 19;
        LENGTHS.wrapping_shr(length as u32) & 1 != 0
    }

    /// The name, as the RFC spells it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::IfMatch => "If-Match",
            Self::IfNoneMatch => "If-None-Match",
            Self::IfModifiedSince => "If-Modified-Since",
            Self::IfUnmodifiedSince => "If-Unmodified-Since",
            Self::IfRange => "If-Range",
            Self::Range => "Range",
        }
    }
}

/// The field, if this is its name, given in lower case here.
fn is<const N: usize>(name: &[u8], lower: &[u8; N], field: Field) -> Option<Field> {
    is_name(name, lower).then_some(field)
}

/// The name, so that a pair of a field and a value is a [`Line`](crate::Line).
impl AsRef<[u8]> for Field {
    fn as_ref(&self) -> &[u8] {
        self.name().as_bytes()
    }
}

/// Writes the name, as the RFC spells it.
impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
