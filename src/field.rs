//! The fields that make a request conditional (RFC 9110 section 13.1), and Range (section 14.2).

use core::fmt;

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
    /// `Range` (section 14.2), of which only the presence is looked at.
    Range,
}

impl Field {
    const ALL: [Self; 6] = [
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
    #[must_use]
    pub fn from_name(name: &[u8]) -> Option<Self> {
        // By length first: it turns away nearly every field that is not ours at once.
        let field = match name.len() {
            5 => Self::Range,
            8 if name.last().is_some_and(|last| last | 0x20 == b'h') => Self::IfMatch,
            8 => Self::IfRange,
            13 => Self::IfNoneMatch,
            17 => Self::IfModifiedSince,
            19 => Self::IfUnmodifiedSince,
            _ => return None,
        };
        name.eq_ignore_ascii_case(field.name().as_bytes())
            .then_some(field)
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

/// Writes the name, as the RFC spells it.
impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A set of [`Field`]s.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Fields(u8);

impl Fields {
    /// Whether `field` is one of them.
    #[must_use]
    pub const fn contains(self, field: Field) -> bool {
        self.0 & (1 << field as u8) != 0
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Each of them, in the order of the sections that define them.
    pub fn iter(self) -> impl Iterator<Item = Field> {
        Field::ALL
            .into_iter()
            .filter(move |&field| self.contains(field))
    }

    pub(crate) const EMPTY: Self = Self(0);

    pub(crate) const fn insert(&mut self, field: Field) {
        self.0 |= 1 << field as u8;
    }
}

/// Writes the names, separated by a comma and a space.
impl fmt::Display for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, field) in self.iter().enumerate() {
            f.write_str(if place == 0 { "" } else { ", " })?;
            f.write_str(field.name())?;
        }
        Ok(())
    }
}

impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}
