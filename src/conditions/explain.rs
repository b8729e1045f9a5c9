//! Why a decision came out as it did: how each step of RFC 9110 section 13.2.2 went, in words.

use core::cmp::Ordering;
use core::fmt;

use super::if_range::IfRange;
use super::notes::Tally;
use super::precedence::{Conditions, Outcome, Reason, Verdict};
use super::shown::ShownTag;
use super::{Decision, Field, Method, Preconditions, Step};
use crate::padded::pad;
use crate::validators::{DATES, HttpDate};

impl<'r> Preconditions<'r> {
    /// Why the decision is what it is: which field decided, at which step, and how the others
    /// went. [`explain_with`](Self::explain_with) says more, given the field lines again.
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
    /// 304 Not Modified: If-None-Match names the current tag (RFC 9110 section 13.2.2, step 3)
    ///   1. If-Match: absent
    ///   2. If-Unmodified-Since: absent
    /// > 3. If-None-Match: 3 tags, compared weakly with \"v2\": number 2 matches, so the condition is false: 304 Not Modified
    ///   4. If-Modified-Since: ignored, because If-None-Match is present
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
/// [`Display`](fmt::Display) writes the decision and its reason on the first line, then a line for
/// each step and one for Range; there is no line end after the last. The step to look at is marked
/// `>`: the one that decided, or else the one that [prevented a 304](Self::kept_from_304). All of
/// it is printable ASCII, whatever the tags hold.
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct Explanation<'r> {
    preconditions: Preconditions<'r>,
    decision: Decision,
    step: Option<Step>,
}

impl<'r> Explanation<'r> {
    pub(super) const fn preconditions(&self) -> &Preconditions<'r> {
        &self.preconditions
    }

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

    /// If the answer to a GET, HEAD or QUERY is not 304, the step that prevented the 304:
    /// [`IfNoneMatch`](Step::IfNoneMatch) or [`IfModifiedSince`](Step::IfModifiedSince). It is the
    /// step of the condition that was sent, or if none was, of the condition that the client could
    /// have sent.
    ///
    /// `None` for other methods, for a 304 or a 412, and where no condition counts.
    ///
    /// ```
    /// use http_conditional::{EntityTag, Method, Preconditions, Representation, Step};
    ///
    /// let current = Representation::current().etag(EntityTag::from_static("\"v2\""));
    /// let mut get = Preconditions::new(Method::Get, current);
    /// get.field(b"If-None-Match", b"v2");
    /// let explanation = get.explain();
    /// assert_eq!(explanation.step(), None);
    /// assert_eq!(explanation.kept_from_304(), Some(Step::IfNoneMatch));
    /// ```
    #[must_use]
    pub fn kept_from_304(&self) -> Option<Step> {
        let conditions = self.preconditions.conditions();
        let performed = matches!(
            self.decision,
            Decision::Perform | Decision::PerformIgnoringRange
        );
        if !performed || !conditions.are_evaluated() || !conditions.method.can_be_not_modified() {
            return None;
        }
        let selected = self.preconditions.selected;
        let by_date = conditions.of(Field::IfNoneMatch) == Verdict::Absent
            && (conditions.of(Field::IfModifiedSince) != Verdict::Absent
                || selected.entity_tag().is_none() && selected.modified().is_some());
        Some(if by_date {
            Step::IfModifiedSince
        } else {
            Step::IfNoneMatch
        })
    }

    /// The step to look at: the one that decided, or else the one that prevented a 304.
    #[must_use]
    pub fn marked(&self) -> Option<Step> {
        self.step.or_else(|| self.kept_from_304())
    }

    /// Whether the server may answer 2xx instead of this 412 if it knows that the change has been
    /// made already, as when a client repeats a request because the answer got lost (sections
    /// 13.1.1 and 13.1.4).
    ///
    /// Only a false If-Match or If-Unmodified-Since allows it, and only on a method that changes
    /// state. A method that [`Method`](crate::Method) has no name for counts as one. In no case is
    /// the method performed again.
    #[must_use]
    pub fn allows_already_applied(&self) -> bool {
        self.decision == Decision::PreconditionFailed
            && !self.preconditions.conditions().method.is_safe()
            && matches!(self.step, Some(Step::IfMatch | Step::IfUnmodifiedSince))
    }

    /// The five steps in order, each with its result.
    pub fn steps(&self) -> [StepExplanation<'r>; 5] {
        Step::ALL.map(|step| StepExplanation {
            explanation: *self,
            step,
        })
    }
}

