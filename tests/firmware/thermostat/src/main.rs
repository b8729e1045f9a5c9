//! A thermostat with a page and two settings, on a Cortex-M0 without a clock: HTTP/1.1 over a serial
//! line in 8 KiB of RAM, 2 of them for the stack.
//!
//! It does what a server on any machine does with this crate. A read is a response with status 200
//! and its fields, and [`Reply`] makes of it what the request asks for: a 206, a 304, a 412 or a
//! 416. Before a write, [`admit`] says whether it may be performed. The conditions are kept until
//! then in a [`KeptFields`](http_conditional::KeptFields), which needs no allocator.
//!
//! There is no clock, so there is no `Date`, no `Last-Modified`, and no condition on a date: the
//! feature `dates` is off, and a field with a date is ignored, as it is for everything that has no
//! modification date (RFC 9110 sections 13.1.3 and 13.1.4). The entity tags do all the work.
#![no_std]
#![no_main]

mod request;
mod resources;
mod stack;
mod uart;

use cortex_m::peripheral::{Peripherals, SCB};
use cortex_m_rt::entry;
use http_conditional::{
    AdmitPolicy, Change, Content, FieldValue, Method, Reply, ReplyPolicy, Representation, admit,
};

use request::Request;
use resources::{MAX_SETTING, PAGE, PAGE_TAG, Setting, TAG_LEN, Target, written};
use uart::{Silence, Uart};

/// For the lines of a header section that count, and one more: see `request.rs`.
const ROOM: usize = 512;

/// Nobody overwrites a setting that they have not seen.
const WRITES: AdmitPolicy = AdmitPolicy::new().require_strong_guard();
const READS: ReplyPolicy = ReplyPolicy::new();

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    SCB::sys_reset()
}

#[entry]
fn main() -> ! {
    // The entry point is run once, so it may lend them for ever.
    static mut SETTINGS: [Setting; 2] = [Setting::new(b"Hall\n"), Setting::new(b"20.5\n")];
    static mut ROOM_FOR_LINES: [u8; ROOM] = [0; ROOM];

    let Some(peripherals) = Peripherals::take() else {
        SCB::sys_reset();
    };
    let mut device = Device {
        uart: Uart::start(peripherals.SYST),
        settings: SETTINGS,
    };
    loop {
        // Where there is silence in the middle of a request, the next byte begins another.
        let _ = device.answer_next(ROOM_FOR_LINES);
    }
}

struct Device {
    uart: Uart,
    settings: &'static mut [Setting; 2],
}

impl Device {
    /// Reads a request and answers it.
    fn answer_next(&mut self, room: &mut [u8]) -> Result<(), Silence> {
        let mut request = Request::read(&mut self.uart, room)?;
        // Every other check comes before the conditions (section 13.2.1).
        let is_read = matches!(request.method, Method::Get | Method::Head);
        match request.target {
            None => request.refuse(404),
            Some(Target::Setting(_)) if is_read || request.is_put => {}
            Some(_) if is_read => {}
            Some(_) => request.refuse(405),
        }
        if request.is_put {
            match request.content_length {
                None => request.refuse(411),
                Some(length) if length as usize > MAX_SETTING => request.refuse(413),
                Some(_) => {}
            }
        }
        match (request.refusal, request.target) {
            (None, Some(Target::Setting(place))) if request.is_put => {
                return self.set(place, &request);
            }
            (None, Some(target)) => self.show(target, &request),
            (refusal, _) => {
                respond(&mut self.uart, refusal.unwrap_or(404), &request);
                field(&mut self.uart, "content-length", b"0");
                end(&mut self.uart);
            }
        }
        self.finish(&request)
    }

    /// The response to a GET or HEAD: that of status 200, and what the request makes of it.
    // Its own frame, so that the stack never has room for this and a write.
    #[inline(never)]
    fn show(&mut self, target: Target, request: &Request<'_>) {
        let setting_tag;
        let mut digits = [0; 10];
        let (media_type, tag, content) = match target {
            Target::Page => ("text/html; charset=utf-8", Some(PAGE_TAG.as_tag()), PAGE),
            Target::Setting(place) => {
                let Some(setting) = self.settings.get(place) else {
                    return;
                };
                setting_tag = setting.tag();
                let content = setting.content();
                ("text/plain", Some(setting_tag.as_tag()), content)
            }
            // It may be another the next moment, so it has no tag.
            Target::Stack => {
                let number = decimal(stack::high_water_mark(), &mut digits);
                ("text/plain", None, number)
            }
        };
        let mut buffer = [0; TAG_LEN];
        let fields = [
            ("content-type", media_type.as_bytes()),
            ("cache-control", b"no-cache"),
            ("etag", tag.map_or(&[], |tag| written(tag, &mut buffer))),
        ];
        let fields = fields.iter().take(if tag.is_some() { 3 } else { 2 });

        let reply = Reply::new(
            request.method,
            &request.conditions,
            200,
            fields.clone(),
            Some(content.len() as u64),
            &READS,
        );
        respond(&mut self.uart, reply.status(), request);
        for (name, value) in fields {
            if reply.keeps(name.as_bytes()) {
                field(&mut self.uart, name, value);
            }
        }
        for change in reply.changes() {
            if let Change::Set(name, value) = change {
                set_field(&mut self.uart, name, value);
            }
        }
        if matches!(reply.status(), 412 | 416) {
            field(&mut self.uart, "content-length", b"0");
        }
        end(&mut self.uart);
        match reply.into_content() {
            Content::Head => {}
            sent => self.uart.write(sent.of(content)),
        }
    }

