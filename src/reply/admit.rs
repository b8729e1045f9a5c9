//! Whether a write may be performed (RFC 9110 section 13.2, RFC 6585 section 3).

use core::fmt;

use super::ValidatorFields;
use crate::conditions::{Decision, Guard, Method, Policy, Preconditions};
use crate::line::Line;
use crate::validators::Representation;

/// Whether a write may be performed. Call it right before the write, holding the lock or the
/// transaction in which you write.
///
/// `request` are the field lines of the request, usually a `&HeaderMap`. `current` is what is there
/// now, or [`Representation::ABSENT`]. If the write may not be performed, the [`Refusal`] has the
/// status and the fields to answer with. A GET, HEAD or QUERY is always let through, because
/// [`Reply`](crate::Reply) evaluates its conditions; so you may call this for every method.
///
/// ```
/// use http_conditional::{AdmitPolicy, Representation, SmallTag, admit};
///
/// struct Page {
///     revision: u64,
///     text: String,
/// }
///
/// /// Answers a PUT with a status. Whoever calls it has locked what is stored.
/// fn put(stored: &mut Option<Page>, fields: &[(&str, &str)], text: &str) -> u16 {
///     let revision = stored.as_ref().map_or(0, |page| page.revision);
///     let tag = SmallTag::from_number(revision);
///     let current = match stored {
///         Some(_) => Representation::current().etag(tag.as_tag()),
///         None => Representation::ABSENT,
///     };
///     let policy = AdmitPolicy::new().require_guard();
///     match admit("PUT", fields, current, &policy) {
///         Err(refusal) => refusal.status(),
///         Ok(admitted) => {
///             *stored = Some(Page { revision: revision + 1, text: text.to_owned() });
///             admitted.status_of_put()
///         }
///     }
/// }
///
/// let mut stored = None;
/// assert_eq!(put(&mut stored, &[], "One."), 201);
/// assert_eq!(put(&mut stored, &[], "Two."), 428);
/// assert_eq!(put(&mut stored, &[("If-Match", "\"0\"")], "Two."), 412);
/// assert_eq!(put(&mut stored, &[("If-Match", "\"1\"")], "Two."), 204);
/// assert_eq!(stored.unwrap().text, "Two.");
/// ```
///
/// With the feature `http`, `refusal.into()` makes a whole `Response`.
///
/// Send the new tag with the success response, so that the client need not ask for it before its
/// next write. [`Representation::fields`] shows how, and [`Representation::after_put`] says when a
/// PUT must not.
///
/// # Errors
///
/// [`Refusal`]: a condition of the request is false, or the policy asks for a guard and the request
/// has none.
pub fn admit<'c, L: Line>(
    method: impl Into<Method>,
    request: impl IntoIterator<Item = L>,
    current: Representation<'c>,
    policy: &AdmitPolicy,
) -> Result<Admitted, Refusal<'c>> {
    let method = method.into();
    let mut preconditions = Preconditions::with_policy(method, current, policy.conditions);
    preconditions.extend(request);
    policy.judge(method, current, &preconditions)
}

/// What a server chooses about writes.
///
/// ```
/// use http_conditional::{AdmitPolicy, Policy};
///
/// const POLICY: AdmitPolicy = AdmitPolicy::new()
///     .conditions(Policy::new().weak_if_match())
///     .require_guard();
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct AdmitPolicy {
    conditions: Policy,
    least_guard: Guard,
}

impl AdmitPolicy {
    /// No clock, no departure from the RFC, and no guard asked for.
    pub const fn new() -> Self {
        Self {
            conditions: Policy::new(),
            least_guard: Guard::None,
        }
    }

    /// The clock, and the departures from the RFC.
    pub const fn conditions(self, conditions: Policy) -> Self {
        Self { conditions, ..self }
    }

    /// A write over something that exists has to [guard against lost
    /// updates](Preconditions::guards_write), or it is answered 428 Precondition Required (RFC 6585
    /// section 3). What does not exist yet cannot be lost.
    pub const fn require_guard(self) -> Self {
        Self {
            least_guard: Guard::Date,
            ..self
        }
    }

    /// Like [`require_guard`](Self::require_guard), but a date is not enough: with a date, the
    /// second of two writes within one second overwrites the first.
    pub const fn require_strong_guard(self) -> Self {
        Self {
            least_guard: Guard::Strong,
            ..self
        }
    }

