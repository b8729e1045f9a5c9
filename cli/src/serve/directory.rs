//! The files below a directory, with no way out of it.

use std::io::{self, ErrorKind, Read, Write};
use std::path::Path;
use std::time::SystemTime;

use axum::body::Bytes;
use axum::http::header::{CONTENT_LOCATION, HeaderValue};
use axum::http::request::Parts;
use cap_std::fs::{Dir, File, OpenOptions};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use crate::serve::store::{LookUp, Snapshot, Store, field_value};

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

pub(crate) struct Directory {
    /// Resolves paths below itself only, through links too.
    root: Dir,
}

/// What a name in the file system is.
enum Entry {
    File(Snapshot),
    Directory,
    Other,
}

impl Directory {
    pub(crate) fn new(root: Dir) -> Self {
        Self { root }
    }

    fn entry(&self, name: &str) -> io::Result<Entry> {
        let metadata = self.root.metadata(name)?;
        if metadata.is_dir() {
            return Ok(Entry::Directory);
        }
        if !metadata.is_file() {
            // Opening a named pipe would wait for its other end.
            return Ok(Entry::Other);
        }
        let mut file = self.root.open(name)?;
        // Before the data is read: a date too old makes a client ask once more, one too new would
        // make it keep old data.
        let modified = file.metadata()?.modified()?;
        let mut data = Vec::new();
        file.read_to_end(&mut data)?;
        let snapshot = Snapshot::new(data.into(), content_type(name)).digest();
        Ok(Entry::File(snapshot.last_modified(modified.into_std())))
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
    fn look_up(&self, path: &str, _: &Parts) -> io::Result<LookUp> {
        let name = name(path);
        if path.ends_with('/') {
            let index = format!("{name}{INDEX}");
            return match self.entry(&index) {
                Ok(Entry::File(mut snapshot)) => {
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
            Ok(Entry::File(snapshot)) => Ok(LookUp::Current(snapshot)),
            Ok(Entry::Directory) => Ok(LookUp::Moved(encode(&format!("{path}/")))),
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

    fn put(&self, path: &str, data: Bytes, _: Option<&HeaderValue>) -> io::Result<Snapshot> {
        let (parent, name) = split(name(path));
        let parent = self.root.open_dir(parent)?;
        let (temporary, mut file) = create_temporary(&parent)?;
        let written = (|| -> io::Result<SystemTime> {
            if let Ok(old) = parent.metadata(name) {
                file.set_permissions(old.permissions())?;
            }
            file.write_all(&data)?;
            file.sync_all()?;
            let modified = file.metadata()?.modified()?;
            drop(file);
            parent.rename(&temporary, &parent, name)?;
            Ok(modified.into_std())
        })();
        if written.is_err() {
            let _ = parent.remove_file(&temporary);
        }
        let snapshot = Snapshot::new(data, content_type(name)).digest();
        Ok(snapshot.last_modified(written?))
    }

    fn delete(&self, path: &str) -> io::Result<()> {
        self.root.remove_file(name(path))
    }
}

/// A new file beside the one that it is going to replace. Its name begins with a dot, so no path
/// names it, also not when it is left over from a crash.
fn create_temporary(parent: &Dir) -> io::Result<(String, File)> {
    let mut number = 0_u32;
    loop {
        let name = format!(".put-{number}.tmp");
        match parent.open_with(&name, OpenOptions::new().write(true).create_new(true)) {
            Ok(file) => return Ok((name, file)),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => number += 1,
            Err(error) => return Err(error),
        }
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
