//! One resource that is read and written, by an axum handler: the program of the README.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http_conditional::{AdmitPolicy, DigestTag, ReplyPolicy, Representation, admit, reply};
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
    let tag = DigestTag::<32>::new(Sha256::digest(config.as_bytes()).into());
    if method == Method::PUT {
        let current = Representation::current().etag(tag.as_tag());
        if let Err(refusal) = admit("PUT", &fields, current, &AdmitPolicy::new()) {
            return refusal.into();
        }
        *config = content;
        return StatusCode::NO_CONTENT.into_response();
    }
    // Turn the 200 for everybody into what this request gets: 200, 206, 304, 412 or 416.
    let json = HeaderValue::from_static("application/json");
    let ok = [
        (header::ETAG, tag.as_tag().into()),
        (header::CONTENT_TYPE, json),
    ];
    let mut response = (ok, ()).into_response();
    let length = Some(config.len() as u64);
    let content = reply(&method, &fields, &mut response, length, &ReplyPolicy::new());
    *response.body_mut() = content.of(config.as_bytes()).to_vec().into();
    response
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
