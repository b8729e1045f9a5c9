//! Precedence of preconditions (RFC 9110 section 13.2.2): the numbered steps, on verdicts alone.

use super::{Decision, Field, Method};
use crate::bytes::BY_WORDS;

/// A step of [RFC 9110 section 13.2.2] that evaluates a condition. The section has these five, and
/// so the enum is exhaustive.
///
/// [RFC 9110 section 13.2.2]: https://www.rfc-editor.org/rfc/rfc9110#section-13.2.2
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Step 1.
    IfMatch = 1,
    /// Step 2.
    IfUnmodifiedSince = 2,
    /// Step 3.
    IfNoneMatch = 3,
    /// Step 4.
    IfModifiedSince = 4,
    /// Step 5.
    IfRange = 5,
}

impl Step {
    pub(crate) const ALL: [Self; 5] = [
        Self::IfMatch,
        Self::IfUnmodifiedSince,
        Self::IfNoneMatch,
        Self::IfModifiedSince,
        Self::IfRange,
    ];

    /// The number that section 13.2.2 gives the step, 1 to 5.
    #[must_use]
    pub const fn number(self) -> u8 {
        // As the variants are numbered.
        self as u8
    }

    /// The field whose condition the step evaluates.
    #[must_use]
    pub const fn field(self) -> Field {
        match self {
            Self::IfMatch => Field::IfMatch,
            Self::IfUnmodifiedSince => Field::IfUnmodifiedSince,
            Self::IfNoneMatch => Field::IfNoneMatch,
            Self::IfModifiedSince => Field::IfModifiedSince,
            Self::IfRange => Field::IfRange,
        }
    }
}

/// The verdict on a field; two bits of [`Conditions`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Absent,
    /// Present, and neither true nor false: malformed, or a date although the representation has no
    /// modification date. Each step decides what that means.
    Unusable,
    False,
    True,
}

impl Verdict {
    pub(super) const fn of(truth: bool) -> Self {
        if truth { Self::True } else { Self::False }
    }
}

/// The class of the status code of the answer that the request gets without its conditions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unconditional {
    /// 200, or 206 because of the Range.
    Ok,
    /// Any other 2xx.
    Successful,
    /// 412, from a precondition that another specification defines.
    PreconditionFailed,
    /// Any other.
    Other,
}

impl Unconditional {
    /// If nobody has said.
    pub(super) const fn usual(method: Method, exists: bool) -> Self {
        if method.can_be_not_modified() && !exists {
            // 404
            Self::Other
        } else {
            Self::Ok
        }
    }

    pub(crate) const fn of(status: u16) -> Self {
        match status {
            200 | 206 => Self::Ok,
            201..=299 => Self::Successful,
            412 => Self::PreconditionFailed,
            _ => Self::Other,
        }
    }

    /// The decision if no condition and no Range prevents it.
    pub(crate) const fn perform(self) -> Decision {
        match self {
            Self::PreconditionFailed => Decision::PreconditionFailed,
            Self::Ok | Self::Successful | Self::Other => Decision::Perform,
        }
    }
}

/// All that the steps look at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Conditions {
    pub(crate) method: Method,
    pub(crate) unconditional: Unconditional,
    /// Two bits a field, by their numbers. That of Range is never `False`: there is nothing about
    /// Range to be false here.
    verdicts: u16,
}

/// How a step went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The step does not apply.
    Skipped(Reason),
    /// The condition is true, and evaluation goes on.
    True,
    /// The condition is false, and evaluation ends.
    Ended(Decision),
}

/// Why a step does not apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// Its field is absent.
    Absent,
    /// The field that takes precedence over its field is present.
    Superseded,
    /// The method gives its field no meaning.
    Method,
    /// Its field is present, but has to be ignored.
    Unusable,
    /// If-Range without a Range.
    NoRange,
    /// The answer would not be 200, so that there is nothing to take a range of.
    NotOk,
}

// By reference: a copy for each call takes 24 bytes of code and 8 of stack on a Cortex-M0.
#[allow(clippy::trivially_copy_pass_by_ref)]
impl Conditions {
    /// Whether conditions count at all (section 13.2.1).
    pub(crate) fn are_evaluated(&self) -> bool {
        self.method.takes_conditions() && self.unconditional != Unconditional::Other
    }

    /// Whether the answer without conditions is a 200.
    pub(crate) fn is_ok(&self) -> bool {
        self.unconditional == Unconditional::Ok
    }

    /// Of a request without conditional fields, so far.
    pub(super) const fn new(method: Method, unconditional: Unconditional) -> Self {
        Self {
            method,
            unconditional,
            verdicts: 0,
        }
    }

    /// What this field came to. There are six fields, so no shift reaches beyond bit 11.
    pub(crate) const fn of(&self, field: Field) -> Verdict {
        match self.verdicts >> (2 * field as u16) & 3 {
            0 => Verdict::Absent,
            1 => Verdict::Unusable,
            2 => Verdict::False,
            _ => Verdict::True,
        }
    }

