//! What is stored: a bounded number of bytes, by target URI and by `Vary`.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::Bytes;
use axum::http::header::{
    AGE, CONNECTION, CONTENT_LENGTH, DATE, ETAG, HeaderMap, HeaderName, HeaderValue, TRAILER, VARY,
};
use http_conditional::cache::{Response, StorableFields};
use http_conditional::{Clocks, HttpDate};

use crate::cache::freshness;

/// How many responses are stored for one URI: variants, and versions that may come back.
const MAX_RESPONSES: usize = 8;
/// What a response and its URI take beside their text, about.
const OVERHEAD: usize = 1024;

/// One stored 200 to a GET, with all its content.
#[derive(Clone)]
pub(crate) struct Entry {
    /// The same for all updates of one response.
    id: u64,
    /// The request fields that `Vary` nominates, as they were.
    nominated: Vec<(HeaderName, Vec<HeaderValue>)>,
    pub(crate) fields: HeaderMap,
    pub(crate) data: Bytes,
    received: HttpDate,
    clocks: Clocks,
    marked_stale: bool,
}

impl Entry {
    /// `None` where `Vary` says that no other request gets the same response.
    pub(crate) fn new(request: &HeaderMap, mut fields: HeaderMap, data: Bytes) -> Option<Self> {
        let received = freshness::now();
        let clocks = complete_date(&mut fields, received);
        let mut nominated = Vec::new();
        for line in fields.get_all(VARY) {
            for name in line.to_str().ok()?.split(',').map(str::trim) {
                if name.is_empty() {
                    continue;
                }
                // `*` is a valid name too, but of no field.
                let name = (name != "*").then(|| name.parse().ok()).flatten()?;
                let values = request.get_all(&name).iter().cloned().collect();
                nominated.push((name, values));
            }
        }
        fields.remove(TRAILER);
        fields.insert(CONTENT_LENGTH, data.len().into());
        Some(Self {
            id: 0,
            nominated,
            fields,
            data,
            received,
            clocks,
            marked_stale: false,
        })
    }

    /// As the crate sees it.
    pub(crate) fn response(&self) -> Response<'_> {
        let response = Response::new(200).received(self.received);
        response.clocks(self.clocks).fields(&self.fields)
    }

    /// The same response, updated from a 304 or from a HEAD's 200 (RFC 9111 section 3.2).
    pub(crate) fn updated(&self, newer: &HeaderMap) -> Self {
        let mut newer = newer.clone();
        let received = freshness::now();
        let clocks = complete_date(&mut newer, received);
        let connection = newer.get_all(CONNECTION);
        let rules = StorableFields::new(&connection);
        let mut fields = self.fields.clone();
        // It was the age at an earlier time.
        fields.remove(AGE);
        for name in newer.keys().filter(|name| rules.updates(name.as_ref())) {
            fields.remove(name);
            for value in newer.get_all(name) {
                fields.append(name, value.clone());
            }
        }
        Self {
            fields,
            received,
            clocks,
            marked_stale: false,
            ..self.clone()
        }
    }

    pub(crate) fn age(&self) -> i64 {
        freshness::age(&self.fields, self.received, freshness::now())
    }

    pub(crate) fn is_fresh(&self) -> bool {
        !self.marked_stale && freshness::is_fresh(&self.fields, self.received, freshness::now())
    }

    fn suits(&self, request: &HeaderMap) -> bool {
        let mut nominated = self.nominated.iter();
        nominated.all(|(name, values)| request.get_all(name).iter().eq(values))
    }

    /// Whether it takes the place of the other: the same variant, in the same version.
    fn replaces(&self, other: &Self) -> bool {
        self.nominated == other.nominated && self.fields.get(ETAG) == other.fields.get(ETAG)
    }

    fn size(&self) -> usize {
        let fields = self.fields.iter();
        let fields = fields.map(|(name, value)| name.as_str().len() + value.len() + 64);
        let nominated = self.nominated.iter().flat_map(|(_, values)| values);
        let nominated = nominated.map(|value| value.len() + 64);
        OVERHEAD + self.data.len() + fields.sum::<usize>() + nominated.sum::<usize>()
    }
}

