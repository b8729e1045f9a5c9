//! Reading a request (RFC 9112), a line at a time, in a buffer for one line.

use heapless::Vec;
use http_conditional::{Field, Preconditions};

use crate::store::Content;
use crate::uart::{Silence, Uart};

pub const MAX_LINE: usize = 256;

pub type Line = Vec<u8, MAX_LINE>;

/// How much of a line is in the buffer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Read {
    /// All of it, without its end.
    Whole,
    /// As much as there is room for; more is to come.
    Part,
}

/// Reads on at the end of what is in the buffer already.
pub fn read_line(uart: &mut Uart, line: &mut Line) -> Result<Read, Silence> {
    while !line.is_full() {
        match uart.read()? {
            b'\n' => {
                if line.last() == Some(&b'\r') {
                    line.pop();
                }
                return Ok(Read::Whole);
            }
            byte => {
                let _ = line.push(byte); // there is room
            }
        }
    }
    Ok(Read::Part)
}

pub fn skip_line(uart: &mut Uart) -> Result<(), Silence> {
    while uart.read()? != b'\n' {}
    Ok(())
}

/// Why a request is refused before it is looked into any further.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    BadRequest,
    LengthRequired,
    ContentTooLarge,
    UriTooLong,
    HeaderFieldsTooLarge,
    VersionNotSupported,
}

/// What the header section says beside the conditions: where the request ends.
#[derive(Default)]
pub struct Framing {
    pub refusal: Option<Refusal>,
    /// Where the request ends is not known, or nobody wants to read that far.
    pub is_lost: bool,
    pub content_length: Option<u32>,
    pub is_chunked: bool,
    pub expects_continue: bool,
    pub wants_close: bool,
    /// HTTP/1.0 did not have it.
    pub may_lack_host: bool,
    hosts: u8,
}

impl Framing {
    pub fn refuse(&mut self, refusal: Refusal) {
        self.refusal = self.refusal.or(Some(refusal));
    }

    fn lose(&mut self) {
        self.refuse(Refusal::BadRequest);
        self.is_lost = true;
    }

    /// Reads the header section. Each line is given to the fold and then forgotten: there is never
    /// more than one in memory, and of a long one not even that.
    pub fn read_header_section(
        &mut self,
        uart: &mut Uart,
        line: &mut Line,
        preconditions: &mut Preconditions<'_>,
    ) -> Result<(), Silence> {
        loop {
            line.clear();
            let read = read_line(uart, line)?;
            if line.is_empty() {
                break;
            }
            let colon = line.iter().position(|&byte| byte == b':');
            let (name, value) = match colon.and_then(|colon| line.split_at_checked(colon)) {
                Some((name, [b':', value @ ..])) => (name, value),
                // A name that is longer than the buffer is none of those that matter here.
                _ if read == Read::Part => {
                    skip_line(uart)?;
                    continue;
                }
                _ => {
                    self.lose();
                    continue;
                }
            };
            // RFC 9112 sections 5.1 and 5.2: no white space before the colon, no folded lines.
            let is_token =
                |byte: &u8| byte.is_ascii_graphic() && !b"\"(),/:;<=>?@[\\]{}".contains(byte);
            if name.is_empty() || !name.iter().all(is_token) {
                self.lose();
            }
            // 9110 section 5.5: a CR or NUL is invalid and dangerous.
            if value.iter().any(|byte| matches!(byte, b'\r' | 0)) {
                self.refuse(Refusal::BadRequest);
            }
            match (read, Field::from_name(name)) {
                (Read::Whole, Some(_)) => preconditions.field(name, value),
                (Read::Whole, None) => self.line(name, value),
                (Read::Part, Some(field)) => {
                    self.long_condition(uart, line, field, preconditions)?;
                }
                (Read::Part, None) => {
                    self.long_line(name);
                    skip_line(uart)?;
                }
            }
        }
        if self.hosts > 1 || self.hosts == 0 && !self.may_lack_host {
            self.refuse(Refusal::BadRequest);
        }
        if self.is_chunked && self.content_length.is_some() {
            self.lose(); // a request that two servers may end at two places
        }
        Ok(())
    }

    /// A conditional field whose line does not fit into the buffer. A list is given to the fold in
    /// pieces, cut where there is a comma between two tags: as if it had come in several lines,
    /// which makes no difference. So it may be of any length. One tag that does not fit cannot
    /// be read; that the client is told.
    fn long_condition(
        &mut self,
        uart: &mut Uart,
        line: &mut Line,
        field: Field,
        preconditions: &mut Preconditions<'_>,
    ) -> Result<(), Silence> {
        let name = field.name().as_bytes();
        if field == Field::Range {
            preconditions.field(name, b""); // only whether it is there
            return skip_line(uart);
        }
        if !matches!(field, Field::IfMatch | Field::IfNoneMatch) {
            self.refuse(Refusal::HeaderFieldsTooLarge);
            return skip_line(uart);
        }
        take_front(line, name.len() + 1);
        loop {
            if read_line(uart, line)? == Read::Whole {
                preconditions.field(name, line);
                return Ok(());
            }
            let mut quoted = false;
            let mut cut = None;
            for (place, byte) in line.iter().enumerate() {
                match byte {
                    b'"' => quoted = !quoted,
                    b',' if !quoted => cut = Some(place),
                    _ => {}
                }
            }
            let Some(cut) = cut else {
                self.refuse(Refusal::HeaderFieldsTooLarge);
                return skip_line(uart);
            };
            if let Some(piece) = line.get(..cut) {
                preconditions.field(name, piece);
            }
            take_front(line, cut + 1);
        }
    }

