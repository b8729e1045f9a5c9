//! One resource that is read and written, by an axum handler: the program of the README.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http_conditional::{Decision, EntityTag, Representation, evaluate};
use sha2::{Digest, Sha256};

type Config = Arc<Mutex<String>>;

async fn config(
    State(config): State<Config>,
    method: Method,
    fields: HeaderMap,
    content: String,
) -> Response {
    // Locked until the write is done, or another client's write may come between.
    let mut config = config.lock().unwrap();
    let digest = Sha256::digest(config.as_bytes());
    let mut buffer = [0; 64];
    let tag = EntityTag::from_digest(&digest, &mut buffer).unwrap();
    let current = Representation::current().etag(tag);
    let etag = [(header::ETAG, tag.to_string())];
    let json = [(header::CONTENT_TYPE, "application/json")];
    match evaluate(method.as_str(), current, &fields) {
        Decision::NotModified => (StatusCode::NOT_MODIFIED, etag).into_response(),
        Decision::PreconditionFailed => StatusCode::PRECONDITION_FAILED.into_response(),
        Decision::Perform | Decision::PerformIgnoringRange if method == Method::PUT => {
            *config = content;
            StatusCode::NO_CONTENT.into_response()
        }
        Decision::Perform | Decision::PerformIgnoringRange => {
            (etag, json, config.clone()).into_response()
        }
    }
}

pub(crate) fn app() -> Router {
    let state = Config::new(Mutex::new(r#"{"theme":"dark"}"#.to_owned()));
    Router::new()
        .route("/api/config", get(config).put(config))
        .with_state(state)
}

#[tokio::main]
async fn main() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8000").await;
    axum::serve(listener.unwrap(), app()).await.unwrap();
}
