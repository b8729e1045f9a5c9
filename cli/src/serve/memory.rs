//! Demo resources in memory: one for each kind of validators, and one in three languages.

use std::collections::HashMap;
use std::io::{self, ErrorKind};
use std::sync::{PoisonError, RwLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::body::Bytes;
use axum::http::header::{
    ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_LOCATION, CONTENT_SECURITY_POLICY,
    CONTENT_TYPE, ETAG, EXPIRES, HeaderMap, HeaderValue, VARY,
};
use axum::http::request::Parts;
use http_conditional::EntityTag;

use crate::serve::files::digest;
use crate::serve::store::{LookUp, Received, Snapshot, Store, field_value, http_date};

/// Path, kind, content type and data of each resource at the start.
const RESOURCES: [(&str, Kind, &str, &str); 10] = [
    (CONFIG, Kind::Usual, "application/json", CONFIG_DATA),
    ("/notes.txt", Kind::Usual, TEXT, "Some notes.\n"),
    ("/hello.en", Kind::Language("en"), TEXT, "Hello!\n"),
    ("/hello.de", Kind::Language("de"), TEXT, "Guten Tag!\n"),
    ("/hello.fr", Kind::Language("fr"), TEXT, "Bonjour !\n"),
    ("/news", Kind::FreshFor(60), TEXT, "Fresh for a minute.\n"),
    ("/weak", Kind::WeakTag, TEXT, "Only a weak entity tag.\n"),
    ("/comma", Kind::CommaTag, TEXT, COMMA_DATA),
    ("/dated", Kind::Dated, TEXT, "Only a modification date.\n"),
    ("/bare", Kind::Bare, TEXT, "No validator at all.\n"),
];

const CONFIG: &str = "/api/config";
/// Long enough to be cut off: 65,536 lines of 16 bytes.
const DOWNLOAD: &str = "/download.txt";
const CONFIG_DATA: &str =
    "{\n  \"theme\": \"dark\",\n  \"language\": \"en\",\n  \"pageSize\": 20\n}\n";

const COMMA_DATA: &str = "The entity tag is \"a,b\".\n";

/// Negotiated by Accept-Language between `/hello.en` and so on.
const HELLO: &str = "/hello";
/// The first is the one for those who ask for none of them.
const LANGUAGES: [&str; 3] = ["en", "de", "fr"];

/// How many resources there may be, and how many bytes in all, so that nobody can fill the memory.
const MOST_RESOURCES: usize = 1000;
const MOST_BYTES: u64 = 64 << 20;

/// A page that somebody puts here must not run scripts beside the program's own page.
const SANDBOX: &str = "default-src 'none'; sandbox";

const TEXT: &str = "text/plain; charset=utf-8";

pub(crate) struct Memory {
    resources: RwLock<HashMap<String, Resource>>,
}

struct Resource {
    snapshot: Snapshot,
    kind: Kind,
}

/// What a resource tells about its representations.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// A strong entity tag and a modification date.
    Usual,
    /// The same, in this language.
    Language(&'static str),
    /// The same, and a freshness lifetime in seconds.
    FreshFor(u64),
    /// A weak entity tag only.
    WeakTag,
    /// A strong entity tag with commas in it only.
    CommaTag,
    /// A modification date only.
    Dated,
    /// No validator.
    Bare,
}

impl Resource {
    /// Its next representation.
    fn revise(kind: Kind, data: &Bytes, content_type: HeaderValue) -> Self {
        let now = SystemTime::now();
        let bare = Snapshot::new(data.clone(), content_type);
        let mut snapshot = match kind {
            Kind::Bare => bare,
            Kind::Dated => bare.last_modified(now),
            Kind::WeakTag => {
                let mut buffer = [0; EntityTag::SIZE_AND_MODIFIED_LEN];
                let size = bare.data.length();
                let age = now.duration_since(UNIX_EPOCH).unwrap_or_default();
                let seconds = i64::try_from(age.as_secs()).unwrap_or(i64::MAX);
                let nanoseconds = age.subsec_nanos();
                bare.etag(EntityTag::from_size_and_modified(
                    size,
                    seconds,
                    nanoseconds,
                    &mut buffer,
                ))
            }
            Kind::CommaTag => {
                let opaque = if *data == COMMA_DATA {
                    String::from("a,b")
                } else {
                    format!("a,b,{}", digest(data))
                };
                bare.etag(EntityTag::strong(opaque.as_bytes()).expect("letters and commas"))
            }
            Kind::Usual | Kind::Language(_) | Kind::FreshFor(_) => bare.digest().last_modified(now),
        };
        if let Kind::Language(language) = kind {
            let language = HeaderValue::from_static(language);
            snapshot.fields_mut().insert(CONTENT_LANGUAGE, language);
        }
        Self { snapshot, kind }
    }

    /// Its current representation.
    fn current(&self) -> Snapshot {
        let mut snapshot = self.snapshot.clone();
        if let Kind::FreshFor(lifetime) = self.kind {
            let max_age = field_value(format!("max-age={lifetime}"));
            snapshot.fields_mut().insert(CACHE_CONTROL, max_age);
            if let Some(date) = http_date(SystemTime::now() + Duration::from_secs(lifetime)) {
                snapshot
                    .fields_mut()
                    .insert(EXPIRES, field_value(date.encode()));
            }
        }
        snapshot
    }
}

impl Memory {
    /// The demo resources, and the entity tags that the page names in its commands.
    pub(crate) fn demo() -> (Self, [(&'static str, String); 2]) {
        let first = |kind, content_type, data: &str| {
            let data = Bytes::copy_from_slice(data.as_bytes());
            let mut resource =
                Resource::revise(kind, &data, HeaderValue::from_static(content_type));
            // Nothing came before it. A date that a PUT makes in the same second is weak.
            resource.snapshot.strong_date = true;
            resource
        };
        let mut resources: HashMap<String, Resource> = RESOURCES
            .into_iter()
            .map(|(path, kind, content_type, data)| {
                (path.to_owned(), first(kind, content_type, data))
            })
            .collect();
        let lines = (0..1 << 16).map(|line| format!("line {line:>10}\n"));
        let download = first(Kind::Usual, TEXT, &lines.collect::<String>());
        resources.insert(DOWNLOAD.to_owned(), download);
        let etag = |path| {
            let resource: Option<&Resource> = resources.get(path);
            let etag =
                resource.and_then(|resource| resource.snapshot.fields.get(ETAG)?.to_str().ok());
            etag.unwrap_or("*").to_owned()
        };
        let tags = [("etag", etag(CONFIG)), ("download", etag(DOWNLOAD))];
        let memory = Self {
            resources: RwLock::new(resources),
        };
        (memory, tags)
    }

    fn current(&self, path: &str) -> Option<Snapshot> {
        let resources = self
            .resources
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        resources.get(path).map(Resource::current)
    }
}

impl Store for Memory {
    fn look_up(&self, path: &str, request: &Parts) -> io::Result<LookUp> {
        if path == HELLO {
            let location = format!("{HELLO}.{}", negotiate(&request.headers));
            let Some(mut greeting) = self.current(&location) else {
                return Ok(LookUp::Nowhere);
            };
            let fields = greeting.fields_mut();
            fields.insert(CONTENT_LOCATION, field_value(location));
            fields.insert(VARY, HeaderValue::from_static("Accept-Language"));
            return Ok(LookUp::Selected(greeting));
        }
        Ok(self.current(path).map_or(LookUp::Vacant, LookUp::Current))
    }

    fn put(
        &self,
        path: &str,
        content: Received,
        content_type: Option<&HeaderValue>,
    ) -> io::Result<Snapshot> {
        let data = content.into_bytes()?;
        let mut resources = self
            .resources
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        let others = resources.iter().filter(|(other, _)| *other != path);
        let bytes: u64 = others.map(|(_, other)| other.snapshot.data.length()).sum();
        if bytes + data.len() as u64 > MOST_BYTES
            || (resources.len() >= MOST_RESOURCES && !resources.contains_key(path))
        {
            return Err(ErrorKind::StorageFull.into());
        }
        let (kind, content_type) = match resources.get(path) {
            Some(old) => {
                let content_type = content_type.or(old.snapshot.fields.get(CONTENT_TYPE));
                (old.kind, content_type)
            }
            None => (Kind::Usual, content_type),
        };
        let unknown = || HeaderValue::from_static("application/octet-stream");
        let content_type = content_type.cloned().unwrap_or_else(unknown);
        let mut new = Resource::revise(kind, &data, content_type);
        let policy = HeaderValue::from_static(SANDBOX);
        new.snapshot
            .fields_mut()
            .insert(CONTENT_SECURITY_POLICY, policy);
        let snapshot = new.current();
        resources.insert(path.to_owned(), new);
        Ok(snapshot)
    }

    fn delete(&self, path: &str) -> io::Result<()> {
        let mut resources = self
            .resources
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        resources.remove(path);
        Ok(())
    }
}

/// The language that Accept-Language asks for most (RFC 9110 section 12.5.4); the first
/// where it asks for none of them.
fn negotiate(request: &HeaderMap) -> &'static str {
    let mut best = (LANGUAGES[0], 0.0);
    let lines = request.get_all(ACCEPT_LANGUAGE);
    let lines = lines.iter().filter_map(|line| line.to_str().ok());
    for range in lines.flat_map(|line| line.split(',')) {
        let (range, weight) = range.split_once(';').unwrap_or((range, "q=1"));
        let weight = weight.trim().strip_prefix("q=");
        let Some(weight) = weight.and_then(|weight| weight.parse::<f32>().ok()) else {
            continue;
        };
        let primary = range.split('-').next().unwrap_or(range).trim();
        let language = LANGUAGES
            .into_iter()
            .find(|language| primary == "*" || primary.eq_ignore_ascii_case(language));
        if let Some(language) = language.filter(|_| weight > best.1) {
            best = (language, weight);
        }
    }
    best.0
}
