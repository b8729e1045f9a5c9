//! The header agrees with the library on every constant, every function and every size.

extern crate std;

use std::collections::BTreeMap;
use std::string::String;
use std::vec::Vec;

use core::mem::offset_of;

use crate::error::Error;
use crate::{RangePolicy, Resource, STATE_WORDS, Tag, fields, ranges, resource, state};

const HEADER: &str = include_str!("../include/http_conditional.h");

/// The constants of the header, by name.
fn constants() -> BTreeMap<&'static str, i64> {
    let enumerated = HEADER.lines().filter_map(|line| {
        let (name, value) = line.trim().trim_end_matches(',').split_once(" = ")?;
        Some((name, value.parse().ok()?))
    });
    enumerated
        .filter(|(name, _)| name.starts_with("HCOND_"))
        .collect()
}

#[test]
fn constants_are_the_same() {
    let here: BTreeMap<&str, i64> = [
        ("OK", 0),
        ("ERROR_NULL", Error::Null as i32),
        ("ERROR_ALIGNMENT", Error::Alignment as i32),
        ("ERROR_SIZE", Error::Size as i32),
        ("ERROR_STATE", Error::State as i32),
        ("ERROR_ARGUMENT", Error::Argument as i32),
        ("ERROR_TAG", Error::Tag as i32),
        ("ERROR_DATE", Error::Date as i32),
        ("ERROR_TOO_LONG", Error::TooLong as i32),
        ("ERROR_UNSUPPORTED", Error::Unsupported as i32),
        ("EXISTS", bits(resource::EXISTS)),
        ("HAS_LAST_MODIFIED", bits(resource::HAS_LAST_MODIFIED)),
        ("STRONG_LAST_MODIFIED", bits(resource::STRONG_LAST_MODIFIED)),
        ("HAS_NOW", bits(resource::HAS_NOW)),
        (
            "EXACT_IF_MODIFIED_SINCE",
            bits(resource::EXACT_IF_MODIFIED_SINCE),
        ),
        ("WEAK_IF_MATCH", bits(resource::WEAK_IF_MATCH)),
        ("LENIENT_ENTITY_TAGS", bits(resource::LENIENT_ENTITY_TAGS)),
        (
            "CASE_INSENSITIVE_DATES",
            bits(resource::CASE_INSENSITIVE_DATES),
        ),
        ("LENIENT_DATES", bits(resource::LENIENT_DATES)),
        ("IF_RANGE_BY_DATE", bits(resource::IF_RANGE_BY_DATE)),
        ("PERFORM", state::PERFORM),
        ("PERFORM_IGNORING_RANGE", state::PERFORM_IGNORING_RANGE),
        ("NOT_MODIFIED", state::NOT_MODIFIED),
        ("PRECONDITION_FAILED", state::PRECONDITION_FAILED),
        ("PRECONDITION_REQUIRED", state::PRECONDITION_REQUIRED),
        ("GUARD_NONE", state::GUARD_NONE),
        ("GUARD_DATE", state::GUARD_DATE),
        ("GUARD_STRONG", state::GUARD_STRONG),
        ("IF_MATCH", state::bit(http_conditional::Field::IfMatch)),
        (
            "IF_NONE_MATCH",
            state::bit(http_conditional::Field::IfNoneMatch),
        ),
        (
            "IF_MODIFIED_SINCE",
            state::bit(http_conditional::Field::IfModifiedSince),
        ),
        (
            "IF_UNMODIFIED_SINCE",
            state::bit(http_conditional::Field::IfUnmodifiedSince),
        ),
        ("IF_RANGE", state::bit(http_conditional::Field::IfRange)),
        ("RANGE", state::bit(http_conditional::Field::Range)),
        ("MALFORMED_IS_416", bits(ranges::MALFORMED_IS_416)),
        ("EXCESS_IS_416", bits(ranges::EXCESS_IS_416)),
        ("EMPTY_IS_200", bits(ranges::EMPTY_IS_200)),
        ("FIRST_ONLY", bits(ranges::FIRST_ONLY)),
        ("SPACES_AROUND_HYPHEN", bits(ranges::SPACES_AROUND_HYPHEN)),
        ("WHOLE_NO_RANGE", ranges::WHOLE_NO_RANGE),
        ("WHOLE_DECISION", ranges::WHOLE_DECISION),
        ("WHOLE_UNIT", ranges::WHOLE_UNIT),
        ("WHOLE_MALFORMED", ranges::WHOLE_MALFORMED),
        ("WHOLE_EMPTY", ranges::WHOLE_EMPTY),
        ("WHOLE_TOO_MANY", ranges::WHOLE_TOO_MANY),
        ("WHOLE_REVERSALS", ranges::WHOLE_REVERSALS),
        ("WHOLE_TOO_LONG", ranges::WHOLE_TOO_LONG),
        ("WHOLE_NO_ROOM", ranges::WHOLE_NO_ROOM),
        ("OMITTED", fields::OMITTED),
        ("OWN", fields::OWN),
        ("ALLOWED", fields::ALLOWED),
        ("REQUIRED", fields::REQUIRED),
        ("WITH_ETAG", bits(fields::WITH_ETAG)),
        ("WITH_IF_RANGE", bits(fields::WITH_IF_RANGE)),
        ("SEVERAL_PARTS", bits(fields::SEVERAL_PARTS)),
    ]
    .into_iter()
    .map(|(name, value)| (name, i64::from(value)))
    .collect();
    let constants = constants();
    let of_header: BTreeMap<&str, i64> = constants
        .iter()
        .map(|(name, value)| (name.trim_start_matches("HCOND_"), *value))
        .collect();
    assert_eq!(of_header, here);
}