impl Explanation<'_> {
    /// The decision and its reason, on one line.
    pub(crate) fn write_summary(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let conditions = self.preconditions.conditions();
        let is_ok = conditions.method.can_be_not_modified() && conditions.is_ok();
        match self.decision {
            Decision::Perform | Decision::PerformIgnoringRange if !conditions.are_evaluated() => {
                return f.write_str(if conditions.method.takes_conditions() {
                    "the answer as without conditions: that is neither 2xx nor 412, so no condition counts \
                     (RFC 9110 section 13.2.1)"
                } else {
                    "perform the method: conditions do not apply to it \
                     (RFC 9110 section 13.2.1)"
                });
            }
            Decision::PerformIgnoringRange if is_ok && conditions.method != Method::Head => {
                f.write_str("200 OK with the whole content")?;
            }
            Decision::Perform if is_ok && conditions.of(Field::Range) != Verdict::Absent => {
                f.write_str("206 Partial Content, if the Range can be satisfied")?;
            }
            Decision::Perform | Decision::PerformIgnoringRange if is_ok => f.write_str("200 OK")?,
            decision => write!(f, "{decision}")?,
        }
        let step = match self.marked() {
            Some(step) => step,
            None if self.decision == Decision::PreconditionFailed => {
                return f.write_str(
                    ": the answer is that even without conditions (RFC 9110 section 13.2.1)",
                );
            }
            None => return f.write_str(": no condition prevents it"),
        };
        let reason = StepExplanation {
            explanation: *self,
            step,
        };
        write!(
            f,
            "{}: {} (RFC 9110 section 13.2.2, step {})",
            if self.step.is_some() { "" } else { ", not 304" },
            reason.reason(conditions),
            step.number()
        )
    }

    /// What happened to Range: step 6.
    pub(crate) fn range(&self) -> &'static str {
        let conditions = self.preconditions.conditions();
        match (self.decision, self.step, conditions.of(Field::Range)) {
            (_, _, Verdict::Absent) => "absent",
            (Decision::Perform, ..) => "applies",
            (Decision::NotModified | Decision::PreconditionFailed, ..) => "not reached",
            (_, Some(_), _) => "ignored, because If-Range is false",
            (_, _, Verdict::Unusable) => "ignored, because it has more than one line",
            _ if !conditions.method.takes_ranges() => {
                "ignored, because the method is neither GET nor QUERY"
            }
            _ => "ignored, because the answer would not be 200",
        }
    }
}

