//! Which fields are passed on (RFC 9110 section 7.6.1).

use axum::http::header::{CONNECTION, HeaderMap};
use http_conditional::cache::StorableFields;

/// The fields without those of one connection, and without those by which a client logs in at a
/// proxy: what a cache may not store is not passed on either.
pub(crate) fn end_to_end(fields: &HeaderMap) -> HeaderMap {
    let connection = fields.get_all(CONNECTION);
    let rules = StorableFields::new(&connection);
    let kept = fields
        .iter()
        .filter(|(name, _)| rules.stores(name.as_ref()));
    kept.map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}
