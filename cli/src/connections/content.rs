//! The content of requests and responses, whose end the connection is told of.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::Body;
use http_body::{Frame, SizeHint};
use hyper::body::Incoming;

use super::state::State;

/// The content of a request, which may be read for longer than its response is sent. Most have
/// none, for which nothing is allocated.
pub(super) fn of_request(body: Incoming, state: &Arc<State>) -> Body {
    if http_body::Body::is_end_stream(&body) {
        return Body::empty();
    }
    state.receives();
    Body::new(Content {
        body,
        state: Arc::clone(state),
        ended: State::has_received,
    })
}

/// The content of a response, whose end is the end of its request.
pub(super) fn of_response(body: Body, state: Arc<State>) -> Content<Body> {
    Content {
        body,
        state,
        ended: State::has_answered,
    }
}

/// Content, and what its end means.
pub(super) struct Content<B> {
    body: B,
    state: Arc<State>,
    ended: fn(&State),
}

impl<B: http_body::Body + Unpin> http_body::Body for Content<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl<B> Drop for Content<B> {
    fn drop(&mut self) {
        (self.ended)(&self.state);
    }
}
