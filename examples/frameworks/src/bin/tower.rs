//! tower: handlers that know nothing of conditions and ranges, with the layer of
//! tower-http-conditional around them. Only a write evaluates its conditions itself.

use std::sync::{Arc, PoisonError};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use frameworks::notes::{Note, Notes, notes};
use http_conditional::Representation;
use tokio::net::TcpListener;
use tower_http_conditional::{ConditionalLayer, Conditions, Refused};

async fn get_note(State(notes): State<Arc<Notes>>, Path(name): Path<String>) -> Response {
    let notes = notes.lock().unwrap_or_else(PoisonError::into_inner);
    match notes.get(&name) {
        Some(note) => respond(StatusCode::OK, note.fields(), note.text.clone()),
        None => respond(StatusCode::NOT_FOUND, [], Bytes::new()),
    }
}

async fn put_note(
    State(notes): State<Arc<Notes>>,
    Path(name): Path<String>,
    conditions: Conditions,
    text: Bytes,
) -> Result<Response, Refused> {
    // Held from the look at the current note to the end of the write.
    let mut notes = notes.lock().unwrap_or_else(PoisonError::into_inner);
    let current = notes.get(&name);
    let state = current.map_or(Representation::ABSENT, |note| {
        Representation::current().last_modified(note.modified)
    });
    let passed = conditions.evaluate(state, || current.map(Note::etag))?;
    let note = Note::new(text);
    let response = respond(passed.status_of_put(), note.validators(), Bytes::new());
    notes.insert(name, note);
    Ok(response)
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
