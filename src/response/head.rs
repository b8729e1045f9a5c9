//! Which fields of the 200 another response carries (RFC 9110 section 15).

use super::names::{Known, Names, NamesIter};
use crate::conditions::Method;
use crate::validators::Representation;

/// A response that a server makes out of the 200 that the same request would have got: which fields
/// of the 200 belong into its header section.
///
/// A framework applies [`keeps`](Self::keeps) to the header section of the 200, and then writes the
/// response's own fields.
///
/// ```
/// use http_conditional::ResponseHead;
///
/// let mut fields = vec![
///     ("Content-Type", "text/html"),
///     ("Content-Length", "4711"),
///     ("ETag", "\"v1\""),
///     ("Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT"),
///     ("Vary", "Accept-Encoding"),
///     ("Set-Cookie", "a=b"),
/// ];
/// let not_modified = ResponseHead::NotModified { has_etag: true };
/// fields.retain(|(name, _)| not_modified.keeps(name.as_bytes()));
/// let names: Vec<_> = fields.iter().map(|(name, _)| *name).collect();
/// assert_eq!(names, ["ETag", "Vary", "Set-Cookie"]);
/// ```
///
/// What each response [`carries`](Self::carries): **R** is [`Required`](Carries::Required), **A**
/// [`Allowed`](Carries::Allowed), **o** its [`Own`](Carries::Own), and **–** says
/// [`Omitted`](Carries::Omitted).
///
/// | field | 304 | 206, one part | 206, several | 206, one part, If-Range | 206, several, If-Range | 412 | 416 |
/// |---|---|---|---|---|---|---|---|
/// | `Date` | R | R | R | R | R | R | R |
/// | `ETag`, `Vary` | R | R | R | R | R | A | A |
/// | `Cache-Control`, `Expires` | R | R | R | R | R | o | o |
/// | `Content-Location` | R | R | R | R | R | o | o |
/// | `Last-Modified` | A without `ETag`, else – | R | R | – | – | A | A |
/// | `Content-Type` | – | R | o | – | o | o | o |
/// | `Content-Encoding`, `Content-Language`, `Content-Disposition`, `Repr-Digest`, `Digest` | – | R | R | – | – | o | o |
/// | `Content-Length`, `Content-Digest`, `Content-MD5`, `Transfer-Encoding`, `Trailer` | – | o | o | o | o | o | o |
/// | `Content-Range` | – | o | – | o | – | – | o |
/// | `Age`, `CDN-Cache-Control`, `Surrogate-Control` | A | A | A | A | A | o | o |
/// | every other, such as `Accept-Ranges`, `Set-Cookie`, `Access-Control-Allow-Origin` | A | A | A | A | A | A | A |
///
/// - 304 (section 15.4.5): six fields have to be there if they were in the 200. Other metadata of
///   the representation should not be, unless it helps to update a cache, as `Last-Modified` does
///   where there is no `ETag`. A `Content-Length` would have to be the 200's (section 8.6), and
///   is left out; `reply` knows the 200's, and sends it. What is not metadata of the representation is not restricted.
/// - 206 (section 15.3.7): the same six have to be there. The rest of the representation's
///   metadata has to be there too, but should not if the request had an If-Range: that client has
///   it already. `Content-Range` is in the header section of a response with one part, and in
///   each part of one with several, whose `Content-Type` is `multipart/byteranges`.
/// - 412 and 416 (sections 15.5.13 and 15.5.17) have content of their own, an explanation perhaps,
///   and so metadata of their own. With the freshness of the 200 they could be stored and used
///   again for requests that have no condition and no Range: neither is cacheable without. `Vary`
///   is kept, as it can only keep a cache from using a response; and validators are, because they
///   speak of the selected representation in every response (section 8.8), which tells the client
///   what it missed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use]
#[non_exhaustive]
pub enum ResponseHead {
    /// 304 Not Modified.
    NotModified {
        /// Whether the 200 has an `ETag`, so that `Last-Modified` is left out.
        has_etag: bool,
    },
    /// 206 Partial Content with one part.
    Part {
        /// Whether the request has an If-Range.
        if_range: bool,
    },
    /// 206 Partial Content with several parts, as `multipart/byteranges`.
    Parts {
        /// Whether the request has an If-Range.
        if_range: bool,
    },
    /// 412 Precondition Failed.
    PreconditionFailed,
    /// 416 Range Not Satisfiable.
    RangeNotSatisfiable,
}

