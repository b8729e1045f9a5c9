//! A GET, HEAD or QUERY, and what happens to its response (RFC 9110 sections 13.2, 14.2 and 15).

use std::hash::{BuildHasher, RandomState};

use http::header::{
    CONTENT_LENGTH, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue, IF_MATCH,
    IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, IF_UNMODIFIED_SINCE, RANGE,
};
use http::response::Parts;
use http::{Request, Response, StatusCode};
use http_body::{Body, SizeHint};
use http_conditional::{
    Boundary, Content, ContentInParts, Decision, Method, Multipart, Reply, ReplyMultipart,
    ReplyParts,
};

use crate::body::{ConditionalBody, Source};
use crate::codings;
use crate::content_length::Dropped;
use crate::digest::Collecting;
use crate::layer::{CodedTags, CodingSpares, Options};
use crate::reasons::{NoPart, Reasons};
use crate::whole::{Whole, bound_date, is_judged};

/// What becomes of the response to a request.
pub(crate) enum Plan {
    /// It goes out as it is.
    Untouched,
    /// The request has no condition and no Range.
    Whole(Whole),
    /// In a box, so that the other futures, which are most, are small.
    Judged(Box<Retrieval>),
}

/// What the layer has to know about a request that it judges.
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

impl Plan {
    /// Turns the request into the one that the inner service is to answer.
    pub(crate) fn take<Q>(request: &mut Request<Q>, options: &Options) -> Self {
        let method = Method::from(request.method());
        let is_head = method == Method::Head;
        let is_retrieval = is_head || matches!(method, Method::Get | Method::Query);
        let fields = request.headers_mut();
        let names = if is_retrieval {
            fields.keys().filter(|name| is_ours(name)).count()
        } else {
            0
        };
        let plan = if !is_retrieval {
            Self::Untouched
        } else if names == 0 && options.leave_whole() {
            Self::Whole(Whole::new(options, is_head))
        } else {
            let mut retrieval = Box::new(Retrieval {
                method,
                lines: Vec::with_capacity(names),
                asked_by_get: false,
                coding_follows: options.coding_after.is_some() && codings::are_accepted(fields),
                options: *options,
            });
            if names > 0 {
                retrieval.take_lines(fields);
            }
            Self::Judged(retrieval)
        };
        if options.coded_tags == CodedTags::Suffixed {
            codings::take_suffixes(fields, is_retrieval);
        }
        match plan {
            Self::Judged(mut retrieval) => {
                if is_head && options.digesting.is_some() {
                    // 14.2: it has no meaning for HEAD, but would have for GET.
                    fields.remove(RANGE);
                    *request.method_mut() = http::Method::GET;
                    retrieval.asked_by_get = true;
                }
                Self::Judged(retrieval)
            }
            plan => plan,
        }
    }
}

impl Retrieval {
    fn take_lines(&mut self, fields: &mut HeaderMap) {
        for (name, value) in &*fields {
            if is_ours(name) {
                self.lines.push((name.clone(), value.clone()));
            }
        }
        if !self.options.leaves_fields {
            for (name, _) in &self.lines {
                fields.remove(name);
            }
        }
    }

