//! The whole response (RFC 9110 sections 13.2.2, 14.2 and 15) on the types of the crate `http`.
//!
//! Only those methods of `HeaderMap` are used that cannot panic, however full the map is.

use std::vec;
use std::vec::Vec;

use ::http::header::{self, HeaderMap, HeaderValue};
use ::http::{Response, StatusCode};

use super::content::Sent;
use super::{
    Boundary, Content, ContentInParts, FieldValue, Multipart, Refusal, RefusalReason, Reply,
    ReplyParts, ReplyPolicy,
};
use crate::conditions::Method;
use crate::line::LentLine;
use crate::ranges::{ContentRange, Part};
use crate::response::{Known, Names, ResponseHead};
use crate::validators::EntityTag;
#[cfg(feature = "dates")]
use crate::validators::HttpDate;

/// The parts of a [`Multipart`] that [`reply_in_parts`] makes. It owns all that it needs, so you
/// can make a body of it that is sent later.
pub type ReplyMultipart = Multipart<vec::IntoIter<Part>, HeaderValue>;

/// Makes the response to a GET, HEAD or QUERY out of the 200 that the request would get without its
/// conditions and its Range: sets the status and the fields of `response`, and returns how much of
/// the content to send. That is one part at most; [`reply_in_parts`] sends more. This needs the
/// feature `http`; without it, [`Reply`] gives the same as data.
///
/// ```
/// use http::{HeaderMap, Method, Response};
/// use http_conditional::{ReplyPolicy, reply};
///
/// let data = b"0123456789";
/// let mut request = HeaderMap::new();
/// request.insert("range", "bytes=2-3".parse()?);
///
/// // What everybody would get.
/// let mut response = Response::builder().header("etag", "\"v1\"").body(())?;
/// let policy = ReplyPolicy::new();
/// let content = reply(&Method::GET, &request, &mut response, Some(10), &policy);
/// // What this request gets.
/// assert_eq!(response.status(), 206);
/// assert_eq!(response.headers()["content-range"], "bytes 2-3/10");
/// assert_eq!(content.range(10), Some(2..4));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// `request` are the field lines of the request, usually a `&HeaderMap`. `complete_length` counts
/// the bytes of the content with its content coding applied; `None` if it is not known.
///
/// [`Reply`] says what it does to which response. If the map has no room for a field that a 206
/// needs, the whole content is sent, as if there were no Range.
pub fn reply<'r, B>(
    method: impl Into<Method>,
    request: impl IntoIterator<Item = impl LentLine<'r>>,
    response: &mut Response<B>,
    complete_length: Option<u64>,
    policy: &ReplyPolicy,
) -> Content {
    let mut status = response.status();
    let reply = Reply::new(
        method,
        request,
        status.as_u16(),
        response.headers(),
        complete_length,
        policy,
    );
    let content = reply.apply(&mut status, response.headers_mut());
    *response.status_mut() = status;
    content
}

/// Like [`reply`], but with as many parts as the policy permits, as multipart/byteranges. This needs
/// the feature `http`.
///
/// `boundary` is called only if several parts are sent; [`Boundary`] says how to make one.
///
/// ```
/// use http::{HeaderMap, Method, Response};
/// use http_conditional::{Boundary, ContentInParts, Piece, ReplyPolicy, reply_in_parts};
///
/// let data = b"0123456789";
/// let mut request = HeaderMap::new();
/// request.insert("range", "bytes=0-1, 7-".parse()?);
///
/// let mut response = Response::builder().header("content-type", "text/plain").body(())?;
/// let policy = ReplyPolicy::new();
/// let random = || Boundary::from_random(0x0123_4567_89ab_cdef); // from the operating system
/// let content = reply_in_parts(&Method::GET, &request, &mut response, Some(10), &policy, random);
/// assert_eq!(response.status(), 206);
///
/// let mut sent = Vec::new();
/// if let ContentInParts::Parts(mut multipart) = content {
///     while let Some(piece) = multipart.next_piece() {
///         sent.extend_from_slice(match piece {
///             Piece::Framing(bytes) => bytes,
///             Piece::Content(range) => range.of(data).unwrap_or_default(),
///         });
///     }
/// }
/// assert_eq!(response.headers()["content-length"], sent.len().to_string());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn reply_in_parts<'r, B>(
    method: impl Into<Method>,
    request: impl IntoIterator<Item = impl LentLine<'r>>,
    response: &mut Response<B>,
    complete_length: Option<u64>,
    policy: &ReplyPolicy,
    boundary: impl FnOnce() -> Boundary,
) -> ContentInParts<ReplyMultipart> {
    let mut status = response.status();
    let fields = response.headers();
    let multipart = |parts: ReplyParts<'r>| {
        let parts: Vec<Part> = parts.collect();
        let media_type = fields.get(header::CONTENT_TYPE).cloned();
        Multipart::new(parts.into_iter(), media_type, boundary())
    };
    let reply = Reply::in_parts(
        method,
        request,
        status.as_u16(),
        fields,
        complete_length,
        policy,
        multipart,
    );
    let content = reply.apply(&mut status, response.headers_mut());
    *response.status_mut() = status;
    content
}

