//! The whole response to a retrieval, as data (RFC 9110 sections 13.2.2, 14.2 and 15).

use super::content::Sent;
use super::judged::{Answer, Success, judge};
use super::{Content, ContentInParts, FieldValue, Multipart, ReplyParts, ReplyPolicy};
use crate::conditions::{Decision, Method};
use crate::line::LentLine;
use crate::ranges::{ContentRange, Part};
use crate::response::{Known, Names, NamesIter};
use crate::validators::HttpDate;

/// The whole response to a GET, HEAD or QUERY, made out of the 200 that the server would give
/// without the conditions and the Range of the request: its status, the changes to its fields, and
/// how much of the content to send.
///
/// It is data, for header maps of any kind: nothing is allocated or changed here. With the feature
/// `http`, [`reply`](crate::reply()) applies it to an `http::Response`.
///
/// ```
/// use http_conditional::{Change, Content, Reply, ReplyPolicy};
///
/// let request = [("If-None-Match", "\"v1\"")];
/// let mut fields = vec![
///     ("content-type", "text/plain".to_owned()),
///     ("etag", "\"v1\"".to_owned()),
///     ("vary", "accept-encoding".to_owned()),
/// ];
/// let reply = Reply::new("GET", request, 200, &fields, Some(10), &ReplyPolicy::new());
/// for change in reply.changes() {
///     match change {
///         Change::Remove(name) => fields.retain(|(other, _)| *other != name),
///         Change::Set(name, value) => fields.push((name, value.to_string())),
///     }
/// }
/// assert_eq!((reply.status(), reply.content()), (304, &Content::None));
/// let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
/// assert_eq!(
///     fields,
///     [("etag", "\"v1\""), ("vary", "accept-encoding"), ("content-length", "10")]
/// );
/// ```
///
/// # What it does
///
/// - It takes the validators from the fields of the 200, because clients know no others. So pass
///   all the fields that the response would be sent with, and the right length of its content.
/// - Any 2xx may become a 304 or a 412; only a 200 may become a 206 or a 416. Every other status
///   stays as it is, and so does the response to every method but GET, HEAD and QUERY: a write that
///   has a response has been performed already. For writes there is [`admit`](crate::admit).
/// - A 200 gets a `Content-Length` if the length is known, and so does a 304 in its place: some
///   servers write a wrong one otherwise. That of a 412 or a 416 is left to the server.
/// - With a clock in the policy, a `Last-Modified` in the future becomes now.
/// - If the length is not known, or the 200 says `Accept-Ranges: none`, no Range applies.
///
/// Make it last, when nothing else will change the fields or the content: compress before, because
/// a content coding has its own tag and length.
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct Reply<C = Content> {
    pub(super) status: u16,
    pub(super) decision: Decision,
    /// Those of the 200 that are not sent as they are.
    pub(super) removed: Names,
    pub(super) content_range: Option<ContentRange>,
    pub(super) content_length: Option<u64>,
    pub(super) last_modified: Option<HttpDate>,
    pub(super) content: C,
}

/// A change to the fields of the 200.
///
/// It is exhaustive on purpose: there is nothing else to do to a field.
#[derive(Clone, Copy, Debug)]
pub enum Change<'r> {
    /// Every line of this field goes. The name is in lower case.
    Remove(&'static str),
    /// This field is added, with one line. The name is in lower case.
    Set(&'static str, FieldValue<'r>),
}

/// The changes to the fields: first those to remove, then those to add. Whatever is added has been
/// removed before, if it was there, so you can append it without a search.
#[derive(Clone, Debug)]
#[must_use = "iterators do nothing unless they are consumed"]
pub struct Changes<'r> {
    remove: NamesIter,
    content_type: Option<FieldValue<'r>>,
    content_range: Option<ContentRange>,
    content_length: Option<u64>,
    last_modified: Option<HttpDate>,
}

impl<'r> Changes<'r> {
    /// The next field that is set: first the fields that a 206 cannot do without.
    pub(super) fn next_set(&mut self) -> Option<(Known, FieldValue<'r>)> {
        if let Some(value) = self.content_type.take() {
            Some((Known::ContentType, value))
        } else if let Some(value) = self.content_range.take() {
            Some((Known::ContentRange, value.into()))
        } else if let Some(value) = self.content_length.take() {
            Some((Known::ContentLength, FieldValue::number(value)))
        } else {
            let value = self.last_modified.take()?;
            Some((Known::LastModified, value.into()))
        }
    }
}

impl<'r> Iterator for Changes<'r> {
    type Item = Change<'r>;

    fn next(&mut self) -> Option<Change<'r>> {
        if let Some(known) = self.remove.next() {
            return Some(Change::Remove(known.name()));
        }
        let (known, value) = self.next_set()?;
        Some(Change::Set(known.name(), value))
    }
}

