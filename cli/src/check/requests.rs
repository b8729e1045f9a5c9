//! The requests about conditions that any resource can be asked, as text with places for what the
//! resource has.

use http_conditional::HttpDate;

use super::message::{Line, Request};
use super::model::{State, inner, is_weak, opaque};

/// Where the places are: `{tag}` is the current tag, `{strong}` and `{weak}` its two forms,
/// `{inner}` what is between the quotes, `{case}` the tag with upper and lower case exchanged;
/// `{L}` is Last-Modified, `{L+1}` and `{L-1}` a second later and earlier, `{L 850}` and `{L asc}`
/// its old formats; `{length}` is the length. `\xNN` is a byte. Lines are divided by `|`.
const REQUESTS: &[(&str, &str, &str)] = &[
    ("tag", "GET", "If-None-Match: {tag}"),
    ("weak-tag", "GET", "If-None-Match: {weak}"),
    ("strong-tag", "GET", "If-None-Match: {strong}"),
    ("list", "GET", "If-None-Match: \"x\", {tag}, \"y\""),
    ("list-no-space", "GET", "If-None-Match: \"x\",{tag},\"y\""),
    ("list-tab", "GET", "If-None-Match: \"x\"\t,\t{tag}"),
    (
        "second-line",
        "GET",
        "If-None-Match: \"x\"|If-None-Match: {tag}",
    ),
    (
        "first-line",
        "GET",
        "If-None-Match: {tag}|If-None-Match: \"x\"",
    ),
    ("empty-members", "GET", "If-None-Match: , {tag} ,,"),
    ("bytes", "GET", "If-None-Match: \"\\xe9\\xff\", {tag}"),
    ("star", "GET", "If-None-Match: *"),
    ("other", "GET", "If-None-Match: \"http-conditional\""),
    ("unquoted", "GET", "If-None-Match: {inner}"),
    ("longer", "GET", "If-None-Match: \"{inner}x\""),
    ("longer-in-front", "GET", "If-None-Match: \"x{inner}\""),
    ("between-commas", "GET", "If-None-Match: \"x,{inner},y\""),
    ("case", "GET", "If-None-Match: {case}"),
    (
        "other-and-date",
        "GET",
        "If-None-Match: \"x\"|If-Modified-Since: {L}",
    ),
    (
        "garbage-and-date",
        "GET",
        "If-None-Match: x|If-Modified-Since: {L}",
    ),
    (
        "empty-and-date",
        "GET",
        "If-None-Match:|If-Modified-Since: {L}",
    ),
    (
        "tag-and-old-date",
        "GET",
        "If-None-Match: {tag}|If-Modified-Since: {L-1}",
    ),
    (
        "tag-and-date",
        "GET",
        "If-None-Match: {tag}|If-Modified-Since: {L}",
    ),
    (
        "tag-and-no-date",
        "GET",
        "If-None-Match: {tag}|If-Modified-Since: yesterday",
    ),
    ("date", "GET", "If-Modified-Since: {L}"),
    ("later-date", "GET", "If-Modified-Since: {L+1}"),
    ("earlier-date", "GET", "If-Modified-Since: {L-1}"),
    ("rfc850-date", "GET", "If-Modified-Since: {L 850}"),
    ("asctime-date", "GET", "If-Modified-Since: {L asc}"),
    ("no-date", "GET", "If-Modified-Since: yesterday"),
    ("number", "GET", "If-Modified-Since: 0"),
    (
        "two-dates",
        "GET",
        "If-Modified-Since: {L}|If-Modified-Since: {L}",
    ),
    ("head-tag", "HEAD", "If-None-Match: {tag}"),
    ("head-other", "HEAD", "If-None-Match: \"x\""),
    ("head-date", "HEAD", "If-Modified-Since: {L}"),
    ("head-if-match", "HEAD", "If-Match: \"x\""),
    ("head-star", "HEAD", "If-None-Match: *"),
    ("head-range", "HEAD", "Range: bytes=0-0"),
    ("head-no-range", "HEAD", "Range: bytes={length}-"),
    ("match", "GET", "If-Match: {tag}"),
    ("match-weak", "GET", "If-Match: {weak}"),
    ("match-other", "GET", "If-Match: \"x\""),
    ("match-list", "GET", "If-Match: \"x\", {tag}"),
    (
        "match-second-line",
        "GET",
        "If-Match: \"x\"|If-Match: {tag}",
    ),
    ("match-empty-members", "GET", "If-Match: ,, {tag}"),
    ("match-weak-and-strong", "GET", "If-Match: W/\"x\", {tag}"),
    ("match-star", "GET", "If-Match: *"),
    ("match-garbage", "GET", "If-Match: x"),
    ("match-half", "GET", "If-Match: \"x"),
    ("match-empty", "GET", "If-Match:"),
    ("match-bytes", "GET", "If-Match: \"\\xe9\\xff\""),
    ("unmodified-old", "GET", "If-Unmodified-Since: {L-1}"),
    (
        "unmodified-ancient",
        "GET",
        "If-Unmodified-Since: Sun, 06 Nov 1994 08:49:37 GMT",
    ),
    ("unmodified", "GET", "If-Unmodified-Since: {L}"),
    ("unmodified-later", "GET", "If-Unmodified-Since: {L+1}"),
    (
        "unmodified-no-date",
        "GET",
        "If-Unmodified-Since: yesterday",
    ),
    (
        "unmodified-two-dates",
        "GET",
        "If-Unmodified-Since: {L-1}|If-Unmodified-Since: {L-1}",
    ),
    (
        "match-and-old-date",
        "GET",
        "If-Match: {tag}|If-Unmodified-Since: {L-1}",
    ),
    (
        "other-and-good-date",
        "GET",
        "If-Match: \"x\"|If-Unmodified-Since: {L}",
    ),
    (
        "match-fails-first",
        "GET",
        "If-Match: \"x\"|If-None-Match: {tag}",
    ),
    (
        "unmodified-fails-first",
        "GET",
        "If-Unmodified-Since: {L-1}|If-Modified-Since: {L}",
    ),
    (
        "unmodified-and-tag",
        "GET",
        "If-Unmodified-Since: {L}|If-None-Match: {tag}",
    ),
    ("range", "GET", "Range: bytes=0-0"),
    ("range-suffix", "GET", "Range: bytes=-1"),
    ("range-open", "GET", "Range: bytes=1-"),
    ("range-beyond-end", "GET", "Range: bytes=0-99999999999"),
    ("range-long-suffix", "GET", "Range: bytes=-99999999999"),
    ("range-unsatisfiable", "GET", "Range: bytes={length}-"),
    ("range-unit", "GET", "Range: pages=0-0"),
    ("range-malformed", "GET", "Range: bytes=x"),
    (
        "range-huge",
        "GET",
        "Range: bytes=0-99999999999999999999999",
    ),
    ("ranges", "GET", "Range: bytes=0-0,2-3"),
    (
        "range-and-tag",
        "GET",
        "Range: bytes=0-0|If-None-Match: {tag}",
    ),
    (
        "range-and-date",
        "GET",
        "Range: bytes=0-0|If-Modified-Since: {L}",
    ),
    ("range-and-match", "GET", "Range: bytes=0-0|If-Match: \"x\""),
    (
        "no-range-and-tag",
        "GET",
        "Range: bytes={length}-|If-None-Match: {tag}",
    ),
    (
        "no-range-and-match",
        "GET",
        "Range: bytes={length}-|If-Match: \"x\"",
    ),
    ("if-range", "GET", "Range: bytes=0-0|If-Range: {tag}"),
    ("if-range-weak", "GET", "Range: bytes=0-0|If-Range: {weak}"),
    ("if-range-other", "GET", "Range: bytes=0-0|If-Range: \"x\""),
    ("if-range-date", "GET", "Range: bytes=0-0|If-Range: {L}"),
    ("if-range-later", "GET", "Range: bytes=0-0|If-Range: {L+1}"),
    (
        "if-range-earlier",
        "GET",
        "Range: bytes=0-0|If-Range: {L-1}",
    ),
    ("if-range-garbage", "GET", "Range: bytes=0-0|If-Range: x"),
    ("if-range-empty", "GET", "Range: bytes=0-0|If-Range:"),
    (
        "if-range-bytes",
        "GET",
        "Range: bytes=0-0|If-Range: \"\\xe9\\xff\"",
    ),
    (
        "if-range-no-range",
        "GET",
        "Range: bytes={length}-|If-Range: \"x\"",
    ),
    ("if-range-alone", "GET", "If-Range: \"x\""),
    (
        "if-range-and-tag",
        "GET",
        "Range: bytes=0-0|If-Range: {tag}|If-None-Match: {tag}",
    ),
];

