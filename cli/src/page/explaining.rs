//! Reads what was pasted into the page, as `http-conditional explain` does, and says the same.

use axum::extract::Request;
use axum::http::header::{ALLOW, CONTENT_TYPE, HOST, HeaderMap, HeaderValue, ORIGIN};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use http_conditional::HttpDate;
use tokio::sync::Mutex;

use crate::explain::read::{READABLE, Reading, read};
use crate::explain::{Given, reports};
use crate::serve::app::{blocking, failure, text};
use crate::serve::content::{self, unread};

/// How many bytes may be pasted, and how many requests may be in them. The report of a request may
/// be twenty times as long as what it is about.
const MOST: usize = 4 << 20;
const MOST_REQUESTS: usize = 1000;

/// Held while something is read and explained, which may take twenty times the memory of what was
/// pasted.
static READING: Mutex<()> = Mutex::const_new(());

/// Answers `POST /explain`, whose content is what was pasted.
pub(super) async fn handle(request: Request) -> Response {
    let (head, body) = request.into_parts();
    if !is_of_this_site(&head.headers) {
        let sentence = "This can only be asked by the page itself.";
        return unread(text(StatusCode::FORBIDDEN, sentence));
    }
    let content = match content::read(body, MOST).await {
        Ok(content) => content,
        Err(refusal) => return refusal,
    };
    if head.method != Method::POST {
        let mut response = text(
            StatusCode::METHOD_NOT_ALLOWED,
            "Send what you want explained with POST.",
        );
        response
            .headers_mut()
            .insert(ALLOW, HeaderValue::from_static("POST"));
        return response;
    }
    let turn = READING.lock().await;
    let reported = blocking(move || {
        let _turn = turn;
        Ok(match read(&content) {
            Ok(reading) => Ok(report(&reading)?),
            Err(unreadable) => Err(format!(
                "It cannot be read: {unreadable}.\nThese can be read:\n- {}",
                READABLE.join("\n- ")
            )),
        })
    });
    match reported.await {
        Ok(Ok(Some(json))) => {
            let mut response = Response::new(json.into());
            let json = HeaderValue::from_static("application/json");
            response.headers_mut().insert(CONTENT_TYPE, json);
            response
        }
        Ok(Ok(None)) => text(
            StatusCode::PAYLOAD_TOO_LARGE,
            &format!(
                "It has more than {MOST_REQUESTS} requests. Give the file to http-conditional explain."
            ),
        ),
        Ok(Err(sentence)) => text(StatusCode::UNPROCESSABLE_ENTITY, &sentence),
        Err(error) => failure(&error),
    }
}

/// The reports as JSON; `None` where there would be too many.
fn report(reading: &Reading) -> serde_json::Result<Option<Vec<u8>>> {
    if reading.exchanges.len() > MOST_REQUESTS {
        return Ok(None);
    }
    let given = Given {
        now: Some(HttpDate::now()),
        ..Given::default()
    };
    serde_json::to_vec(&reports(reading, &given)).map(Some)
}

/// Whether a request comes from a page of this server, or from no page. A browser names the site
/// of the page in Origin with every POST, and any site's page may send one with text.
fn is_of_this_site(fields: &HeaderMap) -> bool {
    let Some(origin) = fields.get(ORIGIN) else {
        return true;
    };
    let origin = origin.as_bytes();
    let site = origin
        .strip_prefix(b"http://")
        .or_else(|| origin.strip_prefix(b"https://"));
    site.is_some() && site == fields.get(HOST).map(HeaderValue::as_bytes)
}
