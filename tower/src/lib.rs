// Its examples use these features, and are tested if both are on.
#![cfg_attr(
    any(not(doctest), all(feature = "axum", feature = "digest")),
    doc = include_str!("../README.md")
)]
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod body;
mod codings;
#[cfg(feature = "axum")]
mod conditions;
mod content_length;
mod digest;
mod future;
mod layer;
mod reasons;
mod retrieval;
mod service;
mod state;
mod whole;

pub use body::ConditionalBody;
pub use codings::is_coded;
#[cfg(feature = "axum")]
#[cfg_attr(docsrs, doc(cfg(feature = "axum")))]
pub use conditions::{Conditions, Passed, Refused};
pub use future::ResponseFuture;
pub use layer::{CodedTags, CodingSpares, ConditionalLayer};
pub use reasons::Reasons;
pub use service::Conditional;
