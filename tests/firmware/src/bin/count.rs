//! How many instructions things take, and how many bytes. Exact and repeatable under QEMU's
//! `-icount shift=6`, where an instruction takes 64 ns of the time that SysTick counts.
#![no_std]
#![no_main]

use core::hint::black_box;

use cortex_m::peripheral::syst::SystClkSource;
use cortex_m::peripheral::{Peripherals, SYST};
use cortex_m_rt::entry;
use cortex_m_semihosting::{debug, hprintln};
use http_conditional::{
    Decision, EntityTag, EntityTags, HttpDate, Preconditions, Representation, cache, evaluate,
};

#[panic_handler]
fn panic(info: &core::panic::PanicInfo<'_>) -> ! {
    hprintln!("{}", info);
    debug::exit(debug::EXIT_FAILURE);
    loop {}
}

type Line = (&'static str, &'static str);

/// The 14 field lines that a browser sends with every request.
const BROWSER: [Line; 14] = [
    ("Host", "www.example.com"),
    ("Connection", "keep-alive"),
    (
        "sec-ch-ua",
        "\"Chromium\";v=\"130\", \"Not?A_Brand\";v=\"99\"",
    ),
    ("sec-ch-ua-mobile", "?0"),
    ("sec-ch-ua-platform", "\"Linux\""),
    ("Upgrade-Insecure-Requests", "1"),
    (
        "User-Agent",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)",
    ),
    (
        "Accept",
        "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8",
    ),
    ("Sec-Fetch-Site", "none"),
    ("Sec-Fetch-Mode", "navigate"),
    ("Sec-Fetch-User", "?1"),
    ("Sec-Fetch-Dest", "document"),
    ("Accept-Encoding", "gzip, deflate, br, zstd"),
    ("Accept-Language", "en-GB,en;q=0.9"),
];
const TAG: &str = "\"5b1c2d0e9f8a7b6c5d4e3f2a1b0c9d8e\"";
const DATE: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
const TEN_TAGS: &str = "\"10000000\", \"20000000\", \"30000000\", \"40000000\", \"50000000\", \
                        \"60000000\", \"70000000\", \"80000000\", \"90000000\", \"a0000000\"";

/// The ticks of the core's clock that `run` takes: 24 bits, which is 10 million instructions.
#[inline(never)]
fn ticks(run: impl FnOnce()) -> u32 {
    let start = SYST::get_current();
    run();
    let end = SYST::get_current();
    start.wrapping_sub(end) & 0x00ff_ffff
}

/// From the ticks of the 25 MHz clock of the mps2-an385, or of the 16 MHz one of the microbit, to
/// instructions.
fn instructions(ticks: u32) -> u32 {
    if cfg!(feature = "microbit") {
        (ticks * 125).div_ceil(128)
    } else {
        (ticks * 10 + 8) / 16
    }
}

fn print(what: &str, run: impl FnOnce()) {
    let taken = instructions(ticks(run)) - instructions(ticks(|| ()));
    hprintln!("instructions {} {}", what, taken);
}

fn decide(what: &str, expected: Decision, conditions: &[Line]) {
    let current = Representation::current()
        .etag(EntityTag::from_static(TAG))
        .strong_last_modified(HttpDate::parse(DATE.as_bytes(), None).unwrap());
    let mut lines = [("", ""); 20];
    let all = BROWSER.iter().chain(conditions);
    for (place, line) in lines.iter_mut().zip(all) {
        *place = *line;
    }
    let (method, current) = black_box(("GET", current));
    let lines = black_box(&lines[..BROWSER.len() + conditions.len()]);
    let mut decision = Decision::Perform;
    print(what, || {
        decision = evaluate(method, current, lines.iter().copied())
    });
    assert_eq!(decision, expected);
}

#[entry]
fn main() -> ! {
    let mut clock = Peripherals::take().unwrap().SYST;
    clock.set_clock_source(SystClkSource::Core);
    clock.set_reload(0x00ff_ffff);
    clock.clear_current();
    clock.enable_counter();

    decide("decision-no-condition", Decision::Perform, &[]);
    decide(
        "decision-typical",
        Decision::NotModified,
        &[("If-None-Match", TAG)],
    );
    decide(
        "decision-date",
        Decision::NotModified,
        &[("If-Modified-Since", DATE)],
    );
    decide(
        "decision-six-fields",
        Decision::Perform,
        &[
            ("If-Match", TAG),
            ("If-Unmodified-Since", DATE),
            ("If-None-Match", "\"00000000000000000000000000000000\""),
            ("If-Modified-Since", DATE),
            ("Range", "bytes=0-1"),
            ("If-Range", TAG),
        ],
    );

    let now = black_box(HttpDate::from_unix(784_111_777).ok());
    for (what, value) in [
        ("date-imf-fixdate", DATE),
        ("date-rfc850", "Sunday, 06-Nov-94 08:49:37 GMT"),
        ("date-asctime", "Sun Nov  6 08:49:37 1994"),
    ] {
        let value = black_box(value.as_bytes());
        let mut parsed = None;
        print(what, || parsed = HttpDate::parse(value, now).ok());
        assert_eq!(parsed, now);
    }
    let mut written = [0; 29];
    print("date-written", || written = now.unwrap().encode());
    assert_eq!(written, DATE.as_bytes());

    // A list through the fold, and tag by tag.
    let ten = black_box(TEN_TAGS);
    let last = Representation::current().etag(black_box(EntityTag::from_static("\"a0000000\"")));
    let mut decision = Decision::Perform;
    print("list-of-ten-tags", || {
        decision = evaluate("GET", last, [("If-None-Match", ten)]);
    });
    assert_eq!(decision, Decision::NotModified);
    let mut count = 0;
    print("list-of-ten-tags-read", || {
        if let Ok(EntityTags::List(tags)) = EntityTags::parse(ten.as_bytes()) {
            count = tags.count();
        }
    });
    assert_eq!(count, 10);

    hprintln!("bytes Preconditions {}", size_of::<Preconditions<'_>>());
    hprintln!("bytes Representation {}", size_of::<Representation<'_>>());
    hprintln!("bytes EntityTag {}", size_of::<EntityTag<'_>>());
    hprintln!("bytes HttpDate {}", size_of::<HttpDate>());
    hprintln!(
        "bytes cache::Evaluation {}",
        size_of::<cache::Evaluation<'_>>()
    );

    debug::exit(debug::EXIT_SUCCESS);
    loop {}
}