    fn line(&mut self, name: &[u8], value: &[u8]) {
        let value = value.trim_ascii();
        if name.eq_ignore_ascii_case(b"host") {
            self.hosts = self.hosts.saturating_add(1);
        } else if name.eq_ignore_ascii_case(b"content-length") {
            match decimal(value) {
                Some(length) if self.content_length.is_none_or(|other| other == length) => {
                    self.content_length = Some(length);
                }
                _ => self.lose(),
            }
        } else if name.eq_ignore_ascii_case(b"transfer-encoding") {
            if self.is_chunked || !value.eq_ignore_ascii_case(b"chunked") {
                self.refuse(Refusal::LengthRequired);
                self.is_lost = true;
            }
            self.is_chunked = true;
        } else if name.eq_ignore_ascii_case(b"connection") {
            let mut options = value.split(|&byte| byte == b',');
            self.wants_close |=
                options.any(|option| option.trim_ascii().eq_ignore_ascii_case(b"close"));
        } else if name.eq_ignore_ascii_case(b"expect") {
            self.expects_continue |= value.eq_ignore_ascii_case(b"100-continue");
        }
    }

    /// A field that is not conditional, and whose line does not fit into the buffer: most are none
    /// of ours.
    fn long_line(&mut self, name: &[u8]) {
        if name.eq_ignore_ascii_case(b"host") {
            self.hosts = self.hosts.saturating_add(1);
        } else if name.eq_ignore_ascii_case(b"content-length")
            || name.eq_ignore_ascii_case(b"transfer-encoding")
        {
            self.lose();
        } else if name.eq_ignore_ascii_case(b"connection") {
            self.wants_close = true;
        }
    }

    pub fn has_content(&self) -> bool {
        self.is_chunked || self.content_length.is_some_and(|length| length > 0)
    }

    /// Reads the content, and its trailer section, if there is one. What does not fit into `content`
    /// is thrown away, and the request refused.
    pub fn read_content(
        &mut self,
        uart: &mut Uart,
        line: &mut Line,
        content: &mut Content,
    ) -> Result<(), Silence> {
        content.clear();
        if !self.is_chunked {
            return self.read_bytes(uart, content, self.content_length.unwrap_or(0));
        }
        loop {
            line.clear();
            let size = match read_line(uart, line)? {
                Read::Whole => line
                    .split(|&byte| byte == b';')
                    .next()
                    .and_then(hexadecimal),
                Read::Part => None,
            };
            match size {
                Some(0) => break,
                Some(size) => {
                    self.read_bytes(uart, content, size)?;
                    line.clear();
                    if read_line(uart, line)? == Read::Part || !line.is_empty() {
                        self.lose();
                    }
                }
                None => self.lose(),
            }
            if self.is_lost {
                return Ok(());
            }
        }
        loop {
            line.clear();
            match read_line(uart, line)? {
                Read::Whole if line.is_empty() => return Ok(()),
                Read::Whole => {}
                Read::Part => skip_line(uart)?,
            }
        }
    }

    fn read_bytes(
        &mut self,
        uart: &mut Uart,
        content: &mut Content,
        length: u32,
    ) -> Result<(), Silence> {
        /// More than this is not even thrown away.
        const TOO_MUCH: u32 = 0x1_0000;
        if length > TOO_MUCH {
            self.refuse(Refusal::ContentTooLarge);
            self.is_lost = true;
            return Ok(());
        }
        for _ in 0..length {
            if content.push(uart.read()?).is_err() {
                self.refuse(Refusal::ContentTooLarge);
            }
        }
        Ok(())
    }
}

/// Moves what is behind the first `count` bytes to the front.
fn take_front(line: &mut Line, count: usize) {
    let count = count.min(line.len());
    line.rotate_left(count);
    line.truncate(line.len() - count);
}

fn decimal(digits: &[u8]) -> Option<u32> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_u32, |number, digit| match digit {
        b'0'..=b'9' => Some(
            number
                .saturating_mul(10)
                .saturating_add(u32::from(digit - b'0')),
        ),
        _ => None,
    })
}

fn hexadecimal(digits: &[u8]) -> Option<u32> {
    let digits = digits.trim_ascii();
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_u32, |number, digit| {
        let digit = char::from(*digit).to_digit(16)?;
        Some(number.saturating_mul(16).saturating_add(digit))
    })
}