fn bits(bits: u32) -> i32 {
    bits.try_into().unwrap()
}

#[test]
fn functions_are_the_same() {
    let mut declared: Vec<&str> = HEADER
        .lines()
        .filter(|line| {
            ["int ", "void ", "size_t ", "uint32_t "]
                .iter()
                .any(|it| line.starts_with(it))
        })
        .filter_map(|line| {
            line.split(['(', ' '])
                .find(|word| word.starts_with("hcond_"))
        })
        .collect();
    let sources = [
        include_str!("lib.rs"),
        include_str!("dates.rs"),
        include_str!("fields.rs"),
        include_str!("ranges.rs"),
        include_str!("resource.rs"),
        include_str!("state.rs"),
        include_str!("tags.rs"),
    ];
    let source: String = sources.concat();
    let mut defined: Vec<&str> = source
        .split("extern \"C\" fn ")
        .skip(1)
        .filter_map(|rest| rest.split('(').next())
        .filter(|name| name.starts_with("hcond_"))
        .collect();
    declared.sort_unstable();
    defined.sort_unstable();
    assert_eq!(declared, defined);
    assert!(declared.len() >= 25);
}

#[test]
fn sizes_are_the_same() {
    let word = size_of::<usize>();
    let size = if word == 8 { "128" } else { "96" };
    let line = std::format!("#define HCOND_STATE_SIZE {size}");
    assert!(HEADER.lines().any(|it| it == line));
    assert_eq!(size.parse(), Ok(STATE_WORDS * 8));
    // tests/border.c asserts the same offsets as a C compiler sees them.
    assert_eq!(offset_of!(Resource, last_modified), 16);
    assert_eq!(offset_of!(Resource, now), 24);
    assert_eq!(offset_of!(Resource, etag), 32);
    assert_eq!(offset_of!(Resource, also), 32 + 2 * word);
    assert_eq!(offset_of!(Resource, also_count), 32 + 3 * word);
    assert_eq!(offset_of!(Resource, also_room), 32 + 4 * word);
    assert_eq!(offset_of!(RangePolicy, max_bytes), 16);
    assert_eq!(offset_of!(Tag, length), word);
    assert_eq!(offset_of!(Tag, weak), 2 * word);
}
