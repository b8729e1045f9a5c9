//! The condition of a request as data (RFC 9110 section 13.1), for a store to compare by itself.

use super::{Field, ListedTags, Method, Policy, Preconditions};
use crate::line::LentLine;
use crate::validators::{HttpDate, Representation};

/// What a request requires of the current state, as data. Hand it to a store that compares and
/// writes in one step, where no lock on one machine could last until the write is done.
///
/// It is exhaustive on purpose, and every variant holds the whole condition of the request. If a store
/// cannot take all of [`Both`](Self::Both), give it neither half. One way always works: read the state,
/// [`evaluate`](crate::evaluate) against it, and write on condition that the state is still the one
/// that was read; [`past_one_machine`] says more.
///
/// ```
/// use http_conditional::{Condition, Exclusion, HttpDate, Policy, Requirement};
///
/// let now = HttpDate::from_unix(1_781_481_600)?;
/// let mut headers = http::HeaderMap::new();
/// headers.insert("if-match", "\"v1\"".parse()?);
///
/// let sent = match Condition::new("PUT", &headers, now, Policy::new()) {
///     Condition::Always => "write".to_owned(),
///     Condition::Never => "nothing: 412".to_owned(),
///     Condition::Excludes(Exclusion::Exists) => "create".to_owned(),
///     Condition::Requires(Requirement::Matches(tags)) => match tags.only() {
///         Some(tag) => format!("write if the tag is {tag}"),
///         None => "read, evaluate, write if it is unchanged".to_owned(),
///     },
///     Condition::Requires(_) | Condition::Excludes(_) | Condition::Both(..) => {
///         "read, evaluate, write if it is unchanged".to_owned()
///     }
/// };
/// assert_eq!(sent, "write if the tag is \"v1\"");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Like every condition it counts only if the request would be answered 2xx or 412 without it
/// (section 13.2.1): for a GET, HEAD or QUERY, if there is a current representation. Range and
/// If-Range are not part of it, because they never prevent a method from being performed.
///
/// [`past_one_machine`]: crate::past_one_machine
#[derive(Clone, Copy, Debug)]
#[must_use]
pub enum Condition<F> {
    /// Nothing: perform the method whatever the state.
    Always,
    /// No state fulfils it, as with an If-Match that is malformed, empty, or lists only weak tags:
    /// 412, without asking the store. Only a GET, HEAD or QUERY needs to know whether there is
    /// something: if not, 404.
    Never,
    /// Steps 1 and 2 of section 13.2.2: if this is not so, 412.
    Requires(Requirement<F>),
    /// Steps 3 and 4: if this is so, 304 for GET, HEAD and QUERY, and 412 for every other
    /// method.
    Excludes(Exclusion<F>),
    /// Both, in this order. SQL can check it on a row; a store that compares only one value cannot.
    Both(Requirement<F>, Exclusion<F>),
}

/// What must be true for the method to be performed: If-Match, or else If-Unmodified-Since.
///
/// ```
/// use http_conditional::{Condition, HttpDate, Policy, Requirement};
///
/// let fields = [("If-Match", "*")];
/// let condition = Condition::new("DELETE", fields, HttpDate::from_unix(0)?, Policy::new());
/// assert!(matches!(condition, Condition::Requires(Requirement::Exists)));
/// # Ok::<(), http_conditional::OutOfRange>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Requirement<F> {
    /// `If-Match: *`: there is a current representation, with an entity tag or without.
    Exists,
    /// Its entity tag is one of these by the strong comparison. None of them is weak: those that
    /// the request lists beside them match nothing. A current tag that is weak matches none.
    Matches(ListedTags<F>),
    /// Its entity tag is one of these by the weak comparison, where [`Policy::weak_if_match`] asks
    /// for that.
    MatchesWeakly(ListedTags<F>),
    /// Its modification date is this one or earlier, or it has none, for example because nothing
    /// exists: section 13.1.4 then ignores If-Unmodified-Since. Several versions may be made in one
    /// second, so a date cannot replace the tag in a compare-and-swap.
    UnmodifiedSince(HttpDate),
}

/// What must not be true for the method to be performed: If-None-Match, or else If-Modified-Since
/// of a GET, HEAD or QUERY.
///
/// ```
/// use http_conditional::{Condition, Exclusion, HttpDate, Policy};
///
/// let fields = [("If-None-Match", "*")];
/// let condition = Condition::new("PUT", fields, HttpDate::from_unix(0)?, Policy::new());
/// assert!(matches!(condition, Condition::Excludes(Exclusion::Exists)));
/// # Ok::<(), http_conditional::OutOfRange>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Exclusion<F> {
    /// `If-None-Match: *`: there is a current representation. For a PUT, this is to create only.
    Exists,
    /// Its entity tag is one of these by the weak comparison.
    Matches(ListedTags<F>),
    /// It has a modification date, and that is this one or earlier.
    UnmodifiedSince(HttpDate),
    /// Its modification date is this one, where [`Policy::exact_if_modified_since`] asks for that.
    ModifiedAt(HttpDate),
}

