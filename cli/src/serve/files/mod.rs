//! The files below a directory, with no way out of it.

pub(crate) mod body;
mod codings;
mod digests;
mod staged;
mod stamp;

use std::collections::HashMap;
use std::fs;
use std::io::{self, ErrorKind, Read};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use axum::body::Bytes;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_LOCATION, CONTENT_TYPE, HeaderMap,
    HeaderValue, VARY,
};
use axum::http::request::Parts;
use cap_std::fs::{Dir, OpenOptions};
use http_conditional::EntityTag;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use self::body::Opened;
use self::codings::{CODINGS, identity_weight, weight};
use self::digests::Digests;
use self::stamp::{Stamp, Worth};
use crate::serve::store::{Data, LookUp, Received, Snapshot, Store, field_value};

pub(crate) use self::staged::Staged;

const INDEX: &str = "index.html";

/// What may not stand as it is in the path of a URI (RFC 3986 section 3.3), and what is not ASCII.
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

/// A file with no strong tag of its own is read at once up to this size, to make one of its
/// content.
const SMALL: u64 = 1 << 20;
/// For so long it is remembered that a file has no variants.
const REMEMBERED: Duration = Duration::from_secs(1);
/// Of so many files.
const MOST_REMEMBERED: usize = 4096;

pub(crate) struct Directory {
    /// Resolves paths below itself only, through links too.
    root: Arc<Dir>,
    digests: Digests,
    options: Options,
    without_variants: Mutex<HashMap<Box<str>, Instant>>,
}

/// How files are served.
pub(crate) struct Options {
    /// The tags are made of the content, and not of size and times.
    pub(crate) by_digest: bool,
    pub(crate) cache_control: HeaderValue,
}

/// What a name in the file system is.
enum Entry {
    File(Stamp),
    Directory,
    Other,
}

/// A file that is opened where its content is sent, and not before.
#[derive(Clone, Debug)]
pub(crate) struct Unopened {
    root: Arc<Dir>,
    name: String,
    stamp: Stamp,
}

/// One of the files that have a resource's content: the file itself, or a coding of it.
struct Variant {
    name: String,
    stamp: Stamp,
    coding: Option<&'static str>,
}

impl Directory {
    pub(crate) fn new(root: Dir, options: Options) -> Self {
        Self {
            root: Arc::new(root),
            digests: Digests::default(),
            options,
            without_variants: Mutex::default(),
        }
    }

    fn entry(&self, name: &str) -> io::Result<Entry> {
        let metadata = self.root.metadata(name)?;
        Ok(if metadata.is_dir() {
            Entry::Directory
        } else if metadata.is_file() {
            Entry::File(Stamp::of(&metadata))
        } else {
            // Opening a named pipe would wait for its other end.
            Entry::Other
        })
    }

    fn unopened(&self, variant: &Variant) -> Unopened {
        Unopened {
            root: Arc::clone(&self.root),
            name: variant.name.clone(),
            stamp: variant.stamp,
        }
    }

    /// The representation that is selected of a file: it, or one of its codings.
    fn select(&self, name: &str, stamp: Stamp, request: &Parts) -> io::Result<Snapshot> {
        let content_type = content_type(name);
        let file = Variant {
            name: name.to_owned(),
            stamp,
            coding: None,
        };
        let coded = self.coded(&file);
        let varies = !coded.is_empty();
        let is_write = !request.method.is_safe();
        let mut brothers = Vec::new();
        if is_write {
            // A client may have seen any of them.
            for variant in &coded {
                brothers.extend(self.snapshot(variant, &content_type)?.tag());
            }
        }
        let all = std::iter::once(file).chain(if is_write { Vec::new() } else { coded });
        let fields = &request.headers;
        // The most wanted one, and of those the smallest.
        let rank = |variant: &Variant| {
            let coding = CODINGS
                .iter()
                .find(|coding| Some(coding.name) == variant.coding);
            let weight =
                coding.map_or_else(|| identity_weight(fields), |coding| weight(fields, *coding));
            (weight, std::cmp::Reverse(variant.stamp.size))
        };
        let (selected, _) = all
            .map(|variant| {
                let rank = rank(&variant);
                (variant, rank)
            })
            .filter(|(variant, (weight, _))| *weight > 0 || variant.coding.is_none())
            .max_by_key(|(_, rank)| *rank)
            .ok_or(ErrorKind::NotFound)?;
        let mut snapshot = self.snapshot(&selected, &content_type)?;
        snapshot.brothers = brothers;
        if varies {
            let vary = HeaderValue::from_static("Accept-Encoding");
            snapshot.fields.insert(VARY, vary);
        }
        Ok(snapshot)
    }

