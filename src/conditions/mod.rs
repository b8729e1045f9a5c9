//! Conditional requests (RFC 9110 section 13).

// On 64-bit processors a field is judged in one piece, date and all, and each step is compiled for
// its field: that saves 60 instructions of a request with a date.
#![allow(clippy::inline_always)]

#[cfg(feature = "dates")]
mod condition;
mod decision;
mod explain;
mod field;
mod fields;
mod guard;
mod if_range;
mod judged;
mod kept;
#[cfg(feature = "dates")]
mod listed_tags;
mod method;
mod notes;
mod policy;
mod precedence;
mod preconditions;
mod remark;
mod shown;

#[cfg(feature = "dates")]
pub use condition::{Condition, Exclusion, Requirement};
pub use decision::Decision;
pub use explain::{Explanation, StepExplanation};
pub use field::Field;
pub use fields::{Fields, FieldsIter};
pub use guard::Guard;
pub use kept::{KeptFields, KeptLines};
#[cfg(feature = "dates")]
pub use listed_tags::{ListedTags, ListedTagsIter};
pub use method::Method;
pub use policy::Policy;
pub use precedence::Step;
pub use preconditions::{Preconditions, evaluate};
pub use remark::{ExplanationWith, Remark, RemarkKind};
