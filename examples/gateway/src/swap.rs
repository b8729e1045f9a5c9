//! Objects in a store that compares and swaps by itself: S3 and what speaks its protocol, and
//! memory.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use async_trait::async_trait;
use futures_util::FutureExt;
use http_conditional::HttpDate;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{
    Attribute, Attributes, Error, GetOptions, GetRange, GetResult, ObjectMeta, ObjectStore,
    ObjectStoreExt, PutMode, PutOptions, PutPayload, UpdateVersion,
};

use crate::store::{Expected, Failure, Object, Reader, Store};

/// The metadata that marks a tombstone.
const TOMBSTONE: Attribute = Attribute::Metadata(std::borrow::Cow::Borrowed("tombstone"));

/// Such a store swaps an object for another one; not each of them deletes on a condition, and an
/// [`ObjectStore`] cannot be asked to. So a DELETE with a condition swaps the object for a
/// tombstone, which is no object to any client, and which a later write swaps for an object again.
/// A DELETE without a condition leaves none.
///
/// Tombstones that nobody writes over stay. A rule of the bucket may take them away: what then
/// swaps one fails, and is evaluated anew.
pub(crate) struct Swap {
    reads: Arc<dyn ObjectStore>,
    writes: Arc<dyn ObjectStore>,
    /// Goes before the store's own tags, where those begin anew with each start: a client that
    /// has been here before must not take an object of today for one that it knows.
    life: Option<String>,
}

/// What is in the store under a key.
enum Entry {
    Nothing,
    Tombstone { tag: String },
    Object(GetResult),
}

impl Swap {
    /// By two ways to one store: what is read may be asked for again where the answer is lost,
    /// and what is written must not be. The second write would fail by what the first has done,
    /// and the client would be told that nothing was written.
    pub(crate) fn new(reads: impl ObjectStore, writes: impl ObjectStore) -> Self {
        Self {
            reads: Arc::new(reads),
            writes: Arc::new(writes),
            life: None,
        }
    }

    pub(crate) fn in_memory() -> Self {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let memory: Arc<dyn ObjectStore> = Arc::new(InMemory::new());
        Self {
            reads: Arc::clone(&memory),
            writes: memory,
            life: Some(format!("{:x}-", since.unwrap_or_default().as_nanos())),
        }
    }

    async fn entry(&self, key: &Path, options: GetOptions) -> Result<Entry, Failure> {
        let found = match self.reads.get_opts(key, options).await {
            Ok(found) => found,
            Err(Error::NotFound { .. }) => return Ok(Entry::Nothing),
            Err(error) => return Err(error.into()),
        };
        Ok(
            match (found.attributes.get(&TOMBSTONE), &found.meta.e_tag) {
                (Some(_), Some(tag)) => Entry::Tombstone { tag: tag.clone() },
                _ => Entry::Object(found),
            },
        )
    }

    /// Reads on condition that the object is still the same.
    fn part(&self, key: &Path, found: &GetResult) -> Reader {
        let (objects, key) = (Arc::clone(&self.reads), key.clone());
        let options = GetOptions::new().with_if_match(found.meta.e_tag.clone());
        Box::new(move |range| {
            let (objects, key, options) = (Arc::clone(&objects), key.clone(), options.clone());
            async move {
                let range = (!range.is_empty()).then_some(GetRange::Bounded(range));
                match objects.get_opts(&key, options.with_range(range)).await {
                    Ok(found) => Ok(found.into_stream()),
                    Err(Error::NotFound { .. }) => Err(Failure::Changed),
                    Err(error) => Err(error.into()),
                }
            }
            .boxed()
        })
    }

    fn object(
        &self,
        meta: &ObjectMeta,
        attributes: &Attributes,
        reader: Reader,
    ) -> Result<Object, Failure> {
        let content_type = attributes.get(&Attribute::ContentType);
        Ok(Object {
            tag: meta.e_tag.clone().map(|tag| self.tag_for_clients(tag)),
            last_modified: HttpDate::try_from(SystemTime::from(meta.last_modified))
                .map_err(|error| Failure::Broken(error.to_string()))?,
            length: meta.size,
            content_type: content_type.map(|value| value.as_ref().to_owned()),
            reader,
        })
    }

