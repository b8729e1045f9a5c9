//! What goes with the verdicts on a request's conditions (RFC 9110 section 13.1): the policy, and
//! what explains them.

use super::if_range::IfRange;
use super::judged::Judged;
use super::policy::Departures;
use super::{Field, Policy};
use crate::validators::{HttpDate, PackedDate, Representation};

/// What goes with the verdicts: [`Notes`], or nothing.
///
/// Nothing, `()`, is for [`evaluate`](crate::evaluate), which has no policy and explains nothing.
/// That leaves it 8 bytes to keep and clear instead of 44.
pub(crate) trait Noted: Sized {
    /// One line of a field that may be conditional. It is not generic, so it is compiled once, with
    /// this crate, and not again in each crate that evaluates something.
    fn named(judged: &mut Judged<Self>, selected: &Representation<'_>, name: &[u8], value: &[u8]);

    fn departures(&self) -> Departures;

    /// The clock, for years of two digits.
    fn now(&self) -> Option<HttpDate>;

    /// What the list of this field came to so far.
    fn tally(&self, field: Field) -> Tally;

    fn set_tally(&mut self, field: Field, tally: Tally);

    /// The date of If-Modified-Since or If-Unmodified-Since.
    fn set_date(&mut self, field: Field, date: HttpDate);

    fn set_if_range(&mut self, if_range: IfRange);
}

/// What a list of entity tags came to so far.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tally {
    /// How many tags it has; the count stops at the largest number, the evaluation does not.
    pub(crate) members: u16,
    /// Which of them was the first to match, from 1; 0 where none did.
    pub(crate) matched: u16,
}

impl Tally {
    const NONE: Self = Self {
        members: 0,
        matched: 0,
    };

    /// Counts one more tag.
    pub(super) fn count(&mut self, is_first_match: bool) {
        self.members = self.members.saturating_add(1);
        if is_first_match {
            self.matched = self.members;
        }
    }
}

/// The policy, and what explains the verdicts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Notes {
    pub(crate) if_modified_since: PackedDate,
    /// It is placed between the two dates on purpose: side by side, they are cleared by a call of
    /// `memset`, 156 bytes of code on a Cortex-M0.
    now: PackedDate,
    pub(crate) if_unmodified_since: PackedDate,
    pub(crate) if_match: Tally,
    pub(crate) if_none_match: Tally,
    pub(crate) departures: Departures,
    pub(crate) if_range: IfRange,
}

impl Notes {
    /// Before the first line.
    pub(super) const fn new(policy: Policy) -> Self {
        Self {
            if_modified_since: PackedDate(None),
            now: PackedDate(policy.now),
            if_unmodified_since: PackedDate(None),
            if_match: Tally::NONE,
            if_none_match: Tally::NONE,
            departures: policy.departures,
            if_range: IfRange::Unknown,
        }
    }
}

impl Noted for Notes {
    fn named(judged: &mut Judged<Self>, selected: &Representation<'_>, name: &[u8], value: &[u8]) {
        judged.named::<false>(selected, name, value);
    }

    fn departures(&self) -> Departures {
        self.departures
    }

    fn now(&self) -> Option<HttpDate> {
        self.now.0
    }

    fn tally(&self, field: Field) -> Tally {
        match field {
            Field::IfMatch => self.if_match,
            _ => self.if_none_match,
        }
    }

    fn set_tally(&mut self, field: Field, tally: Tally) {
        match field {
            Field::IfMatch => self.if_match = tally,
            _ => self.if_none_match = tally,
        }
    }

    fn set_date(&mut self, field: Field, date: HttpDate) {
        match field {
            Field::IfModifiedSince => self.if_modified_since = PackedDate(Some(date)),
            _ => self.if_unmodified_since = PackedDate(Some(date)),
        }
    }

    fn set_if_range(&mut self, if_range: IfRange) {
        self.if_range = if_range;
    }
}

impl Noted for () {
    fn named(judged: &mut Judged<Self>, selected: &Representation<'_>, name: &[u8], value: &[u8]) {
        judged.named::<true>(selected, name, value);
    }

    fn departures(&self) -> Departures {
        Policy::new().departures
    }

    fn now(&self) -> Option<HttpDate> {
        Policy::new().now
    }

    fn tally(&self, _: Field) -> Tally {
        Tally::NONE
    }

    fn set_tally(&mut self, _: Field, _: Tally) {}

    fn set_date(&mut self, _: Field, _: HttpDate) {}

    fn set_if_range(&mut self, _: IfRange) {}
}
