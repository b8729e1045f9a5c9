//! A resource whose state is whatever the request's target says: to try conditions on.
//!
//! Its query has members `etag`, `last-modified` and `strong-last-modified` with the validators,
//! or `missing` or `moved` where there is no representation. So
//! `/try?etag=%22v1%22&last-modified=Sat,%2029%20Oct%201994%2019:43:31%20GMT` names a resource
//! with the entity tag `"v1"` that was modified in 1994, for every client and for ever.

use std::borrow::Cow;
use std::io;
use std::time::SystemTime;

use axum::body::Bytes;
use axum::http::header::{ETAG, HeaderValue, LAST_MODIFIED};
use axum::http::request::Parts;
use http_conditional::{EntityTag, HttpDate, Modified};
use percent_encoding::percent_decode_str;

use crate::serve::store::{LookUp, Received, Snapshot, Store, field_value, http_date};

pub(crate) const PATH: &str = "/try";

const DATA: &str = "The content of the playground.\n";
const TEXT: &str = "text/plain; charset=utf-8";

pub(crate) struct Playground {
    /// Where it is.
    path: String,
}

impl Playground {
    pub(crate) fn new(path: &str) -> Self {
        Self {
            path: path.to_owned(),
        }
    }
}

impl Store for Playground {
    fn look_up(&self, _: &str, request: &Parts) -> io::Result<LookUp> {
        let query = request.uri.query().unwrap_or_default();
        Ok(state(query, &self.path).unwrap_or(LookUp::Nowhere))
    }

    /// The state remains what the target says, so nothing is stored, and there are no validators to
    /// send.
    fn put(&self, _: &str, content: Received, _: Option<&HeaderValue>) -> io::Result<Snapshot> {
        Ok(Snapshot::new(
            content.into_bytes()?,
            HeaderValue::from_static(TEXT),
        ))
    }

    fn delete(&self, _: &str) -> io::Result<()> {
        Ok(())
    }
}

/// The state that a query describes; a sentence where it describes none.
pub(crate) fn state(query: &str, path: &str) -> Result<LookUp, String> {
    let mut snapshot = Snapshot::new(Bytes::from_static(DATA.as_bytes()), field_value(TEXT));
    let mut without = None;
    for member in query.split('&').filter(|member| !member.is_empty()) {
        let (name, value) = member.split_once('=').unwrap_or((member, ""));
        let value: Cow<[u8]> = percent_decode_str(value).into();
        match name {
            "etag" => {
                EntityTag::parse(&value).map_err(|error| format!("The ETag is {error}."))?;
                snapshot.fields_mut().insert(ETAG, field_value(value));
            }
            "last-modified" | "strong-last-modified" => {
                let date = last_modified(&value)?;
                snapshot
                    .fields_mut()
                    .insert(LAST_MODIFIED, field_value(date));
                snapshot.strong_date = name == "strong-last-modified";
            }
            "missing" => without = Some(LookUp::Vacant),
            "moved" => without = Some(LookUp::Moved(field_value(path))),
            _ => return Err(String::from("The query has an unknown parameter.")),
        }
    }
    Ok(without.unwrap_or(LookUp::Current(snapshot)))
}

fn last_modified(value: &[u8]) -> Result<[u8; 29], String> {
    let now = http_date(SystemTime::now());
    let date =
        HttpDate::parse(value, now).map_err(|error| format!("The Last-Modified is {error}."))?;
    let date = Modified::Assigned(date).last_modified(now).unwrap_or(date);
    Ok(date.encode())
}
