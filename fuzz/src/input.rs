//! How structured inputs stand in bytes.
//!
//! `arbitrary` could derive this. It is written out so that each reader has a writer beside it:
//! the test vectors become seeds, and a corpus stays good whatever version of `arbitrary` reads
//! it. Most values come from a few that often coincide, as validators have to if a comparison is
//! to have more than one outcome; the others are given in full.

use arbitrary::{Arbitrary, Result, Unstructured};

use crate::against_oracle::Case;
use crate::against_oracle::oracle::{self, Tag};

pub type Lines = Vec<(Vec<u8>, Vec<u8>)>;

/// Sat, 29 Oct 1994 19:43:31 GMT, the instant that most of the test vectors are about.
const T: i64 = 783_459_811;

/// 0000-01-01T00:00:00Z and 9999-12-31T23:59:59Z.
pub const FIRST: i64 = -62_167_219_200;
pub const LAST: i64 = 253_402_300_799;

/// From here up, a byte says that the value follows in full.
const IN_FULL: u8 = 0xf0;

/// Where calendars go wrong.
const EDGES: [i64; 8] = [
    FIRST,
    FIRST + 60 * 86_400, // 0000-03-01, after a leap day
    -2_203_891_200,      // 1900-03-01, after none
    0,
    951_782_400,   // 2000-02-29
    2_147_483_648, // what 32 bits cannot count
    4_107_542_400, // 2100-03-01, after no leap day
    LAST,
];

/// An instant that an HTTP-date can say: within four seconds of `T`, at an edge or the second before
/// it, or any.
pub fn instant(u: &mut Unstructured<'_>) -> Result<i64> {
    match u8::arbitrary(u)? {
        IN_FULL.. => {
            let distance = (i128::from(i64::arbitrary(u)?) - i128::from(FIRST))
                .rem_euclid(i128::from(LAST - FIRST + 1));
            Ok(FIRST + i64::try_from(distance).unwrap_or_default())
        }
        edge @ 0xc0.. => {
            let unix = EDGES[usize::from(edge % 8)] - i64::from(edge >> 3 & 1);
            Ok(unix.clamp(FIRST, LAST))
        }
        near => Ok(T - 4 + i64::from(near % 8)),
    }
}

pub fn put_instant(out: &mut Vec<u8>, unix: i64) {
    out.push(IN_FULL);
    out.extend(unix.to_le_bytes());
}

/// A value that may be missing.
pub fn option<'a, T>(
    u: &mut Unstructured<'a>,
    read: impl FnOnce(&mut Unstructured<'a>) -> Result<T>,
) -> Result<Option<T>> {
    if u8::arbitrary(u)? % 4 == 0 {
        return Ok(None);
    }
    read(u).map(Some)
}

pub fn put_option<T>(out: &mut Vec<u8>, value: Option<T>, put: impl FnOnce(&mut Vec<u8>, T)) {
    out.push(value.is_some().into());
    if let Some(value) = value {
        put(out, value);
    }
}

const OPAQUE_TAGS: [&[u8]; 6] = [b"a", b"b", b"", b"a,b", b"a\\", b"\xe9"];

/// An entity tag, one of a few or any.
pub fn tag(u: &mut Unstructured<'_>) -> Result<Tag> {
    let byte = u8::arbitrary(u)?;
    let opaque = match byte {
        IN_FULL.. => {
            let mut opaque = line(u)?;
            opaque.retain(|&byte| byte == b'!' || byte > b'"' && byte != 0x7f);
            opaque
        }
        _ => OPAQUE_TAGS[usize::from(byte >> 1) % OPAQUE_TAGS.len()].to_vec(),
    };
    let weak = byte & 1 != 0;
    Ok(Tag { weak, opaque })
}

pub fn put_tag(out: &mut Vec<u8>, tag: &Tag) {
    out.push(IN_FULL + u8::from(tag.weak));
    out.extend(&tag.opaque);
    out.push(b'\n');
}

/// A tag as a field value.
pub fn tag_value(tag: &Tag) -> Vec<u8> {
    let mark: &[u8] = if tag.weak { b"W/\"" } else { b"\"" };
    [mark, &tag.opaque, b"\""].concat()
}

/// What comes before the next line end, or all there is.
pub fn line(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let rest = u.peek_bytes(u.len()).unwrap_or_default();
    let length = rest.iter().position(|&byte| byte == b'\n');
    let line = u.bytes(length.unwrap_or(rest.len()))?.to_vec();
    if length.is_some() {
        u.bytes(1)?;
    }
    Ok(line)
}