    /// The response to a PUT. Nobody else can write between the question and the write, as there is
    /// nobody else.
    #[inline(never)]
    fn set(&mut self, place: usize, request: &Request<'_>) -> Result<(), Silence> {
        let Some(setting) = self.settings.get_mut(place) else {
            return Ok(());
        };
        let tag = setting.tag();
        let current = Representation::current().etag(tag.as_tag());
        let admitted = match admit(Method::Other, &request.conditions, current, &WRITES) {
            Ok(admitted) => admitted,
            Err(refusal) => {
                respond(&mut self.uart, refusal.status(), request);
                for (name, value) in refusal.fields() {
                    set_field(&mut self.uart, name, value);
                }
                field(&mut self.uart, "content-length", b"0");
                end(&mut self.uart);
                return self.finish(request);
            }
        };
        if request.expects_continue {
            self.uart.write(b"HTTP/1.1 100 Continue\r\n\r\n");
        }
        let mut content = [0; MAX_SETTING];
        let length = request.content_length.unwrap_or(0) as usize;
        let mut places = content.iter_mut().take(length);
        places.try_for_each(|place| self.uart.read().map(|byte| *place = byte))?;
        setting.write(content.get(..length).unwrap_or_default());

        // It is stored as it was sent, so the response may have its validators (section 9.3.4).
        let tag = setting.tag();
        let new = Representation::current().etag(tag.as_tag());
        respond(&mut self.uart, admitted.status_of_put(), request);
        for (name, value) in new.after_put(true).fields() {
            set_field(&mut self.uart, name, value);
        }
        end(&mut self.uart);
        Ok(())
    }

    /// Gets to the end of a request whose content nobody wants.
    fn finish(&mut self, request: &Request<'_>) -> Result<(), Silence> {
        match request.unread() {
            Some(length) => (0..length).try_for_each(|_| self.uart.read().map(drop)),
            // What comes before there is silence is not the next request.
            None => loop {
                self.uart.read()?;
            },
        }
    }
}

fn respond(uart: &mut Uart, status: u16, request: &Request<'_>) {
    uart.write(b"HTTP/1.1 ");
    uart.write(match status {
        200 => b"200 OK",
        204 => b"204 No Content",
        206 => b"206 Partial Content",
        304 => b"304 Not Modified",
        404 => b"404 Not Found",
        405 => b"405 Method Not Allowed",
        411 => b"411 Length Required",
        412 => b"412 Precondition Failed",
        413 => b"413 Content Too Large",
        414 => b"414 URI Too Long",
        416 => b"416 Range Not Satisfiable",
        428 => b"428 Precondition Required",
        431 => b"431 Request Header Fields Too Large",
        _ => b"400 Bad Request",
    });
    uart.write(b"\r\n");
    if status == 405 {
        field(uart, "allow", b"GET, HEAD, PUT");
    }
    if request.wants_close || request.unread().is_none() && !matches!(status, 204) {
        field(uart, "connection", b"close");
    }
}

fn field(uart: &mut Uart, name: &str, value: &[u8]) {
    uart.write(name.as_bytes());
    uart.write(b": ");
    uart.write(value);
    uart.write(b"\r\n");
}

fn set_field(uart: &mut Uart, name: &str, value: FieldValue<'_>) {
    let mut buffer = [0; FieldValue::MAX_LEN];
    field(uart, name, value.encode(&mut buffer).unwrap_or_default());
}

fn end(uart: &mut Uart) {
    uart.write(b"\r\n");
}

fn decimal(number: u32, digits: &mut [u8; 10]) -> &[u8] {
    let mut rest = number;
    let mut start = digits.len();
    for place in digits.iter_mut().rev() {
        *place = b'0' + (rest % 10) as u8;
        start -= 1;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    digits.get(start..).unwrap_or_default()
}
