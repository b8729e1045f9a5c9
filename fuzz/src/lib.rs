//! What the fuzz targets share: how their inputs are read, and the naive models that they compare
//! the crate with. The oracle for preconditions, tags and dates is that of the crate's own tests.

#[path = "../../tests/against_oracle/mod.rs"]
pub mod against_oracle;
pub mod input;
pub mod range;
pub mod stored;

pub use against_oracle::policy;