    /// What becomes of this response.
    pub(crate) fn answer<B: Body>(self: Box<Self>, response: Response<B>) -> Next<B> {
        let (mut head, content) = response.into_parts();
        codings::mark_coded(&mut head.headers, self.options.coded_tags);
        if let Some(digesting) = self.options.digesting {
            let is_short = || {
                let counted = content.size_hint().exact();
                let length = self.dropped().length(&head.headers, counted);
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
        let length = |fields: &_| self.dropped().length(fields, source.size_hint().exact());
        let content = self.judge(&mut head, length);
        let body = match content {
            ContentInParts::None if head.status == StatusCode::NOT_MODIFIED => {
                self.not_modified(&mut head.headers)
            }
            ContentInParts::None => ConditionalBody::nothing(SizeHint::with_exact(0)),
            ContentInParts::Head => {
                let dropped = self.dropped();
                let (status, fields) = (head.status, &mut head.headers);
                dropped.answer(status, fields, source.size_hint())
            }
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

    /// Sets the status and the fields, and says how much of the content to send.
    fn judge(
        &self,
        head: &mut Parts,
        length: impl FnOnce(&HeaderMap) -> Option<u64>,
    ) -> ContentInParts<ReplyMultipart> {
        let counts = is_judged(head.status);
        let has_lines = !self.lines.is_empty();
        let compares_dates = counts && has_lines && self.compare_dates();
        let are_reasoned = self.options.explains || has_lines && Reasons::are_traced();
        let tells_time = compares_dates || has_lines && are_reasoned;
        let conditions = self.options.conditions(tells_time);
        let mut reasons = are_reasoned.then(|| {
            let (status, fields) = (head.status, &head.headers);
            Reasons::of_response(self.method, &self.lines, status, fields, conditions)
        });
        let content = if counts && has_lines {
            let fields = &head.headers;
            let lines = self.lines.iter().map(|(name, value)| (name, value));
            let (status, policy) = (head.status.as_u16(), self.options.reply(conditions));
            let (decision, content);
            if self.has(&RANGE) {
                let length = length(fields);
                let parts = |parts: ReplyParts<'_>| {
                    let parts: Vec<_> = parts.collect();
                    let media_type = fields.get(CONTENT_TYPE).cloned();
                    Multipart::new(parts.into_iter(), media_type, boundary())
                };
                let reply =
                    Reply::in_parts(self.method, lines, status, fields, length, &policy, parts);
                decision = reply.decision();
                content = reply.apply(&mut head.status, &mut head.headers);
                let is_whole = matches!(content, ContentInParts::Whole);
                if let Some(reasons) = &mut reasons {
                    if is_whole && decision == Decision::Perform {
                        reasons.without_part(NoPart::of(&head.headers, length));
                    }
                }
            } else {
                // The length makes no difference: whoever writes the response sees it.
                let reply = Reply::new(self.method, lines, status, fields, None, &policy);
                decision = reply.decision();
                content = match reply.apply(&mut head.status, &mut head.headers) {
                    Content::None => ContentInParts::None,
                    Content::Head => ContentInParts::Head,
                    Content::Whole => ContentInParts::Whole,
                    Content::Part(range) => ContentInParts::Part(range),
                };
            }
            head.extensions.insert(decision);
            content
        } else if self.method == Method::Head {
            ContentInParts::Head
        } else {
            ContentInParts::Whole
        };
        if counts && !compares_dates {
            if let Some(clock) = self.options.clock {
                bound_date(&mut head.headers, clock);
            }
        }
        if let Some(reasons) = reasons {
            if has_lines {
                reasons.trace(head.status);
            }
            if self.options.explains {
                head.extensions.insert(reasons);
            }
        }
        content
    }

    fn has(&self, name: &HeaderName) -> bool {
        self.lines.iter().any(|(other, _)| other == name)
    }

    /// Whether the time makes a difference to the conditions: not where a tag takes the place of a
    /// date (sections 13.1.3 and 13.1.4).
    fn compare_dates(&self) -> bool {
        self.has(&IF_RANGE)
            || self.has(&IF_MODIFIED_SINCE) && !self.has(&IF_NONE_MATCH)
            || self.has(&IF_UNMODIFIED_SINCE) && !self.has(&IF_MATCH)
    }

    fn not_modified<B: Body>(&self, fields: &mut HeaderMap) -> ConditionalBody<B> {
        if self.coding_follows {
            // That of the content as it is.
            fields.remove(CONTENT_LENGTH);
        }
        match self.options.coding_after.filter(|_| self.coding_follows) {
            Some(CodingSpares::WhatIsShort) => ConditionalBody::nothing_at_first(),
            Some(CodingSpares::WhatStaysShort) => ConditionalBody::nothing(SizeHint::with_exact(0)),
            Some(CodingSpares::NotModified) | None => ConditionalBody::nothing(SizeHint::new()),
        }
    }

    fn dropped(&self) -> Dropped {
        if self.method == Method::Head && !self.asked_by_get {
            Dropped::Maybe
        } else {
            Dropped::No
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

/// Made of two hashes, whose keys the standard library makes of the system's random numbers: nobody
/// can put it into content beforehand.
fn boundary() -> Boundary {
    let mut number = 0;
    for _ in 0..2 {
        number = number << 64 | u128::from(RandomState::new().hash_one(number));
    }
    Boundary::from_random(number)
}
