//! The whole response to any request: a naive model of RFC 9110 says whether it may go out, whether
//! its lengths are exact, and whether a line was lost.
#![no_main]

use arbitrary::{Arbitrary, Result, Unstructured};
use http_conditional::HttpDate;
use libfuzzer_sys::fuzz_target;

#[allow(dead_code)]
#[path = "../../tests/reply/check.rs"]
mod check;

use check::{Chosen, Line, NAMES, check};

const METHODS: [&str; 6] = ["GET", "HEAD", "QUERY", "PUT", "OPTIONS", "get"];
const STATUSES: [u16; 8] = [200, 200, 200, 203, 204, 206, 304, 404];
const REQUEST: [&str; 8] = [
    "If-Match",
    "If-None-Match",
    "If-Modified-Since",
    "If-Unmodified-Since",
    "If-Range",
    "Range",
    "range",
    "Host",
];
/// What the answer to a request depends on, of `NAMES`.
const DECISIVE: [&str; 4] = ["etag", "last-modified", "content-length", "accept-ranges"];
const VALUES: [&str; 16] = [
    "\"v1\"",
    "W/\"v1\"",
    "\"v2\", \"v1\"",
    "*",
    "v1",
    "Sun, 06 Nov 1994 08:49:37 GMT",
    "Sun, 06 Nov 1994 08:49:38 GMT",
    "bytes=0-1",
    "bytes=0-1,3-4",
    "bytes=8-,4-5,0-1",
    "bytes=-3",
    "bytes=100-",
    "none",
    "text/plain",
    "10",
    "",
];

#[derive(Debug)]
struct Input {
    method: &'static str,
    request: Vec<Line>,
    status: u16,
    ok: Vec<Line>,
    length: Option<u64>,
    chosen: Chosen,
}

/// Values that a field of this name mostly has.
fn fitting(name: &str) -> &'static [&'static str] {
    match name {
        "If-Match" | "If-None-Match" | "etag" => &["\"v1\"", "W/\"v1\"", "\"v2\"", "*"],
        "If-Modified-Since" | "If-Unmodified-Since" | "last-modified" => &VALUES[5..7],
        "If-Range" => &["\"v1\"", "\"v2\"", VALUES[5], VALUES[6]],
        "Range" | "range" => &VALUES[7..12],
        "accept-ranges" => &["none", "bytes"],
        "content-length" => &["10", "150"],
        _ => &VALUES,
    }
}

fn value(u: &mut Unstructured<'_>, name: &str) -> Result<String> {
    let byte = u8::arbitrary(u)?;
    if byte < 0xc0 {
        let values = if byte < 0x60 { &VALUES } else { fitting(name) };
        return Ok(values[usize::from(byte) % values.len()].to_owned());
    }
    let length = usize::from(u8::arbitrary(u)? % 24);
    let bytes = u.bytes(length.min(u.len()))?;
    // What a field value may have, and the range's own characters more often.
    let letters = b"0123456789----,,=bytes \t\"*W/~";
    let letter = |byte: &u8| match byte {
        0x20..=0x7e => char::from(*byte),
        other => char::from(letters[usize::from(*other) % letters.len()]),
    };
    Ok(bytes.iter().map(letter).collect())
}

fn lines(u: &mut Unstructured<'_>, names: &[&str]) -> Result<Vec<Line>> {
    let count = u8::arbitrary(u)? % 8;
    let line = |u: &mut Unstructured<'_>| {
        let byte = usize::from(u8::arbitrary(u)?);
        // The answer depends on few of them.
        let name = match byte {
            0xe0.. if names.len() > DECISIVE.len() * 2 => DECISIVE[byte % DECISIVE.len()],
            _ => names[byte % names.len()],
        };
        Ok((name.to_owned(), value(u, name)?))
    };
    (0..count).map(|_| line(u)).collect()
}

impl<'a> Arbitrary<'a> for Input {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let [method, status, length, switches, gap]: [u8; 5] = Arbitrary::arbitrary(u)?;
        let now = HttpDate::from_unix(784_111_777).ok();
        Ok(Self {
            method: METHODS[usize::from(method) % METHODS.len()],
            status: STATUSES[usize::from(status) % STATUSES.len()],
            length: match length {
                0..0x20 => None,
                0x20..0xc0 => Some(u64::from(length - 0x20)),
                _ => Some(10 * u64::from(length)),
            },
            chosen: Chosen {
                now: now.filter(|_| switches & 1 != 0),
                gap: Some(u64::from(gap % 8)).filter(|_| switches & 2 != 0),
                keeps_last_modified: switches & 4 != 0,
                only_if_shorter: switches & 8 != 0,
                max_reversals: usize::from(switches >> 4),
            },
            request: lines(u, &REQUEST)?,
            ok: lines(u, &NAMES)?,
        })
    }
}

fuzz_target!(|input: Input| {
    let Input {
        method,
        request,
        status,
        ok,
        length,
        chosen,
    } = &input;
    check(method, request, *status, ok, *length, *chosen);
});
