//! What the programs in `src/bin` share, and a file that is there to be pasted.

pub mod conditions;
pub mod notes;