    /// The codings of a file that lie beside it and are no older than it.
    fn coded(&self, file: &Variant) -> Vec<Variant> {
        let remembers = || {
            let without = &self.without_variants;
            without.lock().unwrap_or_else(PoisonError::into_inner)
        };
        let now = Instant::now();
        let seen = remembers().get(&*file.name).copied();
        if seen.is_some_and(|seen| now.duration_since(seen) < REMEMBERED) {
            return Vec::new();
        }
        let found: Vec<Variant> = CODINGS
            .iter()
            .filter_map(|coding| {
                let name = format!("{}{}", file.name, coding.suffix);
                match self.entry(&name) {
                    Ok(Entry::File(stamp)) if stamp.is_as_new_as(&file.stamp) => Some(Variant {
                        name,
                        stamp,
                        coding: Some(coding.name),
                    }),
                    _ => None,
                }
            })
            .collect();
        let mut without = remembers();
        if found.is_empty() {
            if without.len() >= MOST_REMEMBERED {
                without.clear();
            }
            without.insert(file.name.as_str().into(), now);
        } else {
            without.remove(&*file.name);
        }
        found
    }

    fn snapshot(&self, variant: &Variant, content_type: &HeaderValue) -> io::Result<Snapshot> {
        let mut modified = variant.stamp.modified();
        let mut data = Data::File(self.unopened(variant));
        let suffix = variant.coding.map(|coding| format!("-{coding}"));
        let suffix = suffix.as_deref().unwrap_or_default();
        let by_digest = |digest: &str| Some((false, format!("{digest}{suffix}")));
        let worth = variant.stamp.worth(SystemTime::now());
        let by_stamp = || match worth {
            Worth::None => None,
            Worth::Strong => Some((false, variant.stamp.opaque(worth, suffix))),
            Worth::Weak | Worth::Recent => Some((true, variant.stamp.opaque(worth, suffix))),
        };
        let tag = if let Some(digest) = self.digests.get(&variant.stamp) {
            by_digest(&digest)
        } else if !self.options.by_digest {
            by_stamp()
        } else if worth == Worth::Strong {
            match self.digest(variant)? {
                Some(digest) => by_digest(&digest),
                None => Some((true, variant.stamp.opaque(Worth::Recent, suffix))),
            }
        } else if variant.stamp.size <= SMALL {
            let (stamp, content) = self.read(variant)?;
            let digest = digests::of(&content);
            modified = stamp.modified();
            data = Data::Memory(content);
            by_digest(&digest)
        } else {
            by_stamp()
        };
        let mut fields = HeaderMap::with_capacity(12);
        fields.insert(CONTENT_LENGTH, data.length().into());
        fields.insert(CONTENT_TYPE, content_type.clone());
        fields.insert(CACHE_CONTROL, self.options.cache_control.clone());
        if let Some(coding) = variant.coding {
            fields.insert(CONTENT_ENCODING, HeaderValue::from_static(coding));
        }
        let snapshot = Snapshot::with(data, fields);
        let snapshot = match &tag {
            None => snapshot,
            Some((is_weak, opaque)) => {
                let tag = if *is_weak {
                    EntityTag::weak
                } else {
                    EntityTag::strong
                };
                snapshot.etag(tag(opaque.as_bytes()).map_err(io::Error::other)?)
            }
        };
        Ok(match modified {
            Some(modified) => snapshot.last_modified(modified),
            None => snapshot,
        })
    }

