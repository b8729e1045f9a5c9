//! Connections: accepted, limited in number and in time (RFC 9112 section 9).

mod content;
mod host;
mod interim;
mod state;

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{self, Context, Poll};
use std::time::Duration;

use axum::extract::Request;
use axum::http::{StatusCode, Version};
use axum::response::Response;
use futures_util::FutureExt;
use futures_util::future::{Either, ready};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{Instant, sleep, sleep_until};

use self::interim::Wire;
use self::state::State;
use crate::serve::app::text;
use crate::serve::content::unread;

pub(crate) use self::interim::Interim;

/// How often each connection is looked at.
const INTERVAL: Duration = Duration::from_millis(500);
/// How long to wait if no connection can be accepted, mostly because file descriptors have run out.
const PAUSE: Duration = Duration::from_millis(100);

/// How many connections there may be, and for how long they may do nothing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) connections: usize,
    /// Without a request.
    pub(crate) idle: Duration,
    /// From the first byte of a head to its last.
    pub(crate) head: Duration,
    /// While the client takes nothing of the response.
    pub(crate) stall: Duration,
}

/// The two ends of a connection.
pub(crate) struct Ends {
    pub(crate) peer: SocketAddr,
    pub(crate) local: SocketAddr,
    /// The way back for interim responses. Nobody who speaks HTTP/1.0 knows them.
    pub(crate) interim: Option<Interim>,
}

/// Answers the requests of all connections, until `ending`; and then those that are on their way.
pub(crate) async fn serve<A, F>(
    listener: TcpListener,
    limits: Limits,
    answer: A,
    ending: impl Future<Output = ()>,
) where
    A: Fn(Ends, Request) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Response> + Send + 'static,
{
    let mut ending = pin!(ending);
    let permits = Arc::new(Semaphore::new(limits.connections));
    let (end, ended) = watch::channel(());
    loop {
        let next = async {
            // Connections beyond the limit wait in the queue of the system.
            let permit = Arc::clone(&permits).acquire_owned().await;
            (permit, listener.accept().await)
        };
        let (permit, accepted) = tokio::select! {
            // First, so that no request is answered before we listen for Ctrl-C: until then it
            // would cut the answer off.
            biased;
            () = &mut ending => break,
            next = next => next,
        };
        let (Ok(permit), Ok((stream, peer))) = (permit, accepted) else {
            sleep(PAUSE).await;
            continue;
        };
        let (answer, ended) = (answer.clone(), ended.clone());
        tokio::spawn(async move {
            connection(stream, peer, permit, limits, answer, ended).await;
        });
    }
    drop((listener, ended));
    end.send_replace(());
    // Each connection has one until it ends, or has become another protocol: that may have no end.
    end.closed().await;
}

async fn connection<A, F>(
    stream: TcpStream,
    peer: SocketAddr,
    permit: OwnedSemaphorePermit,
    limits: Limits,
    answer: A,
    mut ended: watch::Receiver<()>,
) where
    A: Fn(Ends, Request) -> F,
    F: Future<Output = Response>,
{
    let Ok(local) = stream.local_addr() else {
        return;
    };
    let _ = stream.set_nodelay(true);
    let state = Arc::new(State::new());
    let (read, write) = stream.into_split();
    let wire = Arc::new(Wire::new(write, &state));
    let interim = Interim::new(&wire);
    let watched = Watched {
        read,
        wire: Some(wire),
        state: Arc::clone(&state),
        _permit: permit,
    };
    let service = service_fn(|request: Request<Incoming>| {
        state.has_begun();
        let is_for_one_host = host::is_said(request.version(), request.headers());
        let is_newer = request.version() >= Version::HTTP_11;
        let ends = Ends {
            peer,
            local,
            interim: is_newer.then(|| interim.clone()),
        };
        let state = Arc::clone(&state);
        let answered = if is_for_one_host {
            Either::Left(answer(
                ends,
                request.map(|body| content::of_request(body, &state)),
            ))
        } else {
            let sentence = "A request has one Host.";
            let refusal = unread(text(StatusCode::BAD_REQUEST, sentence));
            Either::Right(ready(refusal))
        };
        // Half as large as a block that waits for it.
        answered.map(|response| {
            Ok::<_, Infallible>(response.map(|body| content::of_response(body, state)))
        })
    });
    let mut connection = pin!(
        http1::Builder::new()
            .serve_connection(TokioIo::new(watched), service)
            // A connection through the proxy may become another protocol.
            .with_upgrades()
    );
    let mut look = pin!(sleep_until(Instant::now() + INTERVAL));
    let mut is_ending = false;
    loop {
        tokio::select! {
            biased;
            _ = connection.as_mut() => return,
            () = look.as_mut() => {
                if state.is_late(limits) {
                    return;
                }
                look.as_mut().reset(Instant::now() + INTERVAL);
            }
            _ = ended.changed(), if !is_ending => {
                is_ending = true;
                connection.as_mut().graceful_shutdown();
            }
        }
    }
}

/// A stream, with an eye on what goes over it.
struct Watched {
    read: OwnedReadHalf,
    /// None once that direction has ended.
    wire: Option<Arc<Wire>>,
    state: Arc<State>,
    /// It counts for as long as it is there, whatever protocol it speaks.
    _permit: OwnedSemaphorePermit,
}

