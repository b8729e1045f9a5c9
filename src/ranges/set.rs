//! The set of ranges that Range asks for (RFC 9110 section 14.2).

use core::fmt;
use core::iter;

use super::ResolvedRanges;
use super::parts::{Parts, Source};
use super::spec::{Members, RangeSpec};
use super::unit::{split_bytes, split_range_unit};
use crate::bytes::trim_ows;
use crate::invalid::Invalid;

/// A valid set of byte ranges, as `Range` asks for it ([RFC 9110 section 14.2]).
///
/// It borrows the field value and reads it again each time you ask, so any number of ranges takes
/// no memory.
///
/// ```
/// use http_conditional::{InvalidRangesKind, Ranges};
///
/// let ranges = Ranges::parse(b"bytes=0-4, 50-, -3")?;
/// assert_eq!(ranges.count(), 3);
/// let resolved: Vec<_> = ranges.resolve(10).map(|range| (range.first(), range.last())).collect();
/// assert_eq!(resolved, [(0, 4), (7, 9)]);
/// # Ok::<(), http_conditional::InvalidRanges>(())
/// ```
///
/// ```abnf
/// ranges-specifier = range-unit "=" range-set
/// range-set        = 1#range-spec
/// range-spec       = int-range / suffix-range
/// int-range        = first-pos "-" [ last-pos ]
/// first-pos        = 1*DIGIT
/// last-pos         = 1*DIGIT
/// suffix-range     = "-" suffix-length
/// suffix-length    = 1*DIGIT
/// ```
///
/// The unit may be in upper or lower case. Empty members are skipped, as in every list (section
/// 5.6.1.2), and so is white space after the `=`, which an example in section 14.1.2 has although
/// the grammar does not. A number may have any number of digits.
///
/// [RFC 9110 section 14.2]: https://www.rfc-editor.org/rfc/rfc9110#section-14.2
#[derive(Clone, Copy)]
#[must_use]
pub struct Ranges<'a> {
    /// What follows the `=`.
    set: &'a [u8],
    count: usize,
    white_space: bool,
}

impl<'a> Ranges<'a> {
    /// Reads the value of a `Range` field. White space around it is ignored: it is not part of a
    /// field value (section 5.5).
    ///
    /// # Errors
    ///
    /// [`InvalidRanges`] if the unit is not `bytes`, or if any member of the set is malformed. All
    /// of these are invalid:
    ///
    /// | value | kind |
    /// |---|---|
    /// | `pages=1-2` | [`Unit`](InvalidRangesKind::Unit) |
    /// | `bytes 0-4`, `bytes`, `=0-4` | [`Equals`](InvalidRangesKind::Equals) |
    /// | `bytes=`, `bytes=,` | [`Empty`](InvalidRangesKind::Empty) |
    /// | `bytes=a-b`, `bytes=-`, `bytes=0-4, bytes=6-9` | [`Digits`](InvalidRangesKind::Digits) |
    /// | `bytes=5`, `bytes=0 -4` | [`Hyphen`](InvalidRangesKind::Hyphen) |
    /// | `bytes=0-4 6-9`, `bytes=0-4;` | [`Comma`](InvalidRangesKind::Comma) |
    /// | `bytes=6-2` | [`Order`](InvalidRangesKind::Order) |
    ///
    /// Two Range lines joined by a comma are malformed too, because the second one begins with its
    /// unit again.
    pub fn parse(field_value: &'a [u8]) -> Result<Self, InvalidRanges> {
        Self::read(field_value, false, |_| ())
    }

    /// Like [`parse`](Self::parse), calling `each` with every range; `white_space` allows it around
    /// the hyphens.
    pub(super) fn read(
        field_value: &'a [u8],
        white_space: bool,
        mut each: impl FnMut(RangeSpec),
    ) -> Result<Self, InvalidRanges> {
        let value = trim_ows(field_value);
        let error =
            |kind, rest: &[u8]| Invalid::new(kind, value.len() - rest.len()).within(field_value);
        let set = match split_bytes(value) {
            Some([b'=', set @ ..]) => set,
            _ => match split_range_unit(value) {
                ([_, ..], [b'=', ..]) => return Err(error(InvalidRangesKind::Unit, value)),
                (_, rest) => return Err(error(InvalidRangesKind::Equals, rest)),
            },
        };
        let mut count = 0;
        let mut members = Members::of(set, white_space);
        while let Some(spec) = members
            .advance()
            .map_err(|kind| error(kind, members.rest))?
        {
            each(spec);
            count += 1;
        }
        if count == 0 {
            return Err(error(InvalidRangesKind::Empty, &[]));
        }
        Ok(Self {
            set,
            count,
            white_space,
        })
    }

