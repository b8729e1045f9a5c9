//! Why a decision came out as it did: the steps of RFC 9110 section 13.2.2 as they went, in words.

use core::cmp::Ordering;
use core::fmt;

use super::if_range::IfRange;
use super::precedence::{Outcome, Reason, Verdict};
use super::preconditions::Tally;
use super::{Decision, Field, Method, Preconditions, Step};
use crate::validators::HttpDate;

impl<'r> Preconditions<'r> {
    /// Why the decision is what it is: which field decided, at which step, and how the others
    /// went.
    ///
    /// ```
    /// use http_conditional::{EntityTag, Field, Method, Preconditions, Representation, Step};
    ///
    /// let current = Representation::current().etag(EntityTag::from_static("\"v2\""));
    /// let mut get = Preconditions::new(Method::Get, current);
    /// get.field(b"If-None-Match", b"\"v1\", \"v2\", \"v3\"");
    /// get.field(b"If-Modified-Since", b"Sun, 06 Nov 1994 08:49:37 GMT");
    ///
    /// let explanation = get.explain();
    /// assert_eq!(explanation.field(), Some(Field::IfNoneMatch));
    /// assert_eq!(explanation.step(), Some(Step::IfNoneMatch));
    /// assert_eq!(
    ///     explanation.to_string(),
    ///     "\
    /// 304 Not Modified, because of If-None-Match (RFC 9110 section 13.2.2, step 3)
    ///   1. If-Match: absent
    ///   2. If-Unmodified-Since: absent
    /// > 3. If-None-Match: 3 tags, compared weakly with \"v2\": number 2 matches, so the condition is false: 304 Not Modified
    ///   4. If-Modified-Since: not looked at, because If-None-Match is present
    ///   5. If-Range: absent
    ///   6. Range: absent"
    /// );
    /// ```
    pub fn explain(&self) -> Explanation<'r> {
        let (decision, step) = self.conditions().decide();
        Explanation {
            preconditions: *self,
            decision,
            step,
        }
    }
}

/// A decision and its reasons; made by [`Preconditions::explain`].
///
/// [`Display`](fmt::Display) writes the decision on the first line and then one line a step, the
/// deciding one marked `>`, and what becomes of Range; there is no line end after the last.
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct Explanation<'r> {
    preconditions: Preconditions<'r>,
    decision: Decision,
    step: Option<Step>,
}

impl<'r> Explanation<'r> {
    /// The decision, the same as [`Preconditions::decide`] gives.
    pub const fn decision(&self) -> Decision {
        self.decision
    }

    /// The step of section 13.2.2 whose condition was false and made the decision; `None` where
    /// no condition stood in the way, or none was evaluated (section 13.2.1).
    #[must_use]
    pub const fn step(&self) -> Option<Step> {
        self.step
    }

    /// The field that made the decision, at the step that [`step`](Self::step) names.
    #[must_use]
    pub const fn field(&self) -> Option<Field> {
        match self.step {
            Some(step) => Some(step.field()),
            None => None,
        }
    }

    /// Whether the server may answer this 412 with a 2xx instead, if it knows that the change
    /// that the request asks for has been made already, as when a client sends a request again
    /// whose answer got lost (sections 13.1.1 and 13.1.4).
    ///
    /// Only a false If-Match or If-Unmodified-Since allows it, and only on a method that changes
    /// state, which any is taken for that [`Method`] has no name for. The method is not performed
    /// again in any case.
    #[must_use]
    pub fn allows_already_applied(&self) -> bool {
        self.decision == Decision::PreconditionFailed
            && self.preconditions.method == Method::Other
            && matches!(self.step, Some(Step::IfMatch | Step::IfUnmodifiedSince))
    }

    /// The five steps in their order, each with what it came to.
    pub fn steps(&self) -> impl Iterator<Item = StepExplanation<'r>> {
        let explanation = *self;
        Step::ALL
            .into_iter()
            .map(move |step| StepExplanation { explanation, step })
    }
}

