//! For axum: an extractor that gives a handler the conditions of its request.
//!
//! The handler evaluates them itself, because only it knows what is true of the resource: a GET
//! when it has looked the representation up, a PUT with the lock held under which it will write.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue};
use http_conditional::{EntityTag, Field, Method, Preconditions, Representation};

/// The conditions of a request (RFC 9110 section 13.1), and its Range.
#[derive(Debug)]
pub struct Conditions {
    method: Method,
    lines: Vec<(Field, HeaderName, HeaderValue)>,
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
        preconditions.extend(self.lines.iter().map(|(_, name, value)| (name, value)));
        preconditions
    }

    /// The value of Range, for [`RangeResponse`](http_conditional::RangeResponse).
    #[must_use]
    pub fn range(&self) -> Option<&[u8]> {
        let mut lines = self.lines.iter();
        let range = lines.find(|(field, _, _)| *field == Field::Range);
        range.map(|(_, _, value)| value.as_bytes())
    }

    /// Whether there is an If-Range, which makes a difference to the fields of a 206.
    #[must_use]
    pub fn has_if_range(&self) -> bool {
        self.lines
            .iter()
            .any(|(field, _, _)| *field == Field::IfRange)
    }

    /// Entity tags have quotes; `*`, dates and ranges have none.
    fn compare_tags(&self) -> bool {
        let mut values = self.lines.iter().map(|(_, _, value)| value.as_bytes());
        values.any(|value| value.contains(&b'"'))
    }
}

impl<S: Sync> FromRequestParts<S> for Conditions {
    /// Any bytes are taken: what is malformed is evaluated towards the safe side.
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        let lines = parts.headers.iter().filter_map(|(name, value)| {
            let field = Field::from_name(name.as_str().as_bytes())?;
            Some((field, name.clone(), value.clone()))
        });
        Ok(Self {
            method: parts.method.as_str().into(),
            lines: lines.collect(),
        })
    }
}
