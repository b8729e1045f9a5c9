//! What is stored: a bounded number of bytes, by path and query, by Host and by `Vary`.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::http::header::{
    AGE, CONNECTION, CONTENT_LENGTH, CONTENT_RANGE, DATE, ETAG, HOST, HeaderMap, HeaderName,
    HeaderValue, TRAILER, VARY,
};
use http_conditional::cache::{CombinedFields, Response, StorableFields, combine};
use http_conditional::{Clocks, HttpDate};

use super::content::Content;
use super::freshness;

/// How many responses are stored for one URI: variants, and versions that may come back.
const MAX_RESPONSES: usize = 8;
/// About how much memory a response and its URI take besides their text.
const OVERHEAD: usize = 1024;

/// One stored response to a GET, with its content or parts of it.
#[derive(Clone)]
pub(crate) struct Entry {
    /// The same for all updates of one response.
    id: u64,
    pub(crate) status: u16,
    /// The request fields that `Vary` nominates, as they were sent, and the Host. As it is one of
    /// these, a write invalidates what is stored of all of them.
    nominated: Vec<(HeaderName, Vec<u8>)>,
    pub(crate) fields: HeaderMap,
    pub(crate) content: Content,
    received: HttpDate,
    clocks: Clocks,
    marked_stale: bool,
}

impl Entry {
    /// `sent` are the fields of the request as the origin server got them. `None` where `Vary`
    /// says that no other request gets the same response.
    pub(crate) fn new(
        status: u16,
        sent: &HeaderMap,
        mut fields: HeaderMap,
        content: Content,
    ) -> Option<Self> {
        let received = freshness::now();
        let clocks = complete_date(&mut fields, received);
        let mut nominated = vec![(HOST, normalised(sent, &HOST))];
        for line in fields.get_all(VARY) {
            for name in line.to_str().ok()?.split(',').map(str::trim) {
                if name.is_empty() {
                    continue;
                }
                // `*` is a valid name too, but of no field.
                let name: HeaderName = (name != "*").then(|| name.parse().ok()).flatten()?;
                let value = normalised(sent, &name);
                nominated.push((name, value));
            }
        }
        nominated.sort_by(|(one, _), (other, _)| one.as_str().cmp(other.as_str()));
        nominated.dedup();
        fields.remove(TRAILER);
        if status == 206 {
            fields.remove(CONTENT_RANGE);
        }
        let mut status = status;
        if let Some(data) = content.all() {
            fields.insert(CONTENT_LENGTH, data.len().into());
            if status == 206 {
                status = 200;
            }
        }
        Some(Self {
            id: 0,
            status,
            nominated,
            fields,
            content,
            received,
            clocks,
            marked_stale: false,
        })
    }

    /// As the crate sees it.
    pub(crate) fn response(&self) -> Response<'_> {
        let response = Response::new(self.status)
            .received(self.received)
            .clocks(self.clocks)
            .fields(&self.fields);
        let response = match self.content.length() {
            Some(length) => response.complete_length(length),
            None => response,
        };
        if self.is_complete() {
            response
        } else {
            response.parts(self.content.parts())
        }
    }

    pub(crate) fn is_complete(&self) -> bool {
        self.content.all().is_some()
    }

    /// The same response, updated from a 304 or from a HEAD's 200 (RFC 9111 section 3.2).
    pub(crate) fn updated(&self, newer: &HeaderMap) -> Self {
        let mut newer = newer.clone();
        let received = freshness::now();
        let clocks = complete_date(&mut newer, received);
        let connection = newer.get_all(CONNECTION);
        // These describe the stored bytes, whatever a 304 says.
        let rules = StorableFields::new(&connection).except(&["Content-Encoding", "Content-MD5"]);
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

    fn suits(&self, sent: &HeaderMap) -> bool {
        let mut nominated = self.nominated.iter();
        nominated.all(|(name, value)| normalised(sent, name) == *value)
    }

    /// Whether it takes the place of the other: the same variant, in the same version.
    fn replaces(&self, other: &Self) -> bool {
        self.nominated == other.nominated && self.fields.get(ETAG) == other.fields.get(ETAG)
    }

    fn size(&self) -> usize {
        let fields = self.fields.iter();
        let fields = fields.map(|(name, value)| name.as_str().len() + value.len() + 64);
        let nominated = self.nominated.iter().map(|(_, value)| value.len() + 64);
        OVERHEAD + self.content.size() + fields.sum::<usize>() + nominated.sum::<usize>()
    }
}

/// The lines of a field as one, with one space after each comma (RFC 9111 section 4.1): line breaks
/// and white space in a list make no difference. Languages, codings and hosts may be in upper or
/// lower case.
fn normalised(sent: &HeaderMap, name: &HeaderName) -> Vec<u8> {
    let lines = sent.get_all(name).iter();
    let members = lines.flat_map(|line| line.as_bytes().split(|&byte| byte == b','));
    let members: Vec<&[u8]> = members
        .map(<[u8]>::trim_ascii)
        .filter(|member| !member.is_empty())
        .collect();
    let value = members.join(&b", "[..]);
    if ["accept-language", "accept-encoding", "host"].contains(&name.as_str()) {
        let is_space = |byte: &u8| *byte == b' ';
        let value = value.into_iter().filter(|byte| !is_space(byte));
        return value.map(|byte| byte.to_ascii_lowercase()).collect();
    }
    value
}

