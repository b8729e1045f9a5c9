//! What the gateway asks of a store.

use std::ops::Range;

use async_trait::async_trait;
use axum::body::Bytes;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use http_conditional::{EntityTag, HttpDate, Representation};
use object_store::path::Path;
use object_store::{PutPayload, client};

/// A store that writes on a condition: it compares and writes in one step, with nobody between,
/// whichever gateway and whichever machine the others come from.
#[async_trait]
pub(crate) trait Store: Send + Sync {
    /// The object as it is now.
    async fn look_up(&self, key: &Path) -> Result<Option<Object>, Failure>;

    /// As [`look_up`](Self::look_up), with the content under way: read whole, it is there even if
    /// the store has another object by then.
    async fn open(&self, key: &Path) -> Result<Option<Object>, Failure>;

    /// Puts an object in place, whole or not at all, and returns its entity tag.
    async fn put(
        &self,
        key: &Path,
        content: PutPayload,
        content_type: Option<String>,
        expected: Expected,
    ) -> Result<Option<String>, Failure>;

    /// Deletes the object.
    async fn delete(&self, key: &Path, expected: Expected) -> Result<(), Failure>;
}

/// What a write expects to be there. Where it is not, the write is [`Failure::Changed`], and
/// nothing is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Expected {
    /// Whatever.
    Anything,
    /// No object.
    Nothing,
    /// The object with this entity tag, which is strong.
    Tag(String),
}

/// An object as it is at one moment.
pub(crate) struct Object {
    /// Its entity tag, as it stands in an `ETag` field.
    pub(crate) tag: Option<String>,
    pub(crate) last_modified: HttpDate,
    /// In bytes.
    pub(crate) length: u64,
    pub(crate) content_type: Option<String>,
    pub(crate) reader: Reader,
}

/// Reads these bytes of the very object that was looked up, once a range; [`Failure::Changed`] where
/// the store has only another one by now.
pub(crate) type Reader =
    Box<dyn Fn(Range<u64>) -> BoxFuture<'static, Result<Content, Failure>> + Send + Sync>;

pub(crate) type Content = BoxStream<'static, object_store::Result<Bytes>>;

impl Object {
    pub(crate) fn representation(&self) -> Representation<'_> {
        // A store that keeps dates to the second may write twice in one: the date is weak.
        let current = Representation::current().last_modified(self.last_modified);
        match self.entity_tag() {
            Some(tag) => current.etag(tag),
            None => current,
        }
    }

    pub(crate) fn entity_tag(&self) -> Option<EntityTag<'_>> {
        EntityTag::parse(self.tag.as_ref()?.as_bytes()).ok()
    }
}

/// Why a store did not do what it was asked for.
#[derive(Debug)]
pub(crate) enum Failure {
    /// What is there is not what was expected. Nothing was written.
    Changed,
    /// The store cannot have an object of this name, or not beside those that it has.
    Name(String),
    /// The store cannot be reached. Nothing was written.
    Unreachable(String),
    /// The store does not write on this condition. Nothing was written.
    NotImplemented(String),
    /// The store does not permit it to the gateway. Nothing was written.
    Forbidden(String),
    /// There is no room. Nothing was written.
    Full(String),
    /// Something else went wrong. Nothing was written.
    Broken(String),
    /// There was no answer, or none that says so: it may have been written, or may yet be.
    Unknown(String),
}

impl Failure {
    /// What went wrong, for who runs the gateway.
    pub(crate) fn what(&self) -> Option<&str> {
        match self {
            Self::Changed => None,
            Self::Name(what)
            | Self::Unreachable(what)
            | Self::NotImplemented(what)
            | Self::Forbidden(what)
            | Self::Full(what)
            | Self::Broken(what)
            | Self::Unknown(what) => Some(what),
        }
    }
}

impl From<object_store::Error> for Failure {
    fn from(error: object_store::Error) -> Self {
        let what = chain(&error);
        match &error {
            object_store::Error::AlreadyExists { .. }
            | object_store::Error::Precondition { .. } => Self::Changed,
            object_store::Error::NotImplemented { .. }
            | object_store::Error::NotSupported { .. } => Self::NotImplemented(what),
            object_store::Error::InvalidPath { .. } => Self::Name(what),
            object_store::Error::PermissionDenied { .. }
            | object_store::Error::Unauthenticated { .. } => Self::Forbidden(what),
            // Of a write: the bucket is not there.
            object_store::Error::NotFound { .. } => Self::Broken(what),
            _ => match cause::<client::HttpError>(&error).map(client::HttpError::kind) {
                // Any other kind may come after the store has read the request.
                Some(client::HttpErrorKind::Connect) => Self::Unreachable(what),
                _ => Self::Unknown(what),
            },
        }
    }
}

/// An error and what it comes from, for people.
pub(crate) fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    for source in std::iter::successors(error.source(), |error| error.source()) {
        let source = source.to_string();
        // Some say already what they come from.
        if !text.ends_with(&source) {
            text = format!("{text}: {source}");
        }
    }
    text
}

/// The error of this type that an error comes from.
pub(crate) fn cause<'e, T: std::error::Error + 'static>(
    error: &'e (dyn std::error::Error + 'static),
) -> Option<&'e T> {
    std::iter::successors(Some(error), |error| error.source())
        .find_map(|error| error.downcast_ref())
}
