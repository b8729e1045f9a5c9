//! The response to come.

use std::fmt;
use std::future::Future;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use http::Response;
use http_body::Body;
use pin_project_lite::pin_project;

use crate::body::ConditionalBody;
use crate::digest::Collecting;
use crate::retrieval::{Next, Plan};

pin_project! {
    /// The future of a [`Conditional`](crate::Conditional) service.
    ///
    /// ```
    /// use std::future::{Ready, ready};
    /// use bytes::Bytes;
    /// use http::Response;
    /// use http_body_util::Full;
    /// use tower_http_conditional::ResponseFuture;
    ///
    /// // If the future of the service has a name, so has this one: nothing is boxed.
    /// type Inner = Ready<Result<Response<Full<Bytes>>, std::io::Error>>;
    /// type Outer = ResponseFuture<Inner, Full<Bytes>>;
    /// # fn is_future<F: Future>() {}
    /// # is_future::<Outer>();
    /// ```
    pub struct ResponseFuture<F, B: Body> {
        #[pin]
        state: State<F, B>,
    }
}

pin_project! {
    #[project = StateProjection]
    enum State<F, B: Body> {
        Waiting { #[pin] response: F, plan: Plan },
        Collecting { collecting: Option<Collecting<B>> },
    }
}

impl<F, B: Body> ResponseFuture<F, B> {
    pub(crate) const fn new(response: F, plan: Plan) -> Self {
        Self {
            state: State::Waiting { response, plan },
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
                StateProjection::Waiting { response, plan } => {
                    let response = ready!(response.poll(context))?;
                    match mem::replace(plan, Plan::Untouched) {
                        Plan::Untouched => Next::Respond(response.map(ConditionalBody::whole)),
                        Plan::Whole(whole) => Next::Respond(whole.answer(response)),
                        Plan::Judged(retrieval) => retrieval.answer(response),
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
