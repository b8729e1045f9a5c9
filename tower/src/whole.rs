//! The short way for most responses, to requests without conditions: each is sent as it came,
//! except for its tag and its date.

use http::header::{CONTENT_ENCODING, HeaderMap, HeaderValue, LAST_MODIFIED};
use http::{Response, StatusCode};
use http_body::{Body, SizeHint};
use http_conditional::HttpDate;

use crate::body::ConditionalBody;
use crate::codings;
use crate::content_length::Dropped;
use crate::layer::{CodedTags, Options};

/// What the layer has to know of a request that asks nothing.
pub(crate) struct Whole {
    clock: Option<fn() -> HttpDate>,
    coded_tags: CodedTags,
    is_head: bool,
}

impl Whole {
    pub(crate) const fn new(options: &Options, is_head: bool) -> Self {
        Self {
            clock: options.clock,
            coded_tags: options.coded_tags,
            is_head,
        }
    }

    pub(crate) fn answer<B: Body>(self, mut response: Response<B>) -> Response<ConditionalBody<B>> {
        let status = response.status();
        let fields = response.headers_mut();
        // Looking at each field once takes less than searching for two.
        let (mut is_coded, mut date) = (false, None);
        for (name, value) in fields.iter_mut() {
            if *name == CONTENT_ENCODING {
                is_coded = true;
            } else if *name == LAST_MODIFIED && date.is_none() {
                date = Some(value);
            }
        }
        if let (Some(date), Some(clock)) = (date.filter(|_| is_judged(status)), self.clock) {
            bound(date, clock);
        }
        if is_coded {
            codings::mark_coded(fields, self.coded_tags);
        }
        if self.is_head {
            let size = response.body().size_hint();
            let nothing = Dropped::Maybe.answer(status, response.headers_mut(), size);
            return response.map(|_| nothing);
        }
        response.map(|content| {
            if status == StatusCode::NOT_MODIFIED && content.is_end_stream() {
                ConditionalBody::nothing(SizeHint::new())
            } else {
                ConditionalBody::whole(content)
            }
        })
    }
}

/// Not a 206 that nobody asked for, or that the inner service has judged.
pub(crate) fn is_judged(status: StatusCode) -> bool {
    status.is_success() && status != StatusCode::PARTIAL_CONTENT
}

/// Section 8.8.2.1: a Last-Modified MUST NOT be later than the Date.
pub(crate) fn bound_date(fields: &mut HeaderMap, clock: fn() -> HttpDate) {
    if let Some(date) = fields.get_mut(LAST_MODIFIED) {
        bound(date, clock);
    }
}

fn bound(date: &mut HeaderValue, clock: fn() -> HttpDate) {
    if let Ok(modified) = HttpDate::parse(date.as_bytes(), None) {
        let now = clock();
        if modified > now {
            *date = now.into();
        }
    }
}
