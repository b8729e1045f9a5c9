//! If-Range (RFC 9110 section 13.1.5), judged against the selected representation.

use core::cmp::Ordering;

use super::Field;
use super::judged::Judged;
use super::notes::Noted;
use crate::validators::{DATES, Members, Reading, Representation};

/// What If-Range came to, if it is not malformed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IfRange {
    /// Absent, or malformed.
    Unknown,
    TagMatches,
    TagDiffers,
    /// The same tag, but at least one of the two is weak.
    TagWeak,
    NoTag,
    DateMatches,
    DateDiffers,
    /// The same date, but the representation's is not a strong validator.
    DateWeak,
    NoDate,
}

impl IfRange {
    pub(super) const fn is_of_date(self) -> bool {
        matches!(
            self,
            Self::DateMatches | Self::DateDiffers | Self::DateWeak | Self::NoDate
        )
    }

    pub(super) const fn is_match(self) -> bool {
        matches!(self, Self::TagMatches | Self::DateMatches)
    }
}

impl<N: Noted> Judged<N> {
    /// ```abnf
    /// If-Range = entity-tag / HTTP-date
    /// ```
    pub(super) fn judge_if_range<const STRICT: bool>(
        &mut self,
        selected: &Representation<'_>,
        value: &[u8],
    ) -> IfRange {
        // 13.1.5: a DQUOTE among the first three characters tells a tag from a date.
        let is_tag = value.iter().take(3).any(|&byte| byte == b'"');
        if !is_tag {
            if let Ok(order) = self.order_to_date::<STRICT>(selected, Field::IfRange, value) {
                return self.judge_if_range_date(selected, order);
            }
        }
        self.judge_if_range_tag::<STRICT>(selected, value, is_tag)
    }

    /// Not inlined, so that its stack is not added to that of reading a date.
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    fn judge_if_range_tag<const STRICT: bool>(
        &self,
        selected: &Representation<'_>,
        value: &[u8],
        is_tag: bool,
    ) -> IfRange {
        let reading = match self.notes.departures().entity_tags(self.conditions.method) {
            Reading::Strict => Reading::Strict,
            _ if is_tag => Reading::Strict,
            _ => Reading::Unquoted,
        };
        let tag = Members::<STRICT>::only(value, reading);
        if !(DATES || is_tag || tag.is_some()) {
            return IfRange::NoDate;
        }
        match (tag, selected.entity_tag()) {
            (None, _) => IfRange::Unknown,
            (Some(_), None) => IfRange::NoTag,
            (Some(tag), Some(current)) if !tag.weak_eq(current) => IfRange::TagDiffers,
            (Some(tag), Some(current)) if tag.is_weak() || current.is_weak() => IfRange::TagWeak,
            (Some(_), Some(_)) => IfRange::TagMatches,
        }
    }

    fn judge_if_range_date(
        &self,
        selected: &Representation<'_>,
        order: Option<Ordering>,
    ) -> IfRange {
        match order {
            None => IfRange::NoDate,
            Some(Ordering::Less | Ordering::Greater) => IfRange::DateDiffers,
            Some(Ordering::Equal)
                if selected.strongly_modified().is_none()
                    && !self.notes.departures().if_range_by_date() =>
            {
                IfRange::DateWeak
            }
            Some(Ordering::Equal) => IfRange::DateMatches,
        }
    }
}
