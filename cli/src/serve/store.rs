//! What is served: the resources by path, and one representation as it is at one moment.

use std::borrow::Cow;
use std::io;
use std::sync::Arc;
use std::time::SystemTime;

use axum::body::Bytes;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, ETAG, HeaderMap, HeaderValue, LAST_MODIFIED,
};
use axum::http::request::Parts;
use http_conditional::{EntityTag, HttpDate, Representation};
use percent_encoding::percent_decode_str;
use sha2::{Digest, Sha256};

use crate::serve::files::{Staged, Unopened};

/// Resources by path. A path is absolute and decoded, see [`decode`].
pub(crate) trait Store: Send + Sync {
    /// What the path names now, with the representation that `request` selects.
    fn look_up(&self, path: &str, request: &Parts) -> io::Result<LookUp>;

    /// Where the content goes that a request brings, until it is complete.
    fn receive(&self, _path: &str) -> io::Result<Received> {
        Ok(Received::Memory(Vec::new()))
    }

    /// Makes it the current representation, whole or not at all, where
    /// [`look_up`](Self::look_up) found `Current` or `Vacant`.
    fn put(
        &self,
        path: &str,
        content: Received,
        content_type: Option<&HeaderValue>,
    ) -> io::Result<Snapshot>;

    /// Deletes what [`look_up`](Self::look_up) found as `Current`.
    fn delete(&self, path: &str) -> io::Result<()>;
}

/// What a path names.
pub(crate) enum LookUp {
    /// A resource with a current representation.
    Current(Snapshot),
    /// A representation that also has a path of its own, and is changed there: one of several in
    /// different languages, or the index of a directory.
    Selected(Snapshot),
    /// Another path.
    Moved(HeaderValue),
    /// Nothing; something may be put there.
    Vacant,
    /// Nothing; nothing can be put there.
    Nowhere,
}

impl LookUp {
    pub(crate) fn snapshot(&self) -> Option<&Snapshot> {
        match self {
            Self::Current(snapshot) | Self::Selected(snapshot) => Some(snapshot),
            Self::Moved(_) | Self::Vacant | Self::Nowhere => None,
        }
    }

    /// The selected representation, as the conditions are evaluated against it.
    pub(crate) fn representation(&self) -> Representation<'_> {
        self.snapshot()
            .map_or(Representation::ABSENT, Snapshot::representation)
    }

    /// The entity tags of its other current representations.
    pub(crate) fn brothers(&self) -> Vec<EntityTag<'_>> {
        let brothers = self.snapshot().map_or(&[][..], |found| &found.brothers);
        let brothers = brothers.iter().map(HeaderValue::as_bytes);
        brothers
            .filter_map(|tag| EntityTag::parse(tag).ok())
            .collect()
    }
}

/// The content of a request.
pub(crate) enum Received {
    Memory(Vec<u8>),
    File(Box<Staged>),
}

impl Received {
    pub(crate) fn write(&mut self, data: &[u8]) -> io::Result<()> {
        match self {
            Self::Memory(content) => {
                content.extend_from_slice(data);
                Ok(())
            }
            Self::File(staged) => tokio::task::block_in_place(|| staged.write(data)),
        }
    }

    pub(crate) fn into_bytes(self) -> io::Result<Bytes> {
        match self {
            Self::Memory(content) => Ok(content.into()),
            Self::File(staged) => staged.into_bytes(),
        }
    }
}

/// The content of a representation.
#[derive(Clone, Debug)]
pub(crate) enum Data {
    Memory(Bytes),
    File(Unopened),
}

impl Data {
    pub(crate) fn length(&self) -> u64 {
        match self {
            Self::Memory(data) => data.len() as u64,
            Self::File(file) => file.length(),
        }
    }
}

/// One representation at one moment. Data and fields belong together.
#[derive(Clone)]
pub(crate) struct Snapshot {
    pub(crate) data: Data,
    /// The fields of a 200 response that depend on the representation.
    pub(crate) fields: Arc<HeaderMap>,
    /// Whether Last-Modified is a strong validator: no other representation was made in that
    /// second, and none will be (RFC 9110 section 8.8.2.2).
    pub(crate) strong_date: bool,
    /// Entity tags of other representations that the resource has now.
    pub(crate) brothers: Vec<HeaderValue>,
}

