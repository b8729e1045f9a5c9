//! One function for each thing whose size is measured; `.ci/embedded` links it by itself, with all
//! that it reaches, for targets without an operating system.
#![no_std]

// Each feature uses some of it.
#[allow(unused_imports, clippy::wildcard_imports)]
use http_conditional::*;

/// Nothing that is measured reaches it: the linker throws it away.
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}

// Not every feature takes one.
#[allow(dead_code)]
type HeaderSection<'a> = &'a [(&'a [u8], &'a [u8])];

/// What is subtracted from the others.
#[cfg(feature = "nothing")]
#[unsafe(no_mangle)]
pub fn entry(method: &[u8], _: Representation<'_>, _: HeaderSection<'_>) -> Decision {
    if method.is_empty() {
        Decision::Perform
    } else {
        Decision::NotModified
    }
}

/// The evaluator: everything that `evaluate` reaches; and the same for a device without a clock.
#[cfg(any(feature = "evaluate", feature = "evaluate-without-dates"))]
#[unsafe(no_mangle)]
pub fn entry(method: &[u8], selected: Representation<'_>, fields: HeaderSection<'_>) -> Decision {
    evaluate(Method::from_bytes(method), selected, fields.iter().copied())
}

/// The same with a policy that is only known at run time, and all that can be asked of it.
#[cfg(feature = "policies")]
#[unsafe(no_mangle)]
pub fn entry(
    method: Method,
    selected: Representation<'_>,
    policy: Policy,
    fields: HeaderSection<'_>,
) -> (Decision, bool, bool) {
    let mut preconditions = Preconditions::with_policy(method, selected, policy);
    preconditions.extend(fields.iter().copied());
    (
        preconditions.decide(),
        preconditions.malformed().is_empty(),
        preconditions.guards_write() != Guard::None,
    )
}

/// The evaluator with its explanation in words.
#[cfg(feature = "explain")]
#[unsafe(no_mangle)]
pub fn entry(
    method: &[u8],
    selected: Representation<'_>,
    fields: HeaderSection<'_>,
    sink: &mut dyn core::fmt::Write,
) -> Decision {
    let mut preconditions = Preconditions::new(Method::from_bytes(method), selected);
    preconditions.extend(fields.iter().copied());
    let _ = write!(sink, "{}", preconditions.explain());
    preconditions.decide()
}

/// Dates by themselves: read in three formats, written in one.
#[cfg(feature = "dates")]
#[unsafe(no_mangle)]
pub fn entry(value: &[u8], now: Option<HttpDate>, written: &mut [u8; 29]) -> bool {
    match HttpDate::parse(value, now) {
        Ok(date) => {
            *written = date.encode();
            true
        }
        Err(_) => false,
    }
}

/// The evaluator with Range and Content-Range.
#[cfg(feature = "ranges")]
#[unsafe(no_mangle)]
pub fn entry(
    method: &[u8],
    selected: Representation<'_>,
    fields: HeaderSection<'_>,
    range: Option<&[u8]>,
    length: u64,
    written: &mut [u8; ContentRange::MAX_LEN],
) -> usize {
    let decision = evaluate(Method::from_bytes(method), selected, fields.iter().copied());
    let content_range = match RangeResponse::new(decision, range, length) {
        RangeResponse::Whole(_) => return 0,
        RangeResponse::Part(part) => part.content_range(),
        RangeResponse::Parts(parts) => return parts.map(|part| part.range().len() as usize).sum(),
        RangeResponse::Unsatisfiable(content_range) => content_range,
    };
    content_range.encode(written).len()
}

/// The cache's evaluator.
#[cfg(feature = "cache")]
#[unsafe(no_mangle)]
pub fn entry<'a>(
    method: &[u8],
    stored: Option<cache::Response<'a>>,
    fields: HeaderSection<'a>,
) -> cache::Answer<'a> {
    cache::evaluate(Method::from_bytes(method), stored, fields.iter().copied())
}
