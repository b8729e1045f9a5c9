//! The names of the fields whose fate depends on the response (RFC 9110 sections 8 and 15).

use crate::bytes::is_name;

/// A field whose fate depends on the response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    Age,
    CacheControl,
    CdnCacheControl,
    ContentDigest,
    ContentDisposition,
    ContentEncoding,
    ContentLanguage,
    ContentLength,
    ContentLocation,
    ContentMd5,
    ContentRange,
    ContentType,
    Date,
    Digest,
    ETag,
    Expires,
    LastModified,
    ReprDigest,
    SurrogateControl,
    Trailer,
    TransferEncoding,
    Vary,
}

impl Known {
    /// In the order of the variants, which is that of the alphabet.
    pub(crate) const ALL: [Self; 22] = [
        Self::Age,
        Self::CacheControl,
        Self::CdnCacheControl,
        Self::ContentDigest,
        Self::ContentDisposition,
        Self::ContentEncoding,
        Self::ContentLanguage,
        Self::ContentLength,
        Self::ContentLocation,
        Self::ContentMd5,
        Self::ContentRange,
        Self::ContentType,
        Self::Date,
        Self::Digest,
        Self::ETag,
        Self::Expires,
        Self::LastModified,
        Self::ReprDigest,
        Self::SurrogateControl,
        Self::Trailer,
        Self::TransferEncoding,
        Self::Vary,
    ];

    /// The field of this name, in whatever case it came (section 5.1).
    pub(crate) fn from_name(name: &[u8]) -> Option<Self> {
        // By length first: three names at most are left to compare with.
        match name.len() {
            3 => is(name, b"age", Self::Age),
            4 => is(name, b"date", Self::Date)
                .or_else(|| is(name, b"etag", Self::ETag))
                .or_else(|| is(name, b"vary", Self::Vary)),
            6 => is(name, b"digest", Self::Digest),
            7 => {
                is(name, b"expires", Self::Expires).or_else(|| is(name, b"trailer", Self::Trailer))
            }
            11 => is(name, b"content-md5", Self::ContentMd5)
                .or_else(|| is(name, b"repr-digest", Self::ReprDigest)),
            12 => is(name, b"content-type", Self::ContentType),
            13 => is(name, b"cache-control", Self::CacheControl)
                .or_else(|| is(name, b"content-range", Self::ContentRange))
                .or_else(|| is(name, b"last-modified", Self::LastModified)),
            14 => is(name, b"content-digest", Self::ContentDigest)
                .or_else(|| is(name, b"content-length", Self::ContentLength)),
            16 => is(name, b"content-encoding", Self::ContentEncoding)
                .or_else(|| is(name, b"content-language", Self::ContentLanguage))
                .or_else(|| is(name, b"content-location", Self::ContentLocation)),
            17 => is(name, b"cdn-cache-control", Self::CdnCacheControl)
                .or_else(|| is(name, b"surrogate-control", Self::SurrogateControl))
                .or_else(|| is(name, b"transfer-encoding", Self::TransferEncoding)),
            19 => is(name, b"content-disposition", Self::ContentDisposition),
            _ => None,
        }
    }

    /// The name in lower case, as HTTP/2 and most header maps have it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Age => "age",
            Self::CacheControl => "cache-control",
            Self::CdnCacheControl => "cdn-cache-control",
            Self::ContentDigest => "content-digest",
            Self::ContentDisposition => "content-disposition",
            Self::ContentEncoding => "content-encoding",
            Self::ContentLanguage => "content-language",
            Self::ContentLength => "content-length",
            Self::ContentLocation => "content-location",
            Self::ContentMd5 => "content-md5",
            Self::ContentRange => "content-range",
            Self::ContentType => "content-type",
            Self::Date => "date",
            Self::Digest => "digest",
            Self::ETag => "etag",
            Self::Expires => "expires",
            Self::LastModified => "last-modified",
            Self::ReprDigest => "repr-digest",
            Self::SurrogateControl => "surrogate-control",
            Self::Trailer => "trailer",
            Self::TransferEncoding => "transfer-encoding",
            Self::Vary => "vary",
        }
    }
}

/// The field, if this is its name.
fn is<const N: usize>(name: &[u8], lower: &[u8; N], known: Known) -> Option<Known> {
    if is_name(name, lower) {
        Some(known)
    } else {
        None
    }
}

/// A set of names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) struct Names(u32);

impl Names {
    pub(crate) const EMPTY: Self = Self(0);

    pub(crate) const fn with(self, known: Known) -> Self {
        Self(self.0 | 1 << known as u32)
    }

    pub(crate) const fn without(self, known: Known) -> Self {
        Self(self.0 & !(1 << known as u32))
    }

    pub(crate) const fn contains(self, known: Known) -> bool {
        self.0 & 1 << known as u32 != 0
    }

    pub(crate) const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

/// Each of them, in the order of the alphabet.
impl IntoIterator for Names {
    type Item = Known;
    type IntoIter = NamesIter;

    fn into_iter(self) -> NamesIter {
        NamesIter(self)
    }
}

/// What is left of a set of names.
#[derive(Clone, Debug)]
pub(crate) struct NamesIter(Names);

impl Iterator for NamesIter {
    type Item = Known;

    fn next(&mut self) -> Option<Known> {
        let Names(left) = self.0;
        let known = *Known::ALL.get(left.trailing_zeros() as usize)?;
        self.0 = self.0.without(known);
        Some(known)
    }
}
