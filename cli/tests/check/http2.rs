//! The planted server behind HTTP/2, in the clear or over TLS, where it stands beside HTTP/1.1.

use std::future::poll_fn;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::thread;

use axum::body::Bytes;
use axum::http;
use h2::server::SendResponse;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::runtime::Builder;
use tokio_rustls::TlsAcceptor;

use super::wrong::{Kind, Request, Server};

/// In the clear, for who knows that it is HTTP/2; it ends with the test's process.
pub(crate) fn start(kind: Kind) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let server = Arc::new(Server::new(kind));
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let server = Arc::clone(&server);
            thread::spawn(move || run(stream, async |stream| speak(stream, &server).await));
        }
    });
    address
}

/// Over TLS: HTTP/2 for who asks for it first, and for others what a server of HTTP/1.1 has.
pub(crate) fn start_tls(kind: Kind, certificate: &Path, key: &Path) -> SocketAddr {
    let http1 = super::wrong::start(Kind {
        fault: None,
        ..kind
    });
    let certificates = vec![CertificateDer::from_pem_file(certificate).unwrap()];
    let key = PrivateKeyDer::from_pem_file(key).unwrap();
    let mut config = rustls::ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(certificates, key)
        .unwrap();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let acceptor = TlsAcceptor::from(Arc::new(config));
    // The client connects to localhost, whatever that is here.
    let listener = TcpListener::bind("localhost:0").unwrap();
    let address = listener.local_addr().unwrap();
    let server = Arc::new(Server::new(kind));
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (server, acceptor) = (Arc::clone(&server), acceptor.clone());
            thread::spawn(move || {
                run(stream, async |stream| {
                    let Ok(mut stream) = acceptor.accept(stream).await else {
                        return;
                    };
                    if stream.get_ref().1.alpn_protocol() == Some(b"h2") {
                        speak(stream, &server).await;
                    } else {
                        let mut behind = tokio::net::TcpStream::connect(http1).await.unwrap();
                        let _ = tokio::io::copy_bidirectional(&mut stream, &mut behind).await;
                    }
                });
            });
        }
    });
    address
}

fn run(stream: TcpStream, speak: impl AsyncFnOnce(tokio::net::TcpStream)) {
    stream.set_nonblocking(true).unwrap();
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        speak(tokio::net::TcpStream::from_std(stream).unwrap()).await;
    });
}

async fn speak(stream: impl AsyncRead + AsyncWrite + Unpin, server: &Server) {
    let Ok(mut connection) = h2::server::handshake(stream).await else {
        return;
    };
    while let Some(Ok((request, mut answer))) = connection.accept().await {
        let (head, mut body) = request.into_parts();
        let mut content = Vec::new();
        // The connection is driven by who asks it for the next request, and there is only one.
        while !body.is_end_stream() {
            let piece = tokio::select! {
                piece = body.data() => piece,
                _ = poll_fn(|context| connection.poll_closed(context)) => None,
            };
            let Some(Ok(piece)) = piece else { return };
            content.extend(piece);
        }
        let line = |(name, value): (&http::HeaderName, &http::HeaderValue)| {
            (name.as_str().to_owned(), value.as_bytes().to_vec())
        };
        let request = Request {
            method: head.method.to_string(),
            path: head.uri.path_and_query().unwrap().to_string(),
            lines: head.headers.iter().map(line).collect(),
            content,
        };
        if server.breaks(&request) {
            answer.send_reset(h2::Reason::INTERNAL_ERROR);
            continue;
        }
        respond(server, &request, &mut answer);
    }
}

fn respond(server: &Server, request: &Request, answer: &mut SendResponse<Bytes>) {
    let response = server.answer(request);
    let mut head = http::Response::builder().status(response.status);
    for (name, value) in response
        .lines
        .iter()
        .filter(|(name, _)| name != "connection")
    {
        head = head.header(name, value.as_slice());
    }
    let empty = request.method == "HEAD" || response.status == 304 || response.content.is_empty();
    let mut stream = answer.send_response(head.body(()).unwrap(), empty).unwrap();
    if !empty {
        stream.send_data(response.content.into(), true).unwrap();
    }
}