/// Like [`reply`], for responses of another type: it takes the status and the fields by themselves.
/// This needs the feature `http`.
///
/// ```
/// use http::{HeaderMap, Method, StatusCode};
/// use http_conditional::{Content, ReplyPolicy, reply_head};
///
/// let mut request = HeaderMap::new();
/// request.insert("if-none-match", "\"v1\"".parse()?);
/// let mut fields = HeaderMap::new();
/// fields.insert("etag", "\"v1\"".parse()?);
///
/// let (method, ok, policy) = (Method::GET, StatusCode::OK, ReplyPolicy::new());
/// let (status, content) = reply_head(&method, &request, ok, &mut fields, Some(10), &policy);
/// assert_eq!((status, content), (StatusCode::NOT_MODIFIED, Content::None));
/// # Ok::<(), http::header::InvalidHeaderValue>(())
/// ```
pub fn reply_head<'r>(
    method: impl Into<Method>,
    request: impl IntoIterator<Item = impl LentLine<'r>>,
    mut status: StatusCode,
    fields: &mut HeaderMap,
    complete_length: Option<u64>,
    policy: &ReplyPolicy,
) -> (StatusCode, Content) {
    let code = status.as_u16();
    let reply = Reply::new(method, request, code, &*fields, complete_length, policy);
    let content = reply.apply(&mut status, fields);
    (status, content)
}

impl<C: Sent> Reply<C> {
    /// Applies it: sets the status, changes the fields, and returns how much of the content to
    /// send.
    ///
    /// `fields` are those that the reply was made of. If the map has no room for a field that a 206
    /// needs, it is left as it is, and so is the status: the whole content is sent then.
    ///
    /// ```
    /// use http::{HeaderMap, StatusCode};
    /// use http_conditional::{Content, Reply, ReplyPolicy};
    ///
    /// let (mut status, mut fields) = (StatusCode::OK, HeaderMap::new());
    /// fields.insert("etag", "\"v1\"".parse()?);
    ///
    /// // Of lines that were kept, say.
    /// let request = [("if-match", "\"v0\"")];
    /// let reply = Reply::new("GET", request, 200, &fields, Some(10), &ReplyPolicy::new());
    /// assert_eq!(reply.apply(&mut status, &mut fields), Content::None);
    /// assert_eq!(status, StatusCode::PRECONDITION_FAILED);
    /// # Ok::<(), http::header::InvalidHeaderValue>(())
    /// ```
    #[must_use]
    pub fn apply(self, status: &mut StatusCode, fields: &mut HeaderMap) -> C {
        let mut changes = self.changes();
        let mut remove = self.removed;
        while let Some((known, value)) = changes.next_set() {
            if insert(fields, known, value) {
                remove = remove.without(known);
            } else if self.status() == 206 && is_needed(known) {
                // It is the first that is set, so nothing has changed so far.
                return C::WHOLE;
            }
        }
        for known in remove {
            remove_lines(fields, known);
        }
        // Nothing is ever set but what is in `ResponseHead`, and what was there before.
        *status = StatusCode::from_u16(self.status()).unwrap_or(*status);
        self.into_content()
    }
}

impl ResponseHead {
    /// Removes the fields of the 200 that the response does not take over. Every line of the others
    /// stays.
    ///
    /// ```
    /// use http::HeaderMap;
    /// use http_conditional::ResponseHead;
    ///
    /// let mut fields = HeaderMap::new();
    /// fields.insert("content-type", "text/html".parse()?);
    /// fields.append("vary", "accept-encoding".parse()?);
    /// fields.append("vary", "accept-language".parse()?);
    /// ResponseHead::PreconditionFailed.apply(&mut fields);
    /// assert_eq!(fields.len(), 2);
    /// assert_eq!(fields.get_all("vary").iter().count(), 2);
    /// # Ok::<(), http::header::InvalidHeaderValue>(())
    /// ```
    pub fn apply(self, fields: &mut HeaderMap) {
        // Most maps have few fields, and most of those stay: it takes less to look at each of them
        // than to look for each that would go.
        let known = fields
            .keys()
            .filter_map(|name| Known::from_name(name.as_ref()));
        let present = known.fold(Names::EMPTY, Names::with);
        for known in self.removed().and(present) {
            remove_lines(fields, known);
        }
    }
}

/// Whether a 206 with parts cannot do without this field.
const fn is_needed(known: Known) -> bool {
    matches!(known, Known::ContentType | Known::ContentRange)
}

/// Sets a field to one line; says whether there was room for it.
fn insert(fields: &mut HeaderMap, known: Known, value: FieldValue<'_>) -> bool {
    let name = match known {
        Known::ContentType => header::CONTENT_TYPE,
        Known::ContentRange => header::CONTENT_RANGE,
        Known::ContentLength => header::CONTENT_LENGTH,
        Known::LastModified => header::LAST_MODIFIED,
        _ => return false,
    };
    if fields.try_insert(&name, value.into()).is_ok() {
        return true;
    }
    // A full map has no room for a line that takes the place of another either.
    if fields.get_all(&name).iter().nth(1).is_some() {
        return false;
    }
    match fields.get_mut(&name) {
        Some(place) => *place = value.into(),
        None => return false,
    }
    true
}

