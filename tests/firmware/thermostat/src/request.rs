//! Reading a request (RFC 9112) into a few hundred bytes.

use core::mem;

use http_conditional::{Field, KeptFields, Method};

use crate::resources::Target;
use crate::uart::{Silence, Uart};

/// What there is to know of a request when its header section has been read.
pub struct Request<'b> {
    pub method: Method,
    pub is_put: bool,
    pub target: Option<Target>,
    /// The lines that the conditions are in, and the Range.
    pub conditions: KeptFields<&'b [u8]>,
    pub content_length: Option<u32>,
    pub expects_continue: bool,
    pub wants_close: bool,
    hosts: u8,
    /// HTTP/1.0 did not have it.
    may_lack_host: bool,
    /// The status to refuse it with, before anything else is looked at.
    pub refusal: Option<u16>,
    /// Where the request ends is not known.
    pub is_lost: bool,
}

impl<'b> Request<'b> {
    /// Reads up to the end of the header section. A line is read into what is left of `room`: it
    /// stays there if it is one of those that count, and the next is read over it if not.
    #[inline(never)]
    pub fn read(uart: &mut Uart, mut room: &'b mut [u8]) -> Result<Self, Silence> {
        // Empty lines before a request are passed over (RFC 9112 section 2.2).
        let first = loop {
            match uart.wait() {
                b'\r' | b'\n' => {}
                byte => break byte,
            }
        };
        if let Some(place) = room.first_mut() {
            *place = first;
        }
        let mut request = match read_line(uart, room, 1)? {
            Read::Whole(line) => Self::of_line(line),
            Read::Part(_) => Self {
                refusal: Some(414),
                ..Self::of_line(b"")
            },
        };
        loop {
            let (line, is_whole) = match read_line(uart, room, 0)? {
                Read::Whole(line) => (line, true),
                Read::Part(line) => (line, false),
            };
            if line.is_empty() && is_whole {
                // RFC 9112 section 3.2.
                if request.hosts > 1 || request.hosts == 0 && !request.may_lack_host {
                    request.refuse(400);
                }
                return Ok(request);
            }
            let length = line.len();
            let mut words = line.splitn(2, |&byte| byte == b':');
            let (Some(name), Some(value)) = (words.next(), words.next()) else {
                request.lose(if is_whole { 400 } else { 431 });
                continue;
            };
            if !name.iter().all(|byte| byte.is_ascii_graphic()) || name.is_empty() {
                request.lose(400); // a folded line, or white space before the colon
            }
            match (Field::from_name(name), is_whole) {
                (Some(field), true) => {
                    let value_from = name.len() + 1;
                    let (line, rest) = mem::take(&mut room).split_at_mut(length);
                    room = rest;
                    let value = line.get(value_from..).unwrap_or_default();
                    request.conditions.push(field, value);
                }
                (None, true) => request.field(name, value.trim_ascii()),
                // It would be judged by a part of its value.
                (Some(_), false) => request.refuse(431),
                (None, false) if is_framing(name) => request.lose(431),
                (None, false) => {}
            }
        }
    }

    /// ```abnf
    /// request-line = method SP request-target SP HTTP-version
    /// ```
    fn of_line(line: &[u8]) -> Self {
        let mut words = line.split(|&byte| byte == b' ');
        let [method, target, version] = [(); 3].map(|()| words.next().unwrap_or_default());
        let is_valid = version.starts_with(b"HTTP/1.") && words.next().is_none();
        Self {
            method: Method::from_bytes(method),
            is_put: method == b"PUT",
            target: Target::at(target),
            conditions: KeptFields::new(),
            content_length: None,
            expects_continue: false,
            wants_close: version == b"HTTP/1.0",
            hosts: 0,
            may_lack_host: version == b"HTTP/1.0",
            refusal: if is_valid { None } else { Some(400) },
            is_lost: false,
        }
    }

    fn field(&mut self, name: &[u8], value: &[u8]) {
        if name.eq_ignore_ascii_case(b"host") {
            self.hosts = self.hosts.saturating_add(1);
        } else if name.eq_ignore_ascii_case(b"content-length") {
            match decimal(value) {
                Some(length) if self.content_length.is_none_or(|other| other == length) => {
                    self.content_length = Some(length);
                }
                _ => self.lose(400),
            }
        } else if name.eq_ignore_ascii_case(b"transfer-encoding") {
            self.lose(411);
        } else if name.eq_ignore_ascii_case(b"connection") {
            self.wants_close |= value.eq_ignore_ascii_case(b"close");
        } else if name.eq_ignore_ascii_case(b"expect") {
            self.expects_continue |= value.eq_ignore_ascii_case(b"100-continue");
        }
    }

    /// The first reason is the one that is told.
    pub fn refuse(&mut self, status: u16) {
        self.refusal = self.refusal.or(Some(status));
    }

    fn lose(&mut self, status: u16) {
        self.refuse(status);
        self.is_lost = true;
    }

    /// How many bytes of content there are to read over where nobody wants them. `None` where the
    /// connection is closed instead: they may never come, or be too many.
    pub fn unread(&self) -> Option<u32> {
        /// More than this is not even thrown away.
        const TOO_MUCH: u32 = 4096;
        let length = self.content_length.unwrap_or(0);
        let may_not_come = self.expects_continue && length > 0;
        (!self.is_lost && !may_not_come && length <= TOO_MUCH).then_some(length)
    }
}

/// Where the request ends depends on them.
fn is_framing(name: &[u8]) -> bool {
    name.eq_ignore_ascii_case(b"content-length") || name.eq_ignore_ascii_case(b"transfer-encoding")
}

/// A line without its end.
enum Read<'l> {
    Whole(&'l [u8]),
    /// As much as there was room for. The rest is gone.
    Part(&'l [u8]),
}

/// Reads a line behind what is there of it already.
fn read_line<'l>(uart: &mut Uart, room: &'l mut [u8], already: usize) -> Result<Read<'l>, Silence> {
    let mut length = already;
    loop {
        let byte = uart.read()?;
        if byte == b'\n' {
            break;
        }
        if let Some(place) = room.get_mut(length) {
            *place = byte;
        }
        length = length.saturating_add(1);
    }
    Ok(match room.get(..length) {
        Some(line) => Read::Whole(line.strip_suffix(b"\r").unwrap_or(line)),
        None => Read::Part(room),
    })
}

fn decimal(digits: &[u8]) -> Option<u32> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_u32, |number, digit| {
        let digit = char::from(*digit).to_digit(10)?;
        Some(number.saturating_mul(10).saturating_add(digit))
    })
}
