//! What is wrong with a value that is not an entity tag, or not a list of them (RFC 9110 section
//! 8.8.3).

use core::fmt;

use crate::invalid::Invalid;

/// Why a value is not an entity tag, or not a list of them, and where.
///
/// ```
/// use http_conditional::{EntityTag, InvalidEntityTagKind};
///
/// let error = EntityTag::parse(b"\"a b\"").unwrap_err();
/// assert_eq!(error.kind(), InvalidEntityTagKind::Character);
/// assert_eq!(error.index(), 2);
/// assert_eq!(
///     error.to_string(),
///     "not an entity tag: a character that a tag may not contain, at byte 2"
/// );
/// ```
pub type InvalidEntityTag = Invalid<InvalidEntityTagKind>;

/// What is wrong with a value that is not an entity tag, or not a list of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum InvalidEntityTagKind {
    /// No `"` or `W/"` where a tag begins.
    OpeningQuote,
    /// The value ends before the tag does.
    ClosingQuote,
    /// A space, a control character or another byte that a tag may not contain.
    Character,
    /// More bytes after the tag.
    End,
    /// Two members of a list without a comma between them.
    Comma,
    /// `*` in a list; it has to be alone.
    Wildcard,
}

impl fmt::Display for InvalidEntityTagKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::OpeningQuote => "not an entity tag: expected `\"` or `W/\"`",
            Self::ClosingQuote => "not an entity tag: expected the closing `\"`",
            Self::Character => "not an entity tag: a character that a tag may not contain,",
            Self::End => "not an entity tag: expected nothing after it",
            Self::Comma => "not an entity tag: expected a comma between two tags",
            Self::Wildcard => "not an entity tag: `*` in a list, where it has to be alone,",
        })
    }
}