    async fn write(
        &self,
        key: &Path,
        content: PutPayload,
        attributes: Attributes,
        mode: PutMode,
    ) -> Result<Option<String>, Failure> {
        let options = PutOptions {
            mode,
            attributes,
            ..PutOptions::default()
        };
        let written = self.writes.put_opts(key, content, options).await?;
        Ok(written.e_tag.map(|tag| self.tag_for_clients(tag)))
    }

    fn tag_for_clients(&self, own: String) -> String {
        match (&self.life, own.strip_prefix('"')) {
            (Some(life), Some(rest)) => format!("\"{life}{rest}"),
            _ => own,
        }
    }

    /// To swap what has this tag; the tag is one for clients.
    fn update(&self, tag: String) -> Result<PutMode, Failure> {
        let own = match &self.life {
            None => Some(tag),
            Some(life) => tag
                .strip_prefix('"')
                .and_then(|rest| rest.strip_prefix(life.as_str()))
                .map(|rest| format!("\"{rest}")),
        };
        // A tag of another life is that of no object here.
        own.map(update).ok_or(Failure::Changed)
    }
}

/// To swap what has this tag; the tag is the store's own.
fn update(own: String) -> PutMode {
    PutMode::Update(UpdateVersion {
        e_tag: Some(own),
        version: None,
    })
}

#[async_trait]
impl Store for Swap {
    async fn look_up(&self, key: &Path) -> Result<Option<Object>, Failure> {
        match self.entry(key, GetOptions::new().with_head(true)).await? {
            Entry::Object(found) => {
                let part = self.part(key, &found);
                self.object(&found.meta, &found.attributes, part).map(Some)
            }
            Entry::Tombstone { .. } | Entry::Nothing => Ok(None),
        }
    }

    async fn open(&self, key: &Path) -> Result<Option<Object>, Failure> {
        match self.entry(key, GetOptions::new()).await? {
            Entry::Object(found) => {
                let part = self.part(key, &found);
                let (meta, attributes) = (found.meta.clone(), found.attributes.clone());
                let whole = found.range.clone();
                let found = Mutex::new(Some(found));
                let reader: Reader = Box::new(move |range| {
                    let found = found.lock().unwrap_or_else(PoisonError::into_inner).take();
                    match found {
                        Some(found) if range == whole => async { Ok(found.into_stream()) }.boxed(),
                        _ => part(range),
                    }
                });
                self.object(&meta, &attributes, reader).map(Some)
            }
            Entry::Tombstone { .. } | Entry::Nothing => Ok(None),
        }
    }

    async fn put(
        &self,
        key: &Path,
        content: PutPayload,
        content_type: Option<String>,
        expected: Expected,
    ) -> Result<Option<String>, Failure> {
        let mut attributes = Attributes::new();
        if let Some(content_type) = content_type {
            attributes.insert(Attribute::ContentType, content_type.into());
        }
        let mode = match expected {
            Expected::Anything => PutMode::Overwrite,
            Expected::Tag(tag) => self.update(tag)?,
            Expected::Nothing => {
                let (content, attributes) = (content.clone(), attributes.clone());
                match self.write(key, content, attributes, PutMode::Create).await {
                    Err(Failure::Changed) => {}
                    done => return done,
                }
                match self.entry(key, GetOptions::new().with_head(true)).await? {
                    Entry::Tombstone { tag } => update(tag),
                    Entry::Object(_) | Entry::Nothing => return Err(Failure::Changed),
                }
            }
        };
        self.write(key, content, attributes, mode).await
    }

    async fn delete(&self, key: &Path, expected: Expected) -> Result<(), Failure> {
        let mode = match expected {
            Expected::Anything => match self.writes.delete(key).await {
                Ok(()) | Err(Error::NotFound { .. }) => return Ok(()),
                Err(error) => return Err(error.into()),
            },
            Expected::Nothing => return Err(Failure::Changed),
            Expected::Tag(tag) => self.update(tag)?,
        };
        // Content that nobody knows: its tag, which may be made from the content, is then none
        // that a client could ask for.
        let content = format!("{:032x}", rand::random::<u128>());
        let mut attributes = Attributes::new();
        attributes.insert(TOMBSTONE, "1".into());
        self.write(key, content.into(), attributes, mode).await?;
        Ok(())
    }
}
