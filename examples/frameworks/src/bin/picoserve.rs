//! picoserve, a server for devices: all but `main` and the clock is `core`, with nothing allocated.
//! It serves no ranges: Range may be ignored.

use core::cell::RefCell;
use std::rc::Rc;

use heapless::{LinearMap, String, Vec};
use http_conditional::{
    AdmitPolicy, DigestTag, HttpDate, Reply, ReplyPolicy, Representation, admit,
};
use picoserve::io::Read;
use picoserve::request::{Request, RequestParts};
use picoserve::response::{
    ErrorWithStatusCode, IntoResponse, NoContent, Response, ResponseWriter, StatusCode,
};
use picoserve::routing::{PathRouter, RequestHandlerService, get_service, parse_path_segment};
use picoserve::time::Duration;
use picoserve::{ResponseSent, Router};
use sha2::{Digest, Sha256};

type Name = String<32>;

/// One thread serves all connections, and what is borrowed is given back before it waits for
/// anything: that is all the lock a write needs here.
struct Notes {
    /// A device without one has no `Date` and no `Last-Modified`.
    clock: fn() -> HttpDate,
    notes: RefCell<LinearMap<Name, Note, 8>>,
}

#[derive(Clone)]
struct Note {
    text: Vec<u8, 256>,
    etag: DigestTag<16>,
    modified: HttpDate,
}

impl Note {
    /// `None` where the text is too long.
    fn new(text: &[u8], modified: HttpDate) -> Option<Self> {
        Some(Self {
            text: Vec::from_slice(text).ok()?,
            etag: DigestTag::new(Sha256::digest(text)[..16].try_into().ok()?),
            modified,
        })
    }

    fn representation(&self) -> Representation<'_> {
        Representation::current()
            .etag(self.etag.as_tag())
            .last_modified(self.modified)
    }

    /// The fields of a 200, but for those that picoserve writes for the content.
    fn fields(&self, now: HttpDate) -> [Line; 5] {
        [
            line("Cache-Control", "no-cache"),
            line("Date", now),
            line("ETag", self.etag),
            line("Last-Modified", self.modified),
            line("Vary", "Accept-Encoding"),
        ]
    }
}

/// A field line: the longest value is that of a tag.
type Line = (&'static str, String<34>);

fn line(name: &'static str, value: impl core::fmt::Display) -> Line {
    (name, heapless::format!("{value}").unwrap_or_default())
}

/// Names and values as they came, whatever bytes they are.
fn lines<'r>(parts: &RequestParts<'r>) -> impl Iterator<Item = (&'r [u8], &'r [u8])> {
    let lines = parts.headers().into_iter();
    lines.map(|(name, value)| (name.as_raw(), value.as_raw()))
}

struct GetNote;

/// Also for HEAD: picoserve leaves the content out.
impl RequestHandlerService<Notes, (Name,)> for GetNote {
    async fn call_request_handler_service<R: Read, W: ResponseWriter<Error = R::Error>>(
        &self,
        state: &Notes,
        (name,): (Name,),
        request: Request<'_, R>,
        writer: W,
    ) -> Result<ResponseSent, W::Error> {
        let parts = request.parts;
        let connection = request.body_connection.finalize().await?;
        let now = (state.clock)();
        let note = state.notes.borrow().get(&name).cloned();
        // What is not there is 404, whatever the conditions (RFC 9110 section 13.2.1).
        let Some(note) = note else {
            let response = (StatusCode::NOT_FOUND, line("Date", now), "");
            return response.write_to(connection, writer).await;
        };
        let fields = note.fields(now);
        let ok = fields.iter().map(|(name, value)| (*name, value.as_str()));
        let policy = ReplyPolicy::new();
        let reply = Reply::new(parts.method(), lines(&parts), 200, ok, None, &policy);
        // It sets none: there is no length, and no clock in the policy.
        let fields = fields.map(|line| reply.keeps(line.0.as_bytes()).then_some(line));
        match reply.status() {
            304 => {
                let response = (StatusCode::NOT_MODIFIED, fields, NoContent);
                response.write_to(connection, writer).await
            }
            412 => {
                let response = (StatusCode::PRECONDITION_FAILED, fields, "");
                response.write_to(connection, writer).await
            }
            _ => {
                let response = Response::ok(note.text.as_slice())
                    .with_content_type("text/plain; charset=utf-8")
                    .with_headers(fields);
                response.write_to(connection, writer).await
            }
        }
    }
}

