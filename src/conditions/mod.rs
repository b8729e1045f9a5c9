//! Conditional requests (RFC 9110 section 13).

mod condition;
mod decision;
mod explain;
mod field;
mod fields;
mod guard;
mod if_range;
mod listed_tags;
mod method;
mod policy;
mod precedence;
mod preconditions;
mod remark;
mod shown;

pub use condition::{Condition, Exclusion, Requirement};
pub use decision::Decision;
pub use explain::{Explanation, StepExplanation};
pub use field::Field;
pub use fields::Fields;
pub use guard::Guard;
pub use listed_tags::ListedTags;
pub use method::Method;
pub use policy::Policy;
pub use precedence::Step;
pub use preconditions::{Preconditions, evaluate};
pub use remark::{ExplanationWith, Remark, RemarkKind};