    fn judge<'c>(
        self,
        method: Method,
        current: Representation<'c>,
        preconditions: &Preconditions<'_>,
    ) -> Result<Admitted, Refusal<'c>> {
        let exists = current.exists() || !current.brothers().is_empty();
        let refused = |reason| Err(Refusal { reason, current });
        let is_retrieval = method.can_be_not_modified();
        let is_failed = match preconditions.decide() {
            Decision::PreconditionFailed | Decision::NotModified => !is_retrieval,
            Decision::Perform | Decision::PerformIgnoringRange => false,
        };
        if is_failed {
            return refused(RefusalReason::PreconditionFailed);
        }
        // What does not exist cannot be lost.
        let can_lose = method == Method::Other && exists;
        if can_lose && preconditions.guards_write() < self.least_guard {
            return refused(RefusalReason::PreconditionRequired);
        }
        Ok(Admitted { existed: exists })
    }
}

impl Default for AdmitPolicy {
    fn default() -> Self {
        Self::new()
    }
}

/// A write may be performed; made by [`admit`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use]
pub struct Admitted {
    existed: bool,
}

impl Admitted {
    /// Whether there is nothing yet, so that a PUT creates what it writes.
    #[must_use]
    pub const fn creates(self) -> bool {
        !self.existed
    }

    /// The status of the success response to a PUT that has no content: 201 where it created
    /// something, and 204 where it replaced something ([RFC 9110 section 9.3.4]).
    ///
    /// The builder of a `Response` takes the number, and `StatusCode::from_u16` makes it a
    /// `StatusCode`:
    ///
    /// ```
    /// use http_conditional::{AdmitPolicy, Representation, admit};
    ///
    /// let request = [("If-None-Match", "*")];
    /// let admitted = admit("PUT", request, Representation::ABSENT, &AdmitPolicy::new()).unwrap();
    /// let response = http::Response::builder().status(admitted.status_of_put()).body(());
    /// assert_eq!(response.unwrap().status(), http::StatusCode::CREATED);
    /// ```
    ///
    /// [RFC 9110 section 9.3.4]: https://www.rfc-editor.org/rfc/rfc9110#section-9.3.4
    #[must_use]
    pub const fn status_of_put(self) -> u16 {
        if self.existed { 204 } else { 201 }
    }
}

/// A write must not be performed; made by [`admit`].
///
/// Its [`Display`](fmt::Display) is a sentence that may be sent as the content of the response. With
/// the feature `http`, `Response::from(refusal)` is the response without content, and
/// `Response::from(refusal).map(|()| refusal.to_string())` has the sentence.
///
/// ```
/// use http_conditional::{AdmitPolicy, EntityTag, Representation, admit};
///
/// let current = Representation::current().etag(EntityTag::from_static("\"v2\""));
/// let request = [("If-Match", "\"v1\"")];
/// let refusal = admit("PUT", request, current, &AdmitPolicy::new()).unwrap_err();
/// assert_eq!(refusal.status(), 412);
/// let fields: Vec<_> = refusal.fields().map(|(name, value)| format!("{name}: {value}")).collect();
/// assert_eq!(fields, ["etag: \"v2\""]);
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct Refusal<'c> {
    reason: RefusalReason,
    current: Representation<'c>,
}

/// Why a write must not be performed.
///
/// It is exhaustive on purpose: no other status refuses a write because of its conditions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RefusalReason {
    /// 412: a condition is false.
    PreconditionFailed,
    /// 428: the server asks for a condition, and the request has none that guards.
    PreconditionRequired,
}

impl<'c> Refusal<'c> {
    /// Why.
    #[must_use]
    pub const fn reason(&self) -> RefusalReason {
        self.reason
    }

    /// The status code: 412 or 428.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self.reason {
            RefusalReason::PreconditionFailed => 412,
            RefusalReason::PreconditionRequired => 428,
        }
    }

    /// The fields to send: the validators of what is there now (section 8.8), so that the client
    /// learns without asking that it missed a version, and which. Leave them out for clients that
    /// may write but not read.
    pub const fn fields(&self) -> ValidatorFields<'c> {
        self.current.fields()
    }
}

impl fmt::Display for Refusal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self.reason {
            RefusalReason::PreconditionFailed => {
                "Nothing was changed: the state is not the one that the request expects."
            }
            RefusalReason::PreconditionRequired => {
                "Nothing was changed: send If-Match with the entity tag of the version that you replace."
            }
        })
    }
}

#[cfg(any(feature = "std", feature = "core-error"))]
impl crate::error::Error for Refusal<'_> {}
