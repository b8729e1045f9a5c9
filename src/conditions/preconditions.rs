//! Preconditions (RFC 9110 section 13.1): a fold over the field lines of a request.

use super::if_range::IfRange;
use super::policy::Departures;
use super::precedence::{Conditions, Unconditional, Verdict};
use super::{Decision, Field, Fields, Guard, Method, Policy};
use crate::bytes::trim_ows;
use crate::line::Line;
use crate::validators::{DATES, EntityTag, HttpDate, Members, Received, Representation, is_any};

/// Evaluates the conditions of a request: what the server does with it, by all the rules of
/// [RFC 9110 section 13].
///
/// `fields` are the field lines of the request's header section, names and values, in any order;
/// those that are not conditional are passed over. An `&http::HeaderMap` is such a thing as it
/// is, and so are arrays, slices and vectors of pairs, by value or by reference: see [`Line`].
/// The trailer section is not to be given.
///
/// ```
/// use http_conditional::{Decision, EntityTag, Representation, evaluate};
///
/// let mut headers = http::HeaderMap::new();
/// headers.insert("if-none-match", "\"v1\", \"v2\"".parse()?);
/// let current = Representation::current().etag(EntityTag::from_static("\"v2\""));
///
/// assert_eq!(evaluate("GET", current, &headers), Decision::NotModified);
/// assert_eq!(evaluate("PUT", current, &headers), Decision::PreconditionFailed);
/// # Ok::<(), http::header::InvalidHeaderValue>(())
/// ```
///
/// Call it where the same request without its conditions would be answered 2xx, after all other
/// checks and before the method is performed (section 13.2.1). A server that is about to answer
/// anything else, such as 301, 403 or 405, answers that and does not ask; for a GET, HEAD or QUERY of
/// what does not exist, the answer is [`Decision::Perform`], and the server goes on to its 404.
/// [`Preconditions::unconditional_status`] takes any other status into account.
///
/// This is [`Preconditions::new`], [`extend`](Extend::extend) and [`Preconditions::decide`].
///
/// [RFC 9110 section 13]: https://www.rfc-editor.org/rfc/rfc9110#section-13
pub fn evaluate<L: Line>(
    method: impl Into<Method>,
    selected: Representation<'_>,
    fields: impl IntoIterator<Item = L>,
) -> Decision {
    let mut preconditions = Preconditions::new(method.into(), selected);
    preconditions.extend(fields);
    preconditions.decide()
}

/// The conditions of one request, folded over its field lines one by one.
///
/// Each line is judged against the selected representation as it comes and may be dropped after
/// that: what is kept are verdicts, a few bytes, never the bytes of a field. So the order of
/// fields and the number of lines they come in make no difference, and nothing is allocated.
///
/// ```
/// use http_conditional::{Decision, EntityTag, Method, Preconditions, Representation};
///
/// let current = Representation::current().etag(EntityTag::from_static("\"v2\""));
/// let mut preconditions = Preconditions::new(Method::Other, current);
/// preconditions.field(b"Host", b"example.com");
/// preconditions.field(b"If-Match", b"\"v1\"");
/// assert_eq!(preconditions.decide(), Decision::PreconditionFailed);
/// ```
///
/// A server that learns its validators only after the header section (by content negotiation, or
/// under a lock) keeps its header map and evaluates then.
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct Preconditions<'r> {
    pub(crate) selected: Representation<'r>,
    now: Option<HttpDate>,
    pub(crate) if_match: Tally,
    pub(crate) if_none_match: Tally,
    pub(crate) if_modified_since: Option<HttpDate>,
    pub(crate) if_unmodified_since: Option<HttpDate>,
    pub(crate) method: Method,
    unconditional: Unconditional,
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

impl<'r> Preconditions<'r> {
    /// The conditions of a request with this method, of which no field has been seen yet, against
    /// the representation that is selected now.
    ///
    /// It is `const`, and so takes the [`Method`] itself: `Method::from("GET")`, or of any other text.
    pub const fn new(method: Method, selected: Representation<'r>) -> Self {
        Self::with_policy(method, selected, Policy::new())
    }

    /// As [`new`](Self::new), with a clock or with departures from the RFC.
    pub const fn with_policy(method: Method, selected: Representation<'r>, policy: Policy) -> Self {
        Self {
            selected,
            now: policy.now,
            if_match: Tally::NONE,
            if_none_match: Tally::NONE,
            if_modified_since: None,
            if_unmodified_since: None,
            method,
            unconditional: match method {
                // 404 without any condition
                Method::Get | Method::Head | Method::Query if !selected.exists() => {
                    Unconditional::Other
                }
                _ => Unconditional::Ok,
            },
            departures: policy.departures,
            if_range: IfRange::Unknown,
            present: Fields::EMPTY,
            repeated: Fields::EMPTY,
            malformed: Fields::EMPTY,
            any: Fields::EMPTY,
        }
    }

