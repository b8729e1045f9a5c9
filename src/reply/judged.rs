//! Judges a request against the 200 that it would get: what the reply is made of (RFC 9110 sections
//! 13.2.2, 14.2 and 15).

use super::content::Sent;
use super::{ContentInParts, Multipart, Reply, ReplyParts, ReplyPolicy};
use crate::bytes::{is_name, trim_ows};
use crate::conditions::{Decision, Field, Method, Preconditions};
use crate::line::{LentLine, Only};
use crate::ranges::{ContentRange, Part, RangeResponse};
use crate::response::{Known, Names, ResponseHead};
use crate::validators::{HttpDate, Representation};

/// The response that the request would get without its conditions and its Range.
pub(super) struct Success<'o> {
    status: u16,
    present: Names,
    etag: Only<'o>,
    last_modified: Only<'o>,
    content_length: Only<'o>,
    refuses_ranges: bool,
    /// How long the content of a 200 is.
    pub(super) length: Option<u64>,
}

impl<'o> Success<'o> {
    pub(super) fn read<L: LentLine<'o>>(
        status: u16,
        fields: impl IntoIterator<Item = L>,
        length: Option<u64>,
    ) -> Self {
        let mut ok = Self {
            status,
            present: Names::EMPTY,
            etag: Only::default(),
            last_modified: Only::default(),
            content_length: Only::default(),
            refuses_ranges: false,
            length: length.filter(|_| status == 200),
        };
        for line in fields {
            ok.line(line.name(), line.lent_value());
        }
        ok
    }

    #[cfg_attr(target_pointer_width = "64", inline)]
    fn line(&mut self, name: &[u8], value: &'o [u8]) {
        let known = Known::from_name(name);
        match known {
            Some(Known::ETag) => self.etag.line(value),
            Some(Known::LastModified) => self.last_modified.line(value),
            Some(Known::ContentLength) => self.content_length.line(value),
            None if is_name(name, b"accept-ranges") => {
                self.refuses_ranges |= trim_ows(value).eq_ignore_ascii_case(b"none");
            }
            _ => {}
        }
        if let Some(known) = known {
            self.present = self.present.with(known);
        }
    }

    /// The length of the content of a 200, where its fields do not say it yet.
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    fn unsaid_length(&self) -> Option<u64> {
        self.length.filter(|&length| !self.says_length(length))
    }

    /// Whether the fields say this length, and nothing else about it.
    fn says_length(&self, length: u64) -> bool {
        let mut digits = trim_ows(self.content_length.value().unwrap_or_default());
        let mut rest = length;
        // From the last digit: a third of the instructions of writing it to compare it.
        while let [before @ .., digit] = digits {
            if u64::from(digit.wrapping_sub(b'0')) != rest % 10 {
                return false;
            }
            digits = before;
            rest /= 10;
            if rest == 0 {
                return digits.is_empty();
            }
        }
        false
    }
}

/// How the request is answered.
pub(super) enum Answer<'r> {
    /// With the response as it is.
    Untouched,
    /// With the whole content.
    Whole,
    NotModified,
    PreconditionFailed,
    Unsatisfiable(ContentRange),
    Part(Part),
    Parts(ReplyParts<'r>),
}

/// What else there is to know about the answer.
#[derive(Clone, Copy)]
pub(super) struct Facts<'k> {
    ok: &'k Success<'k>,
    decision: Decision,
    /// What takes the place of a Last-Modified in the future.
    last_modified: Option<HttpDate>,
    is_head: bool,
    has_if_range: bool,
    /// Whether a 304 leaves Last-Modified out.
    has_etag: bool,
}

