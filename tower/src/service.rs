//! The service that the layer makes.

use std::task::{Context, Poll};

use http::{Request, Response};
use http_body::Body;
use tower_service::Service;

use crate::body::ConditionalBody;
use crate::future::ResponseFuture;
use crate::layer::Options;
use crate::retrieval::Plan;

/// A service whose responses to GET, HEAD and QUERY are conditional; made by
/// [`ConditionalLayer`](crate::ConditionalLayer).
///
/// ```
/// use tower::{Layer, service_fn};
/// use tower_http_conditional::{Conditional, ConditionalLayer};
///
/// let inner = service_fn(|request: http::Request<()>| async move { Ok::<_, ()>(request) });
/// let service: Conditional<_> = ConditionalLayer::new().layer(inner);
/// ```
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
    ///
    /// ```
    /// use tower::Layer;
    /// use tower_http_conditional::ConditionalLayer;
    ///
    /// let service = ConditionalLayer::new().layer("inner");
    /// assert_eq!(service.get_ref(), &"inner");
    /// ```
    pub const fn get_ref(&self) -> &S {
        &self.inner
    }

    /// The service inside.
    ///
    /// ```
    /// use tower::Layer;
    /// use tower_http_conditional::ConditionalLayer;
    ///
    /// let mut service = ConditionalLayer::new().layer("inner");
    /// *service.get_mut() = "other";
    /// assert_eq!(service.into_inner(), "other");
    /// ```
    pub const fn get_mut(&mut self) -> &mut S {
        &mut self.inner
    }

    /// The service inside.
    ///
    /// ```
    /// use tower::Layer;
    /// use tower_http_conditional::ConditionalLayer;
    ///
    /// let service = ConditionalLayer::new().layer("inner");
    /// assert_eq!(service.into_inner(), "inner");
    /// ```
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
        let plan = Plan::take(&mut request, &self.options);
        // Called here, and not in the future: it is this service that was polled to be ready.
        ResponseFuture::new(self.inner.call(request), plan)
    }
}
