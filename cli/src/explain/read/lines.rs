//! Bytes into lines, and the marks that curl and terminals put before them.

use std::borrow::Cow;

/// A line, without its mark, its end, and white space around it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'a> {
    /// From 1.
    pub(super) number: usize,
    /// Where it begins in the text.
    pub(super) offset: usize,
    /// How many bytes of white space were before it.
    pub(super) indent: usize,
    pub(super) text: &'a [u8],
    /// Which side of the connection it is of, where a mark says so.
    pub(super) side: Option<Side>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Request,
    Answer,
}

impl Line<'_> {
    /// Whether it is the first line of a head, and marked as curl marks it.
    pub(super) fn is_marked_head(&self) -> bool {
        match self.side {
            Some(Side::Request) => super::heads::request_line(self.text).is_some(),
            Some(Side::Answer) => super::heads::status_line(self.text).is_some(),
            None => false,
        }
    }
}

/// UTF-8 from the UTF-16 that PowerShell writes, and without a byte order mark or the escape
/// sequences of a terminal.
pub(super) fn decode(bytes: &[u8]) -> Cow<'_, [u8]> {
    let text: Cow<'_, [u8]> = match bytes {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes).into(),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes).into(),
        _ => bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).into(),
    };
    if text.contains(&0x1b) {
        without_escapes(&text).into()
    } else {
        text
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Vec<u8> {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let text: String = char::decode_utf16(units)
        .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect();
    text.into_bytes()
}

/// Without `ESC [ .. letter`, by which curl makes names bold.
fn without_escapes(text: &[u8]) -> Vec<u8> {
    let mut kept = Vec::with_capacity(text.len());
    let mut rest = text.iter().copied().peekable();
    while let Some(byte) = rest.next() {
        if byte == 0x1b && rest.next_if_eq(&b'[').is_some() {
            while rest
                .next_if(|byte| matches!(byte, b'0'..=b'9' | b';'))
                .is_some()
            {}
            rest.next_if(u8::is_ascii_alphabetic);
        } else {
            kept.push(byte);
        }
    }
    kept
}

/// The lines of a text, without curl's marks.
pub(super) fn split(text: &[u8]) -> Vec<Line<'_>> {
    let mut offset = 0;
    let lines = text.split(|&byte| byte == b'\n').enumerate();
    lines
        .map(|(index, line)| {
            let begins = offset;
            offset += line.len() + 1;
            // curl draws its progress over and over in one line, which has no end of its own.
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            let line = line.rsplit(|&byte| byte == b'\r').next().unwrap_or(line);
            let indent = line
                .iter()
                .take_while(|byte| matches!(byte, b' ' | b'\t'))
                .count();
            let (side, text) = unmarked(line.trim_ascii());
            Line {
                number: index + 1,
                offset: begins,
                indent,
                text,
                side,
            }
        })
        .collect()
}

/// A line without `> ` or `< `, and without what curl may have drawn before that.
fn unmarked(line: &[u8]) -> (Option<Side>, &[u8]) {
    let drawn = |byte: &&u8| byte.is_ascii_digit() || b" :-.%kMGTPE".contains(byte);
    let progress = line.iter().take_while(drawn).count();
    let is_drawn = line[..progress]
        .windows(8)
        .any(|part| part == b"--:--:--" || part[2] == b':' && part[5] == b':');
    let marked = if is_drawn { &line[progress..] } else { line };
    let side = match marked.first() {
        Some(b'>') => Side::Request,
        Some(b'<') => Side::Answer,
        _ => return (None, line),
    };
    match &marked[1..] {
        [] => (Some(side), &[]),
        [b' ', rest @ ..] => (Some(side), rest.trim_ascii()),
        _ => (None, line),
    }
}

/// Without what a shell writes before a command: `$ `, `user@host:~$ `, `C:\>`, `PS C:\> `.
pub(super) fn without_prompt(text: &[u8]) -> &[u8] {
    let line = text.split(|&byte| byte == b'\n').next().unwrap_or(text);
    let before = line.windows(4).position(|word| word == b"curl");
    let Some(before) = before else { return text };
    let written = &line[..before];
    let prompt = written.trim_ascii_end();
    let is_prompt = match prompt.last() {
        Some(b'$' | b'#' | b'%' | b'>') if prompt.len() < written.len() => true,
        // Windows leaves no space behind it.
        Some(b'>') => prompt.get(1..3) == Some(b":\\"),
        _ => false,
    };
    if is_prompt { &text[before..] } else { text }
}
