//! For axum: an extractor that gives a handler the conditions of its request.
//!
//! The handler evaluates them itself, because only it knows what is true of the resource: a GET
//! when it has looked the representation up, a PUT with the lock held under which it will write.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::HeaderValue;
use axum::http::request::Parts;
use http_conditional::{EntityTag, Field, Method, Preconditions, Representation};

/// The conditions of a request (RFC 9110 section 13.1).
#[derive(Debug)]
pub struct Conditions {
    method: Method,
    lines: Vec<(Field, HeaderValue)>,
}

impl Conditions {
    /// The conditions against the representation that is selected now. The result
    /// [decides](Preconditions::decide), and says whether the request
    /// [guards a write](Preconditions::guards_write).
    ///
    /// `selected` is to come without its entity tag. `etag` is called for it where a condition
    /// compares tags, and only there: no other request pays for a digest of the content.
    pub fn against<'r>(
        &self,
        selected: Representation<'r>,
        etag: impl FnOnce() -> Option<EntityTag<'r>>,
    ) -> Preconditions<'r> {
        let etag = if self.compare_tags() { etag() } else { None };
        let selected = etag.map_or(selected, |etag| selected.etag(etag));
        let mut preconditions = Preconditions::new(self.method, selected);
        preconditions.extend(&self.lines);
        preconditions
    }

    /// Entity tags have quotes; `*`, dates and ranges have none.
    fn compare_tags(&self) -> bool {
        let mut values = self.lines.iter().map(|(_, value)| value.as_bytes());
        values.any(|value| value.contains(&b'"'))
    }
}

impl<S: Sync> FromRequestParts<S> for Conditions {
    /// Any bytes are taken: what is malformed is evaluated towards the safe side.
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        let lines = parts.headers.iter().filter_map(|(name, value)| {
            let field = Field::from_name(name.as_str().as_bytes())?;
            Some((field, value.clone()))
        });
        Ok(Self {
            method: Method::from(&parts.method),
            lines: lines.collect(),
        })
    }
}
