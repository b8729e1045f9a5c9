//! The representation of a file that a request selects, with its fields (RFC 9110 sections 8 and
//! 12.5.3).

use std::io::{self, ErrorKind, Read};
use std::sync::Arc;
use std::time::{Instant, SystemTime};

use axum::body::Bytes;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderValue, VARY,
};
use axum::http::request::Parts;
use http_conditional::EntityTag;

use super::body::Opened;
use super::codings::{CODINGS, identity_weight, weight};
use super::known::File;
use super::open::{Entry, Unopened, entry, open_regular};
use super::stamp::{Stamp, Worth};
use super::{Directory, digests};
use crate::serve::store::{Data, Snapshot, field_value};

/// A file with no strong tag of its own is read at once up to this size, to make one of its
/// content.
const SMALL: u64 = 1 << 20;

/// One of the files that have a resource's content: the file itself, or a coding of it.
pub(super) struct Variant {
    pub(super) name: Arc<str>,
    pub(super) stamp: Stamp,
    pub(super) coding: Option<&'static str>,
}

impl Directory {
    fn unopened(&self, variant: &Variant) -> Unopened {
        Unopened::new(&self.root, &variant.name, variant.stamp, None)
    }

    /// The representation that is selected of a file: it, or one of its codings.
    pub(super) fn select(&self, name: &str, stamp: Stamp, request: &Parts) -> io::Result<Snapshot> {
        let now = Instant::now();
        if let Some(known) = self.known.get(name, &stamp, None)
            && known.is_alone(now)
        {
            return Ok(self.of_known(&known, stamp));
        }
        let file = Variant {
            name: name.into(),
            stamp,
            coding: None,
        };
        let coded = self.coded(&file);
        let varies = !coded.is_empty();
        let is_write = !request.method.is_safe();
        let mut brothers = Vec::new();
        if is_write {
            // A client may have seen any of them.
            for variant in &coded {
                brothers.extend(self.snapshot(variant, name)?.tag());
            }
        }
        let all = std::iter::once(file).chain(if is_write { Vec::new() } else { coded });
        let fields = &request.headers;
        // The most wanted one, and of those the smallest.
        let rank = |variant: &Variant| {
            let coding = CODINGS
                .iter()
                .find(|coding| Some(coding.name) == variant.coding);
            let weight =
                coding.map_or_else(|| identity_weight(fields), |coding| weight(fields, *coding));
            (weight, std::cmp::Reverse(variant.stamp.size))
        };
        let (selected, _) = all
            .map(|variant| {
                let rank = rank(&variant);
                (variant, rank)
            })
            .filter(|(variant, (weight, _))| *weight > 0 || variant.coding.is_none())
            .max_by_key(|(_, rank)| *rank)
            .ok_or(ErrorKind::NotFound)?;
        let mut snapshot = self.snapshot(&selected, name)?;
        snapshot.brothers = brothers;
        if varies {
            let vary = HeaderValue::from_static("Accept-Encoding");
            snapshot.fields_mut().insert(VARY, vary);
        } else {
            self.known.has_no_coding(name, now);
        }
        Ok(snapshot)
    }

    /// The codings of a file that lie beside it and are no older than it.
    fn coded(&self, file: &Variant) -> Vec<Variant> {
        CODINGS
            .iter()
            .filter_map(|coding| {
                let name = format!("{}{}", file.name, coding.suffix);
                match entry(&self.root, &name) {
                    Ok(Entry::File(stamp)) if stamp.is_as_new_as(&file.stamp) => Some(Variant {
                        name: name.into(),
                        stamp,
                        coding: Some(coding.name),
                    }),
                    _ => None,
                }
            })
            .collect()
    }

    fn of_known(&self, known: &File, stamp: Stamp) -> Snapshot {
        let data = if let Some(content) = &known.content {
            Data::Memory(content.clone())
        } else {
            let keeper = known.is_strong.then_some(&self.known);
            Data::File(Unopened::new(&self.root, &known.name, stamp, keeper))
        };
        Snapshot::with(data, Arc::clone(&known.fields))
    }

