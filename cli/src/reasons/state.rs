//! What is known of the resource: its validators, as they were written.

use http_conditional::{EntityTag, HttpDate, Representation};

use crate::explain::read::Answer;

/// The state of the resource when the request came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct State {
    /// There is a current representation, as far as is known.
    pub(crate) exists: bool,
    /// The value of `ETag`, whether that is an entity tag or not.
    pub(crate) etag: Option<Vec<u8>>,
    /// The value of Last-Modified, whether that is a date or not.
    pub(crate) last_modified: Option<Vec<u8>>,
    pub(crate) strong_date: bool,
    /// Whether anything has said so.
    known: bool,
}

impl State {
    /// Nothing is known.
    pub(crate) const UNKNOWN: Self = Self {
        exists: true,
        etag: None,
        last_modified: None,
        strong_date: false,
        known: false,
    };

    /// There is no current representation.
    pub(crate) const ABSENT: Self = Self {
        exists: false,
        known: true,
        ..Self::UNKNOWN
    };

    /// There is one, with these validators.
    pub(crate) fn current(etag: Option<&[u8]>, last_modified: Option<&[u8]>) -> Self {
        Self {
            etag: etag.map(<[u8]>::to_vec),
            last_modified: last_modified.map(<[u8]>::to_vec),
            known: true,
            ..Self::UNKNOWN
        }
    }

    /// What an answer to such a request says of the state before it. After a write, its fields
    /// are those of what it made, and say nothing of what was there.
    pub(crate) fn of_answer(method: &str, answer: &Answer) -> Self {
        let (etag, last_modified) = (answer.value("etag"), answer.value("last-modified"));
        let reads = matches!(method, "GET" | "HEAD" | "QUERY");
        match answer.status {
            Some(200..=299) | None if reads => Self::current(etag, last_modified),
            // Nothing was changed, and it may say what there is.
            Some(304 | 412) if etag.is_some() || last_modified.is_some() => {
                Self::current(etag, last_modified)
            }
            Some(404 | 410) => Self::ABSENT,
            _ => Self::UNKNOWN,
        }
    }

    pub(crate) fn is_known(&self) -> bool {
        self.known
    }

    /// Whether `ETag` is there and no entity tag.
    pub(crate) fn has_bad_etag(&self) -> bool {
        let etag = self.etag.as_deref();
        etag.is_some_and(|etag| EntityTag::parse(etag).is_err())
    }

    pub(crate) fn tag(&self) -> Option<EntityTag<'_>> {
        EntityTag::parse(self.etag.as_deref()?).ok()
    }

    pub(crate) fn date(&self, now: Option<HttpDate>) -> Option<HttpDate> {
        HttpDate::parse(self.last_modified.as_deref()?, now).ok()
    }

    pub(crate) fn representation(&self, now: Option<HttpDate>) -> Representation<'_> {
        if !self.exists {
            return Representation::ABSENT;
        }
        let mut representation = Representation::current();
        if let Some(tag) = self.tag() {
            representation = representation.etag(tag);
        }
        if let Some(date) = self.date(now) {
            representation = if self.strong_date {
                representation.strong_last_modified(date)
            } else {
                representation.last_modified(date)
            };
        }
        representation
    }
}
