//! The files below a directory, with no way out of it.

pub(crate) mod body;
mod chunk;
mod codings;
mod digests;
mod known;
mod open;
mod select;
mod staged;
mod stamp;

use std::io::{self, ErrorKind};
use std::path::Path;
use std::sync::Arc;

use axum::http::header::{CONTENT_LOCATION, HeaderValue};
use axum::http::request::Parts;
use cap_std::fs::Dir;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use self::digests::Digests;
use self::known::Known;
use self::open::{Entry, entry};
use self::select::Variant;
use crate::serve::store::{LookUp, Received, Snapshot, Store, field_value};

pub(crate) use self::digests::of as digest;
pub(crate) use self::open::Unopened;
pub(crate) use self::staged::Staged;

const INDEX: &str = "index.html";

/// What has to be encoded in the path of a URI (RFC 3986 section 3.3).
const NOT_IN_PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

pub(crate) struct Directory {
    /// Resolves paths below itself only, through links too.
    root: Arc<Dir>,
    digests: Digests,
    known: Arc<Known>,
    options: Options,
}

/// How files are served.
pub(crate) struct Options {
    /// The tags are made of the content, and not of size and times.
    pub(crate) by_digest: bool,
    pub(crate) cache_control: HeaderValue,
}

impl Directory {
    pub(crate) fn new(root: Dir, options: Options) -> Self {
        Self {
            root: Arc::new(root),
            digests: Digests::default(),
            known: Arc::default(),
            options,
        }
    }

    /// Whether an error tells that the name leads nowhere, rather than that reading failed.
    fn leads_nowhere(&self, name: &str, error: &io::Error) -> bool {
        match error.kind() {
            // The last is also what a link that leads out of the root comes to.
            ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::PermissionDenied => true,
            // Links in a circle have no error kind of their own in stable Rust.
            _ => Path::new(name).ancestors().any(|ancestor| {
                let metadata = self.root.symlink_metadata(ancestor);
                metadata.is_ok_and(|metadata| metadata.is_symlink())
            }),
        }
    }
}

impl Store for Directory {
    fn look_up(&self, path: &str, request: &Parts) -> io::Result<LookUp> {
        let name = name(path);
        if path.ends_with('/') {
            let index = format!("{name}{INDEX}");
            return match entry(&self.root, &index) {
                Ok(Entry::File(stamp)) => {
                    let mut snapshot = self.select(&index, stamp, request)?;
                    let location = encode(&format!("/{index}"));
                    snapshot.fields_mut().insert(CONTENT_LOCATION, location);
                    Ok(LookUp::Selected(snapshot))
                }
                Ok(Entry::Directory | Entry::Other) => Ok(LookUp::Nowhere),
                Err(error) if self.leads_nowhere(&index, &error) => Ok(LookUp::Nowhere),
                Err(error) => Err(error),
            };
        }
        match entry(&self.root, name) {
            Ok(Entry::File(stamp)) => self.select(name, stamp, request).map(LookUp::Current),
            Ok(Entry::Directory) => {
                let query = request.uri.query();
                let query = query.map(|query| format!("?{query}")).unwrap_or_default();
                let path = utf8_percent_encode(path, NOT_IN_PATH);
                Ok(LookUp::Moved(field_value(format!("{path}/{query}"))))
            }
            Ok(Entry::Other) => Ok(LookUp::Nowhere),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let (parent, _) = split(name);
                Ok(if self.root.is_dir(parent) {
                    LookUp::Vacant
                } else {
                    LookUp::Nowhere
                })
            }
            Err(error) if self.leads_nowhere(name, &error) => Ok(LookUp::Nowhere),
            Err(error) => Err(error),
        }
    }

    fn receive(&self, path: &str) -> io::Result<Received> {
        let (parent, name) = split(name(path));
        let staged = Staged::new(self.root.open_dir(parent)?, name)?;
        Ok(Received::File(Box::new(staged)))
    }

    fn put(&self, path: &str, content: Received, _: Option<&HeaderValue>) -> io::Result<Snapshot> {
        let name = name(path);
        let (parent, last) = split(name);
        let staged = match content {
            Received::File(staged) => staged,
            Received::Memory(data) => {
                let mut staged = Staged::new(self.root.open_dir(parent)?, last)?;
                staged.write(&data)?;
                Box::new(staged)
            }
        };
        let (stamp, digest) = staged.commit(last)?;
        // So that it has a strong tag at once; other files have to wait for theirs.
        self.digests.insert(stamp, digest);
        let variant = Variant {
            name: name.into(),
            stamp,
            coding: None,
        };
        self.snapshot(&variant, name)
    }

    fn delete(&self, path: &str) -> io::Result<()> {
        let (parent, name) = split(name(path));
        let parent = self.root.open_dir(parent)?;
        parent.remove_file(name)?;
        staged::sync_directory(&parent)
    }
}

/// The name of a path below the root.
fn name(path: &str) -> &str {
    path.strip_prefix('/').unwrap_or(path)
}

/// The directory, and the name in it.
fn split(name: &str) -> (&str, &str) {
    name.rsplit_once('/').unwrap_or((".", name))
}

fn encode(path: &str) -> HeaderValue {
    field_value(utf8_percent_encode(path, NOT_IN_PATH).to_string())
}
