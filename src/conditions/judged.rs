//! What the field lines of a request come to (RFC 9110 section 13.1): judged one by one, against the
//! selected representation.

use core::cmp::Ordering;

use super::if_range::IfRange;
use super::policy::Departures;
use super::precedence::{Conditions, Unconditional, Verdict};
use super::{Decision, Field, Fields, Method, Policy};
use crate::bytes::trim_ows;
use crate::validators::{DATES, EntityTag, HttpDate, Members, Received, Representation};

/// The verdicts so far, and what explains them.
///
/// The representation is lent for each line rather than kept here: so `evaluate` copies none, which
/// would take a call of `memcpy`, 334 bytes of code on a Cortex-M0.
///
/// `STRICT` is for policies without a departure: how dates and tags are read leniently, and how the
/// letters of a date are read in either case, is not even linked then, 300 bytes there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Judged {
    pub(crate) if_modified_since: Option<HttpDate>,
    /// By which a year of two digits is read. It has its place between the two dates: side by side,
    /// they are cleared by a call of `memset`, 156 bytes of code on a Cortex-M0.
    now: Option<HttpDate>,
    pub(crate) if_unmodified_since: Option<HttpDate>,
    pub(crate) if_match: Tally,
    pub(crate) if_none_match: Tally,
    pub(crate) conditions: Conditions,
    pub(crate) departures: Departures,
    pub(crate) if_range: IfRange,
    pub(crate) present: Fields,
    /// Present in more than one line.
    pub(crate) repeated: Fields,
    pub(crate) malformed: Fields,
    /// Had a line that is `*`.
    pub(crate) any: Fields,
}

/// What a list of entity tags came to so far.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tally {
    /// How many tags it has; the count stops at the largest number, the evaluation does not.
    pub(crate) members: u16,
    /// Which of them was the first to match, from 1; 0 where none did.
    pub(crate) matched: u16,
}

impl Judged {
    /// Before the first line.
    pub(super) const fn new(method: Method, selected: &Representation<'_>, policy: Policy) -> Self {
        let unconditional = match method {
            // 404 without any condition
            Method::Get | Method::Head | Method::Query if !selected.exists() => {
                Unconditional::Other
            }
            _ => Unconditional::Ok,
        };
        Self {
            if_modified_since: None,
            // Without a clock, the modification date tells the century of a year of two digits.
            now: match policy.now {
                Some(now) => Some(now),
                None => selected.modified(),
            },
            if_unmodified_since: None,
            if_match: Tally::NONE,
            if_none_match: Tally::NONE,
            conditions: Conditions::new(method, unconditional),
            departures: policy.departures,
            if_range: IfRange::Unknown,
            present: Fields::EMPTY,
            repeated: Fields::EMPTY,
            malformed: Fields::EMPTY,
            any: Fields::EMPTY,
        }
    }

    /// One line of any field.
    #[inline]
    pub(super) fn field<const STRICT: bool>(
        &mut self,
        selected: &Representation<'_>,
        name: &[u8],
        value: &[u8],
    ) {
        // Inlined as far as this: it turns away nearly every field that is not conditional.
        if Field::has_name_of_length(name.len()) {
            self.named::<STRICT>(selected, name, value);
        }
    }

    fn named<const STRICT: bool>(
        &mut self,
        selected: &Representation<'_>,
        name: &[u8],
        value: &[u8],
    ) {
        if let Some(field) = Field::from_name(name) {
            self.line::<STRICT>(selected, field, trim_ows(value));
        }
    }

    /// The decision, once all lines have been seen.
    #[inline]
    pub(super) fn decide(&self) -> Decision {
        if self.present.is_empty() {
            // Most requests have no condition: there is nothing to go through.
            return self.conditions.unconditional.perform();
        }
        self.conditions.decide().0
    }

    /// One line of a field that takes part.
    fn line<const STRICT: bool>(
        &mut self,
        selected: &Representation<'_>,
        field: Field,
        value: &[u8],
    ) {
        if self.present.contains(field) {
            self.repeated.insert(field);
        }
        self.present.insert(field);
        let well_formed = match field {
            Field::IfMatch | Field::IfNoneMatch => self.tags::<STRICT>(selected, field, value),
            // A singleton field with more than one line has more than one member, which is more
            // than its grammar allows, even if the lines are the same.
            _ if self.repeated.contains(field) => None,
            Field::IfModifiedSince | Field::IfUnmodifiedSince => {
                self.since::<STRICT>(selected, field, value)
            }
            Field::IfRange => self.range::<STRICT>(selected, value),
            Field::Range => Some(Verdict::True),
        };
        if well_formed.is_none() {
            self.malformed.insert(field);
        }
        if !self.departures.leaves_to_origin(field) {
            let verdict = well_formed.unwrap_or(Verdict::Unusable);
            self.conditions.set(field, verdict);
        }
    }