/// The requests for a resource that does not exist.
const MISSING: &[(&str, &str, &str)] = &[
    ("missing", "GET", "Accept: */*"),
    ("missing-match-star", "GET", "If-Match: *"),
    ("missing-match", "GET", "If-Match: \"x\""),
    ("missing-star", "GET", "If-None-Match: *"),
    ("missing-head", "HEAD", "If-Match: *"),
    (
        "missing-since",
        "GET",
        "If-Modified-Since: Fri, 31 Dec 9999 23:59:59 GMT",
    ),
];

/// The requests that this resource can be asked, each with its name.
pub(super) fn of(state: &State, path: &str) -> Vec<(String, Request)> {
    let table = if state.exists { REQUESTS } else { MISSING };
    let filled = table.iter().filter_map(|(id, method, lines)| {
        let mut request = Request::new(method, path);
        for text in lines.split('|') {
            request.lines.push(line(text, state)?);
        }
        Some((format!("check/{id}"), request))
    });
    filled.collect()
}

/// A line of the table, filled in; none where the resource lacks what it needs.
fn line(text: &str, state: &State) -> Option<Line> {
    let (name, rest) = text.split_once(':')?;
    let mut value = Vec::new();
    let mut rest = rest.trim();
    while let Some(at) = rest.find(['{', '\\']) {
        value.extend(&rest.as_bytes()[..at]);
        rest = &rest[at..];
        if let Some(hex) = rest.strip_prefix("\\x") {
            value.push(u8::from_str_radix(&hex[..2], 16).ok()?);
            rest = &hex[2..];
        } else {
            let (place, after) = rest[1..].split_once('}')?;
            value.extend(filled(place, state)?);
            rest = after;
        }
    }
    value.extend(rest.as_bytes());
    Some((name.as_bytes().to_vec(), value))
}

