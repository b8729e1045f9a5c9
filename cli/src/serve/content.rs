//! The content of a request, as far as it is read.

use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::http::StatusCode;
use axum::http::header::{CONNECTION, HeaderValue};
use axum::response::Response;
use tokio::time::{Instant, timeout_at};

use crate::serve::app::{failure, text};
use crate::serve::store::Received;

/// How long a client may send nothing of the content it has begun to send.
const STALL: Duration = Duration::from_secs(20);
/// And how fast it has to be on the whole, after that time.
const BYTES_A_SECOND: u64 = 500;
/// How much unwanted content is still read after the answer.
const MOST_DISCARDED: u64 = 64 << 20;

/// All of it; the answer to the request where it is broken or has more than `most` bytes.
pub(crate) async fn read(body: Body, most: usize) -> Result<Bytes, Response> {
    let mut received = Received::Memory(Vec::new());
    receive(body, most, &mut received).await?;
    received.into_bytes().map_err(|error| failure(&error))
}

/// Puts all of it there.
pub(crate) async fn receive(
    mut body: Body,
    most: usize,
    received: &mut Received,
) -> Result<(), Response> {
    let mut left = most;
    let mut pace = Pace::new();
    while let Some(data) = pace.next(&mut body).await {
        let data = match data {
            Ok(data) => data,
            Err(Broken::Late) => {
                let sentence = "The content of the request did not arrive in time.";
                return Err(unread(text(StatusCode::REQUEST_TIMEOUT, sentence)));
            }
            Err(Broken::Off) => {
                let sentence = "The content of the request is broken.";
                return Err(unread(text(StatusCode::BAD_REQUEST, sentence)));
            }
        };
        let Some(less) = left.checked_sub(data.len()) else {
            discard(body);
            return Err(too_large());
        };
        left = less;
        if let Err(error) = received.write(&data) {
            discard(body);
            return Err(unread(failure(&error)));
        }
    }
    Ok(())
}

/// Why there is no more content.
enum Broken {
    Late,
    Off,
}

/// How fast content has to come.
struct Pace {
    begun: Instant,
    bytes: u64,
}

impl Pace {
    fn new() -> Self {
        Self {
            begun: Instant::now(),
            bytes: 0,
        }
    }

    /// The next bytes.
    async fn next(&mut self, body: &mut Body) -> Option<Result<Bytes, Broken>> {
        let frame = poll_fn(|context| Pin::new(&mut *body).poll_frame(context));
        let on_the_whole = STALL + Duration::from_secs(self.bytes / BYTES_A_SECOND);
        let latest = (self.begun + on_the_whole).min(Instant::now() + STALL);
        match timeout_at(latest, frame).await {
            Err(_) => Some(Err(Broken::Late)),
            Ok(None) => None,
            Ok(Some(Err(_))) => Some(Err(Broken::Off)),
            Ok(Some(Ok(frame))) => {
                let data = frame.into_data().unwrap_or_default();
                self.bytes += data.len() as u64;
                Some(Ok(data))
            }
        }
    }
}

/// Goes on reading beside the answer: a connection that is closed while content arrives is reset,
/// and the answer may be lost with it (RFC 9112 section 9.6).
pub(crate) fn discard(mut body: Body) {
    if body.is_end_stream() {
        return;
    }
    tokio::spawn(async move {
        let mut pace = Pace::new();
        while let Some(Ok(_)) = pace.next(&mut body).await {
            if pace.bytes > MOST_DISCARDED {
                return;
            }
        }
    });
}

pub(crate) fn too_large() -> Response {
    let sentence = "The content is larger than this server takes.";
    unread(text(StatusCode::PAYLOAD_TOO_LARGE, sentence))
}

/// With content left unread, there is no telling where the next request begins.
pub(crate) fn unread(mut response: Response) -> Response {
    let fields = response.headers_mut();
    fields.insert(CONNECTION, HeaderValue::from_static("close"));
    response
}
