//! A small HTTP/1.1 server over a serial line, in 16 KiB of RAM: GET, HEAD, PUT, DELETE and OPTIONS
//! of a few resources, conditional by RFC 9110 section 13.
//!
//! Nothing here ever holds a header section. A line is read into a buffer of 256 bytes, given to
//! the fold, and overwritten by the next; that a line may be longer than that, see `request.rs`.
//!
//! - `PUT /clock` with an HTTP-date sets the time. Until then there is no `Date` and no
//!   `Last-Modified`, and entity tags do all the work. Without the feature `dates` it stays so.
//! - The end of a connection cannot be seen on a serial line. Where the end of a request is not
//!   known (`Connection: close` in the answer), the server waits for 50 ms of silence; and a client
//!   that says nothing for a second in the middle of a request is taken to be gone.
#![no_std]
#![no_main]

mod clock;
mod request;
mod store;
#[cfg(feature = "dates")]
mod time;
#[cfg(not(feature = "dates"))]
#[path = "timeless.rs"]
mod time;
mod uart;

use cortex_m::peripheral::{Peripherals, SCB};
use cortex_m_rt::entry;
use http_conditional::{Decision, EntityTag, Method, Preconditions, Representation};

use request::{Framing, Line, Read, Refusal, read_line, skip_line};
use store::{Content, Contents, MAX_PATH, MAX_RESOURCES, Store};
use time::{Clock, Now, last_modified};
use uart::{Silence, Uart};

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    SCB::sys_reset()
}

struct Server {
    uart: Uart,
    clock: Clock,
    store: Store,
    line: &'static mut Line,
    content: &'static mut Content,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Verb {
    Get,
    Head,
    Put,
    Delete,
    Options,
    Other,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Target {
    /// In the store, if it is there.
    Resource(Option<usize>),
    Clock,
    /// `*`: the server.
    Server,
}

/// The header section of a response; the fields that every one has stand elsewhere.
#[derive(Default)]
struct Head<'a> {
    status: &'static str,
    etag: Option<EntityTag<'a>>,
    last_modified: Option<[u8; 29]>,
    allow: bool,
    /// `None` where there is neither content nor a length of it to be told: 204 and 304.
    length: Option<usize>,
}

#[entry]
fn main() -> ! {
    // The entry point is run once, so it may lend them for ever.
    static mut CONTENTS: Contents = [const { Content::new() }; MAX_RESOURCES];
    static mut LINE: Line = Line::new();
    static mut CONTENT: Content = Content::new();

    if let Some(peripherals) = Peripherals::take() {
        clock::start(peripherals.SYST);
    }
    let mut server = Server {
        uart: Uart::start(),
        clock: Clock::default(),
        store: Store::new(CONTENTS),
        line: LINE,
        content: CONTENT,
    };
    server
        .store
        .put(b"/", b"http-conditional on a Cortex-M\n", Now::UNKNOWN);
    loop {
        // Where there is silence in the middle of a request, the next byte begins another.
        let _ = server.answer_next();
    }
}

