//! Does this request get a 200, a 304 Not Modified, a 412 Precondition Failed, or a part of the
//! content? This crate decides, by every rule of [RFC 9110 section 13].
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
//! Most servers need six names: [`reply`] and its [`ReplyPolicy`] for a read, [`admit`] and its
//! [`AdmitPolicy`] before a write, the [`Representation`], and a tag. That is a [`DigestTag`] of the
//! content, a [`SmallTag`] of a version, or your own [`EntityTag`].
//!
//! # Where to go
//!
//! | | |
//! |---|---|
//! | I have an axum, hyper, actix-web or other server | [`guide::servers`]; for tower, the package `tower-http-conditional` |
//! | I write a framework | [`guide::frameworks`], [`guide::notices`] |
//! | I have files | [`guide::file_server`] |
//! | I let clients write | [`guide::locks`]; on several machines, [`past_one_machine`] |
//! | I cache or fetch | [`guide::feed_reader`], [`guide::resume`], [`guide::cache_an_api`], [`cache`] |
//! | I have 8 KiB of RAM | [`embedded`] |
//! | I write C, JavaScript or Python | [`guide::languages`] |
//! | Why did I get a 200? | [`guide::answers`]; after a tutorial, [`guide::tutorial`] |
//!
//! [The guide](guide) has the rest, and [`guide::choices`] says what this crate does where the RFC leaves it open.
//!
//! # When to evaluate
//!
//! After every other check, right before you perform the method, and only where the answer without
//! the conditions is a 2xx, or a 412 by another specification (section 13.2.1). For a write, hold its
//! lock or transaction; otherwise another client's write may come between.
//!
//! # The steps
//!
//! [`evaluate`] goes through section 13.2.2. [`Preconditions`] takes one field line at a time, and
//! also says [why](Preconditions::explain), what is [malformed](Preconditions::malformed), and whether
//! the request [guards a write](Preconditions::guards_write).
//!
#![doc = include_str!("../docs/precedence.svg")]
//!
//! # Features
//!
//! On by default: `std` (`SystemTime` to and from [`HttpDate`], `Error` for the errors) and `dates`
//! (without it the date fields are ignored). By choice: `http` ([`reply`], a `Response` from a
//! [`Refusal`], `HeaderValue`s from tags and dates), [`cache`], `core-error` (`Error` without `std`,
//! Rust 1.81), `heapless` (`EntityTagBuf`, an owned tag without an allocator, Rust 1.87).
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
