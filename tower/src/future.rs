//! The response to come.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use http::Response;
use http_body::Body;
use pin_project_lite::pin_project;

use crate::body::ConditionalBody;
use crate::digest::Collecting;
use crate::retrieval::{Next, Retrieval};

pin_project! {
    /// The future of a [`Conditional`](crate::Conditional) service.
    pub struct ResponseFuture<F, B: Body> {
        #[pin]
        state: State<F, B>,
    }
}

pin_project! {
    #[project = StateProjection]
    enum State<F, B: Body> {
        Waiting { #[pin] response: F, retrieval: Option<Retrieval> },
        Collecting { collecting: Option<Collecting<B>> },
    }
}

impl<F, B: Body> ResponseFuture<F, B> {
    pub(crate) const fn new(response: F, retrieval: Option<Retrieval>) -> Self {
        Self {
            state: State::Waiting {
                response,
                retrieval,
            },
        }
    }
}

impl<F, B, E> Future for ResponseFuture<F, B>
where
    F: Future<Output = Result<Response<B>, E>>,
    B: Body,
{
    type Output = Result<Response<ConditionalBody<B>>, E>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut state = self.project().state;
        loop {
            let next = match state.as_mut().project() {
                StateProjection::Waiting {
                    response,
                    retrieval,
                } => {
                    let response = ready!(response.poll(context))?;
                    match retrieval.take() {
                        Some(retrieval) => retrieval.answer(response),
                        None => Next::Respond(response.map(ConditionalBody::whole)),
                    }
                }
                StateProjection::Collecting { collecting } => {
                    let (retrieval, head, source) = ready!(Collecting::poll(collecting, context));
                    Next::Respond(retrieval.respond(head, source))
                }
            };
            match next {
                Next::Respond(response) => return Poll::Ready(Ok(response)),
                Next::Collect(collecting) => state.set(State::Collecting {
                    collecting: Some(collecting),
                }),
            }
        }
    }
}

impl<F, B: Body> fmt::Debug for ResponseFuture<F, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}
