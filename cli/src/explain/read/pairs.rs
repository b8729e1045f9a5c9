//! Names and values on lines of their own, as they are copied from the Headers tab of a browser's
//! developer tools: the name, then the value.

use super::exchange::{Answer, Exchange, FieldLine, Request};
use super::heads::{is_of_answer, is_token};
use super::lines::Line;
use super::unreadable::{Problem, Unreadable};

/// Whose fields follow.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// No heading has said so yet.
    Unknown,
    General,
    Answer,
    Request,
}

/// Whether the first line that is no heading is a name without a value, and another follows it.
pub(super) fn are_pairs(lines: &[Line<'_>]) -> bool {
    let mut lines = lines.iter().filter(|line| {
        !line.text.is_empty() && heading(line.text).is_none() && !is_chrome(line.text)
    });
    let (Some(first), Some(second)) = (lines.next(), lines.next()) else {
        return false;
    };
    let is_name = general(first.text) || name(first.text).is_some();
    // A field without a value is followed by another field, and a name by its value.
    is_name && !(first.text.ends_with(b":") && is_field_line(second.text))
}

pub(super) fn read(lines: &[Line<'_>]) -> Result<Vec<Exchange>, Unreadable> {
    let mut exchange = Exchange::default();
    let mut part = Part::Unknown;
    let mut rest = lines.iter().filter(|line| !line.text.is_empty()).peekable();
    while let Some(line) = rest.next() {
        if let Some(heading) = heading(line.text) {
            part = heading;
            continue;
        }
        if is_chrome(line.text) {
            continue;
        }
        // The raw view has whole lines.
        if let Some((name, value)) = whole(line.text) {
            place(&mut exchange, part, (name, value));
            continue;
        }
        if general(line.text) {
            if let Some(value) = rest.next() {
                say(&mut exchange, line.text, value.text);
                if part == Part::Unknown {
                    part = Part::General;
                }
            }
            continue;
        }
        let Some(name) = name(line.text) else {
            return Err(Unreadable::at(line, Problem::NotAFieldLine));
        };
        let value = rest.next_if(|line| heading(line.text).is_none());
        let value = value.map_or(&b""[..], |line| line.text);
        match name.strip_prefix(':') {
            Some(pseudo) => say_pseudo(&mut exchange.request, pseudo, value),
            None => place(&mut exchange, part, (name.to_owned(), value.to_vec())),
        }
    }
    Ok(vec![exchange])
}

fn place(exchange: &mut Exchange, part: Part, field: FieldLine) {
    let of_answer = match part {
        Part::Answer => true,
        Part::Request => false,
        Part::Unknown | Part::General => is_of_answer(&field.0),
    };
    if of_answer {
        exchange.answer.get_or_insert_default().fields.push(field);
    } else {
        exchange.request.fields.push(field);
    }
}

fn heading(text: &[u8]) -> Option<Part> {
    let text = text.strip_suffix(b":").unwrap_or(text);
    // Firefox says how much it is, Chromium how many.
    let text = text.split(|&byte| byte == b'(').next()?.trim_ascii();
    [
        (&b"General"[..], Part::General),
        (b"Response Headers", Part::Answer),
        (b"Request Headers", Part::Request),
    ]
    .into_iter()
    .find_map(|(title, part)| title.eq_ignore_ascii_case(text).then_some(part))
}

/// What developer tools write between the fields.
fn is_chrome(text: &[u8]) -> bool {
    const SAID: [&str; 6] = [
        "Raw",
        "view source",
        "view parsed",
        "Learn more",
        "Provisional headers are shown",
        "Summary",
    ];
    let is = |said: &&str| {
        let beginning = text.get(..said.len());
        beginning.is_some_and(|text| text.eq_ignore_ascii_case(said.as_bytes()))
            && (said.len() > 20 || said.len() == text.len())
    };
    SAID.iter().any(is)
}

/// Whether it is the name of one of the entries that are no fields.
fn general(text: &[u8]) -> bool {
    const NAMES: [&str; 12] = [
        "Request URL",
        "Request Method",
        "Status Code",
        "Remote Address",
        "Referrer Policy",
        "Version",
        "Transferred",
        "Request Priority",
        "DNS Resolution",
        "Status",
        "Scheme",
        "Address",
    ];
    let text = text.strip_suffix(b":").unwrap_or(text);
    NAMES
        .iter()
        .any(|name| name.eq_ignore_ascii_case(std::str::from_utf8(text).unwrap_or_default()))
}

fn say(exchange: &mut Exchange, name: &[u8], value: &[u8]) {
    let text = String::from_utf8_lossy(value);
    let name = name.strip_suffix(b":").unwrap_or(name).to_ascii_lowercase();
    match &*name {
        b"request url" => exchange.request.target = text.into_owned(),
        b"request method" => {
            exchange.request.method = text.into_owned();
            exchange.request.is_assumed = false;
        }
        b"status code" | b"status" => {
            // `304 Not Modified`, or `200 OK (from disk cache)`.
            let digits = text.trim_start_matches(|c: char| !c.is_ascii_digit());
            let digits = digits.split(|c: char| !c.is_ascii_digit()).next();
            let answer = exchange.answer.get_or_insert_with(Answer::default);
            let status = digits.and_then(|digits| digits.parse().ok());
            answer.status = status.filter(|status| (100..=599).contains(status));
            answer.from_cache = ["disk cache", "memory cache", "prefetch cache"]
                .iter()
                .any(|cache| text.contains(cache));
        }
        _ => {}
    }
}

fn say_pseudo(request: &mut Request, name: &str, value: &[u8]) {
    let value = String::from_utf8_lossy(value).into_owned();
    match name {
        "method" => {
            request.method = value;
            request.is_assumed = false;
        }
        "path" => request.target = value,
        _ => {}
    }
}

/// A field's or a pseudo-header's name, alone on its line, with a colon after it or without.
fn name(text: &[u8]) -> Option<&str> {
    let name = text.strip_suffix(b":").unwrap_or(text);
    let token = name.strip_prefix(b":").unwrap_or(name);
    let is_name = is_token(token) && token[0].is_ascii_alphabetic();
    is_name.then(|| std::str::from_utf8(name).ok()).flatten()
}

/// A name and a value on one line.
fn whole(text: &[u8]) -> Option<FieldLine> {
    let colon = text.windows(2).position(|two| two == b": ")?;
    let name = name(&text[..colon])?;
    let is_whole = !name.starts_with(':') && !general(name.as_bytes());
    is_whole.then(|| (name.to_owned(), text[colon + 2..].trim_ascii().to_vec()))
}

fn is_field_line(text: &[u8]) -> bool {
    let colon = text.iter().position(|&byte| byte == b':');
    colon.is_some_and(|colon| is_token(&text[..colon]))
}
