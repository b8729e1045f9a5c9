//! Objects as files, written by any number of processes of one machine.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path as FilePath, PathBuf};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use axum::body::Bytes;
use cap_std::ambient_authority;
use cap_std::fs::{Dir, OpenOptions};
use futures_util::{FutureExt, StreamExt, stream};
use http_conditional::{EntityTag, HttpDate};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{Error, ObjectStore, ObjectStoreExt, PutMode, PutOptions, PutPayload};
use sha2::{Digest, Sha256};
use tokio::sync::{Mutex, MutexGuard};

use crate::store::{Content, Expected, Failure, Object, Store, cause, chain};

/// A file system creates and replaces files in one step, but has no way to compare before that. So
/// every write is done under a lock of the directory, which holds between processes, and which
/// the system releases when one dies.
///
/// What does not take the lock, such as an editor, may write between. And where the lock does not
/// hold between the machines of a network file system, gateways on several of them are not safe.
///
/// No link leads out of the directory, and what is no regular file is no object: a named pipe would
/// be waited for.
pub(crate) struct Disk {
    files: LocalFileSystem,
    /// Resolves paths below itself only.
    root: Arc<Dir>,
    digests: Arc<Digests>,
    directory: PathBuf,
    /// Taken before the lock of the directory, for which a thread has to wait.
    writing: Mutex<()>,
}

struct Lock<'d> {
    _directory: File,
    _writing: MutexGuard<'d, ()>,
}

impl Disk {
    pub(crate) fn new(directory: &FilePath) -> Result<Self, Error> {
        Ok(Self {
            // A write that was acknowledged outlives a loss of power.
            files: LocalFileSystem::new_with_prefix(directory)?.with_fsync(true),
            root: Arc::new(Dir::open_ambient_dir(directory, ambient_authority()).map_err(generic)?),
            digests: Arc::default(),
            directory: directory.to_owned(),
            writing: Mutex::new(()),
        })
    }

    async fn lock(&self) -> Result<Lock<'_>, Failure> {
        let writing = self.writing.lock().await;
        let path = self.directory.clone();
        let directory = blocking(move || {
            let directory = File::open(path)?;
            directory.lock()?;
            Ok(directory)
        });
        Ok(Lock {
            _directory: directory.await?,
            _writing: writing,
        })
    }

    /// Whether a key may be written: what it names is a regular file, or nothing so far, and within
    /// the directory.
    async fn leads_to_a_file(&self, key: &Path) -> Result<(), Failure> {
        let (root, name) = (Arc::clone(&self.root), key.to_string());
        let is_file = blocking(move || {
            let mut is_object = true;
            for path in FilePath::new(&name).ancestors() {
                if path.as_os_str().is_empty() {
                    break;
                }
                match root.metadata(path) {
                    Ok(metadata) => {
                        return Ok(metadata.is_dir() || (is_object && metadata.is_file()));
                    }
                    // A link that leads nowhere is there all the same.
                    Err(error) if error.kind() == ErrorKind::NotFound => {
                        if root.symlink_metadata(path).is_ok() {
                            return Ok(false);
                        }
                    }
                    Err(_) => return Ok(false),
                }
                is_object = false;
            }
            Ok(true)
        });
        if is_file.await? {
            Ok(())
        } else {
            Err(Failure::Name("not a file in the directory".to_owned()))
        }
    }

    /// Whether what is there is what is expected; for as long as the lock is held.
    async fn is_there(&self, key: &Path, expected: &Expected) -> Result<bool, Failure> {
        Ok(match expected {
            Expected::Anything => true,
            Expected::Nothing => self.look_up(key).await?.is_none(),
            Expected::Tag(tag) => {
                let object = self.look_up(key).await?;
                object.is_some_and(|object| object.tag.as_ref() == Some(tag))
            }
        })
    }
}