/// A line of a list, cut at every comma outside quotes: the same list over several lines.
pub fn split_at_commas(line: &[u8]) -> Vec<Vec<u8>> {
    let mut quotes = 0;
    let members = line.split(|&byte| {
        quotes += usize::from(byte == b'"');
        byte == b',' && quotes % 2 == 0
    });
    members.map(<[u8]>::to_vec).collect()
}

/// The rest of the input: as it is, or each byte turned into one of `alphabet`, so that the
/// grammar's own characters come more often than they would.
pub fn text(u: &mut Unstructured<'_>, alphabet: &[u8]) -> Result<Vec<u8>> {
    let is_mapped = u8::arbitrary(u)? & 1 != 0;
    let rest = u.bytes(u.len())?.to_vec();
    if !is_mapped {
        return Ok(rest);
    }
    let letter = |byte: u8| alphabet[usize::from(byte) % alphabet.len()];
    Ok(rest.into_iter().map(letter).collect())
}

/// As it is.
pub fn put_text(out: &mut Vec<u8>, text: &[u8]) {
    out.push(0);
    out.extend(text);
}

/// The instant in the three formats that a recipient has to understand.
pub fn spellings(unix: i64) -> [Vec<u8>; 3] {
    const LONG_DAY_NAMES: [&str; 7] = [
        "Sunday",
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
    ];
    let imf = oracle::format_date(unix).expect("a year of four digits");
    let (day_name, day, month) = (&imf[..3], &imf[5..7], &imf[8..11]);
    let (year, time) = (&imf[12..16], &imf[17..25]);
    let is_long = |name: &&str| name.starts_with(day_name);
    let long = LONG_DAY_NAMES.into_iter().find(is_long).expect("a day");
    let padded = day
        .strip_prefix('0')
        .map_or(day.to_owned(), |digit| format!(" {digit}"));
    let rfc850 = format!("{long}, {day}-{month}-{} {time} GMT", &year[2..]);
    let asctime = format!("{day_name} {month} {padded} {time} {year}");
    [imf, rfc850, asctime].map(String::into_bytes)
}

const NAMES: [&str; 20] = [
    "If-Match",
    "If-None-Match",
    "If-Modified-Since",
    "If-Unmodified-Since",
    "If-Range",
    "Range",
    "if-match",
    "IF-NONE-MATCH",
    "if-modified-since",
    "IF-UNMODIFIED-SINCE",
    "if-range",
    "rAnGe",
    "If",
    "Date",
    "If-None-Matches",
    "ETag",
    "Last-Modified",
    "Content-Length",
    "Content-Range",
    "Connection",
];
/// How the value of a line is written; the name stands in the lower five bits.
const RAW: u8 = 0;
const DATE: u8 = 1;
const TAGS: u8 = 2;
const TAG: u8 = 3;

/// A Range, and an If-Range: what the one comes to is seen by the other only.
const RANGE_IF: u8 = 20;

/// Field lines, a dozen or so. `tag` and `modified` are the validators that they are compared
/// with, for values that are about as often equal as not.
pub fn lines(u: &mut Unstructured<'_>, tag: Option<&Tag>, modified: Option<i64>) -> Result<Lines> {
    let mut lines = Vec::new();
    while !u.is_empty() && lines.len() < 12 {
        let head = u8::arbitrary(u)?;
        let value_is = head >> 5 & 3;
        if head & 31 == RANGE_IF {
            let value = match value_is {
                RAW | DATE => near_date(u, modified.unwrap_or(T))?,
                _ => member(u8::arbitrary(u)?, tag),
            };
            lines.push((b"Range".to_vec(), b"bytes=0-0".to_vec()));
            lines.push((b"If-Range".to_vec(), value));
        } else if let Some(name) = NAMES.get(usize::from(head & 31)) {
            let value = match value_is {
                DATE => near_date(u, modified.unwrap_or(T))?,
                TAGS => tags(u, tag)?,
                TAG => member(u8::arbitrary(u)?, tag),
                _ => line(u)?,
            };
            lines.push((name.as_bytes().to_vec(), value));
        } else {
            let line = line(u)?;
            let colon = line.iter().position(|&byte| byte == b':');
            let (name, value) = line.split_at(colon.unwrap_or(line.len()));
            let value = value.strip_prefix(b":").unwrap_or(value);
            lines.push((name.to_vec(), value.to_vec()));
        }
    }
    Ok(lines)
}

/// `false` where a line cannot be written, as it has a line end or its name a colon.
pub fn put_line(out: &mut Vec<u8>, name: &[u8], value: &[u8]) -> bool {
    if name.contains(&b':') || name.contains(&b'\n') || value.contains(&b'\n') {
        return false;
    }
    let known = (0..).zip(NAMES).find(|(_, known)| known.as_bytes() == name);
    if let Some((place, _)) = known {
        out.push(RAW << 5 | place);
    } else {
        out.push(RAW << 5 | 31);
        out.extend(name);
        out.push(b':');
    }
    out.extend(value);
    out.push(b'\n');
    true
}