    /// The status code of the answer that the same request would get without its conditions and
    /// its Range, as far as it is known before the method is performed. It gates the evaluation
    /// (section 13.2.1):
    ///
    /// - 2xx: conditions count. A Range applies only where it is 200.
    /// - 412, from a precondition that another specification defines: conditions count, and the
    ///   decision is [`PreconditionFailed`](Decision::PreconditionFailed) in any case.
    /// - any other: conditions are ignored, and the decision is to
    ///   [`Perform`](Decision::Perform), which means to give that answer.
    ///
    /// Without a call, it is 404 for a GET, HEAD or QUERY where there is no current representation, and
    /// 200 otherwise.
    ///
    /// ```
    /// use http_conditional::{Decision, Method, Preconditions, Representation};
    ///
    /// // A PUT that the client may not do: 403, and no word about the conditions.
    /// let mut preconditions =
    ///     Preconditions::new(Method::Other, Representation::ABSENT).unconditional_status(403);
    /// preconditions.field(b"If-Match", b"*");
    /// assert_eq!(preconditions.decide(), Decision::Perform);
    /// ```
    pub const fn unconditional_status(self, status: u16) -> Self {
        Self {
            unconditional: Unconditional::of(status),
            ..self
        }
    }

    /// Takes one field line of the request's header section into account: its name, in any case,
    /// and its value, without the line end. Fields that are not conditional are passed over.
    ///
    /// Any bytes are taken: what is malformed is known as malformed, see
    /// [`malformed`](Self::malformed).
    #[inline]
    pub fn field(&mut self, name: &[u8], value: &[u8]) {
        // Inlined as far as this: it turns away nearly every field that is not conditional.
        if Field::has_name_of_length(name.len()) {
            self.named(name, value);
        }
    }

    /// What the server is to do with the request, once all its field lines have been seen.
    pub fn decide(&self) -> Decision {
        if self.present.is_empty() {
            // Most requests have no condition: there is nothing to go through.
            return self.unconditional.perform();
        }
        self.conditions().decide().0
    }

    /// The fields that were present, malformed or not.
    ///
    /// ```
    /// use http_conditional::{Field, Method, Preconditions, Representation};
    ///
    /// let mut preconditions = Preconditions::new(Method::Get, Representation::current());
    /// preconditions.field(b"If-Range", b"yesterday");
    /// assert!(preconditions.present().contains(Field::IfRange));
    /// assert!(!preconditions.present().contains(Field::Range));
    /// ```
    #[must_use]
    pub const fn present(&self) -> Fields {
        self.present
    }

    /// The fields that were present and malformed, so that a server may answer 400 instead.
    ///
    /// Such a field is evaluated nevertheless, towards the safe side: If-Match is false; so is
    /// If-None-Match, but for GET, HEAD and QUERY it is true; If-Range is false; a date field is
    /// ignored, as sections 13.1.3 and 13.1.4 require, which leaves a write unguarded. Two Range
    /// lines are malformed too, and Range is ignored then; its value is not looked at here.
    ///
    /// ```
    /// use http_conditional::{Field, Method, Preconditions, Representation};
    ///
    /// let mut preconditions = Preconditions::new(Method::Other, Representation::current());
    /// preconditions.field(b"If-Unmodified-Since", b"yesterday");
    /// assert!(preconditions.malformed().contains(Field::IfUnmodifiedSince));
    /// ```
    #[must_use]
    pub const fn malformed(&self) -> Fields {
        self.malformed
    }

    /// How the request guards against lost updates, so that a server that insists on a guard
    /// may answer 428 Precondition Required to a write that has none, or none that is strong
    /// (RFC 6585 section 3).
    ///
    /// ```
    /// use http_conditional::{Guard, Method, Preconditions, Representation};
    ///
    /// let mut put = Preconditions::new(Method::Other, Representation::current());
    /// assert_eq!(put.guards_write(), Guard::None);
    /// put.field(b"If-Match", b"\"v1\"");
    /// assert_eq!(put.guards_write(), Guard::Strong);
    /// ```
    #[must_use]
    pub fn guards_write(&self) -> Guard {
        let conditions = self.conditions();
        let usable = |verdict| matches!(verdict, Verdict::True | Verdict::False);
        if usable(conditions.if_match)
            || usable(conditions.if_none_match) && self.any.contains(Field::IfNoneMatch)
        {
            Guard::Strong
        } else if conditions.if_match == Verdict::Absent && usable(conditions.if_unmodified_since) {
            Guard::Date
        } else {
            Guard::None
        }
    }

    fn named(&mut self, name: &[u8], value: &[u8]) {
        if let Some(field) = Field::from_name(name) {
            self.line(field, value);
        }
    }

    /// One line of a field that takes part.
    fn line(&mut self, field: Field, value: &[u8]) {
        if self.present.contains(field) {
            self.repeated.insert(field);
        }
        self.present.insert(field);
        let well_formed = match field {
            Field::IfMatch | Field::IfNoneMatch => self.tags(field, value),
            // A singleton field with more than one line has more than one member, which is more
            // than its grammar allows, even if the lines are the same.
            _ if self.repeated.contains(field) => false,
            Field::IfModifiedSince => {
                self.if_modified_since = self.date(value).map(|received| received.date);
                self.if_modified_since.is_some() || !DATES
            }
            Field::IfUnmodifiedSince => {
                self.if_unmodified_since = self.date(value).map(|received| received.date);
                self.if_unmodified_since.is_some() || !DATES
            }
            Field::IfRange => {
                self.if_range = self.judge_if_range(trim_ows(value));
                self.if_range != IfRange::Unknown
            }
            Field::Range => true,
        };
        if !well_formed {
            self.malformed.insert(field);
        }
    }