impl Server {
    /// Reads a request and answers it.
    fn answer_next(&mut self) -> Result<(), Silence> {
        // Empty lines before a request are passed over (RFC 9112 section 2.2).
        let first = loop {
            let byte = self.uart.wait();
            if !matches!(byte, b'\r' | b'\n') {
                break byte;
            }
        };
        let mut framing = Framing::default();
        self.line.clear();
        let _ = self.line.push(first);
        if read_line(&mut self.uart, self.line)? == Read::Part {
            framing.refuse(Refusal::UriTooLong);
            skip_line(&mut self.uart)?;
        }
        let mut path = heapless::Vec::<u8, MAX_PATH>::new();
        let verb = read_request_line(self.line, &mut path, &mut framing);
        let now = self.clock.now();
        let target = match path.as_slice() {
            b"*" => Target::Server,
            path if time::CLOCK == Some(path) => Target::Clock,
            path => Target::Resource(self.store.find(path)),
        };

        // What is true of the resource now; the conditions are evaluated as they come in.
        let resource = match target {
            Target::Resource(Some(place)) => self.store.get(place),
            _ => None,
        };
        let selected = match (target, resource) {
            (_, Some((resource, _))) => resource.representation(now),
            (Target::Clock, None) if now.is_known() => Representation::current(),
            _ => Representation::ABSENT,
        };
        let method = match verb {
            Verb::Get => Method::Get,
            Verb::Head => Method::Head,
            Verb::Options => Method::Exempt,
            Verb::Put | Verb::Delete | Verb::Other => Method::Other,
        };
        let mut preconditions = Preconditions::with_policy(method, selected, now.policy());
        framing.read_header_section(&mut self.uart, self.line, &mut preconditions)?;

        // Every other check comes first (section 13.2.1): what is not going to be a 2xx has its
        // answer, whatever the conditions are.
        if let Some(refusal) = framing.refusal {
            return self.refuse(refusal, framing);
        }
        let head = match (verb, target) {
            (Verb::Options, _) => Some(Head {
                status: "204 No Content",
                allow: true,
                ..Head::default()
            }),
            (Verb::Other, _) | (_, Target::Server) | (Verb::Delete, Target::Clock) => Some(Head {
                status: "405 Method Not Allowed",
                allow: true,
                length: Some(0),
                ..Head::default()
            }),
            (Verb::Get | Verb::Head | Verb::Delete, _) if !selected.exists() => {
                Some(Head::of("404 Not Found"))
            }
            (Verb::Put, _) if !framing.is_chunked && framing.content_length.is_none() => {
                return self.refuse(Refusal::LengthRequired, framing);
            }
            (Verb::Put, _)
                if framing
                    .content_length
                    .is_some_and(|length| length as usize > store::MAX_CONTENT) =>
            {
                return self.refuse(Refusal::ContentTooLarge, framing);
            }
            (Verb::Put, Target::Resource(None)) if self.store.is_full() => {
                Some(Head::of("507 Insufficient Storage"))
            }
            _ => None,
        };
        let head = head.or(match preconditions.decide() {
            Decision::Perform | Decision::PerformIgnoringRange => None,
            // 15.4.5: with an ETag, a 304 has no Last-Modified.
            Decision::NotModified => Some(Head {
                status: "304 Not Modified",
                etag: selected.entity_tag(),
                last_modified: match selected.entity_tag() {
                    Some(_) => None,
                    None => last_modified(selected),
                },
                ..Head::default()
            }),
            Decision::PreconditionFailed => Some(Head {
                etag: selected.entity_tag(),
                ..Head::of("412 Precondition Failed")
            }),
        });
        // Perform the method.
        match (head, verb, target, resource) {
            (None, Verb::Put, ..) => return self.put(&path, target, framing),
            (Some(head), ..) => {
                let close = framing.closes_unread();
                respond(&mut self.uart, &head, now, close);
            }
            (None, Verb::Delete, Target::Resource(Some(place)), _) => {
                self.store.delete(place);
                let close = framing.closes_unread();
                respond(&mut self.uart, &Head::empty("204 No Content"), now, close);
            }
            (None, _, _, Some((_, content))) => {
                let head = Head {
                    status: "200 OK",
                    etag: selected.entity_tag(),
                    last_modified: last_modified(selected),
                    allow: false,
                    length: Some(content.len()),
                };
                respond(&mut self.uart, &head, now, framing.closes_unread());
                if verb == Verb::Get {
                    self.uart.write(content);
                }
            }
            (None, ..) => {
                let date = now.text().unwrap_or([b' '; 29]);
                let head = Head {
                    status: "200 OK",
                    length: Some(date.len()),
                    ..Head::default()
                };
                respond(&mut self.uart, &head, now, framing.closes_unread());
                if verb == Verb::Get {
                    self.uart.write(&date);
                }
            }
        }
        self.finish(framing)
    }

    /// The conditions of the PUT are true. Nobody else can write while its content comes in.
    fn put(&mut self, path: &[u8], target: Target, mut framing: Framing) -> Result<(), Silence> {
        if framing.expects_continue && framing.has_content() {
            self.uart.write(b"HTTP/1.1 100 Continue\r\n\r\n");
        }
        framing.expects_continue = false;
        framing.read_content(&mut self.uart, self.line, self.content)?;
        // It has been read.
        framing.content_length = None;
        framing.is_chunked = false;
        if let Some(refusal) = framing.refusal {
            return self.refuse(refusal, framing);
        }
        let mut now = self.clock.now();
        let head = if target == Target::Clock {
            if self.clock.set(self.content) {
                now = self.clock.now();
                Head::empty("204 No Content")
            } else {
                Head::of("422 Unprocessable Content")
            }
        } else {
            let created = self.store.find(path).is_none();
            let stored = self.store.put(path, self.content, now);
            match stored.and_then(|place| self.store.get(place)) {
                // It is stored as it was sent, so the response may have its validators (9.3.4).
                Some((resource, _)) => Head {
                    status: if created {
                        "201 Created"
                    } else {
                        "204 No Content"
                    },
                    etag: resource.tag(),
                    last_modified: last_modified(resource.representation(now)),
                    allow: false,
                    length: created.then_some(0),
                },
                None => Head::of("507 Insufficient Storage"),
            }
        };
        respond(&mut self.uart, &head, now, framing.wants_close);
        Ok(())
    }

