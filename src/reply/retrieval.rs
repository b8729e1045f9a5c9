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
/// without the conditions and the Range of the request: its status, the changes of its fields, and
/// what of the content goes out.
///
/// It is data, for a header map of any kind: nothing is allocated and nothing changed here. With
/// the feature `http`, [`reply`](crate::reply()) does it to a `http::Response`.
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
/// - The validators are those in the fields of the 200: clients know no others. The fields have to
///   be all that the response would go out with, and its content what the length says.
/// - Any 2xx may become a 304 or a 412; only a 200 a 206 or a 416. Every other status goes out as
///   it is, and so does the response to every method but GET, HEAD and QUERY: a write that is
///   judged by its response has been performed. [`admit`](crate::admit) is for those.
/// - A 200 says its `Content-Length` where the length is known, and so does the 304 in its place:
///   some servers write a wrong one otherwise. That of a 412 and a 416 is left to the server.
/// - With a clock in the policy, a `Last-Modified` in the future becomes now.
/// - Where the length is not known, or the 200 says `Accept-Ranges: none`, no Range applies.
///
/// Ask it last, when nothing else will change the fields or the content: what compresses has to
/// come before, as a content coding has a tag and a length of its own.
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct Reply<C = Content> {
    pub(super) status: u16,
    pub(super) decision: Decision,
    /// Those of the 200 that do not go out as they are.
    pub(super) removed: Names,
    pub(super) content_range: Option<ContentRange>,
    pub(super) content_length: Option<u64>,
    pub(super) last_modified: Option<HttpDate>,
    pub(super) content: C,
}

/// A change of the fields of the 200.
///
/// It is exhaustive on purpose: there is nothing else to do to a field.
#[derive(Clone, Copy, Debug)]
pub enum Change<'r> {
    /// Every line of this field goes. The name is in lower case.
    Remove(&'static str),
    /// This field is added, with one line. The name is in lower case.
    Set(&'static str, FieldValue<'r>),
}

/// The changes of the fields: those that go, and then those that come. So a list of lines has to
/// be searched for the first only, as what is set has been removed before, if it was there.
#[derive(Clone, Debug)]
#[must_use = "iterators do nothing unless they are consumed"]
pub struct Changes<'r> {
    remove: NamesIter,
    /// First what a 206 is none without.
    pub(super) set: [Option<(Known, FieldValue<'r>)>; 4],
}

impl<'r> Iterator for Changes<'r> {
    type Item = Change<'r>;

    fn next(&mut self) -> Option<Change<'r>> {
        if let Some(known) = self.remove.next() {
            return Some(Change::Remove(known.name()));
        }
        let (known, value) = self.set.iter_mut().find_map(Option::take)?;
        Some(Change::Set(known.name(), value))
    }
}

impl Reply {
    /// The response to a request with this method and these fields, where it would be `status`
    /// with the fields `ok` and content of `complete_length` bytes without its conditions and its
    /// Range. It has one part at most: what asks for several gets the whole, unless the policy
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
    /// As [`new`](Reply::new), with as many parts as the policy permits.
    ///
    /// `multipart` is asked for only where several parts are sent, so that only then a boundary is
    /// made. It is handed the parts, and may collect them, to keep them for longer than the
    /// request. The media type is the one of the 200.
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
        match (multipart.content_length(), facts.length) {
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

    /// What the conditions came to; [`Perform`](Decision::Perform) too where they do not count,
    /// because of the method or of the status of the response.
    pub const fn decision(&self) -> Decision {
        self.decision
    }

    /// Whether the lines of the 200 with this name go out as they are. Upper and lower case are the
    /// same.
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

    /// What of the content goes out.
    #[must_use]
    pub const fn content(&self) -> &C {
        &self.content
    }

    /// What of the content goes out, for good.
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
            set: [
                self.content
                    .content_type()
                    .map(|value| (Known::ContentType, value)),
                self.content_range
                    .map(|value| (Known::ContentRange, value.into())),
                self.content_length
                    .map(|value| (Known::ContentLength, FieldValue::number(value))),
                self.last_modified
                    .map(|value| (Known::LastModified, value.into())),
            ],
        }
    }
}
