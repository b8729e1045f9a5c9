//! Reads what people paste as requests and their answers.
//!
//! [`read`] takes the bytes of a paste or of a file, finds out what they are, and gives every
//! exchange that is in them. Each shape has a module of its own.

mod bash;
mod cmd;
mod curl;
mod exchange;
mod fetch;
mod har;
mod heads;
mod lines;
mod pairs;
mod unreadable;

use self::lines::Line;

pub use self::exchange::{Answer, Exchange, FieldLine, Request, Shape};
pub use self::unreadable::{Problem, READABLE, Unreadable};

/// The exchanges that were read, and what they were read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// What the input is.
    pub shape: Shape,
    /// In their order; at least one.
    pub exchanges: Vec<Exchange>,
}

/// Reads any of the shapes that [`READABLE`] lists.
///
/// The time is linear in the length of the input, and so is the memory.
///
/// # Errors
///
/// Where the input is none of these shapes, or breaks off in the middle of one, the error says
/// what could not be read, and in which line.
pub fn read(bytes: &[u8]) -> Result<Reading, Unreadable> {
    let text = lines::decode(bytes);
    let Some(start) = text.iter().position(|byte| !byte.is_ascii_whitespace()) else {
        return Err(Unreadable::whole(Problem::Empty));
    };
    let text = &*text;
    let beginning = &text[start..];
    if matches!(beginning[0], b'{' | b'[') {
        return shaped(Shape::Har, har::read(text)?);
    }
    let lines = lines::split(text);
    if lines.iter().any(Line::is_marked_head) {
        return shaped(Shape::CurlVerbose, heads::read(&lines, true)?);
    }
    let beginning = lines::without_prompt(beginning);
    let offset = text.len() - beginning.len();
    match first_word(beginning) {
        b"curl" | b"curl.exe" => {
            let (shape, commands) = if cmd::is_cmd(beginning) {
                (Shape::CurlCmd, cmd::split(beginning))
            } else {
                (Shape::CurlBash, bash::split(beginning)?)
            };
            shaped(shape, curl::read(&commands)?)
        }
        b"fetch" | b"await" => shaped(Shape::Fetch, fetch::read(text, offset)?),
        b"$session" | b"Invoke-WebRequest" | b"Invoke-RestMethod" => {
            Err(Unreadable::line(&lines, offset, &Problem::PowerShell))
        }
        _ if pairs::are_pairs(&lines) => shaped(Shape::Pairs, pairs::read(&lines)?),
        _ => {
            let pseudo = lines.iter().any(|line| line.text.starts_with(b":method:"));
            let exchanges = heads::read(&lines, false)?;
            let shape = if pseudo {
                Shape::PseudoHeaders
            } else if exchanges
                .first()
                .is_some_and(|first| first.request.is_assumed)
            {
                Shape::FieldLines
            } else {
                Shape::Heads
            };
            shaped(shape, exchanges)
        }
    }
}

fn shaped(shape: Shape, exchanges: Vec<Exchange>) -> Result<Reading, Unreadable> {
    if exchanges.is_empty() {
        return Err(Unreadable::whole(Problem::NoRequest));
    }
    Ok(Reading { shape, exchanges })
}

/// The letters, and what may stand among them in the name of a command, that a text begins with.
fn first_word(text: &[u8]) -> &[u8] {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"$.-_".contains(byte);
    let end = text.iter().position(|byte| !is_part(byte));
    &text[..end.unwrap_or(text.len())]
}
