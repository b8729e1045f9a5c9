//! Handling a response to a validation request (RFC 9111 section 4.3.3), and which stored
//! responses a 304 updates (section 4.3.4).

use core::iter;

use crate::cache::response::{Response, most_recent_of};

/// What the response to a validation request means ([RFC 9111 section 4.3.3]).
///
/// It is exhaustive on purpose: a cache handles every outcome.
///
/// ```
/// use http_conditional::cache::OnValidation;
///
/// assert_eq!(OnValidation::of(304), OnValidation::Freshen);
/// assert_eq!(OnValidation::of(200), OnValidation::Use);
/// assert_eq!(OnValidation::of(503), OnValidation::ForwardOrServeStale);
/// ```
///
/// [RFC 9111 section 4.3.3]: https://www.rfc-editor.org/rfc/rfc9111#section-4.3.3
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use]
pub enum OnValidation {
    /// 304: the stored responses that [`select_for_update`] names are updated, and one is reused.
    Freshen,
    /// A full response: none of the stored responses fits, and this one answers the request. It may
    /// be stored like any other.
    Use,
    /// 5xx: forward it, or act as if the server had not responded: serve a stored response stale,
    /// if nothing forbids it (section 4.2.4), or repeat the request.
    ForwardOrServeStale,
}

impl OnValidation {
    /// By the status code of a final response.
    pub const fn of(status: u16) -> Self {
        match status {
            304 => Self::Freshen,
            500..=599 => Self::ForwardOrServeStale,
            _ => Self::Use,
        }
    }
}

/// Which of the candidates a 304 updates ([RFC 9111 section 4.3.4]): their places, in order and
/// counted from zero. The fields of the 304 go into each of them, as
/// [`StorableFields`](crate::cache::StorableFields) says.
///
/// Candidates are the stored responses that could have been chosen for the request, were they
/// fresh: those of its URI whose `Vary` fits. The first rule that applies decides alone:
///
/// 1. The 304 has a strong validator: all candidates that share one are updated, and if none does,
///    nothing is updated.
/// 2. It has weak validators only: the [most recent](crate::cache::most_recent) candidate that
///    they correspond to is updated.
/// 3. It has no validator: the candidate is updated if it is the only one and has no validator
///    either. (A malformed one does not count.)
///
/// A 304 stands for a success (RFC 9110 section 15.4.5), so candidates that are redirections or
/// errors are skipped, whatever validators they have.
///
/// A tag is strong if it is not marked weak. A date is strong if a candidate has the same date as a
/// strong validator ([`Response::strongly_modified`]). Weak validators correspond by weak
/// comparison of the tags, or by equal dates; candidates whose tag differs from the 304's are ruled
/// out, whatever their dates.
///
/// ```
/// use http_conditional::EntityTag;
/// use http_conditional::cache::{Response, select_for_update};
///
/// let response = |status, tag| Response::new(status).etag(EntityTag::from_static(tag));
/// let stored = ["\"a\"", "\"b\"", "\"a\""].map(|tag| response(200, tag));
/// let updated = |tag| select_for_update(response(304, tag), stored).collect::<Vec<_>>();
/// assert_eq!(updated("\"a\""), [0, 2]);
/// assert_eq!(updated("W/\"a\""), [0]);
/// assert!(updated("\"z\"").is_empty());
/// ```
///
/// The candidates are read twice; nothing is stored.
///
/// [RFC 9111 section 4.3.4]: https://www.rfc-editor.org/rfc/rfc9111#section-4.3.4
pub fn select_for_update<'n, 'a, S>(
    not_modified: Response<'n>,
    candidates: impl IntoIterator<Item = Response<'a>, IntoIter = S>,
) -> ForUpdate<'n, S>
where
    S: Iterator<Item = Response<'a>> + Clone,
{
    let candidates = candidates.into_iter();
    let places = || {
        let places = candidates.clone().enumerate();
        places.filter(|(_, one)| one.is_success())
    };
    let tag = not_modified.entity_tag();
    let tag_is_strong = tag.map_or(false, |tag| !tag.is_weak());
    let has_validator = not_modified.entity_tag().is_some() || not_modified.modified().is_some();
    let rule = if tag_is_strong || places().any(|(_, one)| shares_strong(not_modified, one)) {
        // 4.3.4: MUST NOT update anything if none shares one; the other rules do not apply then.
        Rule::Strong
    } else if has_validator {
        let matching = places().filter(|&(_, one)| corresponds(not_modified, one));
        most_recent_of(matching).map_or(Rule::None, Rule::Only)
    } else {
        let mut all = places();
        match (all.next(), all.next()) {
            (Some((place, only)), None) if has_none(not_modified, only) => Rule::Only(place),
            _ => Rule::None,
        }
    };
    ForUpdate {
        not_modified,
        candidates: candidates.enumerate(),
        rule,
    }
}

