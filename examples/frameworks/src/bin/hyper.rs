//! hyper, and nothing between it and the crate: `evaluate` takes the header map as it is.

use std::convert::Infallible;
use std::io;
use std::sync::{Arc, PoisonError};

use bytes::Bytes;
use frameworks::notes::{Note, Notes, notes};
use http_body_util::{BodyExt, Full, Limited};
use http_conditional::{
    Decision, RangePolicy, RangeResponse, Representation, ResponseHead, evaluate,
};
use hyper::body::Incoming;
use hyper::header::{ALLOW, HeaderMap, HeaderName, HeaderValue, IF_RANGE, RANGE};
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
    match evaluate(method.as_str(), note.representation(), request) {
        decision @ (Decision::Perform | Decision::PerformIgnoringRange) => {
            retrieve(request, decision, note)
        }
        Decision::NotModified => {
            let mut response = status(StatusCode::NOT_MODIFIED);
            *response.headers_mut() = kept(ResponseHead::NotModified { has_etag: true }, note);
            response
        }
        Decision::PreconditionFailed => {
            let mut response = status(StatusCode::PRECONDITION_FAILED);
            *response.headers_mut() = kept(ResponseHead::PreconditionFailed, note);
            response
        }
    }
}

/// 200, or 206 or 416 where there is a Range that applies; one part at most.
fn retrieve(request: &HeaderMap, decision: Decision, note: &Note) -> Response<Full<Bytes>> {
    let range = request.get(RANGE).map(HeaderValue::as_bytes);
    let length = note.text.len() as u64;
    let one = RangePolicy::new().max_ranges(1);
    match RangeResponse::with_policy(decision, range, length, one) {
        RangeResponse::Part(part) => {
            let if_range = request.contains_key(IF_RANGE);
            let text = part.range().of(&note.text).expect("within the text");
            let mut response = Response::new(Full::new(note.text.slice_ref(text)));
            *response.status_mut() = StatusCode::PARTIAL_CONTENT;
            *response.headers_mut() = kept(ResponseHead::Part { if_range }, note);
            let content_range = [("content-range", part.content_range().to_string())];
            response.headers_mut().extend(header_map(content_range));
            response
        }
        RangeResponse::Unsatisfiable(content_range) => {
            let mut response = status(StatusCode::RANGE_NOT_SATISFIABLE);
            let content_range = [("content-range", content_range.to_string())];
            *response.headers_mut() = header_map(content_range);
            response
        }
        RangeResponse::Whole(_) | RangeResponse::Parts(_) => {
            let mut response = Response::new(Full::new(note.text.clone()));
            *response.headers_mut() = header_map(note.fields());
            response
        }
    }
}

fn put_note(notes: &Notes, name: &str, request: &HeaderMap, text: Bytes) -> Response<Full<Bytes>> {
    // Held from the look at the current note to the end of the write.
    let mut notes = notes.lock().unwrap_or_else(PoisonError::into_inner);
    let current = notes.get(name);
    let selected = current.map_or(Representation::ABSENT, Note::representation);
    match evaluate("PUT", selected, request) {
        Decision::Perform | Decision::PerformIgnoringRange => {}
        Decision::NotModified | Decision::PreconditionFailed => {
            return status(StatusCode::PRECONDITION_FAILED);
        }
    }
    let mut response = status(match current {
        Some(_) => StatusCode::NO_CONTENT,
        None => StatusCode::CREATED,
    });
    let note = Note::new(text);
    *response.headers_mut() = header_map(note.validators());
    notes.insert(name.to_owned(), note);
    response
}

/// The fields of the 200 that another response carries.
fn kept(head: ResponseHead, note: &Note) -> HeaderMap {
    let fields = note.fields().into_iter();
    header_map(fields.filter(|(name, _)| head.keeps(name.as_bytes())))
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
