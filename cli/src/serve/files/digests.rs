//! Digests of content, by the stamp of the file that had it: made once, and kept.

use std::collections::{HashMap, VecDeque};
use std::fs::File;
use std::io::{self, Read};
use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest, Sha256};

use super::stamp::{Stamp, hex};

/// How many are kept: up to half a kilobyte each, as the stamp is there twice.
const KEPT: usize = 10_000;

#[derive(Default)]
pub(crate) struct Digests {
    kept: Mutex<Kept>,
    /// Held while one is made: those who wait for it then find it, and only one processor is busy
    /// with it.
    making: Mutex<()>,
}

#[derive(Default)]
struct Kept {
    of: HashMap<Stamp, Arc<str>>,
    /// The oldest first.
    order: VecDeque<Stamp>,
}

impl Digests {
    pub(crate) fn get(&self, stamp: &Stamp) -> Option<Arc<str>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.of.get(stamp).cloned()
    }

    pub(crate) fn insert(&self, stamp: Stamp, digest: Arc<str>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.of.insert(stamp, digest).is_none() {
            kept.order.push_back(stamp);
        }
        if kept.order.len() > KEPT
            && let Some(oldest) = kept.order.pop_front()
        {
            kept.of.remove(&oldest);
        }
    }

    /// The digest of a file that has this stamp, read from its beginning; `None` where it changes
    /// while it is read.
    pub(crate) fn make(&self, stamp: Stamp, mut file: &File) -> io::Result<Option<Arc<str>>> {
        let _making = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(made) = self.get(&stamp) {
            return Ok(Some(made));
        }
        let mut hash = Sha256::new();
        let mut buffer = vec![0; 128 << 10];
        loop {
            let length = file.read(&mut buffer)?;
            if length == 0 {
                break;
            }
            hash.update(&buffer[..length]);
        }
        if Stamp::of_open(file)? != Some(stamp) {
            return Ok(None);
        }
        let digest = text(hash);
        self.insert(stamp, Arc::clone(&digest));
        Ok(Some(digest))
    }
}

/// The digest of content that is in memory.
pub(crate) fn of(content: &[u8]) -> Arc<str> {
    text(Sha256::new_with_prefix(content))
}

/// As much of a digest as goes into a tag: 128 bits.
pub(crate) fn text(hash: Sha256) -> Arc<str> {
    hex(&hash.finalize()[..16]).into()
}
