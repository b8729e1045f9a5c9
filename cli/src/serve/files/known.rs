//! What is known of files since they were last asked for: a second request for the same version has
//! little to find out.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::http::header::HeaderMap;

use super::stamp::Stamp;

/// For so long it is remembered that a file has no codings beside it.
const REMEMBERED: Duration = Duration::from_secs(1);
/// How many are kept: a kilobyte or two for each.
const KEPT: usize = 4096;
/// How many bytes of content are kept, of all files.
const KEPT_CONTENT: usize = 16 << 20;

/// Files by name.
#[derive(Debug, Default)]
pub(crate) struct Known {
    files: Mutex<Files>,
}

#[derive(Debug, Default)]
struct Files {
    by_name: HashMap<Arc<str>, File>,
    /// How many bytes of content they have.
    content: usize,
}

/// What is known of one version of a file.
#[derive(Clone, Debug)]
pub(super) struct File {
    pub(super) name: Arc<str>,
    stamp: Stamp,
    /// The content coding as which it is sent.
    coding: Option<&'static str>,
    /// The fields of a 200 response, which are the same for all of its requests.
    pub(super) fields: Arc<HeaderMap>,
    /// When there was no coding of it.
    alone: Option<Instant>,
    /// Every change would have another stamp, so that its content may be kept.
    pub(super) is_strong: bool,
    /// That of a small one, once it was sent.
    pub(super) content: Option<Bytes>,
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
            is_strong: false,
            content: None,
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
        let files = self.files();
        let file = files.by_name.get(name)?;
        (file.stamp == *stamp && file.coding == coding).then(|| file.clone())
    }

    pub(super) fn insert(&self, file: File) {
        let mut files = self.files();
        if files.by_name.len() >= KEPT {
            *files = Files::default();
        }
        let old = files.by_name.insert(Arc::clone(&file.name), file);
        let freed = old.and_then(|old| old.content);
        files.content -= freed.map_or(0, |content| content.len());
    }

    /// Remembers that there is no coding of the file of this name.
    pub(super) fn has_no_coding(&self, name: &str, now: Instant) {
        if let Some(file) = self.files().by_name.get_mut(name) {
            file.alone = Some(now);
        }
    }

    /// Keeps all content of this version of a file.
    pub(super) fn keep(&self, name: &str, stamp: &Stamp, content: &[u8]) {
        let mut files = self.files();
        let files = &mut *files;
        if files.content + content.len() > KEPT_CONTENT {
            for file in files.by_name.values_mut() {
                file.content = None;
            }
            files.content = 0;
        }
        if let Some(file) = files.by_name.get_mut(name)
            && file.stamp == *stamp
            && file.content.is_none()
        {
            file.content = Some(Bytes::copy_from_slice(content));
            files.content += content.len();
        }
    }

    fn files(&self) -> MutexGuard<'_, Files> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static CONTENT: [u8; 1 << 18] = [0; 1 << 18];

    fn add(known: &Known, name: &str) {
        let fields = Arc::new(HeaderMap::new());
        known.insert(File::new(&name.into(), Stamp::of_size(1), None, &fields));
    }

    fn kept(known: &Known) -> usize {
        let files = known.files();
        let contents = files
            .by_name
            .values()
            .filter_map(|file| file.content.as_ref());
        let kept = contents.map(Bytes::len).sum();
        assert_eq!(files.content, kept);
        kept
    }

    #[test]
    fn content_is_limited() {
        let known = Known::default();
        for number in 0..100 {
            let name = number.to_string();
            add(&known, &name);
            known.keep(&name, &Stamp::of_size(1), &CONTENT);
            known.keep(&name, &Stamp::of_size(1), &CONTENT);
            assert!((CONTENT.len()..=KEPT_CONTENT).contains(&kept(&known)));
        }
        // The newest is never what goes.
        let newest = known.get("99", &Stamp::of_size(1), None).unwrap();
        assert_eq!(newest.content.unwrap().len(), CONTENT.len());
    }

    #[test]
    fn content_goes_with_its_version() {
        let known = Known::default();
        add(&known, "a");
        known.keep("a", &Stamp::of_size(2), &CONTENT);
        assert_eq!(kept(&known), 0);
        known.keep("b", &Stamp::of_size(1), &CONTENT);
        assert_eq!(kept(&known), 0);
        known.keep("a", &Stamp::of_size(1), &CONTENT);
        assert_eq!(kept(&known), CONTENT.len());
        assert!(known.get("a", &Stamp::of_size(2), None).is_none());
        assert!(known.get("a", &Stamp::of_size(1), Some("gzip")).is_none());
        add(&known, "a");
        assert_eq!(kept(&known), 0);
    }

    #[test]
    fn files_are_limited() {
        let known = Known::default();
        for number in 0..2 * KEPT {
            add(&known, &number.to_string());
            assert!(known.files().by_name.len() <= KEPT);
        }
    }
}
