//! Content on its way to the client: passed on as it comes, and counted and digested meanwhile.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::body::{Body, Bytes, HttpBody};
use http_body::{Frame, SizeHint};
use sha2::{Digest, Sha256};

use crate::reasons::Content;

/// What is done once the content has gone by: with all of it, or `None` where it broke off.
type Then = Box<dyn FnOnce(Option<Content>) + Send>;

/// A body that is watched.
pub(super) struct Watched {
    body: Body,
    digest: Sha256,
    length: u64,
    then: Option<Then>,
}

impl Watched {
    pub(super) fn new(body: Body, then: Then) -> Self {
        Self {
            body,
            digest: Sha256::new(),
            length: 0,
            then: Some(then),
        }
    }

    fn ended(&mut self) {
        if let Some(then) = self.then.take() {
            let digest = std::mem::take(&mut self.digest).finalize();
            then(Some(Content {
                length: self.length,
                digest: digest.into(),
            }));
        }
    }
}

impl HttpBody for Watched {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        match &frame {
            Some(Ok(frame)) => {
                if let Some(data) = frame.data_ref() {
                    self.digest.update(data);
                    self.length = self
                        .length
                        .saturating_add(u64::try_from(data.len()).unwrap_or(u64::MAX));
                }
                // Whoever writes a body of known length does not ask again after its end.
                if self.body.is_end_stream() {
                    self.ended();
                }
            }
            Some(Err(_)) => {}
            None => self.ended(),
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        if self.body.is_end_stream() {
            self.ended();
        } else if let Some(then) = self.then.take() {
            then(None);
        }
    }
}
