//! Combining partial responses (RFC 9111 section 3.4, RFC 9110 section 15.3.7.3).

use core::iter;

use crate::cache::response::{Response, most_recent_of};
use crate::validators::{EntityTag, HttpDate};

/// Which of the stored responses a new one can be combined with into a longer one, if any ([RFC
/// 9111 section 3.4], [RFC 9110 section 15.3.7.3]).
///
/// All of them, the new one and the stored ones, are a 200 or a 206 and share one strong validator:
/// a strong entity tag, or else a `Last-Modified` that is a strong validator of each
/// ([`Response::strongly_modified`]), provided that no two tags differ, not even in `W/`. If two of
/// them disagree about the complete length, one must be wrong, and nothing is combined. `None` if
/// there is nothing to combine with; store the new response on its own then, if at all.
///
/// ```
/// use http_conditional::EntityTag;
/// use http_conditional::cache::{CombinedFields, Response, combine};
///
/// let part = |tag| Response::new(206).etag(EntityTag::from_static(tag));
/// let stored = [part("\"a\""), part("\"b\""), part("\"a\"")];
/// let combined = combine(part("\"a\""), stored).unwrap();
/// assert_eq!(combined.places().collect::<Vec<_>>(), [0, 2]);
/// assert_eq!(combined.fields(), CombinedFields::Updated(0));
///
/// assert!(combine(part("W/\"a\""), stored).is_none());
/// let lengths = [10, 11].map(|length| part("\"a\"").complete_length(length));
/// assert!(combine(part("\"a\""), lengths).is_none());
/// ```
///
/// Two content codings of one resource may have the same date. So if a date is the validator, check
/// that the responses also have the same `Content-Encoding`: that is not checked here.
///
/// The stored responses are read a few times; nothing of them is kept.
///
/// [RFC 9111 section 3.4]: https://www.rfc-editor.org/rfc/rfc9111#section-3.4
/// [RFC 9110 section 15.3.7.3]: https://www.rfc-editor.org/rfc/rfc9110#section-15.3.7.3
pub fn combine<'n, 'a, S>(
    new: Response<'n>,
    stored: impl IntoIterator<Item = Response<'a>, IntoIter = S>,
) -> Option<Combination<'n, S>>
where
    S: Iterator<Item = Response<'a>> + Clone,
{
    let stored = stored.into_iter();
    let by = |validator| {
        let combination = Combination {
            new,
            validator,
            stored: stored.clone(),
        };
        let has_members = combination.members().next().is_some();
        has_members.then_some(combination)
    };
    let tag = new.entity_tag().filter(|tag| !tag.is_weak());
    let by_tag = tag.and_then(|tag| by(Validator::Tag(tag)));
    let combination = by_tag.or_else(|| by(Validator::Date(new.strongly_modified()?)))?;
    (is_of_content(new) && combination.is_consistent()).then_some(combination)
}

/// Whether both have a tag and the two differ in a byte or in strength. If nginx compresses, its
/// tag is the weak form of the one without compression.
fn tags_differ_at_all(one: Response<'_>, other: Response<'_>) -> bool {
    match (one.entity_tag(), other.entity_tag()) {
        (Some(tag), Some(other)) => !tag.weak_eq(other) || tag.is_weak() != other.is_weak(),
        _ => false,
    }
}

fn is_of_content(response: Response<'_>) -> bool {
    matches!(response.status(), 200 | 206)
}

/// A new response and the stored ones that it is combined with; made by [`combine`].
#[derive(Clone, Debug)]
#[must_use]
pub struct Combination<'n, S> {
    new: Response<'n>,
    validator: Validator<'n>,
    stored: S,
}

/// What all have in common.
#[derive(Clone, Copy, Debug)]
enum Validator<'n> {
    Tag(EntityTag<'n>),
    Date(HttpDate),
}

impl Validator<'_> {
    fn is_of(self, new: Response<'_>, stored: Response<'_>) -> bool {
        match self {
            Self::Tag(tag) => stored
                .entity_tag()
                .map_or(false, |other| tag.strong_eq(other)),
            Self::Date(date) => {
                stored.strongly_modified() == Some(date) && !tags_differ_at_all(new, stored)
            }
        }
    }
}