#[async_trait]
impl Store for Disk {
    async fn look_up(&self, key: &Path) -> Result<Option<Object>, Failure> {
        if self.files.path_to_filesystem(key).is_err() {
            return Ok(None); // the name of a file that is being written
        }
        let (root, digests) = (Arc::clone(&self.root), Arc::clone(&self.digests));
        let name = key.to_string();
        // A file is replaced and never written to, so that of this one the content stays as it is.
        let found = blocking(move || {
            let Some(file) = open(&root, &name)? else {
                return Ok(None);
            };
            let metadata = file.metadata()?;
            let tag = digests.tag(&file, &metadata)?;
            Ok(Some((Arc::new(file), metadata, tag)))
        });
        let Some((file, metadata, tag)) = found.await? else {
            return Ok(None);
        };
        let modified = metadata.modified().map_err(|error| failure(&error))?;
        let content_type = mime_guess::from_path(key.as_ref()).first_raw();
        Ok(Some(Object {
            tag: Some(tag),
            last_modified: HttpDate::try_from(modified)
                .map_err(|error| Failure::Broken(error.to_string()))?,
            length: metadata.len(),
            content_type: content_type.map(str::to_owned),
            reader: Box::new(move |range| {
                let file = Arc::clone(&file);
                async { Ok(content(file, range)) }.boxed()
            }),
        }))
    }

    async fn open(&self, key: &Path) -> Result<Option<Object>, Failure> {
        self.look_up(key).await // a file that is open stays what it is
    }

    async fn put(
        &self,
        key: &Path,
        content: PutPayload,
        _: Option<String>,
        expected: Expected,
    ) -> Result<Option<String>, Failure> {
        if self.files.path_to_filesystem(key).is_err() {
            return Err(Failure::Name("the name of a file being written".to_owned()));
        }
        let tag = content.iter().fold(Sha256::new(), Digest::chain_update);
        let tag = digest_tag(&tag.finalize());
        let _lock = self.lock().await?;
        if !self.is_there(key, &expected).await? {
            return Err(Failure::Changed);
        }
        self.leads_to_a_file(key).await?;
        let mode = match expected {
            Expected::Nothing => PutMode::Create,
            Expected::Anything | Expected::Tag(_) => PutMode::Overwrite,
        };
        let options = PutOptions::from(mode);
        match self.files.put_opts(key, content, options).await {
            Ok(_) => Ok(Some(tag)),
            Err(Error::AlreadyExists { .. }) => Err(Failure::Changed),
            Err(error) => Err(failure(&error)),
        }
    }