    pub(super) fn set(&mut self, field: Field, verdict: Verdict) {
        let place = 2 * field as u16;
        self.verdicts = self.verdicts & !(3 << place) | (verdict as u16) << place;
    }

    /// Whether the request has this field, whatever it came to.
    pub(crate) fn has(&self, field: Field) -> bool {
        self.verdicts & 3 << (2 * field as u16) != 0
    }

    /// The decision, and the step that made it; `None` where no condition stood in the way.
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    pub(crate) fn decide(&self) -> (Decision, Option<Step>) {
        let counts = |decision| match self.unconditional {
            Unconditional::Ok | Unconditional::Successful => true,
            // It will be a 412 in any case: the only question is which condition says so.
            Unconditional::PreconditionFailed => decision == Decision::PreconditionFailed,
            Unconditional::Other => false,
        };
        match self.first_ended() {
            Some((decision, step)) if self.method.takes_conditions() && counts(decision) => {
                (decision, Some(step))
            }
            _ if self.unconditional == Unconditional::PreconditionFailed => {
                (Decision::PreconditionFailed, None)
            }
            _ => (self.perform(), None),
        }
    }

    /// The first step that ends the evaluation, if conditions count.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    fn first_ended(&self) -> Option<(Decision, Step)> {
        if BY_WORDS {
            // Without a loop, each step is compiled for its field: three quarters of the
            // instructions, and 96 bytes of code more on a Cortex-M0.
            return self
                .ended(Step::IfMatch)
                .or_else(|| self.ended(Step::IfUnmodifiedSince))
                .or_else(|| self.ended(Step::IfNoneMatch))
                .or_else(|| self.ended(Step::IfModifiedSince))
                .or_else(|| self.ended(Step::IfRange));
        }
        for step in Step::ALL {
            if let Outcome::Ended(decision) = self.step(step) {
                return Some((decision, step));
            }
        }
        None
    }

    /// What this step decides, if it ends the evaluation.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    fn ended(&self, step: Step) -> Option<(Decision, Step)> {
        if !self.has(step.field()) {
            return None;
        }
        match self.step(step) {
            Outcome::Ended(decision) => Some((decision, step)),
            Outcome::Skipped(_) | Outcome::True => None,
        }
    }

    /// One step of section 13.2.2.
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    pub(crate) fn step(&self, step: Step) -> Outcome {
        let verdict = self.of(step.field());
        let not_modified = self.method.can_be_not_modified();
        match step {
            _ if verdict == Verdict::Absent => Outcome::Skipped(Reason::Absent),

            // 13.1.4: MUST ignore if the request contains an If-Match, whatever came of that.
            Step::IfUnmodifiedSince if self.has(Field::IfMatch) => {
                Outcome::Skipped(Reason::Superseded)
            }
            // 13.1.3: MUST ignore if the request contains an If-None-Match.
            Step::IfModifiedSince if self.has(Field::IfNoneMatch) => {
                Outcome::Skipped(Reason::Superseded)
            }
            // 13.1.3: MUST ignore if the method is neither GET nor HEAD. RFC 10008: nor QUERY.
            Step::IfModifiedSince if !not_modified => Outcome::Skipped(Reason::Method),
            // 13.1.3 and 13.1.4: MUST ignore if not a valid HTTP-date, or without a modification
            // date.
            Step::IfModifiedSince | Step::IfUnmodifiedSince if verdict == Verdict::Unusable => {
                Outcome::Skipped(Reason::Unusable)
            }
            // 13.1.5: MUST ignore if the request has no Range.
            Step::IfRange if !self.has(Field::Range) => Outcome::Skipped(Reason::NoRange),
            // 14.2: Range has a meaning only with GET (RFC 10008: and QUERY), and only if the
            // answer is 200.
            Step::IfRange if !self.method.takes_ranges() => Outcome::Skipped(Reason::Method),
            Step::IfRange if !self.is_ok() => Outcome::Skipped(Reason::NotOk),

            _ if verdict == Verdict::True => Outcome::True,
            // Malformed lets a GET through in full, but never a write.
            Step::IfNoneMatch if verdict == Verdict::Unusable && not_modified => Outcome::True,

            // From here on it is false, and so is a malformed field: it fails closed. 13.1.2: MUST
            // be 304 for GET and HEAD, and 412 for all others. RFC 10008: QUERY asks as GET does.
            Step::IfNoneMatch | Step::IfModifiedSince if not_modified => {
                Outcome::Ended(Decision::NotModified)
            }
            Step::IfMatch | Step::IfUnmodifiedSince | Step::IfNoneMatch | Step::IfModifiedSince => {
                Outcome::Ended(Decision::PreconditionFailed)
            }
            Step::IfRange => Outcome::Ended(Decision::PerformIgnoringRange),
        }
    }

    /// Step 6: what performing the method means to a Range.
    fn perform(&self) -> Decision {
        let range_applies =
            self.method.takes_ranges() && self.is_ok() && self.of(Field::Range) == Verdict::True;
        if range_applies || !self.has(Field::Range) {
            Decision::Perform
        } else {
            Decision::PerformIgnoringRange
        }
    }
}