impl<'n, 'a, S: Iterator<Item = Response<'a>> + Clone> Combination<'n, S> {
    /// The places of the stored ones, in order and counted from zero; at least one.
    pub fn places(&self) -> CombinedPlaces<'n, S> {
        CombinedPlaces {
            members: self.members(),
        }
    }

    /// Where the header fields of the combined response come from.
    ///
    /// | new response | stored ones | header fields |
    /// |---|---|---|
    /// | 200, incomplete | any | the new ones |
    /// | 206 | a 200 among them | those of the most recent 200, updated |
    /// | 206 | 206 only | those of the most recent one, updated |
    ///
    /// Section 3.4 of RFC 9111 requires a cache to update them in each case. `Content-Length` and
    /// `Content-Range` are about one message, not about the representation, so the combined
    /// response has its own: if all bytes are there, it is a 200 with the complete length.
    ///
    /// ```
    /// use http_conditional::EntityTag;
    /// use http_conditional::cache::{CombinedFields, Response, combine};
    ///
    /// let response = |status| Response::new(status).etag(EntityTag::from_static("\"a\""));
    /// let stored = [response(206), response(200), response(206)];
    /// let fields = |new| combine(new, stored).unwrap().fields();
    /// assert_eq!(fields(response(206)), CombinedFields::Updated(1));
    /// assert_eq!(fields(response(200)), CombinedFields::New);
    /// ```
    pub fn fields(&self) -> CombinedFields {
        let complete = self.members().filter(|(_, stored)| stored.status() == 200);
        match (self.new.status(), most_recent_of(complete)) {
            (206, Some(place)) => CombinedFields::Updated(place),
            (206, None) => {
                most_recent_of(self.members()).map_or(CombinedFields::New, CombinedFields::Updated)
            }
            _ => CombinedFields::New,
        }
    }

    /// The length of the complete content in bytes, if any of them knows it.
    #[must_use]
    pub fn complete_length(&self) -> Option<u64> {
        let mut lengths = self.members().filter_map(|(_, one)| one.length());
        self.new.length().or_else(|| lengths.next())
    }

    fn members(&self) -> Members<'n, S> {
        Members {
            new: self.new,
            validator: self.validator,
            stored: self.stored.clone().enumerate(),
        }
    }

    /// Whether all lengths agree, and all tags. Comparing each with the first one is enough.
    fn is_consistent(&self) -> bool {
        let length = self.complete_length();
        let mut tagged = self.members();
        let tagged = tagged.find(|(_, one)| one.entity_tag().is_some());
        self.members().all(|(_, one)| {
            let same_tag = match tagged {
                Some((_, tagged)) => !tags_differ_at_all(tagged, one),
                None => true,
            };
            let same_length = one.length().is_none() || one.length() == length;
            same_tag && same_length && !tags_differ_at_all(self.new, one)
        })
    }
}

/// The stored ones that are combined, with their places.
#[derive(Clone, Debug)]
struct Members<'n, S> {
    new: Response<'n>,
    validator: Validator<'n>,
    stored: iter::Enumerate<S>,
}

impl<'a, S: Iterator<Item = Response<'a>>> Iterator for Members<'_, S> {
    type Item = (usize, Response<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let (new, validator) = (self.new, self.validator);
        self.stored
            .find(|&(_, one)| is_of_content(one) && validator.is_of(new, one))
    }
}

/// The places of the stored responses that are combined with a new one; made by
/// [`Combination::places`].
#[derive(Clone, Debug)]
#[must_use = "iterators do nothing unless they are consumed"]
pub struct CombinedPlaces<'n, S> {
    members: Members<'n, S>,
}

impl<'a, S: Iterator<Item = Response<'a>>> Iterator for CombinedPlaces<'_, S> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        self.members.next().map(|(place, _)| place)
    }
}

/// Where the header fields of a combined response come from; made by [`Combination::fields`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use]
pub enum CombinedFields {
    /// From the new response: they replace those of the stored ones altogether.
    New,
    /// From the stored response at this place, counted from zero, updated from the new response as
    /// [`StorableFields`](crate::cache::StorableFields) says, `Content-Range` not among it. A
    /// client that is not a cache leaves the fields of a stored 200 as they are.
    Updated(usize),
}