/// A date within four seconds of another one, in one of the formats, or nearly so.
fn near_date(u: &mut Unstructured<'_>, reference: i64) -> Result<Vec<u8>> {
    let byte = u8::arbitrary(u)?;
    let unix = (reference - 4 + i64::from(byte & 7)).clamp(FIRST, LAST);
    let [imf, rfc850, asctime] = spellings(unix);
    let mut value = match byte >> 3 & 3 {
        0 => imf,
        1 => rfc850,
        2 => asctime,
        _ => imf.to_ascii_lowercase(),
    };
    match byte >> 5 {
        0 => value.insert(0, b' '),
        1 => value.push(b'\t'),
        2 => make_leap_second(&mut value),
        3 => value.extend(b"; length=1"),
        4 => make_zone(&mut value, byte),
        // On most days, a weekday that does not fit.
        5 => value[..3].copy_from_slice(b"Sat"),
        _ => {}
    }
    Ok(value)
}

/// Where the date ends in its zone, makes it one of those that are nearly right.
fn make_zone(value: &mut Vec<u8>, byte: u8) {
    if value.ends_with(b"GMT") {
        const ZONES: [&[u8]; 4] = [b"UTC", b"+0000", b"-0000", b"EST"];
        value.truncate(value.len() - 3);
        value.extend(ZONES[usize::from(byte & 3)]);
    }
}

/// Where the date is the last second of a day, makes it the leap second after that.
pub fn make_leap_second(value: &mut [u8]) {
    let time = value.windows(8).position(|part| part == b"23:59:59");
    if let Some(at) = time {
        value[at + 6..at + 8].copy_from_slice(b"60");
    }
}

/// What stands in a list beside well-formed tags.
const ODD_MEMBERS: [&[u8]; 12] = [
    b"",
    b"*",
    b"a",
    b"W/a",
    b"w/\"a\"",
    b"W/ \"a\"",
    b"\"a",
    b"a\"",
    b"\"a b\"",
    b"\"a\x7f\"",
    b"\"a\" \"b\"",
    b"W/",
];

/// A list, a byte for each member and what follows it.
fn tags(u: &mut Unstructured<'_>, current: Option<&Tag>) -> Result<Vec<u8>> {
    const SEPARATORS: [&[u8]; 4] = [b",", b", ", b" ,\t", b",,"];
    let mut value = Vec::new();
    let mut separator: &[u8] = b"";
    for byte in line(u)? {
        value.extend(separator);
        value.extend(member(byte, current));
        separator = SEPARATORS[usize::from(byte >> 4 & 3)];
    }
    Ok(value)
}

/// A tag, the current one among others, or what is none.
fn member(byte: u8, current: Option<&Tag>) -> Vec<u8> {
    let place = usize::from(byte & 7);
    let known = OPAQUE_TAGS.get(place).map(|opaque| opaque.to_vec());
    let current = current.map(|tag| tag.opaque.clone());
    match known.or(current.filter(|_| place == 6)) {
        Some(opaque) => tag_value(&Tag {
            weak: byte & 8 != 0,
            opaque,
        }),
        None => ODD_MEMBERS[usize::from(byte >> 3) % ODD_MEMBERS.len()].to_vec(),
    }
}

const METHODS: [&str; 20] = [
    "GET", "HEAD", "PUT", "DELETE", "POST", "PATCH", "FOO", "OPTIONS", "CONNECT", "TRACE", "get",
    "PROPFIND", "QUERY", "GETS", "GE", "Head", "REPORT", "SEARCH", "PRI", "query",
];

/// Around the edges of what is taken for a success, above all.
const STATUSES: [u16; 24] = [
    200, 200, 200, 206, 201, 204, 299, 412, 301, 304, 404, 500, 200, 200, 206, 199, 300, 202, 203,
    205, 226, 400, 412, 503,
];

/// A status code, one of a few or any number.
fn status(u: &mut Unstructured<'_>) -> Result<u16> {
    match u8::arbitrary(u)? {
        IN_FULL.. => u16::arbitrary(u),
        byte => Ok(STATUSES[usize::from(byte) % STATUSES.len()]),
    }
}

fn put_status(out: &mut Vec<u8>, status: u16) {
    if !put_one_of(out, &STATUSES, &status) {
        out.push(IN_FULL);
        out.extend(status.to_le_bytes());
    }
}

/// One of a few values, and the byte that says which.
pub fn one_of<T: Copy>(u: &mut Unstructured<'_>, values: &[T]) -> Result<T> {
    Ok(values[usize::from(u8::arbitrary(u)?) % values.len()])
}

