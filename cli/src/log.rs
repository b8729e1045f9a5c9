//! A line for each request, on standard output.

use std::io::{self, IsTerminal, Write};
use std::net::SocketAddr;
use std::sync::OnceLock;
use std::time::{SystemTime, UNIX_EPOCH};

use axum::http::{Method, StatusCode};
use clap::ValueEnum;
use serde::Serialize;

use crate::reasons::{is_plain, visible_json};

/// How requests are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Log {
    /// A line for people, coloured on a terminal
    Text,
    /// A JSON object a line
    Json,
}

/// What is printed of a request.
pub(crate) struct Line<'a> {
    pub(crate) peer: SocketAddr,
    pub(crate) method: &'a Method,
    pub(crate) target: &'a str,
    pub(crate) status: StatusCode,
    /// What came of the conditions, where they were evaluated.
    pub(crate) decision: Option<String>,
    /// The field that decided.
    pub(crate) field: Option<&'a str>,
    /// What is said behind the status, for people.
    pub(crate) said: &'a str,
    /// The lines below it.
    pub(crate) below: &'a [String],
}

#[derive(Serialize)]
struct Object<'a> {
    /// In milliseconds since the Unix epoch.
    time: u64,
    peer: SocketAddr,
    method: &'a str,
    target: &'a str,
    status: u16,
    decision: Option<String>,
    field: Option<&'a str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    explanation: &'a [String],
}

impl Log {
    pub(crate) fn print(self, line: Line<'_>) {
        let mut text = match self {
            Self::Text => text(&line, is_coloured()),
            Self::Json => json(line),
        };
        text.push('\n');
        // In one piece, so that the lines of two requests do not mix. Nobody may be reading.
        let mut stdout = io::stdout().lock();
        let _ = stdout.write_all(text.as_bytes());
        let _ = stdout.flush();
    }
}

/// `GET /api/config 304 Not Modified (If-None-Match)`, say, and what is below it.
fn text(line: &Line<'_>, is_coloured: bool) -> String {
    let path = line.target.split('?').next().unwrap_or_default();
    let (begin, end) = match (is_coloured, line.status.as_u16()) {
        (false, _) => ("", ""),
        (_, 304) => ("\x1b[36m", "\x1b[0m"),
        (_, 200..=299) => ("\x1b[32m", "\x1b[0m"),
        (_, 300..=499) => ("\x1b[33m", "\x1b[0m"),
        _ => ("\x1b[31m", "\x1b[0m"),
    };
    let mut text = format!(
        "{} {} {begin}{}{end}{}",
        line.method,
        visible(path),
        line.status,
        visible(line.said)
    );
    for line in line.below {
        text.push_str("\n    ");
        text.push_str(&visible(line));
    }
    text
}

fn json(line: Line<'_>) -> String {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH);
    let milliseconds = since_epoch.unwrap_or_default().as_millis();
    let object = Object {
        time: u64::try_from(milliseconds).unwrap_or(u64::MAX),
        peer: line.peer,
        method: line.method.as_str(),
        target: line.target,
        status: line.status.as_u16(),
        decision: line.decision,
        field: line.field,
        explanation: line.below,
    };
    // It may go to a terminal too.
    visible_json(&serde_json::to_string(&object).unwrap_or_default())
}

/// As it may be printed on a terminal: what would move the cursor or turn the text around is
/// escaped.
pub(crate) fn visible(text: &str) -> String {
    let mut visible = String::with_capacity(text.len());
    for c in text.chars() {
        if is_plain(c) {
            visible.push(c);
        } else {
            visible.extend(c.escape_unicode());
        }
    }
    visible
}

fn is_coloured() -> bool {
    static COLOURED: OnceLock<bool> = OnceLock::new();
    *COLOURED.get_or_init(|| {
        let wants_none = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        io::stdout().is_terminal() && !wants_none
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line<'a>(said: &'a str, below: &'a [String]) -> Line<'a> {
        Line {
            peer: SocketAddr::from(([127, 0, 0, 1], 9)),
            method: &Method::GET,
            target: "/a?b",
            status: StatusCode::NOT_MODIFIED,
            decision: Some(String::from("304 Not Modified")),
            field: Some("If-None-Match"),
            said,
            below,
        }
    }

    #[test]
    fn colour_and_what_is_below() {
        let below = [String::from("one"), String::from("two")];
        let line = line(" (If-None-Match)", &below);
        let plain = "GET /a 304 Not Modified (If-None-Match)\n    one\n    two";
        assert_eq!(text(&line, false), plain);
        let coloured = plain.replace("304 Not Modified", "\x1b[36m304 Not Modified\x1b[0m");
        assert_eq!(text(&line, true), coloured);
    }

    /// p14: nothing reaches a terminal that it would obey.
    #[test]
    fn nothing_raw() {
        let below = ["\u{9b}31m \u{202e}tag\x1b[2J é".to_owned()];
        for printed in [
            text(&line("\r\u{202e}", &below), false),
            json(line("", &below)),
        ] {
            let raw = printed.chars().find(|&c| c != '\n' && !is_plain(c));
            assert_eq!(raw, None, "{printed}");
            assert!(printed.contains('é'));
        }
        let parsed: serde_json::Value = serde_json::from_str(&json(line("", &below))).unwrap();
        assert_eq!(parsed["explanation"][0], below[0]);
        assert_eq!(parsed["status"], 304);
    }
}
