//! Reads what was pasted into the page, as `http-conditional explain` does, and says the same.

use std::time::SystemTime;

use axum::extract::Request;
use axum::http::header::{ALLOW, CONTENT_TYPE, HeaderValue};
use axum::http::{Method, StatusCode};
use axum::response::Response;

use crate::explain::read::{READABLE, read};
use crate::explain::{Given, reports};
use crate::serve::app::{blocking, failure, text};
use crate::serve::content;
use crate::serve::store::http_date;

/// How many bytes may be pasted.
const MOST: usize = 16 << 20;

/// Answers `POST /explain`, whose content is what was pasted.
pub(super) async fn handle(request: Request) -> Response {
    let (head, body) = request.into_parts();
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
    let reported = blocking(move || {
        let given = Given {
            now: http_date(SystemTime::now()),
            ..Given::default()
        };
        Ok(match read(&content) {
            Ok(reading) => Ok(serde_json::to_vec(&reports(&reading, &given))?),
            Err(unreadable) => Err(unreadable),
        })
    });
    match reported.await {
        Ok(Ok(json)) => {
            let mut response = Response::new(json.into());
            let json = HeaderValue::from_static("application/json");
            response.headers_mut().insert(CONTENT_TYPE, json);
            response
        }
        Ok(Err(unreadable)) => {
            let sentence = format!(
                "It cannot be read: {unreadable}.\nThese can be read:\n- {}",
                READABLE.join("\n- ")
            );
            text(StatusCode::UNPROCESSABLE_ENTITY, &sentence)
        }
        Err(error) => failure(&error),
    }
}
