//! Connections: accepted, limited in number and in time (RFC 9112 section 9).

mod host;
mod interim;

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{self, Context, Poll};
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{StatusCode, Version};
use axum::response::Response;
use futures_util::FutureExt;
use futures_util::future::{Either, ready};
use http_body::{Frame, SizeHint};
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
        state.enter(BUSY);
        let is_for_one_host = host::is_said(request.version(), request.headers());
        let is_newer = request.version() >= Version::HTTP_11;
        let ends = Ends {
            peer,
            local,
            interim: is_newer.then(|| interim.clone()),
        };
        let state = Arc::clone(&state);
        let answered = if is_for_one_host {
            Either::Left(answer(ends, request.map(|body| content(body, &state))))
        } else {
            let sentence = "A request has one Host.";
            let refusal = unread(text(StatusCode::BAD_REQUEST, sentence));
            Either::Right(ready(refusal))
        };
        // Half as large as a block that waits for it.
        answered.map(|response| Ok::<_, Infallible>(response.map(|body| Ending { body, state })))
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

/// The content of a request. Most have none, for which nothing is allocated.
fn content(incoming: Incoming, state: &Arc<State>) -> Body {
    if http_body::Body::is_end_stream(&incoming) {
        return Body::empty();
    }
    state.contents.fetch_add(1, Ordering::SeqCst);
    Body::new(Receiving {
        incoming,
        state: Arc::clone(state),
    })
}

/// No byte of the next request has come.
const IDLE: u64 = 0;
/// Some have.
const HEAD: u64 = 1;
/// A request is being answered.
const BUSY: u64 = 2;
/// One has been answered, and its content is still coming.
const REST: u64 = 3;
const PHASES: u64 = 4;

/// What a connection does, and since when. Only its own task writes it, but for the end of a
/// response and of a request's content, which may be dropped elsewhere.
///
/// Times are in milliseconds since the connection began, as of the last look at it: reading the
/// clock three times a request would cost more than it is worth.
struct State {
    begun: Instant,
    /// When it was looked at.
    looked: AtomicU64,
    /// The phase, and since when it lasts.
    phase: AtomicU64,
    /// Since when there is something to be written and it cannot be, plus one; 0 where that is not
    /// so.
    stalled: AtomicU64,
    /// How many requests have content that somebody still reads.
    contents: AtomicU64,
}

impl State {
    fn new() -> Self {
        Self {
            begun: Instant::now(),
            looked: AtomicU64::new(0),
            phase: AtomicU64::new(IDLE),
            stalled: AtomicU64::new(0),
            contents: AtomicU64::new(0),
        }
    }

    fn enter(&self, phase: u64) {
        let since = self.looked.load(Ordering::Relaxed) * PHASES;
        self.phase.store(since + phase, Ordering::SeqCst);
    }

    fn phase(&self) -> u64 {
        self.phase.load(Ordering::Relaxed) % PHASES
    }

    fn has_read(&self) {
        match self.phase() {
            IDLE => self.enter(HEAD),
            // Since the last bytes.
            REST => self.enter(REST),
            _ => {}
        }
    }

    fn has_answered(&self) {
        self.enter(REST);
        self.may_be_idle();
    }

    fn has_received(&self) {
        self.contents.fetch_sub(1, Ordering::SeqCst);
        self.may_be_idle();
    }

    /// Ends the rest of a request, where it is over. Whichever of response and content ends last
    /// sees the end of the other.
    fn may_be_idle(&self) {
        let phase = self.phase.load(Ordering::SeqCst);
        if phase % PHASES == REST && self.contents.load(Ordering::SeqCst) == 0 {
            let idle = phase - REST + IDLE;
            let _ = self
                .phase
                .compare_exchange(phase, idle, Ordering::SeqCst, Ordering::SeqCst);
        }
    }

    fn has_written(&self, is_pending: bool) {
        if !is_pending {
            self.stalled.store(0, Ordering::Relaxed);
        } else if self.stalled.load(Ordering::Relaxed) == 0 {
            let since = self.looked.load(Ordering::Relaxed) + 1;
            self.stalled.store(since, Ordering::Relaxed);
        }
    }

    fn is_stalled(&self) -> bool {
        self.stalled.load(Ordering::Relaxed) != 0
    }

    /// Looks at it: whether something takes longer than it may.
    fn is_late(&self, limits: Limits) -> bool {
        let now = self.begun.elapsed().as_millis();
        let now = u64::try_from(now).unwrap_or(u64::MAX / PHASES);
        let looked = self.looked.swap(now, Ordering::Relaxed);
        // It may have begun as late as just before the look after that.
        let after = now.saturating_sub(looked);
        let longer = |since: u64, limit: Duration| {
            Duration::from_millis(now.saturating_sub(since + after)) > limit
        };
        let stalled = self.stalled.load(Ordering::Relaxed);
        if stalled != 0 {
            return longer(stalled, limits.stall);
        }
        let phase = self.phase.load(Ordering::Relaxed);
        match phase % PHASES {
            IDLE | REST => longer(phase / PHASES, limits.idle),
            HEAD => longer(phase / PHASES, limits.head),
            // The content of the request is timed where it is read.
            _ => false,
        }
    }
}

/// The content of a response, whose end is the end of its request.
struct Ending {
    body: Body,
    state: Arc<State>,
}

impl http_body::Body for Ending {
    type Data = axum::body::Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Ending {
    fn drop(&mut self) {
        self.state.has_answered();
    }
}

/// The content of a request, which may be read for longer than its response is sent.
struct Receiving {
    incoming: Incoming,
    state: Arc<State>,
}

impl http_body::Body for Receiving {
    type Data = axum::body::Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        Pin::new(&mut self.incoming).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.incoming.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.incoming.size_hint()
    }
}

impl Drop for Receiving {
    fn drop(&mut self) {
        self.state.has_received();
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
    use std::sync::atomic::AtomicBool;

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
