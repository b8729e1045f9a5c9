//! The files of the page. They are part of the program, and nothing that clients put on the server
//! changes them.

use std::collections::HashMap;
use std::io::{self, ErrorKind};
use std::time::SystemTime;

use axum::body::Bytes;
use axum::http::header::{CONTENT_SECURITY_POLICY, HeaderValue};
use axum::http::request::Parts;

use crate::serve::store::{LookUp, Received, Snapshot, Store};

const PAGE: &str = include_str!("page.html");

/// Path, content type and data of each file except the page itself.
const FILES: [(&str, &str, &str); 4] = [
    (
        "/page.css",
        "text/css; charset=utf-8",
        include_str!("page.css"),
    ),
    (
        "/page.js",
        "text/javascript; charset=utf-8",
        include_str!("page.js"),
    ),
    (
        "/causes.json",
        "application/json",
        include_str!("causes.json"),
    ),
    (
        "/cases.json",
        "application/json",
        include_str!("../../vectors/cases.json"),
    ),
];

/// Scripts, styles and requests from and to this server only, and nothing inline.
const OWN_ONLY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'";

/// What the page is to show.
pub(crate) struct Shown<'a> {
    /// What comes before its paths.
    pub(crate) prefix: &'static str,
    /// Where the server can be reached.
    pub(crate) origin: &'a str,
    /// What is behind the page: `demo`, `directory` or `proxy`.
    pub(crate) kind: &'static str,
    /// The tags of demo resources that its commands name: by their names in braces.
    pub(crate) tags: &'a [(&'static str, String)],
}

pub(super) struct Files(HashMap<String, Snapshot>);

/// Whether there is a file of the page under this path.
pub(super) fn is_file(path: &str) -> bool {
    path == "/" || FILES.iter().any(|(file, ..)| *file == path)
}

impl Files {
    pub(super) fn new(shown: &Shown<'_>) -> Self {
        let now = SystemTime::now();
        let snapshot = |content_type, data: &str| {
            let data = Bytes::copy_from_slice(data.as_bytes());
            let mut snapshot = Snapshot::new(data, HeaderValue::from_static(content_type))
                .digest()
                .last_modified(now);
            // Nothing came before it, and nothing will come after.
            snapshot.strong_date = true;
            snapshot
        };
        let mut html = kept(PAGE, shown.kind)
            .replace("{origin}", shown.origin)
            .replace("{kind}", shown.kind);
        for (name, tag) in shown.tags {
            html = html.replace(&format!("{{{name}}}"), tag);
        }
        let mut page = snapshot("text/html; charset=utf-8", &html);
        let policy = HeaderValue::from_static(OWN_ONLY);
        page.fields_mut().insert(CONTENT_SECURITY_POLICY, policy);
        let files = FILES.map(|(path, content_type, data)| {
            (
                format!("{}{path}", shown.prefix),
                snapshot(content_type, data),
            )
        });
        let mut all = HashMap::from(files);
        all.insert(format!("{}/", shown.prefix), page);
        Self(all)
    }
}

/// The page with only the parts for this kind: what is between `<!--if KIND ..-->` and `<!--end-->`
/// is for the kinds named there.
fn kept(page: &str, kind: &str) -> String {
    let mut kept = String::with_capacity(page.len());
    let mut rest = page;
    while let Some((before, part)) = rest.split_once("<!--if ") {
        kept.push_str(before);
        let Some((kinds, part)) = part.split_once("-->") else {
            break;
        };
        let Some((part, after)) = part.split_once("<!--end-->") else {
            break;
        };
        if kinds.split(' ').any(|named| named == kind) {
            kept.push_str(part);
        }
        rest = after;
    }
    kept.push_str(rest);
    kept
}

impl Store for Files {
    fn look_up(&self, path: &str, _: &Parts) -> io::Result<LookUp> {
        let found = self.0.get(path).cloned();
        Ok(found.map_or(LookUp::Nowhere, LookUp::Current))
    }

    fn put(&self, _: &str, _: Received, _: Option<&HeaderValue>) -> io::Result<Snapshot> {
        Err(ErrorKind::ReadOnlyFilesystem.into())
    }

    fn delete(&self, _: &str) -> io::Result<()> {
        Err(ErrorKind::ReadOnlyFilesystem.into())
    }
}

#[cfg(test)]
mod tests {
    use super::{PAGE, kept};

    #[test]
    fn parts_are_for_the_kinds_that_they_name() {
        let page = "a<!--if demo-->b<!--end-->c<!--if demo proxy-->d<!--end-->e";
        assert_eq!(kept(page, "demo"), "abcde");
        assert_eq!(kept(page, "proxy"), "acde");
        assert_eq!(kept(page, "directory"), "ace");
        for kind in ["demo", "directory", "proxy"] {
            assert!(!kept(PAGE, kind).contains("<!--"), "{kind}");
        }
    }
}
