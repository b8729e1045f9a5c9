//! A GET, HEAD or QUERY, and what its response becomes (RFC 9110 sections 13.2, 14.2 and 15).

use std::hash::{BuildHasher, RandomState};

use http::header::{
    CONTENT_LENGTH, ETAG, HeaderMap, HeaderName, HeaderValue, IF_MATCH, IF_MODIFIED_SINCE,
    IF_NONE_MATCH, IF_RANGE, IF_UNMODIFIED_SINCE, LAST_MODIFIED, RANGE, TRANSFER_ENCODING,
};
use http::response::Parts;
use http::{Request, Response, StatusCode};
use http_body::{Body, SizeHint};
use http_conditional::{
    Boundary, ContentInParts, HttpDate, Method, Multipart, Policy, Reply, ReplyMultipart,
};

use crate::body::{ConditionalBody, Source};
use crate::codings;
use crate::digest::Collecting;
use crate::layer::{CodedTags, CodingSpares, Options};
use crate::reasons::Reasons;

/// What the layer has to know of a request that it judges.
pub(crate) struct Retrieval {
    method: Method,
    /// The conditional fields, and Range.
    lines: Vec<(HeaderName, HeaderValue)>,
    /// Whether the inner service was asked by GET for a HEAD.
    asked_by_get: bool,
    /// Whether what is outside of the layer may change the content of the response.
    coding_follows: bool,
    options: Options,
}

/// What to do with a response.
pub(crate) enum Next<B: Body> {
    Respond(Response<ConditionalBody<B>>),
    Collect(Collecting<B>),
}

impl Retrieval {
    /// Turns the request into the one that the inner service is to answer; `None` where the
    /// response will go out as it is.
    pub(crate) fn take<Q>(request: &mut Request<Q>, options: Options) -> Option<Self> {
        let method = Method::from(request.method());
        let is_retrieval = matches!(method, Method::Get | Method::Head | Method::Query);
        let fields = request.headers_mut();
        let mut retrieval = is_retrieval.then(|| Self {
            method,
            lines: Vec::new(),
            asked_by_get: false,
            coding_follows: options.coding_after.is_some() && codings::are_accepted(fields),
            options,
        });
        if let Some(retrieval) = &mut retrieval {
            for (name, value) in &*fields {
                if is_ours(name) {
                    retrieval.lines.push((name.clone(), value.clone()));
                }
            }
            if !options.leaves_fields {
                for (name, _) in &retrieval.lines {
                    fields.remove(name);
                }
            }
        }
        if options.coded_tags == CodedTags::Suffixed {
            codings::take_suffixes(fields, is_retrieval);
        }
        if let Some(retrieval) = &mut retrieval {
            if method == Method::Head && options.digesting.is_some() {
                // 14.2: it has no meaning for HEAD, but would have for GET.
                fields.remove(RANGE);
                *request.method_mut() = http::Method::GET;
                retrieval.asked_by_get = true;
            }
        }
        retrieval
    }

    /// Whether nothing was asked of this response, and its length makes no difference.
    fn leaves_whole(&self) -> bool {
        self.lines.is_empty()
            && self.method != Method::Head
            && self.options.digesting.is_none()
            && self.options.coding_after.is_none()
            && !self.options.explains
    }

    /// The short way for most requests, which have no conditions: the response as it came, but for
    /// its tag and its date.
    fn whole<B: Body>(&self, mut response: Response<B>) -> Response<ConditionalBody<B>> {
        let status = response.status();
        let fields = response.headers_mut();
        codings::mark_coded(fields, self.options.coded_tags);
        if is_judged(status) {
            self.bound_date(fields);
        }
        response.map(|content| {
            if status == StatusCode::NOT_MODIFIED && content.is_end_stream() {
                ConditionalBody::nothing(SizeHint::new())
            } else {
                ConditionalBody::whole(content)
            }
        })
    }

    /// What becomes of this response.
    pub(crate) fn answer<B: Body>(self, response: Response<B>) -> Next<B> {
        if self.leaves_whole() {
            return Next::Respond(self.whole(response));
        }
        let (mut head, content) = response.into_parts();
        codings::mark_coded(&mut head.headers, self.options.coded_tags);
        if let Some(digesting) = self.options.digesting {
            let is_short = || {
                let length = self.length(&head.headers, content.size_hint().exact());
                length.is_some_and(|length| length <= digesting.limit())
            };
            if head.status == StatusCode::OK && !head.headers.contains_key(ETAG) && is_short() {
                return Next::Collect(Collecting::new(digesting, self, head, content));
            }
        }
        Next::Respond(self.respond(head, Source::new(content)))
    }

    /// The response that goes out.
    pub(crate) fn respond<B: Body>(
        &self,
        mut head: Parts,
        source: Source<B>,
    ) -> Response<ConditionalBody<B>> {
        if self.options.coding_after.is_some() {
            codings::vary(&mut head.headers);
            if self.coding_follows {
                codings::weaken(&mut head.headers);
            }
        }
        let length = self.length(&head.headers, source.size_hint().exact());
        let content = self.judge(&mut head, length);
        let body = match content {
            ContentInParts::None if head.status == StatusCode::NOT_MODIFIED => {
                self.not_modified(&mut head.headers)
            }
            ContentInParts::None => ConditionalBody::nothing(SizeHint::with_exact(0)),
            ContentInParts::Head => ConditionalBody::nothing(match length {
                Some(length) => {
                    say_length(&mut head, length);
                    SizeHint::with_exact(length)
                }
                None => match source.size_hint() {
                    // An inner service may drop the content itself.
                    size if size.exact() == Some(0) && !self.asked_by_get => SizeHint::new(),
                    size => size,
                },
            }),
            ContentInParts::Part(range) => ConditionalBody::part_of(source, range),
            ContentInParts::Parts(parts) => ConditionalBody::parts_of(source, parts),
            // One of the inner service's own.
            ContentInParts::Whole
                if head.status == StatusCode::NOT_MODIFIED && source.is_end_stream() =>
            {
                self.not_modified(&mut head.headers)
            }
            ContentInParts::Whole => ConditionalBody::all_of(source),
        };
        Response::from_parts(head, body)
    }

