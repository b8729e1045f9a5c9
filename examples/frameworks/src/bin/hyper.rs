//! hyper, and nothing between it and the crate: `reply` and `admit` take the header map as it is.

use std::convert::Infallible;
use std::io;
use std::sync::{Arc, PoisonError};

use bytes::Bytes;
use frameworks::notes::{Note, Notes, notes};
use http_body_util::{BodyExt, Full, Limited};
use http_conditional::{AdmitPolicy, ReplyPolicy, Representation, admit, reply};
use hyper::body::Incoming;
use hyper::header::{ALLOW, HeaderMap, HeaderName, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

/// How many bytes a note may have.
const LONGEST: usize = 1 << 20;

async fn serve(notes: Arc<Notes>, request: Request<Incoming>) -> Response<Full<Bytes>> {
    let (request, content) = request.into_parts();
    let Some(name) = request.uri.path().strip_prefix("/notes/") else {
        return status(StatusCode::NOT_FOUND);
    };
    match request.method {
        Method::GET | Method::HEAD => get_note(&notes, name, &request.method, &request.headers),
        Method::PUT => {
            // The content comes first, as slowly as it may, and the lock after it.
            match Limited::new(content, LONGEST).collect().await {
                Ok(content) => put_note(&notes, name, &request.headers, content.to_bytes()),
                Err(error) if error.is::<http_body_util::LengthLimitError>() => {
                    status(StatusCode::PAYLOAD_TOO_LARGE)
                }
                Err(_) => status(StatusCode::BAD_REQUEST),
            }
        }
        _ => {
            let mut response = status(StatusCode::METHOD_NOT_ALLOWED);
            let allowed = HeaderValue::from_static("GET, HEAD, PUT");
            response.headers_mut().insert(ALLOW, allowed);
            response
        }
    }
}

/// hyper leaves the content of the response to a HEAD out.
fn get_note(
    notes: &Notes,
    name: &str,
    method: &Method,
    request: &HeaderMap,
) -> Response<Full<Bytes>> {
    let notes = notes.lock().unwrap_or_else(PoisonError::into_inner);
    // What is not there is 404, whatever the conditions (RFC 9110 section 13.2.1).
    let Some(note) = notes.get(name) else {
        return status(StatusCode::NOT_FOUND);
    };
    // What everybody would get, and what this request gets instead.
    let mut response = Response::default();
    *response.headers_mut() = header_map(note.fields());
    let length = note.text.len() as u64;
    let content = reply(
        method,
        request,
        &mut response,
        Some(length),
        &ReplyPolicy::new(),
    );
    let text = note.text.slice_ref(content.of(&note.text));
    response.map(|()| Full::new(text))
}

fn put_note(notes: &Notes, name: &str, request: &HeaderMap, text: Bytes) -> Response<Full<Bytes>> {
    // Held from the look at the current note to the end of the write.
    let mut notes = notes.lock().unwrap_or_else(PoisonError::into_inner);
    let current = notes.get(name);
    let selected = current.map_or(Representation::ABSENT, Note::representation);
    let admitted = match admit("PUT", request, selected, &AdmitPolicy::new()) {
        Ok(admitted) => admitted,
        Err(refusal) => return refusal.into(),
    };
    let mut response = status(if admitted.creates() {
        StatusCode::CREATED
    } else {
        StatusCode::NO_CONTENT
    });
    let note = Note::new(text);
    *response.headers_mut() = header_map(note.validators());
    notes.insert(name.to_owned(), note);
    response
}

fn header_map(fields: impl IntoIterator<Item = (&'static str, String)>) -> HeaderMap {
    let fields = fields.into_iter().map(|(name, value)| {
        let value = HeaderValue::try_from(value).expect("ASCII without control characters");
        (HeaderName::from_static(name), value)
    });
    fields.collect()
}

fn status(status: StatusCode) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    *response.status_mut() = status;
    response
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let address = std::env::args().nth(1);
    let address = address.unwrap_or_else(|| "127.0.0.1:3000".to_owned());
    let notes = Arc::new(notes());
    let listener = TcpListener::bind(address).await?;
    println!("listening on http://{}", listener.local_addr()?);
    loop {
        // A client that went away before it was accepted is no reason to end.
        let Ok((stream, _)) = listener.accept().await else {
            continue;
        };
        let notes = Arc::clone(&notes);
        tokio::spawn(async move {
            let service = service_fn(|request| {
                let notes = Arc::clone(&notes);
                async move { Ok::<_, Infallible>(serve(notes, request).await) }
            });
            // An error is a client that went away: there is nobody left to tell.
            let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
            let _ = connection.await;
        });
    }
}
