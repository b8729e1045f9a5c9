//! What a name below the directory leads to, and its content. Only regular files are ever opened.

use std::io::{self, ErrorKind};
use std::sync::Arc;

use cap_std::fs::{Dir, OpenOptions};

use super::body::Opened;
use super::known::Known;
use super::stamp::Stamp;

/// What a name in the file system is.
pub(super) enum Entry {
    File(Stamp),
    Directory,
    Other,
}

/// A file that is opened where its content is sent, and not before.
#[derive(Clone, Debug)]
pub(crate) struct Unopened {
    root: Arc<Dir>,
    name: Arc<str>,
    stamp: Stamp,
    /// Where its content is kept once it is read, if it may be kept.
    known: Option<Arc<Known>>,
}

/// What the name leads to, through links too, as long as they stay below the directory.
pub(super) fn entry(root: &Dir, name: &str) -> io::Result<Entry> {
    if let Some(entry) = entry_at_once(root, name) {
        return entry;
    }
    let metadata = root.metadata(name)?;
    Ok(if metadata.is_dir() {
        Entry::Directory
    } else if metadata.is_file() {
        Entry::File(Stamp::of(&metadata))
    } else {
        // Opening a named pipe would wait for its other end.
        Entry::Other
    })
}

/// The same by one system call instead of three, where the name is in the directory itself and is
/// no link, so that it leads nowhere else.
#[cfg(target_os = "linux")]
fn entry_at_once(root: &Dir, name: &str) -> Option<io::Result<Entry>> {
    use rustix::fs::{AtFlags, FileType, StatxFlags, statx};
    use rustix::io::Errno;

    if name.contains('/') || matches!(name, "" | "." | "..") {
        return None;
    }
    match statx(
        root,
        name,
        AtFlags::SYMLINK_NOFOLLOW,
        StatxFlags::BASIC_STATS,
    ) {
        Ok(found) => match FileType::from_raw_mode(found.stx_mode.into()) {
            FileType::RegularFile => Some(Ok(Entry::File(Stamp::of_statx(&found)))),
            FileType::Directory => Some(Ok(Entry::Directory)),
            FileType::Symlink => None,
            _ => Some(Ok(Entry::Other)),
        },
        // Some sandboxes and old kernels do not know it.
        Err(Errno::NOSYS | Errno::PERM) => None,
        Err(error) => Some(Err(error.into())),
    }
}

#[cfg(not(target_os = "linux"))]
fn entry_at_once(_: &Dir, _: &str) -> Option<io::Result<Entry>> {
    None
}

impl Unopened {
    pub(super) fn new(
        root: &Arc<Dir>,
        name: &Arc<str>,
        stamp: Stamp,
        known: Option<&Arc<Known>>,
    ) -> Self {
        Self {
            root: Arc::clone(root),
            name: Arc::clone(name),
            stamp,
            known: known.cloned(),
        }
    }

    /// Takes note of its content, if that is all of it.
    pub(super) fn keep(&self, content: &[u8]) {
        if let Some(known) = &self.known
            && content.len() as u64 == self.stamp.size
        {
            known.keep(&self.name, &self.stamp, content);
        }
    }

    pub(crate) fn length(&self) -> u64 {
        self.stamp.size
    }

    /// Opens it; `None` where it is another version by now.
    pub(crate) fn open(&self) -> io::Result<Option<Opened>> {
        match open_regular(&self.root, &self.name) {
            Ok(opened) => Ok((opened.stamp == self.stamp).then_some(opened)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// Opens a regular file, and waits for nothing: not for the other end of a pipe that has taken its
/// place a moment ago.
pub(super) fn open_regular(root: &Dir, name: &str) -> io::Result<Opened> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use cap_std::fs::OpenOptionsExt;

        let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY;
        options.custom_flags(flags.bits().cast_signed());
    }
    let file = root.open_with(name, &options)?.into_std();
    match Stamp::of_open(&file)? {
        Some(stamp) => Ok(Opened { file, stamp }),
        None => Err(ErrorKind::NotFound.into()),
    }
}