impl Reply {
    /// The response to a request with this method and these fields. Without its conditions and its
    /// Range, the request would get `status` with the fields `ok` and content of `complete_length`
    /// bytes. There is one part at most: a request for several gets the whole, unless the policy
    /// makes one part of them.
    ///
    /// `complete_length` counts the bytes of the content with its content coding applied, and is
    /// `None` where it is not known.
    pub fn new<'r, 'o>(
        method: impl Into<Method>,
        request: impl IntoIterator<Item = impl LentLine<'r>>,
        status: u16,
        ok: impl IntoIterator<Item = impl LentLine<'o>>,
        complete_length: Option<u64>,
        policy: &ReplyPolicy,
    ) -> Self {
        let ok = Success::read(status, ok, complete_length);
        let (facts, answer) = judge(method.into(), request, &ok, policy);
        // Several parts are the whole here.
        facts.reply(&answer)
    }
}

impl<P: Iterator<Item = Part> + Clone, T: AsRef<[u8]>> Reply<ContentInParts<Multipart<P, T>>> {
    /// Like [`new`](Reply::new), but with as many parts as the policy permits.
    ///
    /// `multipart` is called only if several parts are sent, so that a boundary is made only then.
    /// It gets the parts, and may collect them to keep them for longer than the request, and the
    /// media type of the 200.
    ///
    /// ```
    /// use http_conditional::{Boundary, ContentInParts, Multipart, Reply, ReplyPolicy};
    ///
    /// let request = [("Range", "bytes=0-1, 7-")];
    /// let ok = [("content-type", "text/plain")];
    /// let policy = ReplyPolicy::new();
    /// let reply = Reply::in_parts("GET", request, 200, ok, Some(10), &policy, |parts| {
    ///     let random = 0x0123_4567_89ab_cdef; // from the operating system
    ///     Multipart::new(parts, Some("text/plain"), Boundary::from_random(random))
    /// });
    /// assert_eq!(reply.status(), 206);
    /// assert!(matches!(reply.content(), ContentInParts::Parts(_)));
    /// ```
    pub fn in_parts<'r, 'o>(
        method: impl Into<Method>,
        request: impl IntoIterator<Item = impl LentLine<'r>>,
        status: u16,
        ok: impl IntoIterator<Item = impl LentLine<'o>>,
        complete_length: Option<u64>,
        policy: &ReplyPolicy,
        multipart: impl FnOnce(ReplyParts<'r>) -> Multipart<P, T>,
    ) -> Self {
        let ok = Success::read(status, ok, complete_length);
        let (facts, answer) = judge(method.into(), request, &ok, policy);
        let parts = match answer {
            Answer::Parts(parts) => parts,
            other => return facts.reply(&other),
        };
        let multipart = multipart(parts);
        match (multipart.content_length(), ok.length) {
            (Some(parts), Some(whole)) if parts < whole || !policy.only_if_shorter => {
                facts.reply_in_parts(multipart)
            }
            _ => facts.reply(&Answer::Whole),
        }
    }
}

impl<C> Reply<C> {
    /// The status code.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// The decision about the conditions. It is [`Perform`](Decision::Perform) also if they do not
    /// count, because of the method or of the status of the response.
    pub const fn decision(&self) -> Decision {
        self.decision
    }

    /// Whether the lines of the 200 with this name are sent as they are. The name may be in upper
    /// or lower case.
    ///
    /// ```
    /// use http_conditional::{Reply, ReplyPolicy};
    ///
    /// let request = [("If-None-Match", "\"v1\"")];
    /// let mut fields = vec![("Content-Type", "text/plain"), ("ETag", "\"v1\"")];
    /// let reply = Reply::new("GET", request, 200, &fields, None, &ReplyPolicy::new());
    /// fields.retain(|(name, _)| reply.keeps(name.as_bytes()));
    /// assert_eq!(fields, [("ETag", "\"v1\"")]);
    /// ```
    #[must_use]
    pub fn keeps(&self, name: &[u8]) -> bool {
        !Known::from_name(name).map_or(false, |known| self.removed.contains(known))
    }

    /// How much of the content to send.
    #[must_use]
    pub const fn content(&self) -> &C {
        &self.content
    }

    /// How much of the content to send, for good.
    #[must_use]
    pub fn into_content(self) -> C {
        self.content
    }
}

impl<C: Sent> Reply<C> {
    /// What to do to the fields of the 200: first what to remove, then what to set.
    pub fn changes(&self) -> Changes<'_> {
        Changes {
            remove: self.removed.into_iter(),
            content_type: self.content.content_type(),
            content_range: self.content_range,
            content_length: self.content_length,
            last_modified: self.last_modified,
        }
    }
}