/// The places of the stored responses that a 304 updates; made by [`select_for_update`].
#[derive(Clone, Debug)]
#[must_use = "iterators do nothing unless they are consumed"]
pub struct ForUpdate<'n, S> {
    not_modified: Response<'n>,
    candidates: iter::Enumerate<S>,
    rule: Rule,
}

#[derive(Clone, Copy, Debug)]
enum Rule {
    /// All that share a strong validator.
    Strong,
    /// The one at this place.
    Only(usize),
    None,
}

impl<'a, S: Iterator<Item = Response<'a>>> ForUpdate<'_, S> {
    fn next_updated(&mut self) -> Option<(usize, Response<'a>)> {
        let (rule, not_modified) = (self.rule, self.not_modified);
        self.candidates.find(|&(place, candidate)| match rule {
            Rule::Strong => candidate.is_success() && shares_strong(not_modified, candidate),
            Rule::Only(only) => place == only,
            Rule::None => false,
        })
    }
}

impl<'a, S: Iterator<Item = Response<'a>>> Iterator for ForUpdate<'_, S> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        self.next_updated().map(|(place, _)| place)
    }
}

/// Whether neither the 304 nor the candidate has a validator. A malformed tag does not count as
/// one, but a candidate without the same malformed tag is a different response.
fn has_none(not_modified: Response<'_>, candidate: Response<'_>) -> bool {
    let tag = not_modified.etag_line();
    candidate.entity_tag().is_none()
        && candidate.modified().is_none()
        && (tag.is_none() || tag == candidate.etag_line())
}

/// Whether both have a tag and these say that the representations differ.
pub(super) fn tags_differ(one: Response<'_>, other: Response<'_>) -> bool {
    match (one.entity_tag(), other.entity_tag()) {
        (Some(tag), Some(other)) => !tag.weak_eq(other),
        _ => false,
    }
}

/// Whether a strong validator of the candidate is one of the 304's.
fn shares_strong(not_modified: Response<'_>, candidate: Response<'_>) -> bool {
    let tags = (not_modified.entity_tag(), candidate.entity_tag());
    let same_tag = matches!(tags, (Some(tag), Some(stored)) if tag.strong_eq(stored));
    // 8.8.2.2: a date that is compared with a cache entry is strong by that entry's Date.
    let strong_date = candidate.strongly_modified();
    let same_date = strong_date.is_some() && strong_date == not_modified.modified();
    same_tag || same_date && !tags_differ(not_modified, candidate)
}

/// Whether a validator of the candidate is one of the 304's, be it weak.
fn corresponds(not_modified: Response<'_>, candidate: Response<'_>) -> bool {
    let tags = (not_modified.entity_tag(), candidate.entity_tag());
    match tags {
        (Some(tag), Some(stored)) => tag.weak_eq(stored),
        _ => candidate.modified().is_some() && candidate.modified() == not_modified.modified(),
    }
}

/// The most recent of those that the 304 updates and that are `usable`.
pub(super) fn updated<'a, S>(
    not_modified: Response<'_>,
    stored: S,
    usable: impl Fn(Response<'a>) -> bool,
) -> Option<usize>
where
    S: Iterator<Item = Response<'a>> + Clone,
{
    let mut updated = select_for_update(not_modified, stored);
    let reusable = iter::from_fn(|| updated.next_updated()).filter(|&(_, one)| usable(one));
    most_recent_of(reusable)
}
