//! The service that the layer makes.

use std::task::{Context, Poll};

use http::{Request, Response};
use http_body::Body;
use tower_service::Service;

use crate::body::ConditionalBody;
use crate::future::ResponseFuture;
use crate::layer::Options;
use crate::retrieval::Retrieval;

/// A service whose responses to GET, HEAD and QUERY are conditional; made by
/// [`ConditionalLayer`](crate::ConditionalLayer).
#[derive(Clone, Copy, Debug)]
pub struct Conditional<S> {
    inner: S,
    options: Options,
}

impl<S> Conditional<S> {
    pub(crate) const fn new(inner: S, options: Options) -> Self {
        Self { inner, options }
    }

    /// The service inside.
    pub const fn get_ref(&self) -> &S {
        &self.inner
    }

    /// The service inside.
    pub const fn get_mut(&mut self) -> &mut S {
        &mut self.inner
    }

    /// The service inside.
    pub fn into_inner(self) -> S {
        self.inner
    }
}

impl<S, Q, B> Service<Request<Q>> for Conditional<S>
where
    S: Service<Request<Q>, Response = Response<B>>,
    B: Body,
{
    type Response = Response<ConditionalBody<B>>;
    type Error = S::Error;
    type Future = ResponseFuture<S::Future, B>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<Q>) -> Self::Future {
        let retrieval = Retrieval::take(&mut request, self.options);
        // Called here, and not in the future: it is this service that was polled to be ready.
        ResponseFuture::new(self.inner.call(request), retrieval)
    }
}
