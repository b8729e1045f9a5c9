//! The cache's side of conditional requests ([RFC 9111 section 4.3]): what a CDN node, a proxy or a
//! browser does with its stored responses.
//!
//! A validation, from end to end:
//!
//! ```
//! use http_conditional::cache::{
//!     AfterMerged, Answer, OnValidation, Response, StorableFields, ValidationRequest, evaluate,
//! };
//!
//! // What is stored, and has become stale.
//! let mut stored = vec![("ETag", "\"b\""), ("Cache-Control", "max-age=60"), ("X-Kept", "1")];
//! let response = Response::new(200).fields(stored.iter().copied());
//! // What a client asks for.
//! let client = [("If-None-Match", "\"a\"")];
//!
//! // Ask the origin server about the client's tag and the stored one at once.
//! let request = ValidationRequest::new(response).merge(["\"a\""])?;
//! let asked: Vec<_> = request.fields().map(|field| (field.name(), field.to_string())).collect();
//! assert_eq!(asked, [("If-None-Match", String::from("\"a\", \"b\""))]);
//!
//! // It answers 304 and names the stored one.
//! let newer = [("ETag", "\"b\""), ("Cache-Control", "max-age=9"), ("Connection", "close")];
//! assert_eq!(OnValidation::of(304), OnValidation::Freshen);
//! let not_modified = Response::new(304).fields(newer);
//! assert_eq!(request.after_not_modified(not_modified), AfterMerged::Reuse(0));
//!
//! // So the stored one is updated, field by field.
//! let update = StorableFields::new(["close"]);
//! stored.retain(|(name, _)| !newer.iter().any(|(new, _)| name.eq_ignore_ascii_case(new)));
//! stored.extend(newer.iter().filter(|(name, _)| update.updates(name.as_bytes())));
//! assert_eq!(stored, [("X-Kept", "1"), ("ETag", "\"b\""), ("Cache-Control", "max-age=9")]);
//!
//! // And the client, which did not list its tag, gets it as a 200.
//! let response = Response::new(200).fields(stored.iter().copied());
//! assert_eq!(evaluate("GET", Some(response), client), Answer::Whole);
//! # Ok::<(), http_conditional::InvalidEntityTag>(())
//! ```
//!
//! # What it does
//!
//! A cache does four things, and each has its place here. Like the rest of the crate they are pure:
//! which responses there are, how fresh they are and how they are sent is up to the cache.
//!
//! | | section | |
//! |---|---|---|
//! | ask | 4.3.1, 4.3.2 | [`ValidationRequest`]: the conditions of a request that validates what is stored; [`merge`](ValidationRequest::merge): one that also asks for the client; [`SelectionRequest`]: one that asks for more of the same |
//! | answer | 4.3.2, 3.3 | [`evaluate`], and the fold behind it, [`Evaluation`]: what a client with conditions or a Range gets, never a byte that is not stored |
//! | select | 4.3.3, 4.3.4 | [`OnValidation`]: what the answer means; [`AfterNotModified`]: what a 304 means; [`select_for_update`]: which stored responses it updates |
//! | freshen | 3.2 | [`StorableFields`]: which fields an update adds, replaces and keeps |
//!
//! Around them: [`on_head`] (4.3.5), [`invalidates`] and [`invalidates_also`] (4.4),
//! [`Response::covers`] (3.3), [`combine`] (3.4), [`most_recent`] (4).
//!
//! # Where the RFC leaves it open
//!
//! | question | here |
//! |---|---|
//! | If-Match or If-Unmodified-Since in a GET that a stored response could answer | ignored, as sections 4.3.2 of RFC 9111 and 13.1.1 of RFC 9110 allow; [`Evaluation::asks_origin`] tells, for a cache that would rather forward |
//! | `If-None-Match: *`, and a stored response that may be reused | 304 |
//! | dates in another case than the grammar's | read, as section 4.2 asks of a cache |
//! | which stored responses a 304 is about | successes: section 15.4.5 of RFC 9110 has it stand for a 200 |
//! | a weak tag in a 304, and the same opaque tag stored as a strong one | they correspond, by weak comparison: it is updated and reused |
//! | a strong tag in a 304, and the same opaque tag stored as a weak one, which was asked about | section 4.3.4 forbids to update it; it is [reused as it is](AfterNotModified::ReuseAsIs) |
//! | a 304 that names no validator, in answer to a request about one stored response that has one | the same: it can be about no other |
//! | another tag in a 304 than in a stored response, and the same Last-Modified | they do not correspond: where both have a tag, another tag rules it out |
//! | whose `Date` makes the Last-Modified of a 304 strong | the stored response's, as section 8.8.2.2 of RFC 9110 has it |
//! | a 304 that names no tag, in answer to a merged list | see [`AfterMerged`] |
//! | matching validators of a HEAD | identical ones: `W/"a"` does not match `"a"` |
//! | a stored validator that is malformed | not sent, and [reported](Response::malformed); sent as it came by [choice](ValidationRequest::byte_for_byte) |
//! | an incomplete stored response, and ranges that the policy does not permit | forwarded: there is no whole that could be sent instead |
//! | parts with one strong validator, and different complete lengths | nothing is [combined](combine()) |
//!
//! [RFC 9111 section 4.3]: https://www.rfc-editor.org/rfc/rfc9111#section-4.3

mod answer;
mod combine;
mod conditional_field;
mod content;
mod freshen;
mod invalidate;
mod known;
mod merged;
mod response;
mod select;
mod selection;
mod stored;
mod tags;
mod validation;

pub use answer::{Answer, Evaluation, evaluate};
pub use combine::{Combination, CombinedFields, combine};
pub use conditional_field::{ConditionalField, ConditionalFields};
pub use content::StoredParts;
pub use freshen::{OnHead, StorableFields, invalidates, on_head};
pub use invalidate::{AlsoInvalidated, invalidates_also};
pub use merged::{AfterMerged, MergedRequest};
pub use response::{MalformedFields, Response, most_recent};
pub use select::{ForUpdate, OnValidation, select_for_update};
pub use selection::SelectionRequest;
pub use tags::{MergedTags, NoLines};
pub use validation::{AfterNotModified, ValidationRequest};