impl fmt::Display for Explanation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_summary(f)?;
        for step in self.steps() {
            step.write_line(f)?;
        }
        write!(f, "\n  6. Range: {}", self.range())
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

    /// Whether this is the step to look at, see [`Explanation::marked`].
    #[must_use]
    pub fn is_marked(&self) -> bool {
        self.explanation.marked() == Some(self.step)
    }

    /// The line of the step, with its mark, number and field.
    pub(crate) fn write_line(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = if self.is_marked() { '>' } else { ' ' };
        let (number, field) = (self.step.number(), self.step.field());
        write!(f, "\n{mark} {number}. {field}: {self}")
    }

    /// The reason that the first line gives, in a few words.
    fn reason(&self, conditions: Conditions) -> &'static str {
        let preconditions = &self.explanation.preconditions;
        let selected = preconditions.selected;
        let malformed = preconditions.judged.malformed.contains(self.step.field());
        let any = preconditions.judged.any.contains(self.step.field());
        let brothers = preconditions.brothers();
        match self.step {
            Step::IfMatch if malformed => "If-Match is malformed",
            Step::IfMatch if !preconditions.is_current() => {
                "there is no current representation for If-Match to name"
            }
            Step::IfMatch if preconditions.judged.notes.if_match.members == 0 => {
                "If-Match is an empty list"
            }
            Step::IfMatch if selected.entity_tag().is_none() && brothers.is_empty() => {
                "the representation has no tag for If-Match to name"
            }
            Step::IfMatch => "If-Match does not name the current tag",
            Step::IfUnmodifiedSince => "it was modified after the date in If-Unmodified-Since",
            Step::IfNoneMatch => match conditions.of(Field::IfNoneMatch) {
                Verdict::Absent => "no condition was sent",
                _ if malformed => "If-None-Match is malformed",
                Verdict::False if any => {
                    "If-None-Match is `*`, and there is a current representation"
                }
                Verdict::False => "If-None-Match names the current tag",
                _ if preconditions.judged.notes.if_none_match.members == 0 => {
                    "If-None-Match is an empty list"
                }
                _ if selected.entity_tag().is_none() => {
                    "the representation has no tag for If-None-Match to name"
                }
                _ => "If-None-Match does not name the current tag",
            },
            Step::IfModifiedSince => match conditions.of(Field::IfModifiedSince) {
                Verdict::Absent => "no condition was sent",
                _ if malformed => "If-Modified-Since is malformed",
                Verdict::Unusable => "no modification date is known",
                Verdict::True
                    if preconditions
                        .judged
                        .notes
                        .departures
                        .exact_if_modified_since() =>
                {
                    "it was not modified at exactly the date in If-Modified-Since"
                }
                Verdict::True => "it was modified after the date in If-Modified-Since",
                Verdict::False => "it was not modified after the date in If-Modified-Since",
            },
            Step::IfRange => match preconditions.judged.notes.if_range {
                IfRange::Unknown => "If-Range is malformed",
                IfRange::TagDiffers => "If-Range names another tag",
                IfRange::TagWeak => "If-Range and the current tag match only weakly",
                IfRange::NoTag => "If-Range names a tag, and the representation has none",
                IfRange::DateDiffers => "If-Range has another date",
                IfRange::DateWeak => "the date in If-Range is not a strong validator",
                IfRange::NoDate if !DATES => "If-Range has no tag, and this build reads no dates",
                IfRange::NoDate => "If-Range has a date, and no modification date is known",
                IfRange::TagMatches | IfRange::DateMatches => "If-Range is true", // decides nothing
            },
        }
    }

    /// What the field says, and what that comes to.
    fn write_condition(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let preconditions = &self.explanation.preconditions;
        let field = self.step.field();
        if preconditions.judged.malformed.contains(field) {
            // Tags may be on several lines; `*` has to be alone.
            let is_list = matches!(field, Field::IfMatch | Field::IfNoneMatch)
                && !preconditions.judged.any.contains(field);
            let is_repeated = preconditions.judged.repeated.contains(field);
            return f.write_str(if is_repeated && !is_list {
                "on more than one line, which is not valid"
            } else {
                "malformed"
            });
        }
        match self.step {
            Step::IfMatch => {
                let strength = if preconditions.judged.notes.departures.weak_if_match() {
                    "weakly"
                } else {
                    "strongly"
                };
                self.write_tags(f, preconditions.judged.notes.if_match, strength)
            }
            Step::IfNoneMatch => {
                self.write_tags(f, preconditions.judged.notes.if_none_match, "weakly")
            }
            Step::IfModifiedSince => {
                let exactly = preconditions
                    .judged
                    .notes
                    .departures
                    .exact_if_modified_since();
                self.write_date(f, preconditions.judged.notes.if_modified_since.0, exactly)
            }
            Step::IfUnmodifiedSince => {
                self.write_date(f, preconditions.judged.notes.if_unmodified_since.0, false)
            }
            Step::IfRange
                if preconditions
                    .judged
                    .notes
                    .departures
                    .has_date_for_modified()
                    && matches!(
                        preconditions.judged.notes.if_range,
                        IfRange::DateMatches | IfRange::DateDiffers | IfRange::DateWeak
                    ) =>
            {
                f.write_str("a date, but the stored response has no modification date")
            }
            Step::IfRange => f.write_str(match preconditions.judged.notes.if_range {
                IfRange::Unknown => "malformed",
                IfRange::TagMatches => "a tag, the same as the current one by strong comparison",
                IfRange::TagDiffers => "a tag other than the current one",
                IfRange::TagWeak => "a tag that matches the current one only weakly",
                IfRange::NoTag => "a tag, but the representation has none",
                IfRange::DateMatches => "a date, exactly the modification date",
                IfRange::DateDiffers => "a date other than the modification date",
                IfRange::DateWeak => {
                    "the modification date, which is not known to be a strong validator"
                }
                IfRange::NoDate if !DATES => "not a tag, and this build reads no dates",
                IfRange::NoDate => "a date, but the representation has no modification date",
            }),
        }
    }

    fn write_tags(&self, f: &mut fmt::Formatter<'_>, tally: Tally, strength: &str) -> fmt::Result {
        let preconditions = &self.explanation.preconditions;
        let selected = preconditions.selected;
        if preconditions.judged.any.contains(self.step.field()) {
            return f.write_str(if preconditions.is_current() {
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
        let brothers = preconditions.brothers().len();
        match (selected.entity_tag(), brothers) {
            (Some(current), 0) => write!(f, ", compared {strength} with {}", ShownTag(current))?,
            (Some(current), _) => write!(
                f,
                ", compared {strength} with {} and the tags of {brothers} other representations",
                ShownTag(current)
            )?,
            (None, 0) if selected.exists() => {
                return f.write_str(", but the representation has none");
            }
            (None, 0) => return f.write_str(", but there is no current representation"),
            (None, _) => write!(
                f,
                ", compared {strength} with the tags of {brothers} other representations"
            )?,
        }
        match tally.matched {
            0 => f.write_str(": none matches"),
            matched => write!(f, ": number {matched} matches"),
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
            None if !DATES => return f.write_str("this build reads no dates"),
            None => return Ok(()), // not reached: the field is present and not malformed
        };
        let modified = match self.explanation.preconditions.selected.modified() {
            Some(modified) => modified,
            None => return write!(f, "{date}, but there is no modification date"),
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
            .judged
            .notes
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

impl StepExplanation<'_> {
    /// How the step went, whether or not an earlier one had already decided.
    pub(super) fn outcome(&self) -> Outcome {
        self.explanation.preconditions.conditions().step(self.step)
    }
}

impl fmt::Display for StepExplanation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        pad(f, |f| {
            let conditions = self.explanation.preconditions.conditions();
            let outcome = self.outcome();
            if outcome == Outcome::Skipped(Reason::Absent) {
                let present = self.explanation.preconditions.judged.present;
                return f.write_str(if present.contains(self.step.field()) {
                    "left to the origin server, as this is a cache"
                } else {
                    "absent"
                });
            }
            if !conditions.are_evaluated() {
                return f.write_str("not looked at");
            }
            // It is worth saying that one field switches another off, wherever evaluation ended.
            match (outcome, self.step) {
                (Outcome::Skipped(Reason::Superseded), Step::IfUnmodifiedSince) => {
                    return f.write_str("ignored, because If-Match is present");
                }
                (Outcome::Skipped(Reason::Superseded), _) => {
                    return f.write_str("ignored, because If-None-Match is present");
                }
                _ if self.explanation.step.map_or(false, |last| self.step > last) => {
                    return f.write_str("not reached");
                }
                (Outcome::Skipped(Reason::NoRange), _) => {
                    return f.write_str("ignored, because there is no Range");
                }
                (Outcome::Skipped(Reason::Method), Step::IfModifiedSince) => {
                    return f.write_str("ignored, because the method is not GET, HEAD or QUERY");
                }
                (Outcome::Skipped(Reason::Method), _) => {
                    return f.write_str("ignored, because the method is neither GET nor QUERY");
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
        })
    }
}
