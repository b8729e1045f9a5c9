//! The way to the program and back: nothing is changed but what belongs to one connection or to a
//! proxy (RFC 9110 sections 7.6.1 and 11.7), and upgrades are passed on (section 7.8).

use std::error::Error;
use std::time::Duration;

use axum::body::Body;
use axum::http::header::{CONNECTION, EXPECT, HeaderMap, HeaderValue, UPGRADE};
use axum::http::{Request, Response, StatusCode};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioIo};

use crate::connections::Interim;
use crate::inbound::{self, Base, Lost, end_to_end};

pub(super) struct Forwarder {
    base: Base,
    client: Client<HttpConnector, Body>,
    timeout: Duration,
}

/// Why there is no answer, in a sentence.
pub(super) struct Failure(pub(super) StatusCode, pub(super) String);

impl Forwarder {
    pub(super) fn new(base: Base, timeout: Duration) -> Self {
        Self {
            base,
            client: Client::builder(TokioExecutor::new()).build_http(),
            timeout,
        }
    }

    /// Sends a request on, and gives its answer as soon as its head is there.
    ///
    /// There is no Via: with it, programs behave otherwise than without, as nginx, which does not
    /// compress for proxies, and this one is there to see what happens without it.
    pub(super) async fn send(
        &self,
        mut request: Request<Body>,
        interim: Option<&Interim>,
    ) -> Result<Response<Body>, Failure> {
        let mut fields = end_to_end(request.headers());
        self.base.complete_host(request.uri(), &mut fields);
        let target = request.uri().path_and_query().cloned();
        let uri = target.and_then(|target| self.base.uri(target));
        *request.uri_mut() = uri.ok_or_else(|| {
            let sentence = "The target of the request is not a path.";
            Failure(StatusCode::BAD_REQUEST, sentence.to_owned())
        })?;
        let upgrade = upgrade_of(request.headers());
        let client = upgrade.is_some().then(|| hyper::upgrade::on(&mut request));
        // The connection to the client has dealt with it.
        fields.remove(EXPECT);
        put_back(&mut fields, upgrade.as_ref());
        *request.headers_mut() = fields;

        let sent = inbound::send(&self.client, request, interim, self.timeout);
        let mut response = sent.await.map_err(|lost| self.failure(&lost))?;
        let accepted = (response.status() == StatusCode::SWITCHING_PROTOCOLS)
            .then(|| upgrade_of(response.headers()))
            .flatten();
        let program = accepted
            .is_some()
            .then(|| hyper::upgrade::on(&mut response));
        let (mut head, body) = response.into_parts();
        head.headers = end_to_end(&head.headers);
        put_back(&mut head.headers, accepted.as_ref());
        if let (Some(client), Some(program)) = (client, program) {
            tokio::spawn(async move {
                // From here on it is another protocol. When one side has said all, the other is
                // told.
                if let (Ok(client), Ok(program)) = tokio::join!(client, program) {
                    let (mut client, mut program) = (TokioIo::new(client), TokioIo::new(program));
                    let _ = tokio::io::copy_bidirectional(&mut client, &mut program).await;
                }
            });
        }
        Ok(Response::from_parts(head, Body::new(body)))
    }

    fn failure(&self, lost: &Lost) -> Failure {
        let base = &self.base;
        match lost {
            Lost::Paused => {
                let sentence = "The content of the request did not arrive in time.";
                Failure(StatusCode::REQUEST_TIMEOUT, sentence.to_owned())
            }
            Lost::Late => {
                let sentence = format!("The program at {base} takes too long to answer.");
                Failure(StatusCode::GATEWAY_TIMEOUT, sentence)
            }
            Lost::Failed(error) => {
                let why = innermost(error);
                let sentence = format!("The program at {base} did not answer: {why}.");
                Failure(StatusCode::BAD_GATEWAY, sentence)
            }
        }
    }
}

/// The protocol that the connection is to be upgraded to.
fn upgrade_of(fields: &HeaderMap) -> Option<HeaderValue> {
    let connection = fields.get_all(CONNECTION).iter();
    let mut options = connection
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','));
    options
        .any(|option| option.trim().eq_ignore_ascii_case("upgrade"))
        .then(|| fields.get(UPGRADE).cloned())
        .flatten()
}

fn put_back(fields: &mut HeaderMap, upgrade: Option<&HeaderValue>) {
    if let Some(protocol) = upgrade {
        fields.insert(UPGRADE, protocol.clone());
        fields.insert(CONNECTION, HeaderValue::from_static("upgrade"));
    }
}

fn innermost(error: &dyn Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}