/// Adds a `Date` where there is none that is valid (RFC 9110 section 6.6.1). It is this machine's
/// then, which says nothing about the clock that wrote `Last-Modified`.
fn complete_date(fields: &mut HeaderMap, received: HttpDate) -> Clocks {
    if freshness::has_date(fields, received) {
        // One server, one clock: so it is with most.
        return Clocks::Same;
    }
    if let Ok(value) = HeaderValue::from_bytes(&received.encode()) {
        fields.insert(DATE, value);
    }
    Clocks::Untrusted
}

pub(crate) struct Store {
    max_bytes: usize,
    stored: Mutex<Stored>,
}

#[derive(Default)]
struct Stored {
    /// The latest first.
    entries: HashMap<String, Vec<Arc<Entry>>>,
    /// Each URI once, the one to give up first at the front.
    order: VecDeque<String>,
    bytes: usize,
    next_id: u64,
    invalidations: u64,
}

impl Store {
    pub(crate) fn new(max_bytes: usize) -> Self {
        Self {
            max_bytes,
            stored: Mutex::default(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Stored> {
        self.stored.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Those that could answer the request, were they fresh; the latest first.
    pub(crate) fn candidates(&self, uri: &str, request: &HeaderMap) -> Vec<Arc<Entry>> {
        let stored = self.lock();
        let entries = stored.entries.get(uri).into_iter().flatten();
        entries
            .filter(|entry| entry.suits(request))
            .cloned()
            .collect()
    }

    /// How often something was invalidated, for [`insert`](Self::insert).
    pub(crate) fn invalidations(&self) -> u64 {
        self.lock().invalidations
    }

    /// Stores a response, unless something was invalidated since its request was sent: that could
    /// have been what it was made from.
    pub(crate) fn insert(&self, uri: &str, entry: Entry, invalidations: u64) {
        let mut stored = self.lock();
        if stored.invalidations != invalidations || entry.size() > self.max_bytes {
            return;
        }
        let mut entries = stored.take(uri);
        entries.retain(|other| !entry.replaces(other));
        stored.next_id += 1;
        let id = stored.next_id;
        entries.insert(0, Arc::new(Entry { id, ..entry }));
        entries.truncate(MAX_RESPONSES);
        stored.put(uri, entries);
        stored.shrink(self.max_bytes);
    }

    /// Puts an updated response in the place of the old one, if that is still there, and before
    /// the others.
    pub(crate) fn update(&self, uri: &str, entry: Arc<Entry>) {
        let mut stored = self.lock();
        let mut entries = stored.take(uri);
        let before = entries.len();
        entries.retain(|other| other.id != entry.id);
        if entries.len() < before {
            entries.insert(0, entry);
        }
        stored.put(uri, entries);
        stored.shrink(self.max_bytes);
    }

    pub(crate) fn mark_stale(&self, uri: &str, entry: &Entry) {
        let marked_stale = true;
        let entry = entry.clone();
        self.update(
            uri,
            Arc::new(Entry {
                marked_stale,
                ..entry
            }),
        );
    }

    pub(crate) fn invalidate(&self, uri: &str) {
        let mut stored = self.lock();
        stored.invalidations += 1;
        stored.take(uri);
    }
}

impl Stored {
    fn take(&mut self, uri: &str) -> Vec<Arc<Entry>> {
        let Some(entries) = self.entries.remove(uri) else {
            return Vec::new();
        };
        self.order.retain(|other| other != uri);
        self.bytes -= uri.len() + entries.iter().map(|entry| entry.size()).sum::<usize>();
        entries
    }

    fn put(&mut self, uri: &str, entries: Vec<Arc<Entry>>) {
        if !entries.is_empty() {
            self.bytes += uri.len() + entries.iter().map(|entry| entry.size()).sum::<usize>();
            self.order.push_back(uri.to_owned());
            self.entries.insert(uri.to_owned(), entries);
        }
    }

    fn shrink(&mut self, max_bytes: usize) {
        while self.bytes > max_bytes {
            let Some(uri) = self.order.front().cloned() else {
                return;
            };
            self.take(&uri);
        }
    }
}