    /// The digest of a file; `None` where it has changed by now.
    fn digest(&self, variant: &Variant) -> io::Result<Option<Arc<str>>> {
        let Some(opened) = self.unopened(variant).open()? else {
            return Ok(None);
        };
        // It may take seconds, in which no other request is to wait.
        tokio::task::block_in_place(|| self.digests.make(opened.stamp, &opened.file))
    }

    /// All of a small file, and the stamp from before it was read.
    fn read(&self, variant: &Variant) -> io::Result<(Stamp, Bytes)> {
        let file = open_regular(&self.root, &variant.name)?;
        let stamp = Stamp::of_open(&file)?;
        let mut content = Vec::new();
        file.take(SMALL + 1).read_to_end(&mut content)?;
        if content.len() as u64 > SMALL {
            // It has grown since; the next look will not take it for small.
            return Err(ErrorKind::ResourceBusy.into());
        }
        Ok((stamp, content.into()))
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

impl Unopened {
    pub(crate) fn length(&self) -> u64 {
        self.stamp.size
    }

    /// Opens it; `None` where it is another version by now.
    pub(crate) fn open(&self) -> io::Result<Option<Opened>> {
        let file = match open_regular(&self.root, &self.name) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let stamp = Stamp::of_open(&file)?;
        Ok((stamp == self.stamp).then_some(Opened { file, stamp }))
    }
}

/// Opens a regular file, and waits for nothing: not for the other end of a pipe that has taken its
/// place a moment ago.
fn open_regular(root: &Dir, name: &str) -> io::Result<fs::File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use cap_std::fs::OpenOptionsExt;

        let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY;
        options.custom_flags(flags.bits().cast_signed());
    }
    let file = root.open_with(name, &options)?.into_std();
    if file.metadata()?.is_file() {
        Ok(file)
    } else {
        Err(ErrorKind::NotFound.into())
    }
}

impl Store for Directory {
    fn look_up(&self, path: &str, request: &Parts) -> io::Result<LookUp> {
        let name = name(path);
        if path.ends_with('/') {
            let index = format!("{name}{INDEX}");
            return match self.entry(&index) {
                Ok(Entry::File(stamp)) => {
                    let mut snapshot = self.select(&index, stamp, request)?;
                    let location = encode(&format!("/{index}"));
                    snapshot.fields.insert(CONTENT_LOCATION, location);
                    Ok(LookUp::Selected(snapshot))
                }
                Ok(Entry::Directory | Entry::Other) => Ok(LookUp::Nowhere),
                Err(error) if self.leads_nowhere(&index, &error) => Ok(LookUp::Nowhere),
                Err(error) => Err(error),
            };
        }
        match self.entry(name) {
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
        let (parent, _) = split(name(path));
        let staged = Staged::new(self.root.open_dir(parent)?)?;
        Ok(Received::File(Box::new(staged)))
    }

    fn put(&self, path: &str, content: Received, _: Option<&HeaderValue>) -> io::Result<Snapshot> {
        let name = name(path);
        let (_, last) = split(name);
        let staged = match content {
            Received::File(staged) => staged,
            Received::Memory(data) => {
                let (parent, _) = split(name);
                let mut staged = Staged::new(self.root.open_dir(parent)?)?;
                staged.write(&data)?;
                Box::new(staged)
            }
        };
        let (stamp, digest) = staged.commit(last)?;
        // So that it has a strong tag at once, which others have to wait for.
        self.digests.insert(stamp, digest);
        let variant = Variant {
            name: name.to_owned(),
            stamp,
            coding: None,
        };
        self.snapshot(&variant, &content_type(name))
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

fn content_type(name: &str) -> HeaderValue {
    let guess = mime_guess::from_path(name).first_or_octet_stream();
    let charset = if guess.type_() == "text" {
        "; charset=utf-8"
    } else {
        ""
    };
    field_value(format!("{guess}{charset}"))
}

fn encode(path: &str) -> HeaderValue {
    field_value(utf8_percent_encode(path, NOT_IN_PATH).to_string())
}
