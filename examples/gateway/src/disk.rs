//! Objects as files, written by any number of processes of one machine.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::{Path as FilePath, PathBuf};
use std::time::SystemTime;

use async_trait::async_trait;
use futures_util::FutureExt;
use http_conditional::{EntityTag, HttpDate};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{
    Error, GetOptions, GetResultPayload, ObjectStore, ObjectStoreExt, PutMode, PutOptions,
    PutPayload,
};
use sha2::{Digest, Sha256};
use tokio::sync::{Mutex, MutexGuard};

use crate::store::{Expected, Failure, Object, Store, cause, chain};

/// A file system creates and replaces files in one step, but has no way to compare before that. So
/// every write is done under a lock of the directory, which holds between processes, and which
/// the system releases when one dies.
///
/// What does not take the lock, such as an editor, may write between. And where the lock does not
/// hold between the machines of a network file system, gateways on several of them are not safe.
pub(crate) struct Disk {
    files: LocalFileSystem,
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
        let mut found = match self.files.get_opts(key, GetOptions::new()).await {
            Ok(found) => found,
            Err(Error::NotFound { .. }) => return Ok(None),
            Err(error) => {
                return match cause(&error).map(io::Error::kind) {
                    Some(ErrorKind::NotADirectory | ErrorKind::InvalidFilename) => Ok(None),
                    _ => Err(failure(&error)),
                };
            }
        };
        let GetResultPayload::File(file, _) = &found.payload else {
            return Err(Failure::Broken("not a file".to_owned()));
        };
        // A file is replaced and never written to, so that of this one the content stays as it is.
        let file = file.try_clone().map_err(|error| failure(&error))?;
        let tag = blocking(move || tag(&file)).await?;
        let content_type = mime_guess::from_path(key.as_ref()).first_raw();
        Ok(Some(Object {
            tag: Some(tag),
            last_modified: HttpDate::try_from(SystemTime::from(found.meta.last_modified))
                .map_err(|error| Failure::Broken(error.to_string()))?,
            length: found.meta.size,
            content_type: content_type.map(str::to_owned),
            reader: Box::new(move |range| {
                found.range = range;
                async { Ok(found.into_stream()) }.boxed()
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
        match self.files.delete(key).await {
            Ok(()) | Err(Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(failure(&error)),
        }
    }
}

/// A strong tag, from the content. Size and time would not do: a file may be written twice between
/// two ticks of the clock that its time is taken from.
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