impl fmt::Display for Explanation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let conditions = self.preconditions.conditions();
        write!(f, "{}, ", self.decision)?;
        match self.step {
            Some(step) => write!(
                f,
                "because of {} (RFC 9110 section 13.2.2, step {})",
                step.field(),
                step.number()
            )?,
            None if self.decision == Decision::PreconditionFailed => f.write_str(
                "as that is the answer without conditions already (RFC 9110 section 13.2.1)",
            )?,
            None if conditions.are_evaluated() => f.write_str("as no condition stands against it")?,
            None if self.preconditions.method == Method::Exempt => f.write_str(
                "as the method neither selects nor modifies a representation (RFC 9110 section 13.2.1)",
            )?,
            None => f.write_str(
                "as the answer without conditions would be neither 2xx nor 412 (RFC 9110 section 13.2.1)",
            )?,
        }
        for step in self.steps() {
            let mark = if step.decided() { '>' } else { ' ' };
            write!(
                f,
                "\n{mark} {}. {}: {step}",
                step.step().number(),
                step.step().field()
            )?;
        }
        f.write_str("\n  6. Range: ")?;
        f.write_str(match (self.decision, self.step, conditions.range) {
            (_, _, Verdict::Absent) => "absent",
            (Decision::Perform, ..) => "applies",
            (Decision::NotModified | Decision::PreconditionFailed, ..) => "not reached",
            (_, Some(_), _) => "ignored, because If-Range is false",
            (_, _, Verdict::Unusable) => "ignored, because it has more than one line",
            _ if conditions.method != Method::Get => "ignored, because the method is not GET",
            _ => "ignored, because the answer would not be 200",
        })
    }
}

/// What one step came to; made by [`Explanation::steps`].
///
/// [`Display`](fmt::Display) writes it as a phrase, such as `absent`, without the step's number
/// and field.
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct StepExplanation<'r> {
    explanation: Explanation<'r>,
    step: Step,
}

impl StepExplanation<'_> {
    /// Which step it is.
    #[must_use]
    pub const fn step(&self) -> Step {
        self.step
    }

    /// Whether this step made the decision.
    #[must_use]
    pub fn decided(&self) -> bool {
        self.explanation.step == Some(self.step)
    }

    /// What the field says, and what that comes to.
    fn write_condition(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let preconditions = &self.explanation.preconditions;
        let field = self.step.field();
        if preconditions.malformed.contains(field) {
            return f.write_str(if preconditions.repeated.contains(field) {
                "more than one line, and they are not valid together"
            } else {
                "malformed"
            });
        }
        match self.step {
            Step::IfMatch => {
                let strength = if preconditions.departures.weak_if_match() {
                    "weakly"
                } else {
                    "strongly"
                };
                self.write_tags(f, preconditions.if_match, strength)
            }
            Step::IfNoneMatch => self.write_tags(f, preconditions.if_none_match, "weakly"),
            Step::IfModifiedSince => {
                let exactly = preconditions.departures.exact_if_modified_since();
                self.write_date(f, preconditions.if_modified_since, exactly)
            }
            Step::IfUnmodifiedSince => self.write_date(f, preconditions.if_unmodified_since, false),
            Step::IfRange
                if preconditions.departures.has_date_for_modified()
                    && matches!(
                        preconditions.if_range,
                        IfRange::DateMatches | IfRange::DateDiffers | IfRange::DateWeak
                    ) =>
            {
                f.write_str("a date, where the stored response has no modification date")
            }
            Step::IfRange => f.write_str(match preconditions.if_range {
                IfRange::Unknown => "malformed",
                IfRange::TagMatches => "a tag, the same as the current one by strong comparison",
                IfRange::TagDiffers => "a tag other than the current one",
                IfRange::TagWeak => "a tag that matches the current one only weakly",
                IfRange::NoTag => "a tag, where the representation has none",
                IfRange::DateMatches => "a date, exactly the modification date",
                IfRange::DateDiffers => "a date other than the modification date",
                IfRange::DateWeak => {
                    "the modification date, which is not known to be a strong validator"
                }
                IfRange::NoDate => "a date, where the representation has no modification date",
            }),
        }
    }

    fn write_tags(&self, f: &mut fmt::Formatter<'_>, tally: Tally, strength: &str) -> fmt::Result {
        let selected = self.explanation.preconditions.selected;
        if self
            .explanation
            .preconditions
            .any
            .contains(self.step.field())
        {
            return f.write_str(if selected.exists() {
                "`*`, and there is a current representation"
            } else {
                "`*`, and there is no current representation"
            });
        }
        match tally.members {
            0 => return f.write_str("an empty list"),
            1 => f.write_str("1 tag")?,
            members => write!(f, "{members} tags")?,
        }
        match (selected.entity_tag(), tally.matched) {
            (Some(current), 0) => write!(f, ", compared {strength} with {current}: none matches"),
            (Some(current), matched) => {
                write!(
                    f,
                    ", compared {strength} with {current}: number {matched} matches"
                )
            }
            (None, _) if selected.exists() => f.write_str(", where the representation has none"),
            (None, _) => f.write_str(", where there is no current representation"),
        }
    }

    fn write_date(
        &self,
        f: &mut fmt::Formatter<'_>,
        date: Option<HttpDate>,
        exactly: bool,
    ) -> fmt::Result {
        let date = match date {
            Some(date) => date,
            None => return Ok(()), // not reached: the field is present and not malformed
        };
        let modified = match self.explanation.preconditions.selected.modified() {
            Some(modified) => modified,
            None => return write!(f, "{date}, where there is no modification date"),
        };
        let order = match modified.cmp(&date) {
            Ordering::Less if exactly => "not exactly that, but before it",
            Ordering::Less => "before that",
            Ordering::Equal => "exactly that",
            Ordering::Greater => "after that",
        };
        let what = if self
            .explanation
            .preconditions
            .departures
            .has_date_for_modified()
        {
            "when the stored response was made"
        } else {
            "the modification date"
        };
        write!(f, "{date}; {what}, {modified}, is {order}")
    }
}