pub(super) fn judge<'r, 'k, L: LentLine<'r>>(
    method: Method,
    request: impl IntoIterator<Item = L>,
    ok: &'k Success<'k>,
    policy: &ReplyPolicy,
) -> (Facts<'k>, Answer<'r>) {
    let mut facts = Facts {
        ok,
        decision: Decision::Perform,
        last_modified: None,
        is_head: method == Method::Head,
        has_if_range: false,
        has_etag: false,
    };
    // All other methods are judged before they are performed.
    if !method.can_be_not_modified() || !matches!(ok.status, 200..=299) {
        return (facts, Answer::Untouched);
    }
    let mut selected = Representation::of_values(ok.etag, ok.last_modified);
    // 8.8.2.1: MUST NOT be later than Date, and MUST be replaced by it.
    if let (Some(date), Some(now)) = (selected.modified(), policy.conditions.now) {
        if date > now {
            selected = selected.maybe_last_modified(Some(now));
            facts.last_modified = Some(now);
        }
    }
    facts.has_etag = selected.entity_tag().is_some() && !policy.keeps_last_modified;
    let mut preconditions = Preconditions::with_policy(method, selected, policy.conditions)
        .unconditional_status(ok.status);
    let mut range = None;
    for line in request {
        let name = line.name();
        preconditions.field(name, line.value());
        if is_name(name, b"range") {
            range = Some(line.lent_value());
        }
    }
    facts.has_if_range = preconditions.present().contains(Field::IfRange);
    facts.decision = preconditions.decide();
    let answer = match facts.decision {
        Decision::NotModified => Answer::NotModified,
        Decision::PreconditionFailed => Answer::PreconditionFailed,
        decision @ (Decision::Perform | Decision::PerformIgnoringRange) => match ok.length {
            Some(length) if !ok.refuses_ranges => {
                let ranges = policy.ranges;
                match RangeResponse::with_policy(decision, range, length, ranges) {
                    RangeResponse::Part(part) => Answer::Part(part),
                    RangeResponse::Parts(parts) => of_parts(ReplyParts::new(parts, policy.gap)),
                    RangeResponse::Unsatisfiable(range) => Answer::Unsatisfiable(range),
                    RangeResponse::Whole(_) => Answer::Whole,
                }
            }
            _ => Answer::Whole,
        },
    };
    (facts, answer)
}

fn of_parts(parts: ReplyParts<'_>) -> Answer<'_> {
    match parts.first() {
        // 15.3.7.2: several ranges that came to one part MAY be sent without multipart.
        Some((part, true)) => Answer::Part(part),
        _ => Answer::Parts(parts),
    }
}

impl Facts<'_> {
    /// For [`Sent`], which has no several parts: they become the whole.
    pub(super) fn reply<C: Sent>(self, answer: &Answer<'_>) -> Reply<C> {
        let whole = if self.is_head { C::HEAD } else { C::WHOLE };
        self.setting(match *answer {
            Answer::Untouched => self.unchanged(whole),
            Answer::Whole | Answer::Parts(_) => Reply {
                // RFC 9112 section 6.2: MUST NOT be there beside a Transfer-Encoding.
                content_length: self
                    .ok
                    .unsaid_length()
                    .filter(|_| !self.ok.present.contains(Known::TransferEncoding)),
                ..self.unchanged(whole)
            },
            Answer::NotModified => {
                let head = ResponseHead::NotModified {
                    has_etag: self.has_etag,
                };
                let mut reply = self.other(head, C::NONE);
                // 8.6: MAY be there with the value that the 200 has.
                if self.ok.status == 200 {
                    reply.removed = reply.removed.without(Known::ContentLength);
                    reply.content_length = self.ok.unsaid_length();
                }
                reply
            }
            Answer::PreconditionFailed => self.other(ResponseHead::PreconditionFailed, C::NONE),
            Answer::Unsatisfiable(content_range) => Reply {
                content_range: Some(content_range),
                ..self.other(ResponseHead::RangeNotSatisfiable, C::NONE)
            },
            Answer::Part(part) => {
                let head = ResponseHead::Part {
                    if_range: self.has_if_range,
                };
                Reply {
                    content_range: Some(part.content_range()),
                    content_length: Some(part.range().len()),
                    ..self.other(head, C::part(part.range()))
                }
            }
        })
    }

    pub(super) fn reply_in_parts<P, T>(
        self,
        multipart: Multipart<P, T>,
    ) -> Reply<ContentInParts<Multipart<P, T>>> {
        let head = ResponseHead::Parts {
            if_range: self.has_if_range,
        };
        self.setting(Reply {
            content_length: multipart.content_length(),
            ..self.other(head, ContentInParts::Parts(multipart))
        })
    }

    fn unchanged<C>(self, content: C) -> Reply<C> {
        Reply {
            status: self.ok.status,
            decision: self.decision,
            removed: Names::EMPTY,
            content_range: None,
            content_length: None,
            last_modified: self.last_modified,
            content,
        }
    }

    fn other<C>(self, head: ResponseHead, content: C) -> Reply<C> {
        let removed = head.removed();
        Reply {
            status: head.status(),
            removed: removed.and(self.ok.present),
            last_modified: self
                .last_modified
                .filter(|_| !removed.contains(Known::LastModified)),
            ..self.unchanged(content)
        }
    }

    /// What is set is removed first, if it is there. Content-Type and Content-Range are always
    /// removed where they are set.
    fn setting<C>(self, reply: Reply<C>) -> Reply<C> {
        let mut removed = reply.removed;
        for (known, is_set) in [
            (Known::ContentLength, reply.content_length.is_some()),
            (Known::LastModified, reply.last_modified.is_some()),
        ] {
            if is_set && self.ok.present.contains(known) {
                removed = removed.with(known);
            }
        }
        Reply { removed, ..reply }
    }
}