/// What becomes of a field of the 200 in another response.
///
/// It is exhaustive on purpose: a server does one of these with each field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Carries {
    /// The response must have the field, with the same value, if the 200 would have it.
    Required,
    /// The response may have the field: the RFC does not say otherwise.
    Allowed,
    /// The field describes this response, so the value of the 200 would be wrong. The server writes
    /// its own value, if it has one.
    Own,
    /// The field does not belong into the response.
    Omitted,
}

/// Fields that share a fate.
#[derive(Clone, Copy)]
enum Group {
    Date,
    /// What identifies and selects a stored copy.
    Selection,
    /// How long the response may be used again.
    Freshness,
    /// The same, where a 304 or 206 is not required to repeat it.
    OtherFreshness,
    Location,
    LastModified,
    MediaType,
    /// Other metadata of the representation.
    Metadata,
    /// What counts or frames the bytes of one message.
    Message,
    ContentRange,
    /// Not metadata of the representation.
    Other,
}

impl Group {
    const fn of(known: Known) -> Self {
        match known {
            Known::Date => Self::Date,
            Known::ETag | Known::Vary => Self::Selection,
            Known::CacheControl | Known::Expires => Self::Freshness,
            Known::Age | Known::CdnCacheControl | Known::SurrogateControl => Self::OtherFreshness,
            Known::ContentLocation => Self::Location,
            Known::LastModified => Self::LastModified,
            Known::ContentType => Self::MediaType,
            Known::ContentDisposition
            | Known::ContentEncoding
            | Known::ContentLanguage
            | Known::Digest
            | Known::ReprDigest => Self::Metadata,
            Known::ContentDigest
            | Known::ContentLength
            | Known::ContentMd5
            | Known::Trailer
            | Known::TransferEncoding => Self::Message,
            Known::ContentRange => Self::ContentRange,
        }
    }

    /// What becomes of metadata of the representation in a 206 (section 15.3.7).
    const fn in_partial_content(self, if_range: bool) -> Carries {
        match self {
            // MUST be there if the 200 would have it.
            Self::Date | Self::Selection | Self::Freshness | Self::Location => Carries::Required,
            Self::OtherFreshness | Self::Other => Carries::Allowed,
            // SHOULD NOT be there after an If-Range, and MUST without one.
            _ if if_range => Carries::Omitted,
            _ => Carries::Required,
        }
    }
}

impl ResponseHead {
    /// What becomes of the field of this name, in whatever case it is given; the table is at
    /// [`ResponseHead`].
    ///
    /// ```
    /// use http_conditional::{Carries, ResponseHead};
    ///
    /// let part = ResponseHead::Part { if_range: true };
    /// assert_eq!(part.carries(b"etag"), Carries::Required);
    /// assert_eq!(part.carries(b"Set-Cookie"), Carries::Allowed);
    /// assert_eq!(part.carries(b"Content-Length"), Carries::Own);
    /// assert_eq!(part.carries(b"Content-Encoding"), Carries::Omitted);
    /// ```
    #[must_use]
    pub fn carries(self, name: &[u8]) -> Carries {
        self.carries_group(Known::from_name(name).map_or(Group::Other, Group::of))
    }

