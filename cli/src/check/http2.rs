//! HTTP/2 (RFC 9113), by the crate h2: one request after another on one connection, over TLS or by
//! prior knowledge.

use std::time::Duration;

use axum::body::Bytes;
use axum::http::{self, HeaderName, HeaderValue, Uri};
use h2::client::{Builder, SendRequest};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::runtime::{self, Runtime};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::client::{Error, MOST_HEAD, Manner};
use super::connect::tcp;
use super::message::{Request, Response};
use super::target::{Scheme, Target};
use super::tls;

pub(super) struct Connection {
    sender: SendRequest<Bytes>,
    /// What reads and writes frames, while a request is on its way.
    runtime: Runtime,
}

impl Connection {
    pub(super) fn open(target: &Target, manner: &Manner) -> Result<Self, Error> {
        let stream = tcp(target, manner)?;
        stream.set_nonblocking(true)?;
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let opened = async {
            let stream = TcpStream::from_std(stream)?;
            match target.scheme {
                Scheme::Http => handshake(stream).await,
                Scheme::Https => {
                    let connector = TlsConnector::from(tls::config(manner, &[tls::HTTP2])?);
                    let stream = connector.connect(tls::server_name(target)?, stream).await;
                    let stream = stream.map_err(|error| tls::cannot(&error))?;
                    if stream.get_ref().1.alpn_protocol() != Some(tls::HTTP2) {
                        let reason = "the server does not offer HTTP/2";
                        return Err(Error::Connect(reason.to_owned()));
                    }
                    handshake(stream).await
                }
            }
        };
        // The timer belongs to the runtime.
        let opened = runtime.block_on(async { timeout(manner.timeout, opened).await });
        let sender = opened.map_err(|_| Error::TimedOut)??;
        Ok(Self { sender, runtime })
    }

    /// Sends a request with these lines, and reads the answer.
    pub(super) fn exchange<'a>(
        &mut self,
        target: &Target,
        request: &Request,
        lines: impl Iterator<Item = (&'a [u8], &'a [u8])>,
        within: Duration,
        most: usize,
    ) -> Result<Response, Error> {
        let head = head(target, request, lines)?;
        let content = request.content.clone().map(Bytes::from);
        let sender = self.sender.clone();
        let answer = exchange(sender, head, content, most);
        let answer = self
            .runtime
            .block_on(async { timeout(within, answer).await });
        Ok(answer.map_err(|_| Error::TimedOut)??)
    }
}

impl From<h2::Error> for Error {
    fn from(error: h2::Error) -> Self {
        let ends = error.reason() == Some(h2::Reason::NO_ERROR) && error.is_go_away();
        if error.is_io() || ends {
            Self::Closed
        } else {
            Self::NotHttp2(error.to_string())
        }
    }
}

async fn handshake<T>(stream: T) -> Result<SendRequest<Bytes>, Error>
where
    T: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let mut builder = Builder::new();
    builder
        .enable_push(false)
        .max_header_list_size(u32::try_from(MOST_HEAD).unwrap_or(u32::MAX));
    let (sender, connection) = builder.handshake(stream).await?;
    tokio::spawn(async {
        // Its end is seen at the requests.
        let _ = connection.await;
    });
    Ok(sender)
}

fn head<'a>(
    target: &Target,
    request: &Request,
    lines: impl Iterator<Item = (&'a [u8], &'a [u8])>,
) -> Result<http::Request<()>, Error> {
    let cannot = |error: http::Error| Error::Connect(format!("not to be said in HTTP/2: {error}"));
    let uri = Uri::builder()
        .scheme(target.scheme())
        .authority(target.authority())
        .path_and_query(request.path.as_str())
        .build()
        .map_err(cannot)?;
    let mut head = http::Request::builder()
        .method(request.method.as_str())
        .uri(uri)
        .version(http::Version::HTTP_2);
    for (name, value) in lines {
        head = head.header(name, value);
    }
    head.body(()).map_err(cannot)
}

async fn exchange(
    sender: SendRequest<Bytes>,
    head: http::Request<()>,
    content: Option<Bytes>,
    most: usize,
) -> Result<Response, h2::Error> {
    let mut sender = sender.ready().await?;
    let (answer, mut stream) = sender.send_request(head, content.is_none())?;
    if let Some(content) = content {
        stream.send_data(content, true)?;
    }
    let (parts, mut body) = answer.await?.into_parts();
    let line = |(name, value): (&HeaderName, &HeaderValue)| {
        (name.as_str().as_bytes().to_vec(), value.as_bytes().to_vec())
    };
    let mut response = Response {
        status: parts.status.as_u16(),
        lines: parts.headers.iter().map(line).collect(),
        complete: true,
        ..Response::default()
    };
    while let Some(piece) = body.data().await {
        let piece = piece?;
        response.content.extend(&piece);
        if response.content.len() > most {
            response.content.truncate(most);
            response.complete = false;
            break;
        }
        body.flow_control().release_capacity(piece.len())?;
    }
    Ok(response)
}
