//! The members of a set of ranges (RFC 9110 section 14.1.1).

use super::number::Number;
use super::{ByteRange, InvalidRangesKind};
use crate::bytes::trim_ows_start;

/// One member of a set. A number that does not fit into a [`u64`] becomes [`u64::MAX`]; no length
/// is greater.
#[derive(Clone, Copy, Debug)]
pub(super) enum RangeSpec {
    /// `last` is [`u64::MAX`] where it is left out.
    Int {
        first: u64,
        last: u64,
    },
    Suffix {
        length: u64,
    },
}

impl RangeSpec {
    pub(super) fn resolve(self, complete_length: u64) -> Option<ByteRange> {
        let end = complete_length.checked_sub(1)?;
        let (first, last) = match self {
            Self::Suffix { length: 0 } => return None,
            Self::Suffix { length } => (complete_length.saturating_sub(length), end),
            Self::Int { first, last } => (first, last.min(end)),
        };
        ByteRange::new(first, last)
    }

    /// A suffix is satisfiable even if there is no content: section 14.1.2 only asks that the
    /// suffix length is not zero.
    pub(super) const fn is_satisfiable(self, complete_length: u64) -> bool {
        match self {
            Self::Int { first, .. } => first < complete_length,
            Self::Suffix { length } => length > 0,
        }
    }
}

/// The members of a set, read lazily.
#[derive(Clone, Debug)]
pub(super) struct Members<'a> {
    pub(super) rest: &'a [u8],
    /// Whether white space may stand around the hyphen of a range.
    white_space: bool,
}

impl<'a> Members<'a> {
    pub(super) const fn of(set: &'a [u8], white_space: bool) -> Self {
        Self {
            rest: set,
            white_space,
        }
    }

    /// The next member. If it is malformed, `rest` is the set from there on, and reading stops.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    pub(super) fn advance(&mut self) -> Result<Option<RangeSpec>, InvalidRangesKind> {
        while let [b' ' | b'\t' | b',', rest @ ..] = self.rest {
            self.rest = rest;
        }
        let spec = match self.rest {
            [] => return Ok(None),
            [b'-', rest @ ..] => {
                self.rest = rest;
                self.skip_white_space();
                let length = self.number()?.saturating;
                RangeSpec::Suffix { length }
            }
            _ => self.int_range()?,
        };
        match self.rest {
            [] | [b',', ..] => Ok(Some(spec)),
            rest => {
                self.rest = trim_ows_start(rest);
                match self.rest {
                    [] | [b',', ..] => Ok(Some(spec)),
                    _ => Err(InvalidRangesKind::Comma),
                }
            }
        }
    }

    #[cfg_attr(target_pointer_width = "64", inline(always))]
    fn int_range(&mut self) -> Result<RangeSpec, InvalidRangesKind> {
        let first_at = self.rest;
        let first = self.number()?;
        let hyphen = self.rest;
        self.skip_white_space();
        if let [b'-', rest @ ..] = self.rest {
            self.rest = rest;
        } else {
            self.rest = hyphen;
            return Err(InvalidRangesKind::Hyphen);
        }
        self.skip_white_space();
        let last_at = self.rest;
        let last = match self.number() {
            // 14.1.1: an int-range is invalid if its last-pos is less than its first-pos.
            Ok(last) if last.is_less(last_at, first, first_at) => {
                self.rest = first_at;
                return Err(InvalidRangesKind::Order);
            }
            Ok(last) => last.saturating,
            Err(_) => u64::MAX,
        };
        let first = first.saturating;
        Ok(RangeSpec::Int { first, last })
    }

    fn skip_white_space(&mut self) {
        if self.white_space {
            self.rest = trim_ows_start(self.rest);
        }
    }

    #[cfg_attr(target_pointer_width = "64", inline(always))]
    fn number(&mut self) -> Result<Number, InvalidRangesKind> {
        let (number, rest) = Number::split_first(self.rest).ok_or(InvalidRangesKind::Digits)?;
        self.rest = rest;
        Ok(number)
    }
}
