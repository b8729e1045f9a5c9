//! The test vectors of the role `origin`, on the device. It reports over semihosting, and ends QEMU
//! with an exit status that says whether all came out as expected.
#![no_std]
#![no_main]

#[cfg(feature = "microbit")]
use cortex_m::singleton;
use cortex_m_rt::entry;
use cortex_m_semihosting::{debug, hprintln};
#[cfg(feature = "dates")]
use http_conditional::HttpDate;
use http_conditional::{
    Decision, EntityTag, Field, Guard, Method, Policy, Preconditions, Representation,
};

/// Bytes, and how many times they come one after another.
type Piece = (&'static [u8], u32);

// What is about dates is not looked at where the crate reads none.
#[cfg_attr(not(feature = "dates"), allow(dead_code))]
struct Vector {
    id: &'static str,
    method: &'static str,
    fields: &'static [(&'static [Piece], &'static [Piece])],
    exists: bool,
    etag: Option<&'static [Piece]>,
    also: &'static [&'static [Piece]],
    last_modified: Option<i64>,
    last_modified_strong: bool,
    status: u16,
    now: Option<i64>,
    policy: &'static [Departure],
    decision: Decision,
    deciding_field: Option<Field>,
    malformed: &'static [Field],
    guards_write: Option<bool>,
    already_applied_allowed: Option<bool>,
}

#[derive(Clone, Copy)]
#[cfg_attr(not(feature = "dates"), allow(dead_code))]
enum Departure {
    ExactIfModifiedSince,
    WeakIfMatch,
    LenientEntityTags,
    CaseInsensitiveDates,
    LenientDates,
    IfRangeByDate,
}

include!(concat!(env!("OUT_DIR"), "/vectors.rs"));

#[panic_handler]
fn panic(info: &core::panic::PanicInfo<'_>) -> ! {
    hprintln!("{}", info);
    debug::exit(debug::EXIT_FAILURE);
    loop {}
}

/// Puts the pieces together at the front of `buffer`, and gives back what is behind.
fn put_together<'b>(pieces: &[Piece], buffer: &'b mut [u8]) -> (&'b [u8], &'b mut [u8]) {
    let length: usize = pieces
        .iter()
        .map(|(bytes, times)| bytes.len() * *times as usize)
        .sum();
    let (value, rest) = buffer.split_at_mut(length);
    let mut places = value.iter_mut();
    for (bytes, times) in pieces {
        for _ in 0..*times {
            for (byte, place) in bytes.iter().zip(places.by_ref()) {
                *place = *byte;
            }
        }
    }
    (value, rest)
}

#[cfg(feature = "dates")]
fn date(seconds: Option<i64>) -> Option<HttpDate> {
    seconds.map(|seconds| HttpDate::from_unix(seconds).unwrap())
}

/// Whether the vector comes out as expected. Each line is put together, given to the fold, and
/// overwritten by the next.
fn run(vector: &Vector, etag_buffer: &mut [u8], line_buffer: &mut [u8]) -> bool {
    let mut rest = etag_buffer;
    // No vector names more.
    let mut also = [EntityTag::from_static("\"\""); 4];
    let (also, _) = also.split_at_mut(vector.also.len());
    for (place, pieces) in also.iter_mut().zip(vector.also) {
        let (tag, behind) = put_together(pieces, rest);
        *place = EntityTag::parse(tag).unwrap();
        rest = behind;
    }
    let mut selected = Representation::ABSENT.also(also);
    if vector.exists {
        selected = Representation::current().also(also);
        if let Some(pieces) = vector.etag {
            let (tag, _) = put_together(pieces, rest);
            selected = selected.etag(EntityTag::parse(tag).unwrap());
        }
        #[cfg(feature = "dates")]
        if let Some(at) = date(vector.last_modified) {
            selected = if vector.last_modified_strong {
                selected.strong_last_modified(at)
            } else {
                selected.last_modified(at)
            };
        }
    }
    let mut policy = Policy::new();
    #[cfg(feature = "dates")]
    if let Some(now) = date(vector.now) {
        policy = policy.now(now);
    }
    for departure in vector.policy {
        policy = match departure {
            Departure::WeakIfMatch => policy.weak_if_match(),
            Departure::LenientEntityTags => policy.lenient_entity_tags(),
            #[cfg(feature = "dates")]
            Departure::ExactIfModifiedSince => policy.exact_if_modified_since(),
            #[cfg(feature = "dates")]
            Departure::CaseInsensitiveDates => policy.case_insensitive_dates(),
            #[cfg(feature = "dates")]
            Departure::LenientDates => policy.lenient_dates(),
            #[cfg(feature = "dates")]
            Departure::IfRangeByDate => policy.if_range_by_date(),
            #[cfg(not(feature = "dates"))]
            _ => policy,
        };
    }
    let method = Method::from_bytes(vector.method.as_bytes());
    let mut preconditions =
        Preconditions::with_policy(method, selected, policy).unconditional_status(vector.status);
    for (name, value) in vector.fields {
        let (name, rest) = put_together(name, line_buffer);
        let (value, _) = put_together(value, rest);
        preconditions.field(name, value);
    }

    let explanation = preconditions.explain();
    let malformed = preconditions.malformed();
    let checks = [
        ("decide", preconditions.decide() == vector.decision),
        ("explain", explanation.decision() == vector.decision),
        ("field", explanation.field() == vector.deciding_field),
        (
            "malformed",
            malformed.iter().count() == vector.malformed.len()
                && vector
                    .malformed
                    .iter()
                    .all(|&field| malformed.contains(field)),
        ),
        (
            "guards_write",
            vector
                .guards_write
                .is_none_or(|expected| (preconditions.guards_write() != Guard::None) == expected),
        ),
        (
            "allows_already_applied",
            vector
                .already_applied_allowed
                .is_none_or(|expected| explanation.allows_already_applied() == expected),
        ),
    ];
    for (what, passed) in checks {
        if !passed {
            hprintln!("{}: {} is not as expected", vector.id, what);
        }
    }
    checks.iter().all(|(_, passed)| *passed)
}

/// Where etags and lines are put together. The long ones, of up to 600,000 bytes, do not fit into
/// the RAM of a small device; the mps2-an385 has 16 MiB more, beside what the linker knows of.
#[cfg(not(feature = "microbit"))]
fn buffers() -> (&'static mut [u8], &'static mut [u8]) {
    const PSRAM: *mut u8 = 0x2100_0000 as *mut u8;
    // SAFETY: nothing else is there, and this is called once.
    let buffer = unsafe { core::slice::from_raw_parts_mut(PSRAM, 8 << 20) };
    buffer.split_at_mut(4 << 20)
}

#[cfg(feature = "microbit")]
fn buffers() -> (&'static mut [u8], &'static mut [u8]) {
    let etag = singleton!(: [u8; 512] = [0; 512]).unwrap();
    let line = singleton!(: [u8; 10 << 10] = [0; 10 << 10]).unwrap();
    (etag, line)
}

#[entry]
fn main() -> ! {
    let (etag_buffer, line_buffer) = buffers();
    let passed = VECTORS
        .iter()
        .filter(|vector| run(vector, etag_buffer, line_buffer))
        .count();
    hprintln!(
        "vectors: {} of {} run, {} passed, {} failed",
        VECTORS.len(),
        TOTAL,
        passed,
        VECTORS.len() - passed
    );
    debug::exit(if passed == VECTORS.len() {
        debug::EXIT_SUCCESS
    } else {
        debug::EXIT_FAILURE
    });
    loop {}
}
