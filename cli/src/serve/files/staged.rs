//! A file that is written beside the one that it replaces, which is there until the new one is
//! complete, also after a crash.

use std::io::{self, ErrorKind, Write as _};
use std::sync::Arc;

use axum::body::Bytes;
use cap_std::fs::{Dir, File, OpenOptions};
use sha2::{Digest, Sha256};

use super::digests::text;
use super::stamp::Stamp;

pub(crate) struct Staged {
    parent: Dir,
    temporary: String,
    file: Option<File>,
    hash: Sha256,
}

impl Staged {
    /// A new file in this directory, for the content of the file `name`. Its own name begins with a
    /// dot, so no path names it, also not when it is left over from a crash.
    pub(crate) fn new(parent: Dir, name: &str) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.write(true).read(true).create_new(true);
        if parent.exists(name) {
            // It gets the permissions of that file when it takes its place, and not before.
            make_private(&mut options);
        }
        let mut number = 0_u32;
        loop {
            let temporary = format!(".put-{number}.tmp");
            match parent.open_with(&temporary, &options) {
                Ok(file) => {
                    return Ok(Self {
                        parent,
                        temporary,
                        file: Some(file),
                        hash: Sha256::new(),
                    });
                }
                Err(error) if error.kind() == ErrorKind::AlreadyExists => number += 1,
                Err(error) => return Err(error),
            }
        }
    }

    /// Writes the next bytes.
    pub(crate) fn write(&mut self, data: &[u8]) -> io::Result<()> {
        self.hash.update(data);
        self.file()?.write_all(data)
    }

    /// What has been written.
    pub(crate) fn into_bytes(mut self) -> io::Result<Bytes> {
        use std::io::{Read, Seek};

        let mut data = Vec::new();
        self.file()?.rewind()?;
        self.file()?.read_to_end(&mut data)?;
        Ok(data.into())
    }

    fn file(&mut self) -> io::Result<&mut File> {
        self.file.as_mut().ok_or_else(|| ErrorKind::NotFound.into())
    }

    /// Gives it its name, and says its stamp and its digest.
    pub(crate) fn commit(mut self, name: &str) -> io::Result<(Stamp, Arc<str>)> {
        let file = self.file.take().ok_or(ErrorKind::NotFound)?;
        let named = (|| -> io::Result<Stamp> {
            if let Ok(old) = self.parent.metadata(name) {
                file.set_permissions(old.permissions())?;
            }
            file.sync_all()?;
            if cfg!(windows) {
                // What is open is not renamed there.
                let stamp = Stamp::of(&file.metadata()?);
                drop(file);
                self.parent.rename(&self.temporary, &self.parent, name)?;
                return Ok(stamp);
            }
            self.parent.rename(&self.temporary, &self.parent, name)?;
            // After it, as the new name is a change too.
            let stamp = Stamp::of(&file.metadata()?);
            sync_directory(&self.parent)?;
            Ok(stamp)
        })();
        if named.is_ok() {
            self.temporary.clear();
        }
        let hash = std::mem::take(&mut self.hash);
        Ok((named?, text(hash)))
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if !self.temporary.is_empty() {
            self.file = None;
            let _ = self.parent.remove_file(&self.temporary);
        }
    }
}

#[cfg(unix)]
fn make_private(options: &mut OpenOptions) {
    use cap_std::fs::OpenOptionsExt;

    options.mode(0o600);
}

#[cfg(not(unix))]
fn make_private(_: &mut OpenOptions) {}

/// The name too has to survive a crash.
pub(super) fn sync_directory(directory: &Dir) -> io::Result<()> {
    if cfg!(unix) {
        directory.open(".")?.sync_all()?;
    }
    Ok(())
}
