//! The content of a request, as far as it is read.

use std::future::poll_fn;
use std::pin::Pin;

use axum::body::{Body, Bytes, HttpBody};
use axum::http::StatusCode;
use axum::http::header::{CONNECTION, HeaderValue};
use axum::response::Response;

use crate::serve::app::text;

/// All of it; the answer to the request where it is broken or has more than `most` bytes.
pub(crate) async fn read(mut body: Body, most: usize) -> Result<Bytes, Response> {
    let mut content = Vec::new();
    while let Some(data) = next(&mut body).await {
        let Ok(data) = data else {
            let sentence = "The content of the request is broken.";
            return Err(unread(text(StatusCode::BAD_REQUEST, sentence)));
        };
        if data.len() > most - content.len() {
            discard(body);
            return Err(too_large());
        }
        content.extend_from_slice(&data);
    }
    Ok(content.into())
}

/// The next bytes of it.
async fn next(body: &mut Body) -> Option<Result<Bytes, axum::Error>> {
    let frame = poll_fn(|context| Pin::new(&mut *body).poll_frame(context)).await?;
    Some(frame.map(|frame| frame.into_data().unwrap_or_default()))
}

/// Goes on reading beside the answer: a connection that is closed while content arrives is reset,
/// and the answer may be lost with it (RFC 9112 section 9.6).
pub(crate) fn discard(mut body: Body) {
    tokio::spawn(async move { while let Some(Ok(_)) = next(&mut body).await {} });
}

pub(crate) fn too_large() -> Response {
    let sentence = "The content is larger than this server takes.";
    unread(text(StatusCode::PAYLOAD_TOO_LARGE, sentence))
}

/// With content left unread, there is no telling where the next request begins.
pub(crate) fn unread(mut response: Response) -> Response {
    let fields = response.headers_mut();
    fields.insert(CONNECTION, HeaderValue::from_static("close"));
    response
}