    const fn carries_group(self, group: Group) -> Carries {
        match self {
            Self::NotModified { has_etag } => match group {
                Group::Date | Group::Selection | Group::Freshness | Group::Location => {
                    Carries::Required
                }
                Group::OtherFreshness | Group::Other => Carries::Allowed,
                // 15.4.5: SHOULD NOT be there but to guide cache updates.
                Group::LastModified if !has_etag => Carries::Allowed,
                _ => Carries::Omitted,
            },
            Self::Part { if_range } => match group {
                Group::Message | Group::ContentRange => Carries::Own,
                _ => group.in_partial_content(if_range),
            },
            Self::Parts { if_range } => match group {
                // 15.3.7.2: MUST be multipart/byteranges.
                Group::Message | Group::MediaType => Carries::Own,
                // 15.3.7.2: MUST NOT be there, but in each part.
                Group::ContentRange => Carries::Omitted,
                _ => group.in_partial_content(if_range),
            },
            // 14.4: Content-Range has no meaning but in a 206 and a 416.
            Self::PreconditionFailed if matches!(group, Group::ContentRange) => Carries::Omitted,
            Self::PreconditionFailed | Self::RangeNotSatisfiable => match group {
                // 6.6.1: MUST be in every 2xx, 3xx and 4xx of a server with a clock.
                Group::Date => Carries::Required,
                Group::Selection | Group::LastModified | Group::Other => Carries::Allowed,
                _ => Carries::Own,
            },
        }
    }

    /// Whether the field of this name is taken over from the 200, in whatever case the name is
    /// given: it is [`Required`](Carries::Required) or [`Allowed`](Carries::Allowed).
    ///
    /// The response's own fields are not. Write them after you have applied this, or a
    /// `Content-Range` would be dropped again.
    ///
    /// ```
    /// use http_conditional::ResponseHead;
    ///
    /// let mut fields = vec![
    ///     ("content-type", "text/html"),
    ///     ("vary", "accept-encoding"),
    ///     ("vary", "accept-language"),
    /// ];
    /// let parts = ResponseHead::Parts { if_range: false };
    /// fields.retain(|(name, _)| parts.keeps(name.as_bytes()));
    /// fields.push(("content-type", "multipart/byteranges; boundary=x"));
    /// assert_eq!(fields.len(), 3);
    /// ```
    #[must_use]
    pub fn keeps(self, name: &[u8]) -> bool {
        // By the set that is a constant: half of the instructions of asking what becomes of it.
        !Known::from_name(name).map_or(false, |known| self.removed().contains(known))
    }

    /// The names that the response does not take over from the 200, in lower case: the finite
    /// list of what [`keeps`](Self::keeps) turns away.
    ///
    /// ```
    /// use http_conditional::ResponseHead;
    ///
    /// let mut headers = http::HeaderMap::new();
    /// headers.insert("content-type", "text/html".parse()?);
    /// headers.append("vary", "accept-encoding".parse()?);
    /// headers.append("vary", "accept-language".parse()?);
    ///
    /// for name in ResponseHead::PreconditionFailed.removes() {
    ///     headers.remove(name);
    /// }
    /// assert_eq!(headers.get_all("vary").iter().count(), 2);
    /// assert_eq!(headers.len(), 2);
    /// # Ok::<(), http::header::InvalidHeaderValue>(())
    /// ```
    pub fn removes(self) -> RemovedNames {
        RemovedNames(self.removed().into_iter())
    }

    pub(crate) const fn removed(self) -> Names {
        const NOT_MODIFIED: Names = ResponseHead::NotModified { has_etag: true }.not_kept();
        const WITHOUT_TAG: Names = ResponseHead::NotModified { has_etag: false }.not_kept();
        const PART: Names = ResponseHead::Part { if_range: false }.not_kept();
        const PART_IF_RANGE: Names = ResponseHead::Part { if_range: true }.not_kept();
        const PARTS: Names = ResponseHead::Parts { if_range: false }.not_kept();
        const PARTS_IF_RANGE: Names = ResponseHead::Parts { if_range: true }.not_kept();
        const PRECONDITION_FAILED: Names = ResponseHead::PreconditionFailed.not_kept();
        const RANGE_NOT_SATISFIABLE: Names = ResponseHead::RangeNotSatisfiable.not_kept();
        match self {
            Self::NotModified { has_etag: true } => NOT_MODIFIED,
            Self::NotModified { has_etag: false } => WITHOUT_TAG,
            Self::Part { if_range: false } => PART,
            Self::Part { if_range: true } => PART_IF_RANGE,
            Self::Parts { if_range: false } => PARTS,
            Self::Parts { if_range: true } => PARTS_IF_RANGE,
            Self::PreconditionFailed => PRECONDITION_FAILED,
            Self::RangeNotSatisfiable => RANGE_NOT_SATISFIABLE,
        }
    }

