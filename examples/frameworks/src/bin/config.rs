//! One resource that is read and written, by axum handlers: the program of the README.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http_conditional::{AdmitPolicy, DigestTag, ReplyPolicy, Representation, admit, reply};
use sha2::{Digest, Sha256};

struct Config {
    json: String,
    tag: DigestTag<32>,
}

impl Config {
    fn new(json: String) -> Self {
        let tag = DigestTag::new(Sha256::digest(&json).into());
        Self { json, tag }
    }
}

type Shared = Arc<Mutex<Config>>;

async fn read(State(shared): State<Shared>, method: Method, fields: HeaderMap) -> Response {
    let config = shared.lock().unwrap();
    let json = [(header::CONTENT_TYPE, "application/json")];
    let tag = [(header::ETAG, config.tag.as_tag())];
    // The 200 for everybody, which `reply` turns into what this request gets, ranges included.
    let mut response = (json, tag).into_response();
    let length = Some(config.json.len() as u64);
    let content = reply(&method, &fields, &mut response, length, &ReplyPolicy::new());
    *response.body_mut() = content.of(config.json.as_bytes()).to_vec().into();
    response
}

async fn replace(State(shared): State<Shared>, fields: HeaderMap, json: String) -> Response {
    // Locked until the write is done, or another client's write may come between.
    let mut config = shared.lock().unwrap();
    let current = Representation::current().etag(config.tag.as_tag());
    if let Err(refusal) = admit("PUT", &fields, current, &AdmitPolicy::new()) {
        return refusal.into();
    }
    *config = Config::new(json);
    // With the new tag the client can write again without another GET.
    let tag = [(header::ETAG, config.tag.as_tag())];
    (StatusCode::NO_CONTENT, tag).into_response()
}

pub(crate) fn app() -> Router {
    let config = Config::new(r#"{"theme":"dark"}"#.to_owned());
    Router::new()
        .route("/api/config", get(read).put(replace))
        .with_state(Arc::new(Mutex::new(config)))
}

#[tokio::main]
async fn main() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8000").await;
    axum::serve(listener.unwrap(), app()).await.unwrap();
}