fn remove_lines(fields: &mut HeaderMap, known: Known) {
    // By the constants, where there are any: they need not be looked up.
    let name = match known {
        Known::Age => header::AGE,
        Known::CacheControl => header::CACHE_CONTROL,
        Known::ContentDisposition => header::CONTENT_DISPOSITION,
        Known::ContentEncoding => header::CONTENT_ENCODING,
        Known::ContentLanguage => header::CONTENT_LANGUAGE,
        Known::ContentLength => header::CONTENT_LENGTH,
        Known::ContentLocation => header::CONTENT_LOCATION,
        Known::ContentRange => header::CONTENT_RANGE,
        Known::ContentType => header::CONTENT_TYPE,
        Known::Expires => header::EXPIRES,
        Known::LastModified => header::LAST_MODIFIED,
        Known::Trailer => header::TRAILER,
        Known::TransferEncoding => header::TRANSFER_ENCODING,
        other => {
            fields.remove(other.name());
            return;
        }
    };
    fields.remove(name);
}

/// The response to a write that must not be performed, with the fields that say what is there now.
/// This needs the feature `http`. The content is empty, unless you send the refusal's sentence:
///
/// ```
/// use http::Response;
/// use http_conditional::{AdmitPolicy, EntityTag, Representation, admit};
///
/// fn put(headers: &http::HeaderMap, current: Representation<'_>) -> Response<String> {
///     match admit("PUT", headers, current, &AdmitPolicy::new()) {
///         Err(refusal) => Response::from(refusal).map(|()| refusal.to_string()),
///         Ok(_) => Response::new(String::from("written")),
///     }
/// }
///
/// let mut headers = http::HeaderMap::new();
/// headers.insert("if-none-match", "*".parse()?);
/// let current = Representation::current().etag(EntityTag::from_static("\"v1\""));
/// let response = put(&headers, current);
/// assert_eq!((response.status().as_u16(), &response.headers()["etag"]), (412, &"\"v1\"".parse()?));
/// # Ok::<(), http::header::InvalidHeaderValue>(())
/// ```
impl<B: Default> From<Refusal<'_>> for Response<B> {
    fn from(refusal: Refusal<'_>) -> Self {
        let mut response = Self::default();
        *response.status_mut() = match refusal.reason() {
            RefusalReason::PreconditionFailed => StatusCode::PRECONDITION_FAILED,
            RefusalReason::PreconditionRequired => StatusCode::PRECONDITION_REQUIRED,
        };
        for (name, value) in refusal.fields() {
            // An empty map has room for two.
            let _ = response.headers_mut().try_insert(name, value.into());
        }
        response
    }
}

/// All of these bytes are allowed in a field value.
fn header_value(bytes: &[u8]) -> HeaderValue {
    HeaderValue::from_bytes(bytes).unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// The value of `Last-Modified`, say.
///
/// ```
/// use http::HeaderValue;
/// use http_conditional::HttpDate;
///
/// let date = HttpDate::from_unix(784_111_777)?;
/// assert_eq!(HeaderValue::from(date), "Sun, 06 Nov 1994 08:49:37 GMT");
/// # Ok::<(), http_conditional::OutOfRange>(())
/// ```
#[cfg(feature = "dates")]
impl From<HttpDate> for HeaderValue {
    fn from(date: HttpDate) -> Self {
        header_value(&date.encode())
    }
}

/// The value of `ETag`, byte for byte.
///
/// ```
/// use http::HeaderValue;
/// use http_conditional::EntityTag;
///
/// let tag = EntityTag::strong(b"caf\xe9")?;
/// assert_eq!(HeaderValue::from(tag), b"\"caf\xe9\"".as_slice());
/// # Ok::<(), http_conditional::InvalidEntityTag>(())
/// ```
impl From<EntityTag<'_>> for HeaderValue {
    fn from(tag: EntityTag<'_>) -> Self {
        let mut bytes = std::vec![0; tag.encoded_len()];
        // It is made as long as the tag needs.
        let _ = tag.encode(&mut bytes);
        Self::try_from(bytes).unwrap_or_else(|_| Self::from_static(""))
    }
}

/// The value of `Content-Range`.
impl From<ContentRange> for HeaderValue {
    fn from(content_range: ContentRange) -> Self {
        header_value(content_range.encode(&mut [0; ContentRange::MAX_LEN]))
    }
}

/// The value, byte for byte.
impl From<FieldValue<'_>> for HeaderValue {
    fn from(value: FieldValue<'_>) -> Self {
        if let Some(tag) = value.tag() {
            return tag.into();
        }
        let mut buffer = [0; FieldValue::MAX_LEN];
        header_value(value.encode(&mut buffer).unwrap_or_default())
    }
}