struct PutNote;

impl RequestHandlerService<Notes, (Name,)> for PutNote {
    async fn call_request_handler_service<R: Read, W: ResponseWriter<Error = R::Error>>(
        &self,
        state: &Notes,
        (name,): (Name,),
        mut request: Request<'_, R>,
        writer: W,
    ) -> Result<ResponseSent, W::Error> {
        let now = (state.clock)();
        // The content comes first, and nothing is waited for between the decision and the write.
        let status = match request.body_connection.body().read_all().await {
            Ok(text) => put_note(state, name, &request.parts, Note::new(text, now)),
            Err(error) => error.status_code(),
        };
        let connection = request.body_connection.finalize().await?;
        let response = (status, line("Date", now), "");
        response.write_to(connection, writer).await
    }
}

fn put_note(state: &Notes, name: Name, request: &RequestParts, new: Option<Note>) -> StatusCode {
    let mut notes = state.notes.borrow_mut();
    let current = notes.get(&name);
    // What would fail without the conditions fails with them.
    let Some(new) = new else {
        return StatusCode::PAYLOAD_TOO_LARGE;
    };
    if current.is_none() && notes.is_full() {
        return StatusCode::INSUFFICIENT_STORAGE;
    }
    let selected = current.map_or(Representation::ABSENT, Note::representation);
    if admit("PUT", lines(request), selected, &AdmitPolicy::new()).is_err() {
        return StatusCode::PRECONDITION_FAILED;
    }
    match notes.insert(name, new) {
        Ok(Some(_)) => StatusCode::OK,
        Ok(None) => StatusCode::CREATED,
        Err(_) => StatusCode::INSUFFICIENT_STORAGE,
    }
}

fn router(clock: fn() -> HttpDate) -> Router<impl PathRouter> {
    let first = Note::new(b"The first note.\n", clock()).expect("a short text");
    let name = Name::try_from("first").expect("a short name");
    let notes = [(name, first)].into_iter().collect();
    Router::new()
        .route(
            ("/notes", parse_path_segment::<Name>()),
            get_service(GetNote).put_service(PutNote),
        )
        .with_state(Notes {
            clock,
            notes: RefCell::new(notes),
        })
}

/// The host's part: sockets and a clock.
#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    const PATIENCE: Duration = Duration::from_secs(30);
    let config = picoserve::Config::new(picoserve::Timeouts {
        start_read_request: PATIENCE,
        persistent_start_read_request: PATIENCE,
        read_request: PATIENCE,
        write: PATIENCE,
    });
    let config = config.keep_connection_alive();
    let router = Rc::new(router(HttpDate::now));
    let address = std::env::args().nth(1);
    let address = address.unwrap_or_else(|| "127.0.0.1:3000".to_owned());
    let listener = tokio::net::TcpListener::bind(address).await?;
    println!("listening on http://{}", listener.local_addr()?);
    tokio::task::LocalSet::new()
        .run_until(async move {
            loop {
                // A client that went away before it was accepted is no reason to end.
                let Ok((stream, _)) = listener.accept().await else {
                    continue;
                };
                // A response is written in many small pieces.
                let _ = stream.set_nodelay(true);
                let (router, config) = (Rc::clone(&router), config.clone());
                tokio::task::spawn_local(async move {
                    let mut buffer = [0; 4096];
                    let server = picoserve::Server::new_tokio(&router, &config, &mut buffer);
                    // An error is a client that went away: there is nobody left to tell.
                    let _ = server.serve(stream).await;
                });
            }
        })
        .await
}
