use std::convert::Infallible;

use axum::body::{Body, Bytes};

pub(crate) fn nothing() -> Body {
    Body::from_stream(futures_util::stream::empty::<Result<Bytes, Infallible>>())
}