    /// [`removed`](Self::removed), name by name: when the program is compiled.
    const fn not_kept(self) -> Names {
        let mut names = Names::EMPTY;
        let mut index = 0;
        while index < Known::ALL.len() {
            let known = Known::ALL[index];
            if matches!(
                self.carries_group(Group::of(known)),
                Carries::Own | Carries::Omitted
            ) {
                names = names.with(known);
            }
            index += 1;
        }
        names
    }

    /// 304 Not Modified, of this representation: without `Last-Modified` where it has an entity
    /// tag.
    ///
    /// ```
    /// use http_conditional::{EntityTag, Representation, ResponseHead};
    ///
    /// let current = Representation::current().etag(EntityTag::from_static("\"v1\""));
    /// let head = ResponseHead::not_modified(current);
    /// assert!(!head.keeps(b"Last-Modified"));
    /// assert!(head.keeping_last_modified().keeps(b"Last-Modified"));
    /// ```
    pub const fn not_modified(of: Representation<'_>) -> Self {
        Self::NotModified {
            has_etag: of.entity_tag().is_some(),
        }
    }

    /// With `Last-Modified` in a 304 whether there is an `ETag` or not: section 15.4.5 leaves it
    /// out if a cache does not need it, but some clients want it. Nothing else changes.
    pub const fn keeping_last_modified(self) -> Self {
        match self {
            Self::NotModified { .. } => Self::NotModified { has_etag: false },
            other => other,
        }
    }

    /// The status code.
    ///
    /// ```
    /// use http_conditional::ResponseHead;
    ///
    /// assert_eq!(ResponseHead::Part { if_range: false }.status(), 206);
    /// ```
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::NotModified { .. } => 304,
            Self::Part { .. } | Self::Parts { .. } => 206,
            Self::PreconditionFailed => 412,
            Self::RangeNotSatisfiable => 416,
        }
    }

    /// Whether the response to a request with this method may have content: not in a 304, and
    /// not in answer to a HEAD (RFC 9110 section 6.4.1). A 304 has no trailer section either.
    ///
    /// ```
    /// use http_conditional::{Method, ResponseHead};
    ///
    /// assert!(ResponseHead::PreconditionFailed.allows_content(Method::Get));
    /// assert!(!ResponseHead::PreconditionFailed.allows_content(Method::Head));
    /// assert!(!ResponseHead::NotModified { has_etag: true }.allows_content(Method::Get));
    /// ```
    #[must_use]
    pub const fn allows_content(self, method: Method) -> bool {
        !matches!(self, Self::NotModified { .. }) && !matches!(method, Method::Head)
    }
}

/// Names of fields in lower case; made by [`ResponseHead::removes`].
#[derive(Clone, Debug)]
#[must_use = "iterators do nothing unless they are consumed"]
pub struct RemovedNames(NamesIter);

impl Iterator for RemovedNames {
    type Item = &'static str;

    fn next(&mut self) -> Option<&'static str> {
        self.0.next().map(Known::name)
    }
}

#[cfg(test)]
mod tests {
    use super::{Group, Known, ResponseHead};

    /// The lists made at compile time agree with what each field says by itself.
    #[test]
    fn names_are_removed_by_what_becomes_of_each() {
        for head in [
            ResponseHead::NotModified { has_etag: true },
            ResponseHead::NotModified { has_etag: false },
            ResponseHead::Part { if_range: true },
            ResponseHead::Part { if_range: false },
            ResponseHead::Parts { if_range: true },
            ResponseHead::Parts { if_range: false },
            ResponseHead::PreconditionFailed,
            ResponseHead::RangeNotSatisfiable,
        ] {
            assert_eq!(head.removed(), head.not_kept());
            for known in Known::ALL {
                let is_kept = head.keeps(known.name().as_bytes());
                assert_eq!(head.not_kept().contains(known), !is_kept, "{known:?}");
                assert_eq!(
                    head.carries(known.name().as_bytes()),
                    head.carries_group(Group::of(known))
                );
            }
        }
    }
}
