//! The conditional fields of a request (RFC 9110 section 13.1), kept until the state is known.

use core::iter;
use core::slice;

use super::{Field, Fields};
use crate::line::Line;

/// The conditional fields of a request, and Range, kept until you know the state of the resource:
/// if you only learn it under a lock or from a database, say, when the header section is gone.
///
/// It keeps up to `N` lines, without an allocator. The values are kept as `V`: borrowed, as
/// `&[u8]`, or owned, as a `HeaderValue` or a `Vec<u8>`. With an allocator you can also keep a
/// `Vec` of pairs of a [`Field`] and a value, which are field lines too.
///
/// ```
/// use http_conditional::{Decision, EntityTag, KeptFields, Representation, evaluate};
///
/// let mut headers = http::HeaderMap::new();
/// headers.insert("host", "example.com".parse()?);
/// headers.insert("if-none-match", "\"v1\"".parse()?);
/// let kept: KeptFields<_> = KeptFields::of(&headers, |(_, value)| value.clone());
/// drop(headers);
///
/// let current = Representation::current().etag(EntityTag::from_static("\"v1\""));
/// assert_eq!(evaluate("GET", current, &kept), Decision::NotModified);
/// # Ok::<(), http::header::InvalidHeaderValue>(())
/// ```
///
/// A request with more lines than there is room for cannot trick you: a field that lost a line
/// counts as malformed, and if that may have been the guard of a write, the write is refused.
#[derive(Clone, Debug)]
#[must_use]
pub struct KeptFields<V, const N: usize = 8> {
    lines: [Option<(Field, V)>; N],
    /// Fields that lost a line.
    lost: Fields,
}

impl<V, const N: usize> KeptFields<V, N> {
    /// None so far.
    pub fn new() -> Self {
        Self {
            lines: core::array::from_fn(|_| None),
            lost: Fields::EMPTY,
        }
    }

    /// The conditional ones of these lines; `keep` makes the value that is kept out of a line.
    pub fn of<L: Line>(lines: impl IntoIterator<Item = L>, mut keep: impl FnMut(L) -> V) -> Self {
        let mut kept = Self::new();
        for line in lines {
            if let Some(field) = Field::from_name(line.name()) {
                kept.push(field, keep(line));
            }
        }
        kept
    }

    /// Keeps one more line.
    pub fn push(&mut self, field: Field, value: V) {
        match self.lines.iter_mut().find(|place| place.is_none()) {
            Some(place) => *place = Some((field, value)),
            None => self.lost.insert(field),
        }
    }

    /// Whether there is none, as in most requests.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lost.is_empty() && self.lines.iter().flatten().next().is_none()
    }

    /// The value of the first line of a field, to hand a Range on.
    #[must_use]
    pub fn get(&self, field: Field) -> Option<&V> {
        let mut lines = self.lines.iter().flatten();
        lines
            .find(|(other, _)| *other == field)
            .map(|(_, value)| value)
    }
}

impl<V: AsRef<[u8]>, const N: usize> KeptFields<V, N> {
    /// The lines, to be evaluated.
    pub fn iter(&self) -> KeptLines<'_, V> {
        // A guard that is lost may have been If-Unmodified-Since, which is ignored where it is
        // malformed. If-Match is not.
        let mut lost = self.lost;
        if lost.contains(Field::IfUnmodifiedSince) {
            lost.insert(Field::IfMatch);
        }
        KeptLines {
            lines: self.lines.iter().flatten(),
            lost,
            next_lost: Field::ALL.iter(),
        }
    }
}

impl<V, const N: usize> Default for KeptFields<V, N> {
    fn default() -> Self {
        Self::new()
    }
}

/// The lines, to be evaluated.
impl<'k, V: AsRef<[u8]>, const N: usize> IntoIterator for &'k KeptFields<V, N> {
    type Item = (&'static str, &'k [u8]);
    type IntoIter = KeptLines<'k, V>;

    fn into_iter(self) -> KeptLines<'k, V> {
        self.iter()
    }
}

/// The lines of [`KeptFields`].
#[derive(Clone, Debug)]
#[must_use = "iterators do nothing unless they are consumed"]
pub struct KeptLines<'k, V> {
    lines: iter::Flatten<slice::Iter<'k, Option<(Field, V)>>>,
    lost: Fields,
    next_lost: slice::Iter<'static, Field>,
}

impl<'k, V: AsRef<[u8]>> Iterator for KeptLines<'k, V> {
    type Item = (&'static str, &'k [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        if let Some((field, value)) = self.lines.next() {
            return Some((field.name(), value.as_ref()));
        }
        let lost = self.lost;
        let field = self.next_lost.find(|field| lost.contains(**field))?;
        // No field has this for a value.
        Some((field.name(), b"\""))
    }
}
