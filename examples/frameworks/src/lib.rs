//! What the programs in `src/bin` share, and the two files that are there to be pasted.

pub mod conditional_layer;
pub mod conditions;
pub mod notes;
