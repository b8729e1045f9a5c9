//! Sends the requests that the page describes to the playground, byte for byte.
//!
//! A browser does not send every field as a page asks: it joins the lines of one field, refuses
//! some values, and adds its own conditions. So this server sends the request to itself, over a
//! connection like any other client's.

use std::fmt::Write as _;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use axum::extract::Request;
use axum::http::header::{ALLOW, CONTENT_TYPE, HeaderValue};
use axum::http::{Method, StatusCode, Uri};
use axum::response::Response;
use http_conditional::Field;
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

use crate::page::journal::Journal;
use crate::page::playground;
use crate::reasons::Finding;
use crate::serve::app::{blocking, failure, text};
use crate::serve::content;

/// How long a request to this server itself may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// How many bytes the description of a request may have.
const MOST_DESCRIBED: usize = 64 << 10;

/// The content of methods that have any.
const CONTENT: &str = "Something new.\n";

pub(crate) struct Sender {
    /// Where this server can be reached from this machine.
    address: SocketAddr,
    journal: Arc<Journal>,
    /// Where the playground is.
    path: String,
    /// Held while a request is on its way. Each takes a thread, and many at once could take all
    /// those that would answer them.
    sending: Mutex<()>,
}

/// A request to the playground, as the page describes it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Description {
    method: String,
    /// The playground's state.
    query: String,
    fields: Vec<(String, String)>,
}

/// What came of it.
#[derive(Serialize)]
struct Exchange {
    /// The bytes that were sent, and those that came back.
    request: String,
    response: String,
    /// `None` where nothing was evaluated, because the request did not get that far.
    finding: Option<Finding>,
}

impl Sender {
    /// For a server that listens there.
    pub(crate) fn new(listening: SocketAddr, journal: Arc<Journal>, path: String) -> Self {
        let mut address = listening;
        if address.ip().is_unspecified() {
            address.set_ip(match address {
                SocketAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
                SocketAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
            });
        }
        Self {
            address,
            journal,
            path,
            sending: Mutex::new(()),
        }
    }

    fn send(&self, request: String) -> io::Result<Vec<u8>> {
        let before = self.journal.last();
        let mut stream = TcpStream::connect_timeout(&self.address, PATIENCE)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        let peer = stream.local_addr()?;
        // Whatever has come when the connection is closed, or breaks, is the answer: to a bad
        // request it may come before all is sent.
        let _ = stream.write_all(request.as_bytes());
        let mut response = Vec::new();
        let _ = stream.read_to_end(&mut response);
        let exchange = Exchange {
            request,
            response: String::from_utf8_lossy(&response).into_owned(),
            finding: self.journal.finding(peer, before),
        };
        Ok(serde_json::to_vec(&exchange)?)
    }
}

/// Answers `POST /send`.
pub(crate) async fn handle(sender: &Arc<Sender>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let content = match content::read(body, MOST_DESCRIBED).await {
        Ok(content) => content,
        Err(refusal) => return refusal,
    };
    if head.method != Method::POST {
        let sentence = "Describe the request to send with POST.";
        let mut response = text(StatusCode::METHOD_NOT_ALLOWED, sentence);
        let post = HeaderValue::from_static("POST");
        response.headers_mut().insert(ALLOW, post);
        return response;
    }
    // A browser asks before it sends such content for a page of another site, and the answer to
    // that does not allow it.
    let json = HeaderValue::from_static("application/json");
    if head.headers.get(CONTENT_TYPE) != Some(&json) {
        let sentence = "The content has to be application/json.";
        return text(StatusCode::UNSUPPORTED_MEDIA_TYPE, sentence);
    }
    let described = serde_json::from_slice::<Description>(&content)
        .map_err(|error| format!("The description cannot be read: {error}."))
        .and_then(|description| description.request(sender.address, &sender.path));
    let request = match described {
        Ok(request) => request,
        Err(sentence) => return text(StatusCode::BAD_REQUEST, &sentence),
    };
    let _sending = sender.sending.lock().await;
    let sender = Arc::clone(sender);
    match blocking(move || sender.send(request)).await {
        Ok(exchange) => {
            let mut response = Response::new(exchange.into());
            response.headers_mut().insert(CONTENT_TYPE, json);
            response
        }
        Err(error) => failure(&error),
    }
}

impl Description {
    /// The request as it goes over the wire; a sentence where it would not be a request.
    fn request(&self, host: SocketAddr, path: &str) -> Result<String, String> {
        playground::state(&self.query, path)?;
        let target = format!("{path}?{}", self.query);
        // What is behind a `#` is no part of the URI that is checked, and would be sent unchecked.
        if self.query.contains('#') || target.parse::<Uri>().is_err() {
            return Err(String::from("The query is not percent-encoded."));
        }
        let Ok(method) = self.method.parse::<Method>() else {
            return Err(String::from("The method is not a token."));
        };
        let mut request = format!("{method} {target} HTTP/1.1\r\nHost: {host}\r\n");
        for (name, value) in &self.fields {
            // No other field matters here, and this keeps out fields that would frame the request.
            let Some(field) = Field::from_name(name.as_bytes()) else {
                return Err(format!("{name} plays no part in the evaluation."));
            };
            if value.contains(['\r', '\n']) {
                return Err(format!("The value of {field} has more than one line."));
            }
            let _ = write!(request, "{name}: {value}\r\n");
        }
        let content = match method.as_str() {
            "PUT" | "POST" | "PATCH" => CONTENT,
            _ => "",
        };
        if !content.is_empty() {
            let length = content.len();
            let _ = write!(
                request,
                "Content-Type: text/plain\r\nContent-Length: {length}\r\n"
            );
        }
        let _ = write!(request, "Connection: close\r\n\r\n{content}");
        Ok(request)
    }
}
