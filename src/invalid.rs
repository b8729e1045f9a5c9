//! What is wrong with a field value, and where: one type for all parsers.

use core::fmt;

use crate::bytes::trim_ows_start;
use crate::padded::pad;

/// Why a field value is not what it should be, and where.
///
/// Each parser has its own kind, and a name for this type with that kind, such as
/// [`InvalidDate`](crate::InvalidDate).
///
/// ```
/// use http_conditional::{EntityTag, Invalid, InvalidEntityTagKind};
///
/// let error: Invalid<InvalidEntityTagKind> = EntityTag::parse(b"xyzzy").unwrap_err();
/// assert_eq!(error.kind(), InvalidEntityTagKind::OpeningQuote);
/// assert_eq!(error.index(), 0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Invalid<Kind> {
    kind: Kind,
    index: usize,
}

impl<Kind: Copy> Invalid<Kind> {
    pub(crate) const fn new(kind: Kind, index: usize) -> Self {
        Self { kind, index }
    }

    /// The same in `field_value`, if it was found in the value without the white space around it.
    pub(crate) const fn within(self, field_value: &[u8]) -> Self {
        let before = field_value.len() - trim_ows_start(field_value).len();
        Self {
            kind: self.kind,
            index: before + self.index,
        }
    }

    /// What is wrong.
    #[must_use]
    pub const fn kind(self) -> Kind {
        self.kind
    }

    /// Where the wrong part begins: bytes from the start of the value (of the field line, in a
    /// field of several lines). If something is missing at the end, it is the place after the last
    /// byte.
    #[must_use]
    pub const fn index(self) -> usize {
        self.index
    }
}

/// Writes the sentence of the kind, and the place.
impl<Kind: fmt::Display> fmt::Display for Invalid<Kind> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        pad(f, |f| write!(f, "{} at byte {}", self.kind, self.index))
    }
}

#[cfg(any(feature = "std", feature = "core-error"))]
impl<Kind: fmt::Debug + fmt::Display> crate::error::Error for Invalid<Kind> {}