    /// One line of If-Match or If-None-Match; says whether it is well-formed. By itself: inlined,
    /// its loop was seen to keep its state in memory.
    #[inline(never)]
    fn tags(&mut self, field: Field, line: &[u8]) -> bool {
        if self.malformed.contains(field) {
            return false;
        }
        if is_any(line) {
            self.any.insert(field);
        }
        if self.any.contains(field) {
            // `*` stands alone: beside any other line, even an empty one, it is not `*` any more.
            return !self.repeated.contains(field);
        }
        let reading = self.departures.entity_tags(self.method);
        let brothers = self.brothers();
        let strongly = field == Field::IfMatch && !self.departures.weak_if_match();
        let current = self.selected.entity_tag();
        let tally = match field {
            Field::IfMatch => &mut self.if_match,
            _ => &mut self.if_none_match,
        };
        let Tally {
            mut members,
            mut matched,
        } = *tally;
        let mut list = Members::of(line, reading);
        while let Some(member) = list.advance() {
            // A malformed member makes the field malformed, wherever it stands: go on to the end.
            if member.is_err() {
                return false;
            }
            let tag = list.tag();
            members = members.saturating_add(1);
            let matches = |current: EntityTag<'_>| {
                if strongly {
                    tag.strong_eq(current)
                } else {
                    tag.weak_eq(current)
                }
            };
            let is_current =
                || current.map_or(false, matches) || brothers.iter().copied().any(matches);
            if matched == 0 && is_current() {
                matched = members;
            }
        }
        *tally = Tally { members, matched };
        true
    }

    pub(super) fn date(&self, value: &[u8]) -> Option<Received> {
        // Without a clock, the modification date tells the century of a two-digit year.
        let now = self.now.or(self.selected.modified());
        Received::parse(trim_ows(value), now, self.departures.dates()).ok()
    }

    /// The tags of the brothers, where they count for the method.
    pub(crate) fn brothers(&self) -> &'r [EntityTag<'r>] {
        if self.method.can_be_not_modified() {
            return &[];
        }
        self.selected.brothers()
    }

    /// Whether the resource has a current representation, as far as the method asks for one.
    pub(crate) fn is_current(&self) -> bool {
        self.selected.exists() || !self.brothers().is_empty()
    }

    /// The verdicts, for the steps of section 13.2.2.
    pub(crate) fn conditions(&self) -> Conditions {
        let modified = self.selected.modified();
        let any_or_matched = |field, tally: Tally| {
            if self.any.contains(field) {
                self.is_current()
            } else {
                tally.matched != 0
            }
        };
        let exact = self.departures.exact_if_modified_since();
        let modified_since = |date| {
            modified.map(|modified| {
                if exact {
                    modified != date
                } else {
                    modified > date
                }
            })
        };
        let unmodified_since = |date| modified.map(|modified| modified <= date);
        Conditions {
            method: self.method,
            unconditional: self.unconditional,
            if_match: self.verdict(Field::IfMatch, || {
                Some(any_or_matched(Field::IfMatch, self.if_match))
            }),
            if_unmodified_since: self.verdict(Field::IfUnmodifiedSince, || {
                self.if_unmodified_since.and_then(unmodified_since)
            }),
            if_none_match: self.verdict(Field::IfNoneMatch, || {
                Some(!any_or_matched(Field::IfNoneMatch, self.if_none_match))
            }),
            if_modified_since: self.verdict(Field::IfModifiedSince, || {
                self.if_modified_since.and_then(modified_since)
            }),
            if_range: self.verdict(Field::IfRange, || {
                Some(matches!(
                    self.if_range,
                    IfRange::TagMatches | IfRange::DateMatches
                ))
            }),
            range: self.verdict(Field::Range, || Some(true)),
        }
    }

    fn verdict(&self, field: Field, truth: impl FnOnce() -> Option<bool>) -> Verdict {
        if !self.present.contains(field) || self.departures.leaves_to_origin(field) {
            return Verdict::Absent;
        }
        if self.malformed.contains(field) {
            return Verdict::Unusable;
        }
        match truth() {
            None => Verdict::Unusable,
            Some(false) => Verdict::False,
            Some(true) => Verdict::True,
        }
    }
}

impl Tally {
    const NONE: Self = Self {
        members: 0,
        matched: 0,
    };
}

/// Takes field lines into account, as [`Preconditions::field`] does with one.
impl<L: Line> Extend<L> for Preconditions<'_> {
    fn extend<T: IntoIterator<Item = L>>(&mut self, fields: T) {
        for line in fields {
            self.field(line.name(), line.value());
        }
    }
}
