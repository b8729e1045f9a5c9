//! The content of a response, received up to the size that may be stored.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_RANGE, HeaderMap};
use futures_util::stream::{self, StreamExt};
use http_conditional::ContentRange;

/// The first and last position of a single part, and the length of the whole.
pub(crate) fn part_of(fields: &HeaderMap) -> Option<(u64, u64, Option<u64>)> {
    let mut lines = fields.get_all(CONTENT_RANGE).iter();
    let only = lines.next().filter(|_| lines.next().is_none())?;
    let part = ContentRange::parse(only.as_bytes()).ok()?;
    let range = part.range()?;
    Some((range.first(), range.last(), part.complete_length()))
}

/// Content, as far as it was worth waiting for.
pub(crate) enum Collected {
    Whole(Bytes),
    /// All of it, to be passed on as it comes.
    TooMuch(Body),
    BrokenOff,
}

/// A slow client does not matter: stored content is taken at once.
pub(crate) async fn collect(body: Body, most: usize, patience: Duration) -> Collected {
    let mut parts = Vec::new();
    let mut length = 0;
    let mut rest = body.into_data_stream();
    loop {
        let part = match tokio::time::timeout(patience, rest.next()).await {
            Ok(Some(Ok(part))) => part,
            Ok(None) => break,
            Ok(Some(Err(_))) | Err(_) => return Collected::BrokenOff,
        };
        length += part.len();
        parts.push(part);
        if length > most {
            let parts = stream::iter(parts.into_iter().map(Ok));
            return Collected::TooMuch(Body::from_stream(parts.chain(rest)));
        }
    }
    Collected::Whole(Bytes::from(parts.concat()))
}