    async fn delete(&self, key: &Path, expected: Expected) -> Result<(), Failure> {
        let _lock = self.lock().await?;
        if !self.is_there(key, &expected).await? {
            return Err(Failure::Changed);
        }
        self.leads_to_a_file(key).await?;
        match self.files.delete(key).await {
            Ok(()) | Err(Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(failure(&error)),
        }
    }
}

/// Opens an object; `None` where there is none. It waits for nothing.
fn open(root: &Dir, name: &str) -> io::Result<Option<File>> {
    let nothing = |error: &io::Error| {
        matches!(
            error.kind(),
            ErrorKind::NotFound
                | ErrorKind::NotADirectory
                | ErrorKind::InvalidFilename
                // What a link that leads out of the directory comes to.
                | ErrorKind::PermissionDenied
        )
    };
    match root.metadata(name) {
        Ok(metadata) if metadata.is_file() => {}
        Ok(_) => return Ok(None),
        Err(error) if nothing(&error) => return Ok(None),
        Err(error) => return Err(error),
    }
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use cap_std::fs::OpenOptionsExt;

        // It may have become a named pipe.
        options.custom_flags(rustix::fs::OFlags::NONBLOCK.bits().cast_signed());
    }
    match root.open_with(name, &options) {
        Ok(file) => {
            let file = file.into_std();
            Ok(file.metadata()?.is_file().then_some(file))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// These bytes of a file, read while they are sent: one range after another, as all share the place
/// in the file.
fn content(file: Arc<File>, range: Range<u64>) -> Content {
    const CHUNK: u64 = 64 << 10;

    let pieces = stream::try_unfold((file, range), |(file, range)| async move {
        if range.is_empty() {
            return Ok(None);
        }
        let read = tokio::task::spawn_blocking(move || {
            let length = CHUNK.min(range.end - range.start);
            let mut piece = Vec::new();
            (&*file).seek(SeekFrom::Start(range.start))?;
            (&*file).take(length).read_to_end(&mut piece)?;
            if piece.is_empty() {
                return Err(ErrorKind::UnexpectedEof.into());
            }
            let start = range.start + piece.len() as u64;
            Ok((Bytes::from(piece), (file, start..range.end)))
        });
        let read = read.await.unwrap_or_else(|error| Err(error.into()));
        read.map(Some).map_err(generic)
    });
    pieces.boxed()
}

fn generic(error: io::Error) -> Error {
    Error::Generic {
        store: "directory",
        source: Box::new(error),
    }
}

/// Strong tags, from the content. Size and time would not do: a file may be written twice between
/// two ticks of the clock that its time is taken from. But once that tick is over they tell the
/// versions apart, so that each is read once.
#[derive(Default)]
struct Digests {
    kept: std::sync::Mutex<HashMap<Key, String>>,
}

/// Device, inode, size, and the times of the last write and of the last change.
type Key = [i64; 7];

impl Digests {
    /// How many are kept.
    const MOST: usize = 10_000;

    fn tag(&self, file: &File, metadata: &std::fs::Metadata) -> io::Result<String> {
        let key = key(metadata);
        let kept = || self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(tag) = key.and_then(|key| kept().get(&key).cloned()) {
            return Ok(tag);
        }
        let tag = tag(file)?;
        if let Some(key) = key {
            let mut kept = kept();
            if kept.len() >= Self::MOST {
                kept.clear();
            }
            kept.insert(key, tag.clone());
        }
        Ok(tag)
    }
}

/// What tells this version from every later one; `None` where it has changed just now, and may once
/// more.
#[cfg(unix)]
fn key(metadata: &std::fs::Metadata) -> Option<Key> {
    use std::os::unix::fs::MetadataExt;

    let settled = SystemTime::now().checked_sub(Duration::from_secs(2))?;
    let settled = settled.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    let is_settled = metadata.ctime() < i64::try_from(settled.as_secs()).ok()?;
    is_settled.then_some([
        metadata.dev().cast_signed(),
        metadata.ino().cast_signed(),
        metadata.size().cast_signed(),
        metadata.mtime(),
        metadata.mtime_nsec(),
        metadata.ctime(),
        metadata.ctime_nsec(),
    ])
}

#[cfg(not(unix))]
fn key(_: &std::fs::Metadata) -> Option<Key> {
    None
}

fn tag(mut file: &File) -> io::Result<String> {
    let mut digest = Sha256::new();
    let mut buffer = vec![0; 64 << 10];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(digest_tag(&digest.finalize())),
            length => digest.update(&buffer[..length]),
        }
    }
}

fn digest_tag(digest: &[u8]) -> String {
    let mut buffer = [0; 64];
    let tag = EntityTag::from_digest(digest, &mut buffer).expect("two digits a byte");
    tag.to_string()
}

/// Runs what may take its time, in a file system.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, Failure> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|error| Err(error.into()))
        .map_err(|error| failure(&error))
}

/// What an error of the file system means; one that a name or its neighbours are the reason of is
/// the client's to deal with.
fn failure(error: &(dyn std::error::Error + 'static)) -> Failure {
    let what = chain(error);
    match cause(error).map(io::Error::kind) {
        Some(
            ErrorKind::AlreadyExists
            | ErrorKind::DirectoryNotEmpty
            | ErrorKind::InvalidFilename
            | ErrorKind::IsADirectory
            | ErrorKind::NotADirectory,
        ) => Failure::Name(what),
        Some(ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem) => {
            Failure::Forbidden(what)
        }
        Some(ErrorKind::FileTooLarge | ErrorKind::QuotaExceeded | ErrorKind::StorageFull) => {
            Failure::Full(what)
        }
        _ => Failure::Broken(what),
    }
}
