//! Given this request and the state of the resource now: perform the method, answer 304 Not
//! Modified, answer 412 Precondition Failed, or ignore the Range? This crate decides, by every rule
//! of [RFC 9110 section 13].
//!
//! ```
//! use http_conditional::{Decision, EntityTag, Representation, evaluate};
//!
//! let fields = [("If-None-Match", "\"v1\"")];
//! let current = Representation::current().etag(EntityTag::from_static("\"v1\""));
//! assert_eq!(evaluate("GET", current, fields), Decision::NotModified);
//! assert_eq!(evaluate("PUT", current, fields), Decision::PreconditionFailed);
//! ```
//!
//! Most programs need six names: [`evaluate`] and its [`Decision`], the [`Representation`] with its
//! [`EntityTag`], [`reply`] for the whole response to a read, [`admit`] before a write.
//!
//! # Where to go
//!
//! | | |
//! |---|---|
//! | I have an axum, hyper, actix-web or other server | [`guide::frameworks`]; for axum and tower, the package `tower-http-conditional` |
//! | I write a framework | [`guide::frameworks`], [`guide::notices`] |
//! | I have files | [`guide::file_server`] |
//! | I let clients write | [`guide::locks`]; past one machine, [`past_one_machine`] |
//! | I cache or fetch | [`cache`], [`guide::feed_reader`], [`guide::resume`], [`guide::cache_an_api`] |
//! | I have 16 KiB of RAM | [`embedded`] |
//! | I write C, JavaScript or Python | the folders `capi`, `examples/express` and `examples/flask` of the repository |
//! | Why did I get a 200? | [`guide::answers`]; after a tutorial, [`guide::tutorial`] |
//!
//! [The guide](guide) has the rest: slow tags, compression, fleets, S3 and `WebDAV`, other crates.
//!
//! # When to evaluate
//!
//! After every other check and right before the method is performed, where the request without its
//! conditions would be answered 2xx (section 13.2.1). Before a write, hold the lock or transaction
//! that the write is done in; otherwise another client's write may come between. The header section
//! is enough.
//!
//! # The steps
//!
//! [`Preconditions`] takes one field line at a time, goes through section 13.2.2, and can say more
//! than the decision: [why](Preconditions::explain), what was
//! [malformed](Preconditions::malformed), whether the request
//! [guards a write](Preconditions::guards_write).
//!
#![doc = include_str!("../docs/precedence.svg")]
//!
//! # Where the RFC leaves it open
//!
//! | question | here |
//! |---|---|
//! | malformed If-Match | false: 412 |
//! | malformed If-None-Match, or `*` beside something else | true for GET, HEAD and QUERY; 412 for all others |
//! | one malformed member in a list of tags | the whole field is malformed |
//! | an empty list | valid, and matches nothing |
//! | a weekday that does not fit its date | no valid date |
//! | `23:59:60` | reads as `23:59:59`, and equals no If-Range date |
//! | two-digit year without a clock | read by the modification date; without one, no valid date |
//! | If-Range date in an obsolete format | instants are compared |
//! | If-Modified-Since in the future | compared like any other date |
//! | several Range lines | Range is ignored |
//! | QUERY (RFC 10008) | as GET |
//! | several representations of one resource | [`Representation::also`] names the others, for methods that write; GET, HEAD and QUERY ask for the selected one, and are judged by that alone, If-Match too: the parts of a download must be of one representation |
//! | a 2xx other than 200, and a false If-None-Match on GET | 304 |
//!
//! What is malformed is also [reported](Preconditions::malformed), so that a server may rather
//! answer 400. Departures from the RFC are opt-in, in [`Policy`].
//!
//! # Features
//!
//! `std` and `dates` are on by default. `std`: `SystemTime` to and from [`HttpDate`], and `Error` for
//! the errors. `dates`: everything about dates; without it the date fields are ignored. `http`:
//! [`reply`] on the types of the crate http. [`cache`]: the cache's side. `core-error`: `Error`
//! without `std` (Rust 1.81). `heapless`: `EntityTagBuf`, an owned tag without an allocator (Rust 1.87).
//!
//! [RFC 9110 section 13]: https://www.rfc-editor.org/rfc/rfc9110#section-13
#![no_std]
#![forbid(unsafe_code)]
#![warn(clippy::incompatible_msrv)]
#![cfg_attr(docsrs, feature(doc_cfg))]
// The documentation is about all features, and links to what is behind them.
#![cfg_attr(
    not(all(
        feature = "cache",
        feature = "dates",
        feature = "heapless",
        feature = "http",
        feature = "std"
    )),
    allow(rustdoc::broken_intra_doc_links, rustdoc::private_intra_doc_links)
)]

#[cfg(feature = "std")]
extern crate std;

mod buffer;
mod bytes;
#[cfg(feature = "cache")]
pub mod cache;
mod conditions;
#[cfg(any(doc, doctest))]
#[doc = include_str!("guide/embedded.md")]
pub mod embedded {}
#[cfg(any(feature = "std", feature = "core-error"))]
mod error;
#[cfg(any(doc, doctest))]
pub mod guide;
mod invalid;
mod line;
#[cfg(any(doc, doctest))]
#[doc = include_str!("guide/past_one_machine.md")]
pub mod past_one_machine {}
mod padded;
mod ranges;
mod reply;
mod response;
mod validators;

pub use buffer::BufferTooSmall;
#[cfg(feature = "dates")]
pub use conditions::{Condition, Exclusion, ListedTags, ListedTagsIter, Requirement};
pub use conditions::{
    Decision, Explanation, ExplanationWith, Field, Fields, FieldsIter, Guard, KeptFields,
    KeptLines, Method, Policy, Preconditions, Remark, RemarkKind, Step, StepExplanation, evaluate,
};
pub use invalid::Invalid;
pub use line::{LentLine, Line};
pub use ranges::{
    ByteRange, ContentRange, InvalidContentRange, InvalidContentRangeKind, InvalidRanges,
    InvalidRangesKind, Part, Parts, RangePolicy, RangeResponse, Ranges, ResolvedRanges,
    WholeReason,
};
pub use reply::{
    AdmitPolicy, Admitted, Boundary, Change, Changes, Content, ContentInParts, FieldValue,
    Multipart, Piece, Refusal, RefusalReason, Reply, ReplyParts, ReplyPolicy, ValidatorFields,
    admit,
};
#[cfg(feature = "http")]
pub use reply::{ReplyMultipart, reply, reply_head, reply_in_parts};
pub use response::{Carries, RemovedNames, ResponseHead};
#[cfg(feature = "dates")]
pub use response::{Clocks, Modified};
#[cfg(feature = "heapless")]
pub use validators::EntityTagBuf;
pub use validators::{
    DigestTag, EntityTag, EntityTagList, EntityTags, InvalidEntityTag, InvalidEntityTagKind,
    Representation, SmallTag,
};
#[cfg(feature = "dates")]
pub use validators::{HttpDate, InvalidDate, InvalidDateKind, OutOfRange};

/// The examples of the README, as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