    fn refuse(&mut self, refusal: Refusal, framing: Framing) -> Result<(), Silence> {
        let status = match refusal {
            Refusal::BadRequest => "400 Bad Request",
            Refusal::LengthRequired => "411 Length Required",
            Refusal::ContentTooLarge => "413 Content Too Large",
            Refusal::UriTooLong => "414 URI Too Long",
            Refusal::HeaderFieldsTooLarge => "431 Request Header Fields Too Large",
            Refusal::VersionNotSupported => "505 HTTP Version Not Supported",
        };
        let close = framing.closes_unread();
        respond(&mut self.uart, &Head::of(status), self.clock.now(), close);
        self.finish(framing)
    }

    /// Gets to the end of a request whose content nobody wants.
    fn finish(&mut self, mut framing: Framing) -> Result<(), Silence> {
        if !framing.is_lost && !framing.expects_continue && framing.has_content() {
            framing.read_content(&mut self.uart, self.line, self.content)?;
        }
        if framing.is_lost || framing.expects_continue && framing.has_content() {
            self.uart.drain();
        }
        Ok(())
    }
}

impl Framing {
    /// Whether the answer says that it is the last on this connection: because the client wants it
    /// so, or because the content, of which the client may send any part, is not read.
    fn closes_unread(&self) -> bool {
        self.wants_close
            || self.is_lost
            || self.expects_continue && self.has_content()
            || self.content_length.is_some_and(|length| length > 0x1_0000)
    }
}

impl Head<'_> {
    /// With no content, and so with no field that says so.
    fn empty(status: &'static str) -> Self {
        Self {
            status,
            ..Self::default()
        }
    }

    /// With content of no length.
    fn of(status: &'static str) -> Self {
        Self {
            length: Some(0),
            ..Self::empty(status)
        }
    }
}

/// ```abnf
/// request-line = method SP request-target SP HTTP-version
/// ```
fn read_request_line(
    line: &[u8],
    path: &mut heapless::Vec<u8, MAX_PATH>,
    framing: &mut Framing,
) -> Verb {
    let mut words = line.split(|&byte| byte == b' ');
    let (Some(method), Some(target), Some(version), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        framing.refuse(Refusal::BadRequest);
        return Verb::Other;
    };
    match version {
        b"HTTP/1.1" => {}
        b"HTTP/1.0" => {
            framing.wants_close = true;
            framing.may_lack_host = true;
        }
        [b'H', b'T', b'T', b'P', b'/', ..] => framing.refuse(Refusal::VersionNotSupported),
        _ => framing.refuse(Refusal::BadRequest),
    }
    // An absolute URI is the same without its scheme and its authority (RFC 9112 section 3.2.2).
    let target = match target.strip_prefix(b"http://") {
        Some(rest) => {
            let slash = rest.iter().position(|&byte| byte == b'/');
            slash.and_then(|slash| rest.get(slash..)).unwrap_or(b"/")
        }
        None => target,
    };
    let without_query = target.split(|&byte| byte == b'?').next().unwrap_or(b"/");
    if path.extend_from_slice(without_query).is_err() {
        framing.refuse(Refusal::UriTooLong);
    } else if !matches!(without_query, [b'/', ..] | b"*") {
        framing.refuse(Refusal::BadRequest);
    }
    match method {
        b"GET" => Verb::Get,
        b"HEAD" => Verb::Head,
        b"PUT" => Verb::Put,
        b"DELETE" => Verb::Delete,
        b"OPTIONS" => Verb::Options,
        _ => Verb::Other,
    }
}

fn respond(uart: &mut Uart, head: &Head<'_>, now: Now, close: bool) {
    uart.write(b"HTTP/1.1 ");
    uart.write(head.status.as_bytes());
    if let Some(date) = now.text() {
        uart.write(b"\r\nDate: ");
        uart.write(&date);
    }
    if let Some(tag) = head.etag {
        let mut buffer = [0; 20];
        uart.write(b"\r\nETag: ");
        uart.write(tag.encode(&mut buffer).unwrap_or_default());
    }
    if let Some(date) = head.last_modified {
        uart.write(b"\r\nLast-Modified: ");
        uart.write(&date);
    }
    if head.allow {
        uart.write(b"\r\nAllow: GET, HEAD, PUT, DELETE, OPTIONS");
    }
    if let Some(length) = head.length {
        uart.write(b"\r\nContent-Length: ");
        write_decimal(uart, length);
    }
    if close {
        uart.write(b"\r\nConnection: close");
    }
    uart.write(b"\r\n\r\n");
}

fn write_decimal(uart: &mut Uart, number: usize) {
    let mut digits = heapless::Vec::<u8, 10>::new();
    let mut rest = number;
    loop {
        let _ = digits.push(b'0' + (rest % 10) as u8);
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    digits.reverse();
    uart.write(&digits);
}
