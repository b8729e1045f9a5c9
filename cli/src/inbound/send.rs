//! Sends a request on, and waits for the head of its response, for as long as it is the server that
//! is waited for.

use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::http::{Request, Response};
use http_body::{Frame, SizeHint};
use hyper::body::Incoming;
use hyper::ext::on_informational;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::{Client, Error};
use tokio::sync::watch;
use tokio::time::sleep;

use super::end_to_end;
use crate::connections::Interim;

/// How long a client may send nothing of the content it has begun to send.
const PAUSE: Duration = Duration::from_secs(20);

/// Why there is no response.
pub(crate) enum Lost {
    /// The client does not go on with its content.
    Paused,
    /// The server takes too long.
    Late,
    Failed(Error),
}

/// Interim responses go back as they come. The server has `patience` to connect, to take each piece
/// of the content, and to respond after the last one.
pub(crate) async fn send(
    client: &Client<HttpConnector, Body>,
    request: Request<Body>,
    interim: Option<&Interim>,
    patience: Duration,
) -> Result<Response<Incoming>, Lost> {
    let (waits, mut waiting) = watch::channel(false);
    let mut request = request.map(|body| Body::new(Upload { body, waits }));
    // RFC 9110 section 15.2: a proxy MUST forward them, but for the 100 that the connection to the
    // client has dealt with; and a 101 speaks of the connection.
    if let Some(interim) = interim.cloned() {
        on_informational(&mut request, move |response| {
            if !matches!(response.status().as_u16(), 100 | 101) {
                interim.send(response.status(), &end_to_end(response.headers()));
            }
        });
    }
    let mut response = pin!(client.request(request));
    let mut is_sent = false;
    loop {
        let for_client = *waiting.borrow_and_update() && !is_sent;
        tokio::select! {
            biased;
            response = response.as_mut() => return response.map_err(Lost::Failed),
            changed = waiting.changed(), if !is_sent => is_sent = changed.is_err(),
            () = sleep(if for_client { PAUSE } else { patience }) => {
                return Err(if for_client { Lost::Paused } else { Lost::Late });
            }
        }
    }
}

/// The content of a request, which tells whether it waits for the client.
struct Upload {
    body: Body,
    waits: watch::Sender<bool>,
}

impl HttpBody for Upload {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(context);
        if frame.is_ready() {
            // The time for the next piece begins.
            self.waits.send_replace(false);
        } else {
            self.waits
                .send_if_modified(|waits| !std::mem::replace(waits, true));
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
