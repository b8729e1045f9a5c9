//! Judges the field lines of a request one by one against the selected representation (RFC 9110
//! section 13.1).

use core::cmp::Ordering;

use super::if_range::IfRange;
use super::notes::{Noted, Notes};
use super::precedence::{Conditions, Unconditional, Verdict};
use super::{Field, Fields, Method};
use crate::bytes::{BY_WORDS, trim_ows};
use crate::validators::{DATES, EntityTag, Members, Received, Representation};

/// The verdicts so far, and what goes with them.
///
/// The representation is passed in for each line rather than kept here, so `evaluate` does not copy
/// it: that would take a call of `memcpy`, 334 bytes of code on a Cortex-M0.
///
/// `STRICT` is for policies without a departure. The code that reads dates and tags leniently, and
/// dates in either case, is then not even linked, which saves 300 bytes there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Judged<N = Notes> {
    pub(crate) notes: N,
    pub(crate) conditions: Conditions,
    pub(crate) present: Fields,
    /// Present in more than one line.
    pub(crate) repeated: Fields,
    pub(crate) malformed: Fields,
    /// Had a line that is `*`.
    pub(crate) any: Fields,
}

impl<N> Judged<N> {
    /// Before the first line.
    pub(super) const fn new(method: Method, unconditional: Unconditional, notes: N) -> Self {
        Self {
            notes,
            conditions: Conditions::new(method, unconditional),
            present: Fields::EMPTY,
            repeated: Fields::EMPTY,
            malformed: Fields::EMPTY,
            any: Fields::EMPTY,
        }
    }
}

impl<N: Noted> Judged<N> {
    /// One line of any field.
    #[inline]
    pub(super) fn field(&mut self, selected: &Representation<'_>, name: &[u8], value: &[u8]) {
        // Inlined up to here: this rules out nearly every field that is not conditional.
        if Field::may_have_length(name.len()) {
            N::named(self, selected, name, value);
        }
    }

    pub(super) fn named<const STRICT: bool>(
        &mut self,
        selected: &Representation<'_>,
        name: &[u8],
        value: &[u8],
    ) {
        if let Some(field) = Field::from_name(name) {
            self.line::<STRICT>(selected, field, trim_ows(value));
        }
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
        if !self.notes.departures().leaves_to_origin(field) {
            let verdict = well_formed.unwrap_or(Verdict::Unusable);
            self.conditions.set(field, verdict);
        }
    }

    /// One line of If-Match or If-None-Match; `None` if it makes the field malformed.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
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
            // `*` has to be alone: with any other line, even an empty one, the field is malformed.
            if self.repeated.contains(field) {
                return None;
            }
            return Some(Verdict::of(self.is_current(selected) == is_if_match));
        }
        let strongly = is_if_match && !self.notes.departures().weak_if_match();
        // The verdict on the lines before says whether one of their tags matched.
        let matched = self.conditions.of(field) == Verdict::of(is_if_match);
        let matched = match selected.entity_tag() {
            // The most frequent case: the field is the current tag, byte for byte. It is
            // well-formed then, and need not be read.
            Some(current) if BY_WORDS && current.is_written(line) => {
                let is_first = !(matched || strongly && current.is_weak());
                let mut tally = self.notes.tally(field);
                tally.count(is_first);
                self.notes.set_tally(field, tally);
                matched || is_first
            }
            _ => self.list::<STRICT>(selected, field, line, strongly, matched)?,
        };
        Some(Verdict::of(matched == is_if_match))
    }

    /// Whether a tag of this line or of the lines before it matches; `None` if the line is
    /// malformed. Not inlined where the case above needs less of the stack: that saves it 40
    /// instructions.
    #[cfg_attr(target_pointer_width = "64", inline(never))]
    fn list<const STRICT: bool>(
        &mut self,
        selected: &Representation<'_>,
        field: Field,
        line: &[u8],
        strongly: bool,
        mut matched: bool,
    ) -> Option<bool> {
        let mut tally = self.notes.tally(field);
        let current = selected.entity_tag();
        let brothers = self.brothers(selected);
        let reading = self.notes.departures().entity_tags(self.conditions.method);
        let mut list = Members::<STRICT>::of(line, reading);
        while let Some(member) = list.advance() {
            // One malformed member makes the whole field malformed, so read on to the end.
            if member.is_err() {
                return None;
            }
            let is_same = |current: &EntityTag<'_>| names(list.tag(), *current, strongly);
            // Inlined where there are registers for it, and without a loop over brothers, which are
            // rare: that saves 10 instructions for each tag.
            let is_first = !matched
                && (BY_WORDS && current.iter().any(is_same)
                    || !(BY_WORDS && brothers.is_empty())
                        && self.names_current(selected, &list, strongly));
            tally.count(is_first);
            matched |= is_first;
        }
        self.notes.set_tally(field, tally);
        Some(matched)
    }

    /// Whether the tag that was read last is a current one. Not inlined on small processors, so
    /// that its stack is not added to that of reading a tag.
    #[inline(never)]
    fn names_current<const STRICT: bool>(
        &self,
        selected: &Representation<'_>,
        list: &Members<'_, STRICT>,
        strongly: bool,
    ) -> bool {
        let tag = list.tag();
        let mut brothers = self.brothers(selected).iter();
        let mut next = selected.entity_tag();
        while let Some(current) = next.take().or_else(|| brothers.next().copied()) {
            if names(tag, current, strongly) {
                return true;
            }
        }
        false
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
        } else if self.notes.departures().exact_if_modified_since() {
            order.is_ne()
        } else {
            order.is_gt()
        }))
    }

    /// How the modification date, if there is one, compares with the date of a field; an error if
    /// the field is not a date. Not inlined on small processors, so that dates are read in one
    /// place only.
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    pub(super) fn order_to_date<const STRICT: bool>(
        &mut self,
        selected: &Representation<'_>,
        field: Field,
        value: &[u8],
    ) -> Result<Option<Ordering>, ()> {
        let modified = selected.modified();
        let spelling = self.notes.departures().dates();
        // Without a clock, the modification date tells the century of a year of two digits.
        let now = self.notes.now().or(modified);
        let received = Received::parse::<STRICT>(value, now, spelling).map_err(drop)?;
        match field {
            Field::IfModifiedSince | Field::IfUnmodifiedSince => {
                self.notes.set_date(field, received.date);
            }
            // A leap second equals no date.
            _ if received.leap_second => return Ok(modified.map(|_| Ordering::Less)),
            _ => {}
        }
        Ok(modified.map(|modified| modified.cmp(&received.date)))
    }

    /// If-Range; `None` where it is malformed.
    fn range<const STRICT: bool>(
        &mut self,
        selected: &Representation<'_>,
        value: &[u8],
    ) -> Option<Verdict> {
        let if_range = self.judge_if_range::<STRICT>(selected, value);
        self.notes.set_if_range(if_range);
        match if_range {
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

#[inline]
fn names(tag: EntityTag<'_>, current: EntityTag<'_>, strongly: bool) -> bool {
    tag.weak_eq(current) && !(strongly && (tag.is_weak() || current.is_weak()))
}
