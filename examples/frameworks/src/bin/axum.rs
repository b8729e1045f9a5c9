//! axum: handlers that ask the extractor of `src/conditions.rs`.

use std::collections::HashMap;
use std::sync::{Arc, MutexGuard, PoisonError};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::Response;
use axum::routing::get;
use frameworks::conditions::Conditions;
use frameworks::notes::{Note, Notes, notes};
use http_conditional::{Decision, Guard, ReplyPolicy, Representation, reply};
use tokio::net::TcpListener;

struct App {
    notes: Notes,
    /// Whether a note may be overwritten only under a condition (RFC 6585 section 3).
    require_precondition: bool,
}

impl App {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, Note>> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Also for HEAD: axum leaves the content out.
async fn get_note(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    method: Method,
    headers: HeaderMap,
) -> Response {
    let notes = app.lock();
    // What is not there is 404, whatever the conditions (RFC 9110 section 13.2.1).
    let Some(note) = notes.get(&name) else {
        return respond(StatusCode::NOT_FOUND, [], Bytes::new());
    };
    // What everybody would get, and what this request gets instead.
    let mut response = respond(StatusCode::OK, note.fields(), Bytes::new());
    let length = Some(note.text.len() as u64);
    let content = reply(
        &method,
        &headers,
        &mut response,
        length,
        &ReplyPolicy::new(),
    );
    *response.body_mut() = note.text.slice_ref(content.of(&note.text)).into();
    response
}

/// The content has arrived when this is called, so nothing waits for a client with the lock held.
async fn put_note(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    conditions: Conditions,
    text: Bytes,
) -> Response {
    let mut notes = app.lock();
    let current = notes.get(&name);
    let selected = current.map_or(Representation::ABSENT, |note| {
        Representation::current().last_modified(note.modified)
    });
    let preconditions = conditions.against(selected, || current.map(Note::etag));
    match preconditions.decide() {
        Decision::Perform | Decision::PerformIgnoringRange => {}
        Decision::NotModified | Decision::PreconditionFailed => {
            return respond(StatusCode::PRECONDITION_FAILED, [], Bytes::new());
        }
    }
    if app.require_precondition && current.is_some() && preconditions.guards_write() == Guard::None
    {
        return respond(StatusCode::PRECONDITION_REQUIRED, [], Bytes::new());
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
    let mut arguments: Vec<_> = std::env::args().skip(1).collect();
    let require_precondition = arguments.iter().any(|a| a == "--require-precondition");
    arguments.retain(|argument| argument != "--require-precondition");
    let address = arguments.pop().unwrap_or_else(|| "127.0.0.1:3000".into());
    let app = App {
        notes: notes(),
        require_precondition,
    };
    let router = Router::new()
        .route("/notes/{name}", get(get_note).put(put_note))
        .with_state(Arc::new(app));
    let listener = TcpListener::bind(address).await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, router).await
}