    /// One line of If-Match or If-None-Match; `None` where it makes the field malformed. By itself:
    /// inlined, its loop was seen to keep its state in memory.
    #[inline(never)]
    fn tags<const STRICT: bool>(
        &mut self,
        selected: &Representation<'_>,
        field: Field,
        line: &[u8],
    ) -> Option<Verdict> {
        if self.malformed.contains(field) {
            return None;
        }
        if let b"*" = line {
            self.any.insert(field);
        }
        let is_if_match = field == Field::IfMatch;
        if self.any.contains(field) {
            // `*` stands alone: beside any other line, even an empty one, it is not `*` any more.
            if self.repeated.contains(field) {
                return None;
            }
            return Some(Verdict::of(self.is_current(selected) == is_if_match));
        }
        let reading = self.departures.entity_tags(self.conditions.method);
        let strongly = is_if_match && !self.departures.weak_if_match();
        let brothers = self.brothers(selected);
        let current = selected.entity_tag();
        let tally = if is_if_match {
            &mut self.if_match
        } else {
            &mut self.if_none_match
        };
        let Tally {
            mut members,
            mut matched,
        } = *tally;
        let mut list = Members::<STRICT>::of(line, reading);
        while let Some(member) = list.advance() {
            // A malformed member makes the field malformed, wherever it stands: go on to the end.
            if member.is_err() {
                return None;
            }
            let tag = list.tag();
            let is_same = |current: &EntityTag<'_>| {
                tag.weak_eq(*current) && !(strongly && (tag.is_weak() || current.is_weak()))
            };
            members = members.saturating_add(1);
            if matched == 0 && (current.iter().any(is_same) || brothers.iter().any(is_same)) {
                matched = members;
            }
        }
        *tally = Tally { members, matched };
        Some(Verdict::of((matched != 0) == is_if_match))
    }

    /// If-Modified-Since or If-Unmodified-Since; `None` where it is malformed.
    fn since<const STRICT: bool>(
        &mut self,
        selected: &Representation<'_>,
        field: Field,
        value: &[u8],
    ) -> Option<Verdict> {
        if !DATES {
            return Some(Verdict::Unusable);
        }
        let order = match self.order_to_date::<STRICT>(selected, field, value).ok()? {
            None => return Some(Verdict::Unusable),
            Some(order) => order,
        };
        Some(Verdict::of(if field == Field::IfUnmodifiedSince {
            order.is_le()
        } else if self.departures.exact_if_modified_since() {
            order.is_ne()
        } else {
            order.is_gt()
        }))
    }

    /// The order of the modification date, if there is one, to the date of a field; an error where
    /// that is no date. By itself where processors are small: one place for all that reads dates.
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    pub(super) fn order_to_date<const STRICT: bool>(
        &mut self,
        selected: &Representation<'_>,
        field: Field,
        value: &[u8],
    ) -> Result<Option<Ordering>, ()> {
        let spelling = self.departures.dates();
        let received = Received::parse::<STRICT>(value, self.now, spelling).map_err(drop)?;
        match field {
            Field::IfModifiedSince => self.if_modified_since = Some(received.date),
            Field::IfUnmodifiedSince => self.if_unmodified_since = Some(received.date),
            // A leap second equals no date.
            _ if received.leap_second => return Ok(selected.modified().map(|_| Ordering::Less)),
            _ => {}
        }
        let modified = selected.modified();
        Ok(modified.map(|modified| modified.cmp(&received.date)))
    }

    /// If-Range; `None` where it is malformed.
    fn range<const STRICT: bool>(
        &mut self,
        selected: &Representation<'_>,
        value: &[u8],
    ) -> Option<Verdict> {
        self.if_range = self.judge_if_range::<STRICT>(selected, value);
        match self.if_range {
            IfRange::Unknown => None,
            known => Some(Verdict::of(known.is_match())),
        }
    }

    /// The tags of the brothers, where they count for the method.
    pub(crate) fn brothers<'r>(&self, selected: &Representation<'r>) -> &'r [EntityTag<'r>] {
        if self.conditions.method.can_be_not_modified() {
            return &[];
        }
        selected.brothers()
    }

    /// Whether the resource has a current representation, as far as the method asks for one.
    pub(crate) fn is_current(&self, selected: &Representation<'_>) -> bool {
        selected.exists() || !self.brothers(selected).is_empty()
    }
}

impl Tally {
    const NONE: Self = Self {
        members: 0,
        matched: 0,
    };
}
