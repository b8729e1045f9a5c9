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
#[cfg(any(feature = "policies", feature = "policies-without-dates"))]
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

/// A field of a response, sent as a device does: byte by byte to a register.
#[cfg(any(
    feature = "admit",
    feature = "admit-without-dates",
    feature = "reply",
    feature = "reply-without-dates"
))]
fn field(name: &[u8], value: &[u8]) {
    const REGISTER: *mut u32 = 0x4000_251c as *mut u32;
    for byte in name.iter().chain(value) {
        // SAFETY: it is only linked, and never run.
        unsafe { REGISTER.write_volatile(u32::from(*byte)) };
    }
}

/// The question before a write, with the fields of its refusal.
#[cfg(any(feature = "admit", feature = "admit-without-dates"))]
#[unsafe(no_mangle)]
pub fn entry(method: &[u8], current: Representation<'_>, fields: HeaderSection<'_>) -> u16 {
    const POLICY: AdmitPolicy = AdmitPolicy::new().require_strong_guard();
    let method = Method::from_bytes(method);
    match admit(method, fields.iter().copied(), current, &POLICY) {
        Ok(admitted) => admitted.status_of_put(),
        Err(refusal) => {
            for (name, value) in refusal.fields() {
                let mut buffer = [0; FieldValue::MAX_LEN];
                let value = value.encode(&mut buffer).unwrap_or_default();
                field(name.as_bytes(), value);
            }
            refusal.status()
        }
    }
}

/// The whole response, with one part at most, and its fields.
#[cfg(any(feature = "reply", feature = "reply-without-dates"))]
#[unsafe(no_mangle)]
pub fn entry(
    method: &[u8],
    request: HeaderSection<'_>,
    ok: HeaderSection<'_>,
    length: u64,
) -> (u16, Content) {
    const POLICY: ReplyPolicy = ReplyPolicy::new();
    let method = Method::from_bytes(method);
    let reply = Reply::new(method, request, 200, ok, Some(length), &POLICY);
    for (name, value) in ok {
        if reply.keeps(name) {
            field(name, value);
        }
    }
    for change in reply.changes() {
        if let Change::Set(name, value) = change {
            let mut buffer = [0; FieldValue::MAX_LEN];
            let value = value.encode(&mut buffer).unwrap_or_default();
            field(name.as_bytes(), value);
        }
    }
    (reply.status(), reply.into_content())
}

/// The evaluator, with a tag made of a digest and stored.
#[cfg(any(feature = "stored-tag", feature = "stored-tag-without-dates"))]
#[unsafe(no_mangle)]
pub fn entry(
    method: &[u8],
    stored: &mut Option<EntityTagBuf<16>>,
    digest: &[u8; 8],
    fields: HeaderSection<'_>,
) -> Decision {
    *stored = EntityTagBuf::from_digest(digest).ok();
    let tag = stored.as_ref().map(EntityTagBuf::as_tag);
    let selected = Representation::current().maybe_etag(tag);
    evaluate(Method::from_bytes(method), selected, fields.iter().copied())
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
#[cfg(any(feature = "ranges", feature = "ranges-without-dates"))]
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
