//! A server with all the services, and a client that speaks either version.

use std::net::SocketAddr;
use std::path::PathBuf;

use axum::serve::ListenerExt;
use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::client::conn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::{TcpListener, TcpStream};

use crate::services;

/// The two versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Http {
    One,
    Two,
}

pub(crate) const BOTH: [Http; 2] = [Http::One, Http::Two];

pub(crate) type Lines<'a> = &'a [(&'a str, &'a str)];

/// Ends with the runtime of its test.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    directory: PathBuf,
}

impl Server {
    /// All of `examples/services`.
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let directory = std::env::temp_dir().join(format!("tower-http-conditional-{address}"));
        std::fs::create_dir_all(&directory).unwrap();
        std::fs::write(directory.join("text.html"), services::text()).unwrap();
        let listener = listener.tap_io(|stream| stream.set_nodelay(true).unwrap());
        let router = services::router(&directory);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, directory }
    }

    pub(crate) async fn ask(
        &self,
        http: Http,
        method: &str,
        path: &str,
        lines: Lines<'_>,
    ) -> Answer {
        self.send(http, method, path, lines, "").await
    }

    /// For what changes nothing: several methods and lines, on one connection.
    pub(crate) async fn ask_each(
        &self,
        http: Http,
        path: &str,
        asked: &[(&str, Vec<(&str, &str)>)],
        content: &'static str,
    ) -> Vec<Answer> {
        let requests = asked
            .iter()
            .map(|(method, lines)| request(http, method, path, lines, content));
        ask_all(self.address, http, requests.collect()).await
    }

    /// Two of it on one connection, for what changes nothing.
    pub(crate) async fn ask_twice(
        &self,
        http: Http,
        method: &str,
        path: &str,
        lines: Lines<'_>,
    ) -> Answer {
        let request = request(http, method, path, lines, "");
        ask_twice(self.address, http, request).await
    }

    pub(crate) async fn send(
        &self,
        http: Http,
        method: &str,
        path: &str,
        lines: Lines<'_>,
        content: &'static str,
    ) -> Answer {
        ask(
            self.address,
            http,
            request(http, method, path, lines, content),
        )
        .await
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.directory);
    }
}

fn request(
    http: Http,
    method: &str,
    path: &str,
    lines: Lines<'_>,
    content: &'static str,
) -> Request<Full<Bytes>> {
    let uri = match http {
        Http::One => path.to_owned(),
        Http::Two => format!("http://example.com{path}"),
    };
    let mut request = Request::builder().method(method).uri(uri);
    if http == Http::One {
        request = request.header("host", "example.com");
    }
    for (name, value) in lines {
        request = request.header(*name, *value);
    }
    request.body(Full::from(content)).unwrap()
}

/// The answer, on a connection of its own.
async fn ask(address: SocketAddr, http: Http, request: Request<Full<Bytes>>) -> Answer {
    let mut answers = ask_all(address, http, vec![request]).await;
    answers.remove(0)
}

/// The answer, on a connection that has to be good for the same request again: what the first
/// left over would be taken for the second.
pub(crate) async fn ask_twice(
    address: SocketAddr,
    http: Http,
    request: Request<Full<Bytes>>,
) -> Answer {
    let mut answers = ask_all(address, http, vec![request.clone(), request]).await;
    assert_eq!(
        (answers[0].status, &answers[0].content),
        (answers[1].status, &answers[1].content)
    );
    answers.remove(0)
}

/// The answers, on one connection.
async fn ask_all(
    address: SocketAddr,
    http: Http,
    requests: Vec<Request<Full<Bytes>>>,
) -> Vec<Answer> {
    let stream = TcpStream::connect(address).await.unwrap();
    // As the server does: nothing waits for an acknowledgement.
    stream.set_nodelay(true).unwrap();
    let stream = TokioIo::new(stream);
    let mut answers = Vec::new();
    match http {
        Http::One => {
            let (mut sender, connection) = conn::http1::handshake(stream).await.unwrap();
            tokio::spawn(connection);
            for request in requests {
                sender.ready().await.unwrap();
                answers.push(Answer::of(sender.send_request(request).await.unwrap()).await);
            }
        }
        Http::Two => {
            let handshake = conn::http2::handshake(TokioExecutor::new(), stream);
            let (mut sender, connection) = handshake.await.unwrap();
            tokio::spawn(connection);
            for request in requests {
                answers.push(Answer::of(sender.send_request(request).await.unwrap()).await);
            }
        }
    }
    answers
}

/// A response as it came.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) fields: HeaderMap,
    pub(crate) content: Bytes,
}

impl Answer {
    async fn of(response: http::Response<hyper::body::Incoming>) -> Self {
        let (head, content) = response.into_parts();
        Self {
            status: head.status,
            fields: head.headers,
            content: content.collect().await.unwrap().to_bytes(),
        }
    }

    /// The value of a field that has one line.
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        let mut lines = self.fields.get_all(name).iter();
        let line = lines.next()?;
        assert!(lines.next().is_none(), "more than one line of {name}");
        Some(line.to_str().unwrap())
    }

    pub(crate) fn etag(&self) -> &str {
        self.field("etag").expect("a tag")
    }

    /// The content without its coding.
    pub(crate) fn text(&self) -> Vec<u8> {
        if self.field("content-encoding") != Some("gzip") {
            return self.content.to_vec();
        }
        let mut text = Vec::new();
        let mut decoder = flate2::read::GzDecoder::new(&*self.content);
        std::io::Read::read_to_end(&mut decoder, &mut text).unwrap();
        text
    }
}