impl fmt::Display for StepExplanation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let conditions = self.explanation.preconditions.conditions();
        let outcome = conditions.step(self.step);
        if outcome == Outcome::Skipped(Reason::Absent) {
            let present = self.explanation.preconditions.present;
            return f.write_str(if present.contains(self.step.field()) {
                "not looked at, because a cache leaves it to the origin server"
            } else {
                "absent"
            });
        }
        if !conditions.are_evaluated() {
            return f.write_str("not looked at");
        }
        // That a field is switched off by another one is worth saying wherever evaluation ended.
        match (outcome, self.step) {
            (Outcome::Skipped(Reason::Superseded), Step::IfUnmodifiedSince) => {
                return f.write_str("not looked at, because If-Match is present");
            }
            (Outcome::Skipped(Reason::Superseded), _) => {
                return f.write_str("not looked at, because If-None-Match is present");
            }
            _ if self.explanation.step.map_or(false, |last| self.step > last) => {
                return f.write_str("not reached");
            }
            (Outcome::Skipped(Reason::NoRange), _) => {
                return f.write_str("ignored, because there is no Range");
            }
            (Outcome::Skipped(Reason::Method), Step::IfModifiedSince) => {
                return f.write_str("ignored, because the method is neither GET nor HEAD");
            }
            (Outcome::Skipped(Reason::Method), _) => {
                return f.write_str("ignored, because the method is not GET");
            }
            (Outcome::Skipped(Reason::NotOk), _) => {
                return f.write_str("ignored, because the answer would not be 200");
            }
            _ => self.write_condition(f)?,
        }
        match outcome {
            Outcome::Skipped(_) => f.write_str(", so it is ignored"),
            Outcome::True => f.write_str(", so the condition is true"),
            Outcome::Ended(decision) if self.decided() => {
                write!(f, ", so the condition is false: {decision}")
            }
            Outcome::Ended(_) => f.write_str(", so the condition is false"),
        }
    }
}