impl Watched {
    fn poll_writing(
        &self,
        context: &mut Context<'_>,
        write: impl Fn(&OwnedWriteHalf) -> io::Result<usize>,
    ) -> Poll<io::Result<usize>> {
        let Some(wire) = &self.wire else {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        };
        task::ready!(wire.poll_interim(context))?;
        loop {
            match write(&wire.write) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    task::ready!(wire.write.as_ref().poll_write_ready(context))?;
                }
                written => return Poll::Ready(written),
            }
        }
    }
}

impl AsyncRead for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.read).poll_read(context, buffer);
        if buffer.filled().len() > before {
            self.state.has_read();
        }
        polled
    }
}

impl AsyncWrite for Watched {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        data: &[u8],
    ) -> Poll<io::Result<usize>> {
        let polled = self.poll_writing(context, |write| write.try_write(data));
        self.state.has_written(polled.is_pending());
        polled
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        data: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = self.poll_writing(context, |write| write.try_write_vectored(data));
        self.state.has_written(polled.is_pending());
        polled
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        // The system has it.
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if let Some(wire) = &self.wire {
            task::ready!(wire.poll_interim(context))?;
        }
        // Nobody else holds it for long, and its end is the end of this direction.
        self.wire = None;
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use axum::body::Body;
    use axum::http::header::{CONNECTION, HeaderValue, UPGRADE};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    /// Two ends of a server that takes one connection at a time, and answers `/up` with another
    /// protocol: it says "hello", and ends when the client does.
    struct Upgrades {
        address: SocketAddr,
        end: tokio::sync::oneshot::Sender<()>,
        serving: tokio::task::JoinHandle<()>,
    }

    /// An upgrade, after which `is_over` is set; anything else gets what that is.
    fn answered(is_over: Arc<AtomicBool>, mut request: Request) -> Response {
        let mut response = Response::new(Body::empty());
        if request.uri().path() != "/up" {
            let said = format!("{}\n", is_over.load(Ordering::SeqCst));
            *response.body_mut() = said.into();
            return response;
        }
        let upgrade = hyper::upgrade::on(&mut request);
        tokio::spawn(async move {
            let mut stream = TokioIo::new(upgrade.await.unwrap());
            stream.write_all(b"hello").await.unwrap();
            stream.shutdown().await.unwrap();
            let mut rest = Vec::new();
            stream.read_to_end(&mut rest).await.unwrap();
            is_over.store(true, Ordering::SeqCst);
        });
        *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        let fields = response.headers_mut();
        fields.insert(CONNECTION, HeaderValue::from_static("upgrade"));
        fields.insert(UPGRADE, HeaderValue::from_static("other"));
        response
    }

    async fn upgrades() -> Upgrades {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let long = Duration::from_mins(1);
        let limits = Limits {
            connections: 1,
            idle: long,
            head: long,
            stall: long,
        };
        let is_over = Arc::new(AtomicBool::new(false));
        let answer = move |_: Ends, request| ready(answered(Arc::clone(&is_over), request));
        let (end, ended) = tokio::sync::oneshot::channel();
        let ended = async { ended.await.unwrap() };
        Upgrades {
            address,
            end,
            serving: tokio::spawn(serve(listener, limits, answer, ended)),
        }
    }

    async fn ask(address: SocketAddr, path: &str) -> TcpStream {
        let mut client = TcpStream::connect(address).await.unwrap();
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: other\r\n\r\n"
        );
        client.write_all(request.as_bytes()).await.unwrap();
        client
    }

    /// Reads on until it speaks the other protocol.
    async fn hello(client: &mut TcpStream) {
        let mut last = [0; 5];
        while last != *b"hello" {
            last.rotate_left(1);
            client.read_exact(&mut last[4..]).await.unwrap();
        }
    }

    /// All that comes, to the end.
    async fn rest(client: &mut TcpStream) -> String {
        let mut all = String::new();
        let reading = client.read_to_string(&mut all);
        let read = tokio::time::timeout(Duration::from_secs(20), reading).await;
        read.expect("an end").unwrap();
        all
    }

    /// RFC 9110 section 7.8: what one side ends is ended for the other.
    #[tokio::test]
    async fn an_upgraded_connection_is_ended() {
        let server = upgrades().await;
        let mut client = ask(server.address, "/up").await;
        assert!(rest(&mut client).await.ends_with("\r\n\r\nhello"));
    }

    /// p13: a connection counts for as long as it is there, whatever it has become.
    #[tokio::test]
    async fn upgraded_connections_are_limited() {
        let server = upgrades().await;
        let mut upgraded = ask(server.address, "/up").await;
        hello(&mut upgraded).await;
        let mut other = ask(server.address, "/").await;
        sleep(Duration::from_millis(300)).await;
        drop(upgraded);
        let mut said = vec![0; 1000];
        let length = other.read(&mut said).await.unwrap();
        let said = String::from_utf8_lossy(&said[..length]);
        assert!(said.ends_with("\r\n\r\ntrue\n"), "{said}");
    }

    /// The end of the server does not wait for the end of another protocol.
    #[tokio::test]
    async fn upgraded_connections_do_not_keep_the_server_from_ending() {
        let server = upgrades().await;
        let mut upgraded = ask(server.address, "/up").await;
        hello(&mut upgraded).await;
        server.end.send(()).unwrap();
        let serving = tokio::time::timeout(Duration::from_secs(20), server.serving);
        serving.await.expect("an end").unwrap();
    }
}
