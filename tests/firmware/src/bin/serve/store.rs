//! A few resources in RAM.

use heapless::Vec;
use http_conditional::{EntityTag, EntityTagBuf, Representation};

use crate::time::Now;

pub const MAX_RESOURCES: usize = 4;
pub const MAX_PATH: usize = 24;
pub const MAX_CONTENT: usize = 1024;

pub type Content = Vec<u8, MAX_CONTENT>;
pub type Contents = [Content; MAX_RESOURCES];

pub struct Resource {
    path: Vec<u8, MAX_PATH>,
    /// `None` where this place is free.
    tag: Option<EntityTagBuf<16>>,
    /// When it was written.
    written: Now,
}

impl Resource {
    const FREE: Self = Self {
        path: Vec::new(),
        tag: None,
        written: Now::UNKNOWN,
    };

    pub fn tag(&self) -> Option<EntityTag<'_>> {
        self.tag.as_ref().map(EntityTagBuf::as_tag)
    }

    pub fn representation(&self, now: Now) -> Representation<'_> {
        self.tag().map_or(Representation::ABSENT, |tag| {
            self.written.date(Representation::current().etag(tag), now)
        })
    }
}

/// What is written is written in place: no content is ever on the stack.
pub struct Store {
    resources: [Resource; MAX_RESOURCES],
    contents: &'static mut Contents,
    /// How many writes there have been.
    writes: u32,
}

impl Store {
    pub fn new(contents: &'static mut Contents) -> Self {
        Self {
            resources: [const { Resource::FREE }; MAX_RESOURCES],
            contents,
            writes: 0,
        }
    }

    pub fn find(&self, path: &[u8]) -> Option<usize> {
        let is_there = |resource: &Resource| resource.tag.is_some() && resource.path == path;
        self.resources.iter().position(is_there)
    }

    fn free(&self) -> Option<usize> {
        self.resources
            .iter()
            .position(|resource| resource.tag.is_none())
    }

    pub fn is_full(&self) -> bool {
        self.free().is_none()
    }

    pub fn get(&self, place: usize) -> Option<(&Resource, &[u8])> {
        let content = self.contents.get(place)?;
        Some((self.resources.get(place)?, content))
    }

    /// Writes what has no place yet, or what has; gives back its place. `None` where the path is
    /// too long or the store is full.
    pub fn put(&mut self, path: &[u8], content: &[u8], now: Now) -> Option<usize> {
        if path.len() > MAX_PATH || content.len() > MAX_CONTENT {
            return None;
        }
        let place = self.find(path).or_else(|| self.free())?;
        let tag = self.next_tag(content);
        let resource = self.resources.get_mut(place)?;
        resource.path.clear();
        resource.path.extend_from_slice(path).ok()?;
        let stored = self.contents.get_mut(place)?;
        stored.clear();
        stored.extend_from_slice(content).ok()?;
        resource.tag = tag;
        resource.written = now;
        Some(place)
    }

    pub fn delete(&mut self, place: usize) {
        if let Some(resource) = self.resources.get_mut(place) {
            resource.tag = None;
        }
    }

    /// The number of the write, which no two versions have in common until power is lost; and a
    /// hash of the content (FNV-1a), as the numbers begin again then, and so does the content.
    fn next_tag(&mut self, content: &[u8]) -> Option<EntityTagBuf<16>> {
        self.writes = self.writes.wrapping_add(1);
        let hash = content.iter().fold(0x811c_9dc5_u32, |hash, byte| {
            (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193)
        });
        let [a, b, c, d] = self.writes.to_be_bytes();
        let [e, f, g, h] = hash.to_be_bytes();
        EntityTagBuf::from_digest(&[a, b, c, d, e, f, g, h]).ok()
    }
}
