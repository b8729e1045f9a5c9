//! Entity tags of content that has, or will have, a content coding (RFC 9110 section 8.8.3.3).

use http::header::{
    ACCEPT_ENCODING, CONTENT_ENCODING, ETAG, HeaderMap, HeaderName, HeaderValue, IF_MATCH,
    IF_NONE_MATCH, VARY,
};
use http::{Extensions, StatusCode, Version};
use http_conditional::{EntityTag, EntityTags};

use crate::layer::CodedTags;

/// Separates a tag from the name of the coding.
const SEPARATOR: &[u8] = b"--";
/// Those that are registered for content that is sent.
const CODINGS: [&[u8]; 10] = [
    b"gzip",
    b"br",
    b"zstd",
    b"deflate",
    b"compress",
    b"dcb",
    b"dcz",
    b"x-gzip",
    b"x-compress",
    b"exi",
];

/// Whether a response may be compressed: not a 304, which has no content. A predicate for
/// tower-http's `CompressionLayer` outside this crate's layer, see
/// [`CodingSpares::NotModified`](crate::CodingSpares::NotModified).
///
/// ```
/// use tower_http::compression::CompressionLayer;
/// use tower_http::compression::predicate::{DefaultPredicate, Predicate};
/// use tower_http_conditional::is_coded;
///
/// let compression = CompressionLayer::new().compress_when(DefaultPredicate::new().and(is_coded));
/// ```
#[must_use]
pub fn is_coded(status: StatusCode, _: Version, _: &HeaderMap, _: &Extensions) -> bool {
    status != StatusCode::NOT_MODIFIED
}

/// Adapts the tag of a response that has a content coding.
pub(crate) fn mark_coded(fields: &mut HeaderMap, coded_tags: CodedTags) {
    if coded_tags == CodedTags::AsTheyAre || !fields.contains_key(CONTENT_ENCODING) {
        return;
    }
    match Coded::of(fields) {
        Coded::No => {}
        Coded::By(coding) if coded_tags == CodedTags::Suffixed => rewrite(fields, |tag| {
            [b"\"", tag.opaque(), SEPARATOR, coding, b"\""].concat()
        }),
        Coded::By(_) | Coded::Otherwise => weaken(fields),
    }
}

/// Which coding content has.
enum Coded {
    No,
    /// One that has a suffix.
    By(&'static [u8]),
    /// Several, or one that nobody knows.
    Otherwise,
}

impl Coded {
    fn of(fields: &HeaderMap) -> Self {
        let mut codings = members(fields, &CONTENT_ENCODING).filter(|coding| !is_identity(coding));
        let Some(first) = codings.next() else {
            return Self::No;
        };
        let mut known = CODINGS.into_iter();
        match known.find(|coding| first.eq_ignore_ascii_case(coding)) {
            Some(coding) if codings.next().is_none() => Self::By(coding),
            _ => Self::Otherwise,
        }
    }
}

/// A strong tag becomes weak.
pub(crate) fn weaken(fields: &mut HeaderMap) {
    rewrite(fields, |tag| [b"W/\"", tag.opaque(), b"\""].concat());
}

/// A strong tag becomes another.
fn rewrite(fields: &mut HeaderMap, other: impl FnOnce(EntityTag<'_>) -> Vec<u8>) {
    let Some(value) = fields.get_mut(ETAG) else {
        return;
    };
    if let Ok(tag) = EntityTag::parse(value.as_bytes()) {
        if !tag.is_weak() {
            if let Ok(marked) = HeaderValue::try_from(other(tag)) {
                *value = marked;
            }
        }
    }
}

/// Whether a response to this request could get a content coding.
pub(crate) fn are_accepted(fields: &HeaderMap) -> bool {
    members(fields, &ACCEPT_ENCODING).any(|coding| !is_identity(coding))
}

/// Says that the content depends on the codings that a request accepts.
pub(crate) fn vary(fields: &mut HeaderMap) {
    let says_so = members(fields, &VARY)
        .any(|name| name == b"*" || name.eq_ignore_ascii_case(ACCEPT_ENCODING.as_ref()));
    if !says_so {
        // A full map has no room for it, and a 304 without it does no harm.
        let _ = fields.try_append(VARY, HeaderValue::from_name(ACCEPT_ENCODING));
    }
}

/// Removes the names of codings from the tags of the request, for the inner service.
pub(crate) fn take_suffixes(fields: &mut HeaderMap, is_retrieval: bool) {
    if !fields.contains_key(IF_MATCH) && !fields.contains_key(IF_NONE_MATCH) {
        return;
    }
    for (name, value) in fields.iter_mut() {
        let keeps = if *name == IF_MATCH {
            false
        } else if *name == IF_NONE_MATCH && !is_retrieval {
            // A tag that is only assumed must not let a write through.
            true
        } else {
            continue;
        };
        if let Some(bare) = without_suffixes(value, keeps) {
            *value = bare;
        }
    }
}

/// `None` where no tag has a suffix.
fn without_suffixes(value: &HeaderValue, keeps: bool) -> Option<HeaderValue> {
    let EntityTags::List(tags) = EntityTags::parse(value.as_bytes()).ok()? else {
        return None;
    };
    let mut bare = Vec::with_capacity(value.len());
    let mut has_suffix = false;
    let mut push = |weak: bool, opaque: &[u8]| {
        if !bare.is_empty() {
            bare.extend_from_slice(b", ");
        }
        bare.extend_from_slice(if weak { b"W/\"" } else { b"\"" });
        bare.extend_from_slice(opaque);
        bare.push(b'"');
    };
    for tag in tags {
        let cut = suffixless(tag.opaque());
        has_suffix |= cut.is_some();
        if keeps || cut.is_none() {
            push(tag.is_weak(), tag.opaque());
        }
        if let Some(opaque) = cut {
            push(tag.is_weak(), opaque);
        }
    }
    if !has_suffix {
        return None;
    }
    HeaderValue::try_from(bare).ok()
}

fn suffixless(opaque: &[u8]) -> Option<&[u8]> {
    CODINGS
        .iter()
        .find_map(|coding| opaque.strip_suffix(*coding)?.strip_suffix(SEPARATOR))
}

/// The members of a list of tokens, over all lines, without their parameters.
fn members<'f>(fields: &'f HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'f [u8]> {
    fields
        .get_all(name)
        .into_iter()
        .flat_map(|line| line.as_bytes().split(|&byte| byte == b','))
        .map(|member| {
            member
                .split(|&byte| byte == b';')
                .next()
                .unwrap_or_default()
        })
        .map(<[u8]>::trim_ascii)
        .filter(|member| !member.is_empty())
}

fn is_identity(coding: &[u8]) -> bool {
    coding.eq_ignore_ascii_case(b"identity")
}