    /// Sets the status and the fields, and says what of the content goes out.
    fn judge(&self, head: &mut Parts, length: Option<u64>) -> ContentInParts<ReplyMultipart> {
        let unjudged = match self.method {
            Method::Head => ContentInParts::Head,
            _ => ContentInParts::Whole,
        };
        let counts = is_judged(head.status);
        let conditions = if self.lines.is_empty() {
            Policy::new()
        } else {
            self.options.conditions_now()
        };
        let reasons = self.reasons(head, conditions);
        let mut decision = None;
        let content = if counts && !self.lines.is_empty() {
            let fields = &head.headers;
            let reply = Reply::in_parts(
                self.method,
                self.lines.iter().map(|(name, value)| (name, value)),
                head.status.as_u16(),
                fields,
                length,
                &self.options.reply(conditions),
                |parts| {
                    let parts: Vec<_> = parts.collect();
                    let media_type = fields.get(http::header::CONTENT_TYPE).cloned();
                    Multipart::new(parts.into_iter(), media_type, boundary())
                },
            );
            decision = Some(reply.decision());
            reply.apply(&mut head.status, &mut head.headers)
        } else {
            if counts {
                self.bound_date(&mut head.headers);
            }
            unjudged
        };
        if let Some(decision) = decision {
            head.extensions.insert(decision);
        }
        if let Some(reasons) = reasons {
            if !self.lines.is_empty() {
                reasons.trace(head.status);
            }
            if self.options.explains {
                head.extensions.insert(reasons);
            }
        }
        content
    }

    /// Section 8.8.2.1: a Last-Modified MUST NOT be later than the Date. Where there are conditions,
    /// the reply sees to it.
    fn bound_date(&self, fields: &mut HeaderMap) {
        let (Some(clock), Some(value)) = (self.options.clock, fields.get_mut(LAST_MODIFIED)) else {
            return;
        };
        if let Ok(date) = HttpDate::parse(value.as_bytes(), None) {
            let now = clock();
            if date > now {
                *value = now.into();
            }
        }
    }

    /// Where somebody wants them.
    fn reasons(&self, head: &Parts, conditions: Policy) -> Option<Reasons> {
        let are_traced = !self.lines.is_empty() && Reasons::are_traced();
        (self.options.explains || are_traced).then(|| {
            let status = head.status.as_u16();
            Reasons::of_fields(self.method, &self.lines, status, &head.headers, conditions)
        })
    }

    fn not_modified<B: Body>(&self, fields: &mut HeaderMap) -> ConditionalBody<B> {
        if self.coding_follows {
            // That of the content as it is.
            fields.remove(CONTENT_LENGTH);
        }
        ConditionalBody::nothing(match self.options.coding_after {
            Some(CodingSpares::WhatIsShort) => SizeHint::with_exact(0),
            Some(CodingSpares::NotModified) | None => SizeHint::new(),
        })
    }

    /// How long the content of the 200 is, where that is known and agreed.
    fn length(&self, fields: &HeaderMap, counted: Option<u64>) -> Option<u64> {
        let mut lines = fields.get_all(CONTENT_LENGTH).iter();
        let said = match (lines.next(), lines.next()) {
            (Some(line), None) => Some(number(line.as_bytes())?),
            (None, _) => None,
            (Some(_), Some(_)) => return None,
        };
        // What answers a HEAD may have no content to count.
        let counted =
            counted.filter(|&bytes| bytes > 0 || self.method != Method::Head || self.asked_by_get);
        match (said, counted) {
            (Some(said), Some(counted)) if said != counted => None,
            (said, counted) => said.or(counted),
        }
    }
}

/// Whether it is a conditional field or Range. As [`Field::from_name`](http_conditional::Field), and
/// without a look at the letters: this is asked of every field of every request.
fn is_ours(name: &HeaderName) -> bool {
    *name == IF_MATCH
        || *name == IF_NONE_MATCH
        || *name == IF_MODIFIED_SINCE
        || *name == IF_UNMODIFIED_SINCE
        || *name == IF_RANGE
        || *name == RANGE
}

/// Not a 206 that nobody asked for, or that the inner service has judged.
fn is_judged(status: StatusCode) -> bool {
    status.is_success() && status != StatusCode::PARTIAL_CONTENT
}

/// What writes the response sees no content that it could count.
fn say_length(head: &mut Parts, length: u64) {
    let has_length = matches!(head.status.as_u16(), 204 | 304)
        || head.headers.contains_key(CONTENT_LENGTH)
        || head.headers.contains_key(TRANSFER_ENCODING);
    if !has_length {
        // It may be left out, so a map that has no room for it does no harm.
        let _ = head.headers.try_insert(CONTENT_LENGTH, length.into());
    }
}

fn number(digits: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(digits).ok()?;
    text.parse().ok().filter(|_| digits[0] != b'+')
}

/// Of two hashes with keys that the standard library makes of the system's random numbers: nobody
/// can put it into content beforehand.
fn boundary() -> Boundary {
    let mut number = 0;
    for _ in 0..2 {
        number = number << 64 | u128::from(RandomState::new().hash_one(number));
    }
    Boundary::from_random(number)
}
