//! Calls of `fetch`, as developer tools write them: a text and an object, both of them JSON.

use serde_json::Value;

use super::exchange::{Exchange, Request};
use super::unreadable::{Problem, Unreadable};

/// The calls in a text, from the first one on.
pub(super) fn read(text: &[u8], first: usize) -> Result<Vec<Exchange>, Unreadable> {
    let mut exchanges = Vec::new();
    let mut at = first;
    loop {
        at += count(&text[at..], |byte| {
            byte.is_ascii_whitespace() || byte == b';'
        });
        let rest = &text[at..];
        if rest.is_empty() {
            return Ok(exchanges);
        }
        let call = rest
            .strip_prefix(b"await")
            .map_or(rest, <[u8]>::trim_ascii_start);
        let Some(arguments) = call.strip_prefix(b"fetch(") else {
            return Err(not_fetch(text, at));
        };
        at = text.len() - arguments.len();
        let (exchange, length) = arguments_of(text, at)?;
        exchanges.push(exchange);
        at += length;
    }
}

/// What a call is made with, up to its closing bracket; and how long that is.
fn arguments_of(text: &[u8], begin: usize) -> Result<(Exchange, usize), Unreadable> {
    let mut at = begin;
    let mut value = || -> Result<Option<Value>, Unreadable> {
        at += count(&text[at..], |byte| {
            byte.is_ascii_whitespace() || byte == b','
        });
        if text[at..].starts_with(b")") {
            at += 1;
            return Ok(None);
        }
        let mut values = serde_json::Deserializer::from_slice(&text[at..]).into_iter();
        let value = values.next().transpose().map_err(|error| {
            let line = number(text, at) + error.line().saturating_sub(1);
            let shown = text.split(|&byte| byte == b'\n').nth(line - 1);
            let said = without_place(&error);
            Unreadable::numbered(
                line,
                shown.unwrap_or_default().trim_ascii(),
                Problem::Json(said),
            )
        })?;
        at += values.byte_offset();
        Ok(value)
    };
    let (url, options) = (value()?, value()?);
    if options.is_some() && value()?.is_some() {
        return Err(not_fetch(text, begin));
    }
    let Some(Value::String(target)) = url else {
        return Err(not_fetch(text, begin));
    };
    let mut request = Request {
        target,
        is_assumed: false,
        ..Request::default()
    };
    match options {
        None => {}
        Some(Value::Object(options)) => {
            if let Some(Value::String(method)) = options.get("method") {
                request.method.clone_from(method);
            }
            if let Some(Value::Object(headers)) = options.get("headers") {
                let fields = headers.iter().filter_map(|(name, value)| {
                    Some((name.clone(), value.as_str()?.trim().as_bytes().to_vec()))
                });
                request.fields.extend(fields);
            }
        }
        Some(_) => return Err(not_fetch(text, begin)),
    }
    let exchange = Exchange {
        request,
        answer: None,
    };
    Ok((exchange, at - begin))
}

fn count(text: &[u8], is_part: impl Fn(u8) -> bool) -> usize {
    text.iter().take_while(|&&byte| is_part(byte)).count()
}

/// The number of the line that this byte is in.
fn number(text: &[u8], at: usize) -> usize {
    text[..at].split(|&byte| byte == b'\n').count()
}

fn not_fetch(text: &[u8], at: usize) -> Unreadable {
    let line = number(text, at);
    let shown = text.split(|&byte| byte == b'\n').nth(line - 1);
    Unreadable::numbered(
        line,
        shown.unwrap_or_default().trim_ascii(),
        Problem::NotFetch,
    )
}

/// An error of serde without its place, which is told in lines of the whole input.
pub(super) fn without_place(error: &serde_json::Error) -> String {
    let said = error.to_string();
    let place = said.rfind(" at line ");
    said[..place.unwrap_or(said.len())].to_owned()
}
