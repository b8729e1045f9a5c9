//! The C interface of `http-conditional`; `include/http_conditional.h` documents it, function by function.
//!
//! This package only translates: pointers and lengths into slices, numbers into the types of the library, and back.
//! All `unsafe` code of the project is here. It does three things, each with its reason beside it: it reads what a
//! caller points to (`memory`), it writes to where a caller points (`text`), and it keeps the state of an evaluation
//! in memory that the caller owns (`state`).
#![no_std]

// A library needs a panic handler, even though nothing panics: this one is std's.
#[cfg(not(any(panic_free, target_os = "none", target_family = "wasm")))]
extern crate std as _;

mod dates;
mod error;
mod fields;
mod memory;
mod ranges;
mod resource;
mod state;
mod tags;
mod text;

pub use dates::{hcond_date_parse, hcond_date_write};
pub use fields::{hcond_carries, hcond_keeps};
pub use memory::Bytes;
pub use ranges::{
    ByteRange, RangePolicy, hcond_content_range, hcond_content_range_unsatisfied, hcond_range,
    hcond_range_policy_size,
};
pub use resource::{Resource, TagRoom, hcond_resource_size};
pub use state::{
    STATE_WORDS, State, hcond_admit, hcond_already_applied, hcond_begin, hcond_decide,
    hcond_deciding_field, hcond_end, hcond_explain, hcond_field, hcond_guards_write,
    hcond_malformed, hcond_present, hcond_state_alignment, hcond_state_size,
};
pub use tags::{
    Tag, hcond_tag_from_digest, hcond_tag_from_file, hcond_tag_matches, hcond_tag_parse,
    hcond_tag_write,
};

/// The version of this interface: the major number times 65536, the minor times 256, and the patch.
const VERSION: u32 = 0x0000_0200;

/// See the header.
#[unsafe(no_mangle)]
pub extern "C" fn hcond_version() -> u32 {
    VERSION
}

#[cfg(any(panic_free, target_os = "none", target_family = "wasm"))]
mod panic;

#[cfg(test)]
mod header;