impl<F> Condition<F> {
    /// The condition of a request with this method.
    ///
    /// `fields` are the field lines of its header section, as for [`evaluate`](crate::evaluate),
    /// but borrowed, and read more than once: an `&http::HeaderMap` will do, and so will an array
    /// of pairs of strings. Absent, malformed, repeated and superseded fields are judged as by
    /// [`Preconditions`].
    ///
    /// `now` replaces [`Policy::now`]. Here it is always needed: there is no state that could tell
    /// the century of a two-digit year.
    ///
    /// ```
    /// use http_conditional::{Condition, HttpDate, Policy};
    ///
    /// let now = HttpDate::from_unix(1_781_481_600)?;
    /// let of = |fields: [(&'static str, &'static str); 2]| {
    ///     Condition::new("PUT", fields, now, Policy::new())
    /// };
    /// // Neither half of it may be dropped.
    /// let both = of([("If-Match", "\"a\""), ("If-None-Match", "W/\"b\"")]);
    /// assert!(matches!(both, Condition::Both(..)));
    /// // A weak tag matches nothing strongly, and the other field counts for GET, HEAD and QUERY only.
    /// let never = of([("If-Match", "W/\"a\""), ("If-Modified-Since", "never")]);
    /// assert!(matches!(never, Condition::Never));
    /// # Ok::<(), http_conditional::OutOfRange>(())
    /// ```
    pub fn new<'a, L>(method: impl Into<Method>, fields: F, now: HttpDate, policy: Policy) -> Self
    where
        F: IntoIterator<Item = L> + Clone,
        L: LentLine<'a>,
    {
        let method = method.into();
        if !method.takes_conditions() {
            return Self::Always;
        }
        // Nothing that is judged here depends on the state, because there is a clock.
        let mut judged =
            Preconditions::with_policy(method, Representation::current(), policy.now(now));
        let lent = fields.clone();
        for line in fields {
            judged.field(line.name(), line.value());
        }
        let listed = |field, weak| ListedTags {
            fields: lent.clone(),
            field,
            weak,
            reading: policy.departures.entity_tags(method),
        };
        let well_formed = |field| !judged.judged.malformed.contains(field);

        let requirement = if judged.judged.present.contains(Field::IfMatch) {
            let weakly = policy.departures.weak_if_match();
            let tags = listed(Field::IfMatch, weakly);
            if !well_formed(Field::IfMatch) {
                return Self::Never;
            } else if judged.judged.any.contains(Field::IfMatch) {
                Some(Requirement::Exists)
            } else if tags.iter().next().is_none() {
                return Self::Never;
            } else if weakly {
                Some(Requirement::MatchesWeakly(tags))
            } else {
                Some(Requirement::Matches(tags))
            }
        } else {
            let date = judged.judged.notes.if_unmodified_since.0;
            date.filter(|_| well_formed(Field::IfUnmodifiedSince))
                .map(Requirement::UnmodifiedSince)
        };

        let exclusion = if judged.judged.present.contains(Field::IfNoneMatch) {
            let tags = listed(Field::IfNoneMatch, true);
            match method.can_be_not_modified() {
                true if !well_formed(Field::IfNoneMatch) => None,
                _ if !well_formed(Field::IfNoneMatch) => return Self::Never,
                _ if judged.judged.any.contains(Field::IfNoneMatch) => Some(Exclusion::Exists),
                _ => tags.iter().next().map(|_| Exclusion::Matches(tags.clone())),
            }
        } else if method.can_be_not_modified() {
            let by_date: fn(HttpDate) -> _ = if policy.departures.exact_if_modified_since() {
                Exclusion::ModifiedAt
            } else {
                Exclusion::UnmodifiedSince
            };
            let date = judged.judged.notes.if_modified_since.0;
            date.filter(|_| well_formed(Field::IfModifiedSince))
                .map(by_date)
        } else {
            None
        };

        match (requirement, exclusion) {
            (None, None) => Self::Always,
            (Some(requirement), None) => Self::Requires(requirement),
            (None, Some(exclusion)) => Self::Excludes(exclusion),
            (Some(requirement), Some(exclusion)) => Self::Both(requirement, exclusion),
        }
    }
}