    /// A variant of the file of that name.
    pub(super) fn snapshot(&self, variant: &Variant, name: &str) -> io::Result<Snapshot> {
        let known = self
            .known
            .get(&variant.name, &variant.stamp, variant.coding);
        if let Some(known) = known {
            return Ok(self.of_known(&known, variant.stamp));
        }
        let now = SystemTime::now();
        let mut modified = variant.stamp.modified();
        let mut data = Data::File(self.unopened(variant));
        let suffix = variant.coding.map(|coding| format!("-{coding}"));
        let suffix = suffix.as_deref().unwrap_or_default();
        let by_digest = |digest: &str| Some((false, format!("{digest}{suffix}")));
        let worth = variant.stamp.worth(now);
        let by_stamp = || match worth {
            Worth::None => None,
            Worth::Strong => Some((false, variant.stamp.opaque(worth, suffix))),
            Worth::Weak | Worth::Recent => Some((true, variant.stamp.opaque(worth, suffix))),
        };
        // What comes out the same the next time.
        let mut is_settled = matches!(worth, Worth::Strong | Worth::Weak)
            && modified.is_none_or(|modified| modified <= now);
        let tag = if let Some(digest) = self.digests.get(&variant.stamp) {
            by_digest(&digest)
        } else if !self.options.by_digest {
            by_stamp()
        } else if worth == Worth::Strong {
            if let Some(digest) = self.digest(variant)? {
                by_digest(&digest)
            } else {
                is_settled = false;
                Some((true, variant.stamp.opaque(Worth::Recent, suffix)))
            }
        } else if variant.stamp.size <= SMALL {
            let (stamp, content) = self.read(variant)?;
            let digest = digests::of(&content);
            modified = stamp.modified();
            data = Data::Memory(content);
            is_settled = false;
            by_digest(&digest)
        } else {
            by_stamp()
        };
        let mut fields = HeaderMap::with_capacity(12);
        fields.insert(CONTENT_LENGTH, data.length().into());
        fields.insert(CONTENT_TYPE, content_type(name));
        fields.insert(CACHE_CONTROL, self.options.cache_control.clone());
        if let Some(coding) = variant.coding {
            fields.insert(CONTENT_ENCODING, HeaderValue::from_static(coding));
        }
        let snapshot = Snapshot::with(data, fields);
        let snapshot = match &tag {
            None => snapshot,
            Some((is_weak, opaque)) => {
                let tag = if *is_weak {
                    EntityTag::weak
                } else {
                    EntityTag::strong
                };
                snapshot.etag(tag(opaque.as_bytes()).map_err(io::Error::other)?)
            }
        };
        let snapshot = match modified {
            Some(modified) => snapshot.last_modified(modified),
            None => snapshot,
        };
        if is_settled {
            let (name, fields) = (&variant.name, &snapshot.fields);
            let mut known = File::new(name, variant.stamp, variant.coding, fields);
            known.is_strong = worth == Worth::Strong;
            self.known.insert(known);
        }
        Ok(snapshot)
    }

    /// The digest of a file; `None` where it has changed by now.
    fn digest(&self, variant: &Variant) -> io::Result<Option<Arc<str>>> {
        let Some(opened) = self.unopened(variant).open()? else {
            return Ok(None);
        };
        // It may take seconds, in which no other request is to wait.
        tokio::task::block_in_place(|| self.digests.make(opened.stamp, &opened.file))
    }

    /// All of a small file, and the stamp from before it was read.
    fn read(&self, variant: &Variant) -> io::Result<(Stamp, Bytes)> {
        let Opened { file, stamp } = open_regular(&self.root, &variant.name)?;
        let mut content = Vec::new();
        file.take(SMALL + 1).read_to_end(&mut content)?;
        if content.len() as u64 > SMALL {
            // It has grown since; the next look will not take it for small.
            return Err(ErrorKind::ResourceBusy.into());
        }
        Ok((stamp, content.into()))
    }
}

fn content_type(name: &str) -> HeaderValue {
    let guess = mime_guess::from_path(name).first_or_octet_stream();
    let charset = if guess.type_() == "text" {
        "; charset=utf-8"
    } else {
        ""
    };
    field_value(format!("{guess}{charset}"))
}
