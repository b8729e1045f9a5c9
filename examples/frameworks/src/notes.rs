//! What the programs serve, but for picoserve's: notes by name, in memory.

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock};

use bytes::Bytes;
use http_conditional::{DigestTag, EntityTag, HttpDate, Representation};
use sha2::{Digest, Sha256};

/// The notes that there are now. A write is decided and performed under one lock.
pub type Notes = Mutex<HashMap<String, Note>>;

/// The notes that a program starts with: one, whose name is `first`.
#[must_use]
pub fn notes() -> Notes {
    let first = Note::new(Bytes::from_static(b"The first note.\n"));
    Mutex::new(HashMap::from([("first".to_owned(), first)]))
}

/// One representation of a note.
pub struct Note {
    pub text: Bytes,
    pub modified: HttpDate,
    /// Made when it is first asked for, as it takes a pass over the text.
    etag: OnceLock<DigestTag<32>>,
}

impl Note {
    /// A note that was written now.
    #[must_use]
    pub fn new(text: Bytes) -> Self {
        Self {
            text,
            modified: HttpDate::now(),
            etag: OnceLock::new(),
        }
    }

    /// A strong entity tag made from the text.
    pub fn etag(&self) -> EntityTag<'_> {
        let etag = self
            .etag
            .get_or_init(|| DigestTag::new(Sha256::digest(&self.text).into()));
        etag.as_tag()
    }

    /// What conditions are evaluated against.
    pub fn representation(&self) -> Representation<'_> {
        Representation::current()
            .etag(self.etag())
            .last_modified(self.modified)
    }

    /// The fields of a 200 that speak of the note. What frames the content is the framework's.
    #[must_use]
    pub fn fields(&self) -> [(&'static str, String); 6] {
        [
            ("accept-ranges", "bytes".to_owned()),
            // Store it, but ask every time.
            ("cache-control", "no-cache".to_owned()),
            ("content-type", "text/plain; charset=utf-8".to_owned()),
            ("etag", self.etag().to_string()),
            ("last-modified", self.modified.to_string()),
            // A compressing proxy in front chooses by it.
            ("vary", "accept-encoding".to_owned()),
        ]
    }

    /// The validators, which may be sent in answer to a PUT: the text is stored as it was sent
    /// (RFC 9110 section 9.3.4).
    pub fn validators(&self) -> impl Iterator<Item = (&'static str, String)> {
        self.fields()
            .into_iter()
            .filter(|(name, _)| matches!(*name, "etag" | "last-modified"))
    }
}
