//! Putting partial responses together (RFC 9111 section 3.4, RFC 9110 section 15.3.7.3).

use crate::cache::response::{Response, most_recent_of};

impl Response<'_> {
    /// Whether the content of the two may be put together into one longer response ([RFC 9111
    /// section 3.4]): both are a 200 or a 206, they share a strong validator, and do not disagree
    /// about the complete length.
    ///
    /// Entity tags decide where both have one; the modification dates do otherwise, and have to
    /// be strong ones. The relation carries over: where a new response may be combined with each
    /// of several by the same tag, all of them may be.
    ///
    /// ```
    /// use http_conditional::EntityTag;
    /// use http_conditional::cache::Response;
    ///
    /// let part = |tag| Response::new(206).etag(EntityTag::from_static(tag));
    /// assert!(part("\"a\"").can_combine(part("\"a\"")));
    /// assert!(!part("\"a\"").can_combine(part("\"b\"")));
    /// assert!(!part("W/\"a\"").can_combine(part("W/\"a\"")));
    /// assert!(!Response::new(206).can_combine(Response::new(206)));
    /// ```
    ///
    /// [RFC 9111 section 3.4]: https://www.rfc-editor.org/rfc/rfc9111#section-3.4
    #[must_use]
    pub fn can_combine(self, other: Response<'_>) -> bool {
        let of_content = |status| matches!(status, 200 | 206);
        let lengths_agree = match (self.length(), other.length()) {
            (Some(length), Some(other)) => length == other,
            _ => true,
        };
        of_content(self.status())
            && of_content(other.status())
            && lengths_agree
            && self
                .representation()
                .shares_strong_validator(other.representation())
    }
}

/// Where the header fields of a combined response come from; made by [`combined_fields`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use]
pub enum CombinedFields {
    /// From the new response: they replace those of the stored ones altogether.
    New,
    /// From the stored response at this place, counted from zero, updated from the new response
    /// as [`StorableFields`](crate::cache::StorableFields) says, `Content-Range` not among it. A
    /// client that is no cache leaves the fields of a stored 200 as they are.
    Updated(usize),
    /// There is nothing to combine with.
    NotCombined,
}

/// Where the header fields come from if a new response is combined with those of the stored ones
/// that it [can be combined with](Response::can_combine) ([RFC 9110 section 15.3.7.3]).
///
/// | new response | stored ones that match | header fields |
/// |---|---|---|
/// | 200, incomplete | any | the new ones |
/// | 206 | a 200 among them | those of the most recent 200, updated |
/// | 206 | 206 only | those of the most recent one, updated |
///
/// That they are updated in each case is required of a cache by section 3.4 of RFC 9111. What is
/// not metadata of the representation but of one message, `Content-Length` and `Content-Range`,
/// the combined response has of its own: where all bytes are there, it is a 200 with the complete
/// length.
///
/// ```
/// use http_conditional::EntityTag;
/// use http_conditional::cache::{CombinedFields, Response, combined_fields};
///
/// let response = |status| Response::new(status).etag(EntityTag::from_static("\"a\""));
/// let stored = [response(206), response(200), response(206)];
/// assert_eq!(combined_fields(response(206), stored), CombinedFields::Updated(1));
/// assert_eq!(combined_fields(response(200), stored), CombinedFields::New);
/// assert_eq!(combined_fields(Response::new(206), stored), CombinedFields::NotCombined);
/// ```
///
/// [RFC 9110 section 15.3.7.3]: https://www.rfc-editor.org/rfc/rfc9110#section-15.3.7.3
pub fn combined_fields<'a, S>(
    new: Response<'_>,
    stored: impl IntoIterator<Item = Response<'a>, IntoIter = S>,
) -> CombinedFields
where
    S: Iterator<Item = Response<'a>> + Clone,
{
    let matching = stored.into_iter().enumerate();
    let mut matching = matching.filter(|(_, stored)| new.can_combine(*stored));
    let complete = matching
        .clone()
        .filter(|(_, stored)| stored.status() == 200);
    match (new.status(), most_recent_of(complete)) {
        (200, _) if matching.next().is_some() => CombinedFields::New,
        (_, Some(place)) => CombinedFields::Updated(place),
        (_, None) => {
            most_recent_of(matching).map_or(CombinedFields::NotCombined, CombinedFields::Updated)
        }
    }
}
