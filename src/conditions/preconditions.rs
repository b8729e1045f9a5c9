//! Preconditions (RFC 9110 section 13.1): a fold over the field lines of a request.

use super::judged::Judged;
use super::notes::Notes;
use super::precedence::{Conditions, Unconditional, Verdict};
use super::{Decision, Field, Fields, Guard, Method, Policy};
use crate::line::Line;
use crate::validators::{EntityTag, Representation};

/// Evaluates the conditions of a request: what the server does with it, by all the rules of
/// [RFC 9110 section 13].
///
/// `fields` are the field lines of the request's header section, names and values, in any order;
/// those that are not conditional are skipped. Pass an `&http::HeaderMap`, or an array, slice or
/// vector of pairs, by value or by reference: see [`Line`]. Leave the trailer section out.
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
/// Call it if the same request without its conditions would be answered 2xx (or 412, by a
/// precondition of another specification), after all other checks and before you perform the method
/// (section 13.2.1). If you are about to answer anything else, such as 301, 403 or 405, answer that
/// and do not call it. For a GET, HEAD or QUERY of something that does not exist, the decision is
/// [`Decision::Perform`] (or [`PerformIgnoringRange`](Decision::PerformIgnoringRange), if there is a
/// Range), and you go on to your 404. [`Preconditions::unconditional_status`] takes any other status into account.
///
/// This is [`Preconditions::new`], [`extend`](Extend::extend) and [`Preconditions::decide`].
///
/// [RFC 9110 section 13]: https://www.rfc-editor.org/rfc/rfc9110#section-13
pub fn evaluate<L: Line>(
    method: impl Into<Method>,
    selected: Representation<'_>,
    fields: impl IntoIterator<Item = L>,
) -> Decision {
    let mut judged = Judged::new(method.into(), Unconditional::Ok, ());
    for line in fields {
        judged.field(&selected, line.name(), line.value());
    }
    if judged.present.is_empty() {
        // Most requests have no condition: there is nothing to go through.
        return Decision::Perform;
    }
    let conditions = &mut judged.conditions;
    conditions.unconditional = Unconditional::usual(conditions.method, selected.exists());
    conditions.decide().0
}

/// The conditions of one request, folded over its field lines one by one.
///
/// Each line is judged against the selected representation as it comes, and you may drop it after
/// that: only the verdicts are kept, a few bytes, never the bytes of a field. So neither the order
/// of the fields nor the number of their lines makes a difference, and nothing is allocated.
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
    pub(crate) judged: Judged,
}

impl<'r> Preconditions<'r> {
    /// The conditions of a request with this method, before any of its fields, against the
    /// representation that is selected now.
    ///
    /// It is `const`, and so takes a [`Method`] rather than text: `Method::from("GET")` makes one.
    pub const fn new(method: Method, selected: Representation<'r>) -> Self {
        Self::with_policy(method, selected, Policy::new())
    }

    /// As [`new`](Self::new), with a clock or with departures from the RFC.
    pub const fn with_policy(method: Method, selected: Representation<'r>, policy: Policy) -> Self {
        Self {
            selected,
            judged: Judged::new(
                method,
                Unconditional::usual(method, selected.exists()),
                Notes::new(policy),
            ),
        }
    }

    /// The status code of the answer that the same request would get without its conditions and
    /// its Range, as far as it is known before the method is performed. It gates the evaluation
    /// (section 13.2.1):
    ///
    /// - 2xx: conditions count. A Range applies only where it is 200.
    /// - 412, from a precondition that another specification defines: conditions count, and the
    ///   decision is [`PreconditionFailed`](Decision::PreconditionFailed) in any case.
    /// - any other: conditions are ignored, and so is a Range; the decision is to
    ///   [`Perform`](Decision::Perform) or, if there is a Range, to
    ///   [`PerformIgnoringRange`](Decision::PerformIgnoringRange), which then means to give that
    ///   answer.
    ///
    /// By default it is 404 for a GET, HEAD or QUERY if there is no current representation, and 200
    /// otherwise.
    ///
    /// ```
    /// use http_conditional::{Decision, Method, Preconditions, Representation};
    ///
    /// // A PUT that the client may not do: 403, whatever the conditions.
    /// let mut preconditions =
    ///     Preconditions::new(Method::Other, Representation::ABSENT).unconditional_status(403);
    /// preconditions.field(b"If-Match", b"*");
    /// assert_eq!(preconditions.decide(), Decision::Perform);
    /// ```
    pub const fn unconditional_status(mut self, status: u16) -> Self {
        self.judged.conditions.unconditional = Unconditional::of(status);
        self
    }

    /// Takes one field line of the request's header section into account: its name, in any case,
    /// and its value, without the line end. Fields that are not conditional are skipped.
    ///
    /// The value may be any bytes: [`malformed`](Self::malformed) tells which fields were
    /// malformed.
    #[inline]
    pub fn field(&mut self, name: &[u8], value: &[u8]) {
        self.judged.field(&self.selected, name, value);
    }

    /// What the server is to do with the request, once all its field lines have been seen.
    pub fn decide(&self) -> Decision {
        if self.judged.present.is_empty() {
            // Most requests have no condition: there is nothing to go through.
            return self.conditions().unconditional.perform();
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
        self.judged.present
    }

    /// The fields that were present and malformed, so that a server may answer 400 instead.
    ///
    /// Such a field is still evaluated, to the safe side: If-Match is false; If-None-Match is true
    /// for GET, HEAD and QUERY and false for every other method; If-Range is false. A date field is
    /// ignored, as sections 13.1.3 and 13.1.4 require, which leaves a write unguarded. Two Range
    /// lines are malformed too, and Range is then ignored; its value is not read here.
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
        self.judged.malformed
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
        let any = self.judged.any.contains(Field::IfNoneMatch);
        if usable(conditions.of(Field::IfMatch)) || usable(conditions.of(Field::IfNoneMatch)) && any
        {
            Guard::Strong
        } else if conditions.has(Field::IfMatch) {
            Guard::None
        } else if usable(conditions.of(Field::IfUnmodifiedSince)) {
            Guard::Date
        } else {
            Guard::None
        }
    }

    /// The tags of the brothers, where they count for the method.
    pub(crate) fn brothers(&self) -> &'r [EntityTag<'r>] {
        self.judged.brothers(&self.selected)
    }

    /// Whether the resource has a current representation, as far as the method asks for one.
    pub(crate) fn is_current(&self) -> bool {
        self.judged.is_current(&self.selected)
    }

    /// The verdicts, for the steps of section 13.2.2.
    pub(crate) const fn conditions(&self) -> Conditions {
        self.judged.conditions
    }
}

/// Takes field lines into account, as [`Preconditions::field`] does with one.
impl<L: Line> Extend<L> for Preconditions<'_> {
    fn extend<T: IntoIterator<Item = L>>(&mut self, fields: T) {
        for line in fields {
            self.field(line.name(), line.value());
        }
    }
}