/// Adds a `Date` if there is no valid one (RFC 9110 section 6.6.1). It is from this machine, and
/// says nothing about the clock that wrote `Last-Modified`.
fn complete_date(fields: &mut HeaderMap, received: HttpDate) -> Clocks {
    if freshness::has_date(fields, received) {
        // One server, one clock: that is true of most.
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
    /// The GETs that are on their way, by URI.
    fetching: HashMap<String, Fetching>,
}

#[derive(Default)]
struct Fetching {
    requests: usize,
    /// How often the URI was invalidated meanwhile.
    invalidations: u64,
}

/// A GET that is on its way. Its response is stored unless its URI is invalidated in the meantime:
/// it might have been made from the old state.
pub(crate) struct Ticket<'a> {
    store: &'a Store,
    uri: &'a str,
    invalidations: u64,
}

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        let mut stored = self.store.lock();
        if let Some(fetching) = stored.fetching.get_mut(self.uri) {
            fetching.requests -= 1;
            if fetching.requests == 0 {
                stored.fetching.remove(self.uri);
            }
        }
    }
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
    pub(crate) fn candidates(&self, uri: &str, sent: &HeaderMap) -> Vec<Arc<Entry>> {
        let stored = self.lock();
        let entries = stored.entries.get(uri).into_iter().flatten();
        entries.filter(|entry| entry.suits(sent)).cloned().collect()
    }

    /// A GET is about to be sent.
    pub(crate) fn fetches<'a>(&'a self, uri: &'a str) -> Ticket<'a> {
        let mut stored = self.lock();
        let fetching = stored.fetching.entry(uri.to_owned()).or_default();
        fetching.requests += 1;
        Ticket {
            store: self,
            uri,
            invalidations: fetching.invalidations,
        }
    }

    /// Stores a response, together with the stored parts of the same representation, if there are
    /// any. What is stored then.
    pub(crate) fn insert(&self, ticket: &Ticket<'_>, entry: Entry) -> Arc<Entry> {
        let mut stored = self.lock();
        let fetching = stored.fetching.get(ticket.uri);
        if fetching.is_none_or(|fetching| fetching.invalidations != ticket.invalidations) {
            return Arc::new(entry);
        }
        let mut entries = stored.take(ticket.uri);
        let entry = together(entry, &mut entries);
        stored.next_id += 1;
        let id = stored.next_id;
        let entry = Arc::new(Entry { id, ..entry });
        if entry.size() <= self.max_bytes {
            entries.retain(|other| !entry.replaces(other));
            entries.insert(0, Arc::clone(&entry));
            entries.truncate(MAX_RESPONSES);
        }
        stored.put(ticket.uri, entries);
        stored.shrink(self.max_bytes);
        entry
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
        if let Some(fetching) = stored.fetching.get_mut(uri) {
            fetching.invalidations += 1;
        }
        stored.take(uri);
    }
}

/// A new response, put together with those of the same variant that may be (RFC 9111 section 3.4).
/// Those are taken out.
fn together(new: Entry, entries: &mut Vec<Arc<Entry>>) -> Entry {
    if new.is_complete() {
        return new;
    }
    let stored: Vec<Arc<Entry>> = entries
        .iter()
        .filter(|other| other.nominated == new.nominated)
        .cloned()
        .collect();
    // By the date alone, two content codings would be one.
    let coding = |entry: &Entry| entry.fields.get("content-encoding").cloned();
    let stored: Vec<Arc<Entry>> = stored
        .into_iter()
        .filter(|other| coding(other) == coding(&new))
        .collect();
    let Some(combination) = combine(new.response(), stored.iter().map(|entry| entry.response()))
    else {
        return new;
    };
    let members: Vec<&Arc<Entry>> = combination
        .places()
        .filter_map(|place| stored.get(place))
        .collect();
    let content = members.iter().fold(new.content.clone(), |content, member| {
        content.combined(&member.content)
    });
    let updated = match combination.fields() {
        CombinedFields::Updated(place) => stored.get(place),
        CombinedFields::New => None,
    };
    let mut entry = match updated {
        Some(older) => older.updated(&new.fields),
        None => new.clone(),
    };
    if let (Some(data), 206) = (content.all(), entry.status) {
        entry.status = 200;
        entry.fields.insert(CONTENT_LENGTH, data.len().into());
    }
    entry.content = content;
    let ids: Vec<u64> = members.iter().map(|member| member.id).collect();
    entries.retain(|other| !ids.contains(&other.id));
    entry
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
