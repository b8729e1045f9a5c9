//! What is known of files since they were last asked for: a second request for the same version has
//! little to find out.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::http::header::HeaderMap;

use super::stamp::Stamp;

/// For so long it is remembered that a file has no codings beside it.
const REMEMBERED: Duration = Duration::from_secs(1);
/// How many are kept: a kilobyte or two for each.
const KEPT: usize = 4096;

/// Files by name.
#[derive(Default)]
pub(super) struct Known {
    files: Mutex<HashMap<Arc<str>, File>>,
}

/// What is known of one version of a file.
#[derive(Clone)]
pub(super) struct File {
    pub(super) name: Arc<str>,
    stamp: Stamp,
    /// The content coding as which it is sent.
    coding: Option<&'static str>,
    /// The fields of a 200 response, which are the same for all of its requests.
    pub(super) fields: Arc<HeaderMap>,
    /// When there was no coding of it.
    alone: Option<Instant>,
}

impl File {
    pub(super) fn new(
        name: &Arc<str>,
        stamp: Stamp,
        coding: Option<&'static str>,
        fields: &Arc<HeaderMap>,
    ) -> Self {
        Self {
            name: Arc::clone(name),
            stamp,
            coding,
            fields: Arc::clone(fields),
            alone: None,
        }
    }

    /// Whether there is no coding of it, or was none a moment ago.
    pub(super) fn is_alone(&self, now: Instant) -> bool {
        let seen = self.alone;
        seen.is_some_and(|seen| now.saturating_duration_since(seen) < REMEMBERED)
    }
}

impl Known {
    /// What is known of the file of this name, if it is this version of it, sent as this coding.
    pub(super) fn get(
        &self,
        name: &str,
        stamp: &Stamp,
        coding: Option<&'static str>,
    ) -> Option<File> {
        let files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        let file = files.get(name)?;
        (file.stamp == *stamp && file.coding == coding).then(|| file.clone())
    }

    pub(super) fn insert(&self, file: File) {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        if files.len() >= KEPT {
            files.clear();
        }
        files.insert(Arc::clone(&file.name), file);
    }

    /// Remembers that there is no coding of the file of this name.
    pub(super) fn has_no_coding(&self, name: &str, now: Instant) {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = files.get_mut(name) {
            file.alone = Some(now);
        }
    }
}
