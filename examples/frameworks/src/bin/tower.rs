//! tower: handlers that know nothing of conditions, made conditional by the layer of
//! `src/conditional_layer.rs`. Only a write evaluates its conditions itself.

use std::sync::{Arc, PoisonError};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::header::{HeaderMap, HeaderValue, RANGE};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use axum::routing::get;
use frameworks::conditional_layer::ConditionalLayer;
use frameworks::notes::{Note, Notes, notes};
use http_conditional::{
    Decision, RangePolicy, RangeResponse, Representation, ResponseHead, evaluate,
};
use tokio::net::TcpListener;

/// It sees a Range only where the request has no condition, and never an If-Range.
async fn get_note(
    State(notes): State<Arc<Notes>>,
    Path(name): Path<String>,
    method: Method,
    request: HeaderMap,
) -> Response {
    let notes = notes.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(note) = notes.get(&name) else {
        return respond(StatusCode::NOT_FOUND, [], Bytes::new());
    };
    // 14.2: Range has no meaning but with GET.
    let range = request.get(RANGE).filter(|_| method == Method::GET);
    let range = range.map(HeaderValue::as_bytes);
    let length = note.text.len() as u64;
    let one = RangePolicy::new().max_ranges(1);
    match RangeResponse::with_policy(Decision::Perform, range, length, one) {
        RangeResponse::Part(part) => {
            let head = ResponseHead::Part { if_range: false };
            let fields = note.fields().into_iter();
            let content_range = ("content-range", part.content_range().to_string());
            let text = part.range().of(&note.text).expect("within the text");
            respond(
                StatusCode::PARTIAL_CONTENT,
                fields
                    .filter(|(name, _)| head.keeps(name.as_bytes()))
                    .chain([content_range]),
                note.text.slice_ref(text),
            )
        }
        RangeResponse::Unsatisfiable(content_range) => respond(
            StatusCode::RANGE_NOT_SATISFIABLE,
            [("content-range", content_range.to_string())],
            Bytes::new(),
        ),
        RangeResponse::Whole(_) | RangeResponse::Parts(_) => {
            respond(StatusCode::OK, note.fields(), note.text.clone())
        }
    }
}

async fn put_note(
    State(notes): State<Arc<Notes>>,
    Path(name): Path<String>,
    request: HeaderMap,
    text: Bytes,
) -> Response {
    // Held from the look at the current note to the end of the write.
    let mut notes = notes.lock().unwrap_or_else(PoisonError::into_inner);
    let current = notes.get(&name);
    let selected = current.map_or(Representation::ABSENT, Note::representation);
    match evaluate("PUT", selected, &request) {
        Decision::Perform | Decision::PerformIgnoringRange => {}
        Decision::NotModified | Decision::PreconditionFailed => {
            return respond(StatusCode::PRECONDITION_FAILED, [], Bytes::new());
        }
    }
    let status = match current {
        Some(_) => StatusCode::NO_CONTENT,
        None => StatusCode::CREATED,
    };
    let note = Note::new(text);
    let response = respond(status, note.validators(), Bytes::new());
    notes.insert(name, note);
    response
}

fn respond(
    status: StatusCode,
    fields: impl IntoIterator<Item = (&'static str, String)>,
    content: Bytes,
) -> Response {
    let response = fields.into_iter().fold(
        Response::builder().status(status),
        |response, (name, value)| response.header(name, value),
    );
    response.body(Body::from(content)).expect("ASCII fields")
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1);
    let address = address.unwrap_or_else(|| "127.0.0.1:3000".to_owned());
    let router = Router::new()
        .route("/notes/{name}", get(get_note).put(put_note))
        .layer(ConditionalLayer::new())
        .with_state(Arc::new(notes()));
    let listener = TcpListener::bind(address).await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, router).await
}
