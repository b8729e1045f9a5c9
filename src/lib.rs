//! Given a request and the state of the resource now: perform the method, answer 304 Not
//! Modified, answer 412 Precondition Failed, or ignore the Range? This crate evaluates HTTP
//! conditional requests by [RFC 9110 section 13].
//!
//! [RFC 9110 section 13]: https://www.rfc-editor.org/rfc/rfc9110#section-13
#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "std")]
extern crate std;

mod date;
mod etag;
#[cfg(feature = "heapless")]
mod etag_buf;
mod explain;
mod field;
mod policy;
mod precedence;
mod preconditions;
mod representation;
#[cfg(feature = "std")]
mod system_time;

pub use date::{HttpDate, InvalidDate, InvalidDateKind, OutOfRange};
pub use etag::{
    BufferTooSmall, EntityTag, EntityTagList, EntityTags, InvalidEntityTag, InvalidEntityTagKind,
};
#[cfg(feature = "heapless")]
pub use etag_buf::EntityTagBuf;
pub use explain::{Explanation, StepExplanation};
pub use field::{Field, Fields};
pub use policy::Policy;
pub use precedence::{Decision, Method, Step};
pub use preconditions::{Preconditions, evaluate};
pub use representation::Representation;
