//! The way to the origin server.

use std::error::Error;
use std::io::{self, ErrorKind};
use std::iter;
use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::http::header::{EXPECT, HeaderMap, HeaderValue, VIA};
use axum::http::{Method, Request, Response, Version};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};

use super::asked::Asked;
use crate::connections::Interim;
use crate::inbound::{self, Base, end_to_end};

/// Why there is no response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The origin server cannot be reached, or did not respond.
    Unreachable,
    /// The request cannot be sent on: its target is no path, or its content broke off.
    BadRequest,
    /// The client does not go on with its content.
    Paused,
}

pub(crate) struct Origin {
    base: Base,
    client: Client<HttpConnector, Body>,
    timeout: Duration,
}

impl Origin {
    pub(crate) fn new(base: Base, timeout: Duration) -> Self {
        Self {
            base,
            // Many servers close an idle connection after five seconds. A request sent on a
            // connection that is just being closed is lost.
            client: Client::builder(TokioExecutor::new())
                .pool_timer(TokioTimer::new())
                .pool_idle_timeout(Duration::from_secs(2))
                .build_http(),
            timeout,
        }
    }

    pub(crate) fn base(&self) -> &Base {
        &self.base
    }

    /// How long the origin server may take to begin, and between any two pieces of content.
    pub(crate) fn timeout(&self) -> Duration {
        self.timeout
    }

    /// Sends a request for what is asked for, with this method, these fields and this content, and
    /// receives the head of its response. The fields of either connection are left out, and so are
    /// trailer sections.
    pub(crate) async fn send(
        &self,
        asked: &Asked,
        method: Method,
        fields: &HeaderMap,
        body: Body,
    ) -> Result<Response<Body>, Failure> {
        let request = self.request(asked, method, fields)?;
        let interim = asked.interim.as_ref();
        // RFC 9110 section 9.2.2: a proxy MUST NOT repeat what is not idempotent. An origin server
        // may close an idle connection just when the next request is on its way there.
        let again = (request.method().is_safe() && body.is_end_stream()).then(|| request.clone());
        let sent = self.attempt(request.map(|()| body), interim).await;
        let sent = match (sent, again) {
            (Err(Lost::Closed), Some(request)) => {
                self.attempt(request.map(|()| Body::empty()), interim).await
            }
            (sent, _) => sent,
        };
        sent.map_err(|lost| match lost {
            Lost::Content => Failure::BadRequest,
            Lost::Paused => Failure::Paused,
            Lost::Closed | Lost::Unreachable => Failure::Unreachable,
        })
    }

    fn request(
        &self,
        asked: &Asked,
        method: Method,
        fields: &HeaderMap,
    ) -> Result<Request<()>, Failure> {
        let uri = self.base.uri(asked.target.clone());
        let mut request = Request::new(());
        *request.method_mut() = method;
        *request.uri_mut() = uri.ok_or(Failure::BadRequest)?;
        *request.headers_mut() = end_to_end(fields);
        let fields = request.headers_mut();
        let via = match asked.version {
            Version::HTTP_10 => "1.0 cache",
            _ => "1.1 cache",
        };
        fields.append(VIA, HeaderValue::from_static(via));
        // The connection to the client has dealt with it.
        fields.remove(EXPECT);
        Ok(request)
    }

    async fn attempt(
        &self,
        request: Request<Body>,
        interim: Option<&Interim>,
    ) -> Result<Response<Body>, Lost> {
        let sent = inbound::send(&self.client, request, interim, self.timeout);
        match sent.await {
            Ok(response) => {
                let (mut head, body) = response.into_parts();
                head.headers = end_to_end(&head.headers);
                let data = Body::new(body).into_data_stream();
                Ok(Response::from_parts(head, Body::from_stream(data)))
            }
            Err(inbound::Lost::Paused) => Err(Lost::Paused),
            Err(inbound::Lost::Failed(error)) if is_about_content(&error) => Err(Lost::Content),
            Err(inbound::Lost::Failed(error)) if is_closed(&error) => Err(Lost::Closed),
            Err(_) => Err(Lost::Unreachable),
        }
    }
}

/// Why an attempt came to no response.
enum Lost {
    /// The content that the client sent broke off.
    Content,
    /// It does not go on.
    Paused,
    /// The connection was there, and then gone.
    Closed,
    Unreachable,
}

/// Whether the content that the client sent is what went wrong.
fn is_about_content(error: &(dyn Error + 'static)) -> bool {
    causes(error).any(<dyn Error>::is::<axum::Error>)
}

/// Whether the connection ended before there was a response.
fn is_closed(error: &(dyn Error + 'static)) -> bool {
    causes(error).any(|cause| {
        let by_hyper = cause.downcast_ref::<hyper::Error>();
        let by_system = cause.downcast_ref::<io::Error>().map(io::Error::kind);
        by_hyper.is_some_and(|error| error.is_incomplete_message() || error.is_canceled())
            || matches!(
                by_system,
                Some(ErrorKind::ConnectionReset | ErrorKind::BrokenPipe)
            )
    })
}

fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    iter::successors(Some(error), |&error| error.source())
}