/// `false` where it is none of them.
pub fn put_one_of<T: PartialEq>(out: &mut Vec<u8>, values: &[T], value: &T) -> bool {
    let place = (0..).zip(values).find(|(_, known)| *known == value);
    out.extend(place.map(|(place, _)| place));
    place.is_some()
}

/// One of a few words, or nearly: in another case, or with a byte more, less or other.
pub fn near_word(u: &mut Unstructured<'_>, words: &[&str]) -> Result<Vec<u8>> {
    let mut word = one_of(u, words)?.as_bytes().to_vec();
    let change = u8::arbitrary(u)? % 8;
    if change < 3 {
        return Ok(word);
    }
    let (place, byte): (u8, u8) = Arbitrary::arbitrary(u)?;
    let at = usize::from(place) % word.len();
    match change {
        3 => word.make_ascii_lowercase(),
        4 => word[at] ^= 0x20, // the other case of a letter
        5 => word[at] = byte,
        6 => word.insert(usize::from(place) % (word.len() + 1), byte),
        _ => drop(word.remove(at)),
    }
    Ok(word)
}

fn policy(u: &mut Unstructured<'_>) -> Result<oracle::Policy> {
    let departures = u8::arbitrary(u)?;
    Ok(oracle::Policy {
        now: option(u, instant)?,
        exact_if_modified_since: departures & 1 != 0,
        weak_if_match: departures & 2 != 0,
        lenient_entity_tags: departures & 4 != 0,
        case_insensitive_dates: departures & 8 != 0,
        lenient_dates: departures & 16 != 0,
        if_range_by_date: departures & 32 != 0,
    })
}

fn put_policy(out: &mut Vec<u8>, policy: &oracle::Policy) {
    out.push(
        u8::from(policy.exact_if_modified_since)
            | u8::from(policy.weak_if_match) << 1
            | u8::from(policy.lenient_entity_tags) << 2
            | u8::from(policy.case_insensitive_dates) << 3
            | u8::from(policy.lenient_dates) << 4
            | u8::from(policy.if_range_by_date) << 5,
    );
    put_option(out, policy.now, put_instant);
}

/// Whether there is a selected representation, and which tags others have: up to three of the few,
/// one after the other.
fn existence(byte: u8) -> (bool, Vec<Tag>) {
    let (count, first) = (usize::from(byte >> 3 & 3), usize::from(byte >> 5 & 3));
    let brother = |place: usize| Tag {
        weak: byte & 0x80 != 0,
        opaque: OPAQUE_TAGS[(first + place) % OPAQUE_TAGS.len()].to_vec(),
    };
    (!byte.is_multiple_of(8), (0..count).map(brother).collect())
}

/// `false` where no byte says that.
fn put_existence(out: &mut Vec<u8>, exists: bool, also: &[Tag]) -> bool {
    let byte = (0..=u8::MAX).find(|&byte| {
        let said = existence(byte);
        said.0 == exists && said.1 == also
    });
    out.extend(byte);
    byte.is_some()
}

/// A request to an origin server.
impl<'a> Arbitrary<'a> for Case {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let method = one_of(u, &METHODS)?.as_bytes().to_vec();
        let (exists, also) = existence(u8::arbitrary(u)?);
        let etag = option(u, tag)?.filter(|_| exists);
        let last_modified = option(u, instant)?.filter(|_| exists);
        let last_modified_is_strong = bool::arbitrary(u)?;
        let status = option(u, status)?;
        let policy = policy(u)?;
        let fields = lines(u, etag.as_ref(), last_modified)?;
        Ok(Self {
            request: oracle::Request { method, fields },
            state: oracle::State {
                exists,
                etag,
                last_modified,
                last_modified_is_strong,
                also,
            },
            status,
            policy,
        })
    }
}

/// `None` where an input cannot say the case.
pub fn written_case(case: &Case) -> Option<Vec<u8>> {
    let Case {
        request,
        state,
        status,
        policy,
    } = case;
    let mut out = Vec::new();
    let method = str::from_utf8(&request.method).ok()?;
    let mut sayable = put_one_of(&mut out, &METHODS, &method);
    sayable &= put_existence(&mut out, state.exists, &state.also);
    put_option(&mut out, state.etag.as_ref(), put_tag);
    put_option(&mut out, state.last_modified, put_instant);
    out.push(state.last_modified_is_strong.into());
    put_option(&mut out, *status, put_status);
    put_policy(&mut out, policy);
    for (name, value) in &request.fields {
        sayable &= put_line(&mut out, name, value);
    }
    sayable.then_some(out)
}
