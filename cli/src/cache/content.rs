//! The content of a stored response: all of it, or parts of it (RFC 9111 section 3.3).

use std::collections::BTreeMap;

use axum::body::Bytes;
use http_conditional::ByteRange;

/// Pieces of content, each by the position of its first byte. No two of them touch.
#[derive(Clone, Debug, Default)]
pub(crate) struct Content {
    pieces: BTreeMap<u64, Bytes>,
    /// How long all of it is, where that is known.
    length: Option<u64>,
    /// Where the pieces lie, for the crate.
    parts: Vec<ByteRange>,
}

impl Content {
    pub(crate) fn whole(data: Bytes) -> Self {
        let length = data.len() as u64;
        Self::part(0, data, Some(length))
    }

    pub(crate) fn part(first: u64, data: Bytes, length: Option<u64>) -> Self {
        let mut content = Self {
            length,
            ..Self::default()
        };
        if !data.is_empty() {
            content.pieces.insert(first, data);
        }
        content.find_parts();
        content
    }

    /// Both of them; the caller knows that they are of one representation.
    pub(crate) fn combined(&self, other: &Self) -> Self {
        let mut pieces: BTreeMap<u64, Bytes> = BTreeMap::new();
        let mut all: Vec<(u64, &Bytes)> = Vec::new();
        all.extend(self.pieces.iter().map(|(first, data)| (*first, data)));
        all.extend(other.pieces.iter().map(|(first, data)| (*first, data)));
        all.sort_by_key(|(first, _)| *first);
        let mut run: Option<(u64, Vec<u8>)> = None;
        for (first, data) in all {
            match &mut run {
                Some((begun, bytes)) if first <= *begun + bytes.len() as u64 => {
                    // Overlapping bytes are the same, by a strong validator.
                    let known = usize::try_from(*begun + bytes.len() as u64 - first);
                    let new = data.get(known.unwrap_or(usize::MAX)..).unwrap_or_default();
                    bytes.extend_from_slice(new);
                }
                _ => {
                    if let Some((begun, bytes)) = run.replace((first, data.to_vec())) {
                        pieces.insert(begun, bytes.into());
                    }
                }
            }
        }
        if let Some((begun, bytes)) = run {
            pieces.insert(begun, bytes.into());
        }
        let mut combined = Self {
            pieces,
            length: self.length.or(other.length),
            parts: Vec::new(),
        };
        combined.find_parts();
        combined
    }

    fn find_parts(&mut self) {
        let parts = self.pieces.iter();
        let parts =
            parts.filter_map(|(first, data)| ByteRange::new(*first, first + data.len() as u64 - 1));
        self.parts = parts.collect();
    }

    /// All of it, where it is there.
    pub(crate) fn all(&self) -> Option<Bytes> {
        match (self.length, self.pieces.iter().next()) {
            (Some(0), None) => Some(Bytes::new()),
            (Some(length), Some((0, data))) if data.len() as u64 == length => Some(data.clone()),
            _ => None,
        }
    }

    /// These bytes, where they are there.
    pub(crate) fn get(&self, range: ByteRange) -> Option<Bytes> {
        let (first, data) = self.pieces.range(..=range.first()).next_back()?;
        let begin = usize::try_from(range.first() - first).ok()?;
        let end = usize::try_from(range.last() - first).ok()?;
        (end < data.len()).then(|| data.slice(begin..=end))
    }

    /// How many bytes are there from the beginning on.
    pub(crate) fn prefix(&self) -> usize {
        self.pieces.get(&0).map_or(0, Bytes::len)
    }

    pub(crate) fn parts(&self) -> &[ByteRange] {
        &self.parts
    }

    pub(crate) fn length(&self) -> Option<u64> {
        self.length
    }

    /// About how much memory it takes.
    pub(crate) fn size(&self) -> usize {
        let pieces = self.pieces.values();
        pieces.map(|data| data.len() + 128).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(first: u64, last: u64) -> ByteRange {
        ByteRange::new(first, last).unwrap()
    }

    #[test]
    fn pieces_that_touch_become_one() {
        let part = |first, text: &'static str| {
            Content::part(first, Bytes::from_static(text.as_bytes()), Some(10))
        };
        let apart = part(0, "012").combined(&part(5, "567"));
        assert_eq!(apart.parts(), [range(0, 2), range(5, 7)]);
        assert_eq!(apart.prefix(), 3);
        assert!(apart.all().is_none());
        assert!(apart.get(range(2, 3)).is_none());
        assert_eq!(apart.get(range(6, 7)).unwrap(), "67");
        let closed = apart.combined(&part(2, "234"));
        assert_eq!(closed.parts(), [range(0, 7)]);
        // A piece within another adds nothing.
        let again = closed.combined(&part(1, "12")).combined(&part(8, "89"));
        assert_eq!(again.all().unwrap(), "0123456789");
        assert_eq!(again.length(), Some(10));
        assert_eq!(Content::whole(Bytes::new()).all().unwrap(), "");
        assert!(Content::part(0, Bytes::new(), None).all().is_none());
    }
}