fn filled(place: &str, state: &State) -> Option<Vec<u8>> {
    if let Some(change) = place.strip_prefix('L') {
        let modified = state.modified?;
        return match change {
            "+1" => date(modified + 1, Format::Imf),
            "-1" => date(modified - 1, Format::Imf),
            " 850" => date(modified, Format::Rfc850),
            " asc" => date(modified, Format::Asctime),
            _ => date(modified, Format::Imf),
        };
    }
    if place == "length" {
        return Some(state.length.to_string().into_bytes());
    }
    let tag = state.tag.as_deref()?;
    match place {
        "tag" => Some(tag.to_vec()),
        "strong" if is_weak(tag) => Some(opaque(tag).to_vec()),
        "weak" if !is_weak(tag) => Some([b"W/", tag].concat()),
        "inner" => Some(inner(tag).to_vec()).filter(|inner| !inner.is_empty()),
        "case" => exchanged(opaque(tag)),
        _ => None,
    }
}

/// With upper and lower case exchanged; none where there are no letters.
fn exchanged(tag: &[u8]) -> Option<Vec<u8>> {
    let exchange = |byte: &u8| {
        if byte.is_ascii_lowercase() {
            byte.to_ascii_uppercase()
        } else {
            byte.to_ascii_lowercase()
        }
    };
    let other: Vec<u8> = tag.iter().map(exchange).collect();
    (other != tag).then_some(other)
}

/// The three formats of section 5.6.7.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Imf,
    Rfc850,
    Asctime,
}

/// An instant as HTTP writes it.
pub(super) fn date(unix: i64, format: Format) -> Option<Vec<u8>> {
    const DAYS: [&str; 7] = [
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
    ];
    let imf = HttpDate::from_unix(unix).ok()?.encode();
    let text = std::str::from_utf8(&imf).ok()?;
    // `Sun, 06 Nov 1994 08:49:37 GMT`
    let (day, month, year, time) = (&text[5..7], &text[8..11], &text[12..16], &text[17..25]);
    let dated = match format {
        Format::Imf => text.to_owned(),
        Format::Rfc850 => {
            let long = DAYS.iter().find(|long| long.starts_with(&text[..3]))?;
            format!("{long}, {day}-{month}-{} {time} GMT", &year[2..])
        }
        Format::Asctime => {
            let day = day
                .strip_prefix('0')
                .map_or(day.to_owned(), |day| format!(" {day}"));
            format!("{} {month} {day} {time} {year}", &text[..3])
        }
    };
    Some(dated.into_bytes())
}