    /// How many ranges are asked for, satisfiable or not: at least one.
    #[must_use]
    pub const fn count(self) -> usize {
        self.count
    }

    /// Whether any of the ranges is satisfiable (section 14.1.2) by a representation that is
    /// `complete_length` bytes long: it begins before the end, or is a suffix that is not empty.
    ///
    /// ```
    /// use http_conditional::Ranges;
    ///
    /// assert!(Ranges::parse(b"bytes=50-60, 9-")?.is_satisfiable(10));
    /// assert!(!Ranges::parse(b"bytes=10-, -0")?.is_satisfiable(10));
    /// // If there is no content, a suffix is satisfiable, although it has no byte.
    /// assert!(Ranges::parse(b"bytes=-5")?.is_satisfiable(0));
    /// assert_eq!(Ranges::parse(b"bytes=-5")?.resolve(0).next(), None);
    /// # Ok::<(), http_conditional::InvalidRanges>(())
    /// ```
    #[must_use]
    pub fn is_satisfiable(self, complete_length: u64) -> bool {
        self.specs()
            .any(|spec| spec.is_satisfiable(complete_length))
    }

    /// Which bytes the satisfiable ranges ask for in a representation that is `complete_length`
    /// bytes long, in the order requested: cut off at the end, and counted from the end for a
    /// suffix. They may overlap.
    pub fn resolve(self, complete_length: u64) -> ResolvedRanges<'a> {
        ResolvedRanges {
            members: Members::of(self.set, self.white_space),
            complete_length,
        }
    }

    /// The parts that the satisfiable ranges ask for. Each has the length of the whole, and so its
    /// `Content-Range`. This is what [`RangeResponse`](crate::RangeResponse) makes of a set, but
    /// without the bounds of a policy.
    ///
    /// ```
    /// use http_conditional::Ranges;
    ///
    /// let parts = Ranges::parse(b"bytes=0-4, 50-, -3")?.parts(10);
    /// let content_ranges: Vec<_> = parts.map(|part| part.content_range().to_string()).collect();
    /// assert_eq!(content_ranges, ["bytes 0-4/10", "bytes 7-9/10"]);
    /// # Ok::<(), http_conditional::InvalidRanges>(())
    /// ```
    pub fn parts(self, complete_length: u64) -> Parts<'a> {
        Parts {
            source: Source::Requested(self.resolve(complete_length)),
            complete_length,
            remaining: self.resolve(complete_length).count(),
        }
    }

    fn specs(self) -> impl Iterator<Item = RangeSpec> + 'a {
        let mut members = Members::of(self.set, self.white_space);
        iter::from_fn(move || members.advance().ok().flatten())
    }
}

impl fmt::Debug for Ranges<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ranges(bytes={})", self.set.escape_ascii())
    }
}

/// Why a value is not a set of byte ranges, and where.
///
/// ```
/// use http_conditional::{InvalidRangesKind, Ranges};
///
/// let error = Ranges::parse(b"bytes=0-4, 6-2").unwrap_err();
/// assert_eq!(error.kind(), InvalidRangesKind::Order);
/// assert_eq!(error.index(), 11);
/// assert_eq!(
///     error.to_string(),
///     "not a set of byte ranges: a range that ends before it begins, at byte 11"
/// );
/// ```
pub type InvalidRanges = Invalid<InvalidRangesKind>;

/// What is wrong with a value that is not a set of byte ranges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum InvalidRangesKind {
    /// A unit other than `bytes`. The field has to be ignored (section 14.2), whether or not the
    /// rest is well-formed.
    Unit,
    /// No unit with `=` after it.
    Equals,
    /// No range at all.
    Empty,
    /// No digit where a position or a length begins.
    Digits,
    /// No `-` after a first position.
    Hyphen,
    /// More bytes after a range, without a comma between them.
    Comma,
    /// A range whose last position is less than its first.
    Order,
}

impl fmt::Display for InvalidRangesKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Unit => "not a set of byte ranges: a range unit other than `bytes`,",
            Self::Equals => "not a set of byte ranges: expected a range unit and `=`",
            Self::Empty => "not a set of byte ranges: expected a range",
            Self::Digits => "not a set of byte ranges: expected a digit",
            Self::Hyphen => "not a set of byte ranges: expected `-`",
            Self::Comma => "not a set of byte ranges: expected a comma between two ranges",
            Self::Order => "not a set of byte ranges: a range that ends before it begins,",
        })
    }
}
