//! The members of a set of ranges (RFC 9110 section 14.1.1).

use super::number::Number;
use super::{ByteRange, InvalidRangesKind};

/// One member of a set. A number that is no [`u64`] is [`u64::MAX`], which no length is above.
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
}

/// What is wrong, and what is left of the set from there on.
pub(super) type WrongAt<'a> = (InvalidRangesKind, &'a [u8]);

/// The members of a set, read lazily; it ends after the first error.
#[derive(Clone, Debug)]
pub(super) struct Members<'a> {
    rest: &'a [u8],
    first: bool,
    /// Whether white space may stand around the hyphen of a range.
    white_space: bool,
}

impl<'a> Members<'a> {
    pub(super) const fn of(set: &'a [u8], white_space: bool) -> Self {
        Self {
            rest: set,
            first: true,
            white_space,
        }
    }

    /// Skips white space and empty members; says whether there was a comma.
    fn skip_to_member(&mut self) -> bool {
        let mut comma = false;
        while let [byte @ (b' ' | b'\t' | b','), rest @ ..] = self.rest {
            comma |= *byte == b',';
            self.rest = rest;
        }
        comma
    }

    /// One range-spec off the front, and what follows it.
    fn skip_white_space(&self, mut bytes: &'a [u8]) -> &'a [u8] {
        while let ([b' ' | b'\t', rest @ ..], true) = (bytes, self.white_space) {
            bytes = rest;
        }
        bytes
    }

    fn member(&self) -> Result<(RangeSpec, &'a [u8]), WrongAt<'a>> {
        let digits = |bytes| Number::split_first(bytes).ok_or((InvalidRangesKind::Digits, bytes));
        if let [b'-', rest @ ..] = self.rest {
            let (length, rest) = digits(self.skip_white_space(rest))?;
            let length = length.saturating();
            return Ok((RangeSpec::Suffix { length }, rest));
        }
        let (first, rest) = digits(self.rest)?;
        let rest = match self.skip_white_space(rest) {
            [b'-', rest @ ..] => rest,
            _ => return Err((InvalidRangesKind::Hyphen, rest)),
        };
        let (last, rest) = match Number::split_first(self.skip_white_space(rest)) {
            // 14.1.1: an int-range is invalid if its last-pos is less than its first-pos.
            Some((last, _)) if last < first => return Err((InvalidRangesKind::Order, self.rest)),
            Some((last, rest)) => (last.saturating(), rest),
            None => (u64::MAX, rest),
        };
        let first = first.saturating();
        Ok((RangeSpec::Int { first, last }, rest))
    }
}

impl<'a> Iterator for Members<'a> {
    type Item = Result<RangeSpec, WrongAt<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        let comma = self.skip_to_member();
        if self.rest.is_empty() {
            return None;
        }
        let member = if comma || self.first {
            self.member()
        } else {
            Err((InvalidRangesKind::Comma, self.rest))
        };
        self.first = false;
        Some(match member {
            Ok((spec, rest)) => {
                self.rest = rest;
                Ok(spec)
            }
            Err(error) => {
                self.rest = &[];
                Err(error)
            }
        })
    }
}
