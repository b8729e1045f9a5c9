//! Precedence of preconditions (RFC 9110 section 13.2.2): the numbered steps, on verdicts alone.

use super::{Decision, Field, Method};

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

/// What a field came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Absent,
    /// Present, and neither true nor false: malformed, or a date where the representation has no
    /// modification date. Each step says what that means to it.
    Unusable,
    False,
    True,
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
    pub(crate) const fn of(status: u16) -> Self {
        match status {
            200 | 206 => Self::Ok,
            201..=299 => Self::Successful,
            412 => Self::PreconditionFailed,
            _ => Self::Other,
        }
    }

    /// The decision where no condition and no Range stands in the way.
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
    pub(crate) if_match: Verdict,
    pub(crate) if_unmodified_since: Verdict,
    pub(crate) if_none_match: Verdict,
    pub(crate) if_modified_since: Verdict,
    pub(crate) if_range: Verdict,
    /// Never `False`: there is nothing about Range to be false here.
    pub(crate) range: Verdict,
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

impl Conditions {
    /// Whether conditions count at all (section 13.2.1).
    pub(crate) fn are_evaluated(self) -> bool {
        self.method.takes_conditions() && self.unconditional != Unconditional::Other
    }

    /// Whether the answer without conditions is a 200.
    pub(crate) fn is_ok(self) -> bool {
        self.unconditional == Unconditional::Ok
    }

    /// The decision, and the step that made it; `None` where no condition stood in the way.
    pub(crate) fn decide(self) -> (Decision, Option<Step>) {
        let ended = Step::ALL
            .into_iter()
            .filter(|_| self.are_evaluated())
            .find_map(|step| match self.step(step) {
                Outcome::Ended(decision) => Some((decision, Some(step))),
                _ => None,
            });
        match (self.unconditional, ended) {
            // It is going to be a 412 in any case: all that is open is which condition said so.
            (Unconditional::PreconditionFailed, Some((Decision::PreconditionFailed, step))) => {
                (Decision::PreconditionFailed, step)
            }
            (Unconditional::PreconditionFailed, _) => (Decision::PreconditionFailed, None),
            (_, Some(ended)) => ended,
            (_, None) => (self.perform(), None),
        }
    }

    /// One step of section 13.2.2.
    pub(crate) fn step(self, step: Step) -> Outcome {
        match step {
            Step::IfMatch => match self.if_match {
                Verdict::Absent => Outcome::Skipped(Reason::Absent),
                Verdict::True => Outcome::True,
                // Fails closed: what is malformed is neither `*` nor a list that matches.
                Verdict::False | Verdict::Unusable => Outcome::Ended(Decision::PreconditionFailed),
            },
            Step::IfUnmodifiedSince => match (self.if_unmodified_since, self.if_match) {
                (Verdict::Absent, _) => Outcome::Skipped(Reason::Absent),
                // 13.1.4: MUST ignore if the request contains an If-Match, whatever came of that.
                (_, Verdict::True | Verdict::False | Verdict::Unusable) => {
                    Outcome::Skipped(Reason::Superseded)
                }
                (Verdict::True, Verdict::Absent) => Outcome::True,
                (Verdict::False, Verdict::Absent) => Outcome::Ended(Decision::PreconditionFailed),
                // 13.1.4: MUST ignore if not a valid HTTP-date, or without a modification date.
                (Verdict::Unusable, Verdict::Absent) => Outcome::Skipped(Reason::Unusable),
            },
            Step::IfNoneMatch => match (self.if_none_match, self.method.can_be_not_modified()) {
                (Verdict::Absent, _) => Outcome::Skipped(Reason::Absent),
                // Malformed lets a GET through in full, but never a write.
                (Verdict::True, _) | (Verdict::Unusable, true) => Outcome::True,
                // 13.1.2: MUST be 304 for GET and HEAD, and 412 for all others. RFC 10008: QUERY asks
                // as GET does.
                (Verdict::False, true) => Outcome::Ended(Decision::NotModified),
                (Verdict::False | Verdict::Unusable, false) => {
                    Outcome::Ended(Decision::PreconditionFailed)
                }
            },
            Step::IfModifiedSince => match (self.if_modified_since, self.if_none_match) {
                (Verdict::Absent, _) => Outcome::Skipped(Reason::Absent),
                // 13.1.3: MUST ignore if the request contains an If-None-Match.
                (_, Verdict::True | Verdict::False | Verdict::Unusable) => {
                    Outcome::Skipped(Reason::Superseded)
                }
                // 13.1.3: MUST ignore if the method is neither GET nor HEAD. RFC 10008: nor QUERY.
                _ if !self.method.can_be_not_modified() => Outcome::Skipped(Reason::Method),
                (Verdict::True, Verdict::Absent) => Outcome::True,
                (Verdict::False, Verdict::Absent) => Outcome::Ended(Decision::NotModified),
                // 13.1.3: MUST ignore if not a valid HTTP-date, or without a modification date.
                (Verdict::Unusable, Verdict::Absent) => Outcome::Skipped(Reason::Unusable),
            },
            Step::IfRange => match (self.if_range, self.range) {
                (Verdict::Absent, _) => Outcome::Skipped(Reason::Absent),
                // 13.1.5: MUST ignore if the request has no Range.
                (_, Verdict::Absent) => Outcome::Skipped(Reason::NoRange),
                // 14.2: Range has no meaning but with GET (RFC 10008: and QUERY), and none where the
                // answer is not 200.
                _ if !self.method.takes_ranges() => Outcome::Skipped(Reason::Method),
                _ if self.unconditional != Unconditional::Ok => Outcome::Skipped(Reason::NotOk),
                (Verdict::True, _) => Outcome::True,
                (Verdict::False | Verdict::Unusable, _) => {
                    Outcome::Ended(Decision::PerformIgnoringRange)
                }
            },
        }
    }

    /// Step 6: what performing the method means to a Range.
    fn perform(self) -> Decision {
        let range_applies = self.method.takes_ranges()
            && self.unconditional == Unconditional::Ok
            && self.range == Verdict::True;
        if self.range == Verdict::Absent || range_applies {
            Decision::Perform
        } else {
            Decision::PerformIgnoringRange
        }
    }
}