impl Snapshot {
    /// A representation without validators.
    pub(crate) fn new(data: Bytes, content_type: HeaderValue) -> Self {
        let mut fields = HeaderMap::new();
        fields.insert(CONTENT_LENGTH, data.len().into());
        fields.insert(CONTENT_TYPE, content_type);
        // Store it, but ask every time: so a reload shows a 304.
        fields.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        Self::with(Data::Memory(data), fields)
    }

    /// A representation with all the fields of a 200.
    pub(crate) fn with(data: Data, fields: impl Into<Arc<HeaderMap>>) -> Self {
        Self {
            data,
            fields: fields.into(),
            strong_date: false,
            brothers: Vec::new(),
        }
    }

    pub(crate) fn fields_mut(&mut self) -> &mut HeaderMap {
        Arc::make_mut(&mut self.fields)
    }

    pub(crate) fn tag(&self) -> Option<HeaderValue> {
        self.fields.get(ETAG).cloned()
    }

    /// With a strong entity tag made from the data, where that is in memory.
    pub(crate) fn digest(self) -> Self {
        let Data::Memory(data) = &self.data else {
            return self;
        };
        let mut buffer = [0; 32];
        let digest = Sha256::digest(data);
        let tag = EntityTag::from_digest(&digest[..16], &mut buffer).expect("two digits a byte");
        self.etag(tag)
    }

    pub(crate) fn etag(mut self, tag: EntityTag<'_>) -> Self {
        self.fields_mut().insert(ETAG, field_value(tag.to_string()));
        self
    }

    pub(crate) fn last_modified(mut self, modified: SystemTime) -> Self {
        // 8.8.2.1: MUST NOT be later than the response's Date.
        if let Some(date) = http_date(modified.min(SystemTime::now())) {
            self.fields_mut()
                .insert(LAST_MODIFIED, field_value(date.encode()));
        }
        self
    }

    /// The validators are read from the fields, so what is evaluated is what clients have seen.
    fn representation(&self) -> Representation<'_> {
        let mut representation = Representation::current();
        if let Some(value) = self.fields.get(ETAG)
            && let Ok(tag) = EntityTag::parse(value.as_bytes())
        {
            representation = representation.etag(tag);
        }
        if let Some(value) = self.fields.get(LAST_MODIFIED)
            && let Ok(date) = HttpDate::parse(value.as_bytes(), None)
        {
            representation = if self.strong_date {
                representation.strong_last_modified(date)
            } else {
                representation.last_modified(date)
            };
        }
        representation
    }
}

/// The path of a request target with its percent-encoding undone; `None` where it can be the name
/// of nothing here, as with `..`, an encoded slash, or a name that begins with a dot.
pub(crate) fn decode(path: &str) -> Option<Cow<'_, str>> {
    let mut segments = path.strip_prefix('/')?.split('/').peekable();
    let mut decoded = Cow::Borrowed(path);
    if path.contains('%') {
        decoded.to_mut().clear();
    }
    while let Some(segment) = segments.next() {
        let decoded_segment = percent_decode_str(segment).decode_utf8().ok()?;
        let is_last = segments.peek().is_none();
        if !is_name(&decoded_segment, is_last) {
            return None;
        }
        if let Cow::Owned(decoded) = &mut decoded {
            decoded.push('/');
            decoded.push_str(&decoded_segment);
        }
    }
    // What all file systems accept.
    (decoded.len() <= 1024).then_some(decoded)
}

/// Whether a segment of a path may name something; the last one may be empty.
fn is_name(segment: &str, is_last: bool) -> bool {
    let is_forbidden = |c: char| {
        // A stream of a file, or a device, on Windows.
        matches!(c, '/' | '\\') || c.is_control() || (cfg!(windows) && c == ':')
    };
    (is_last || !segment.is_empty())
        && !segment.starts_with('.')
        && !segment.contains(is_forbidden)
        && segment.len() <= 255
}

/// The value of a field, from text that is known to be ASCII without control characters.
pub(crate) fn field_value(text: impl AsRef<[u8]>) -> HeaderValue {
    HeaderValue::from_bytes(text.as_ref()).expect("a field value")
}

/// Cut to the whole second before.
pub(crate) fn http_date(time: SystemTime) -> Option<HttpDate> {
    HttpDate::from_system_time(time)
}
