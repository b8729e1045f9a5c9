//! Memory that content is read into.
//!
//! It comes from the system, not from the allocator: that would keep, for every thread, what many
//! connections have once needed at the same time.

use std::io;
use std::sync::{Mutex, PoisonError};

use memmap2::MmapMut;

/// How much is read at once.
const SIZE: usize = 256 << 10;
/// How many chunks are kept for the next responses.
const SPARE: usize = 16;

static FREE: Mutex<Vec<MmapMut>> = Mutex::new(Vec::new());

/// A part of the content.
pub(super) struct Chunk {
    /// It begins a page: some processors copy a file to any other place at a sixth of the speed.
    /// There is none only while it is dropped.
    memory: Option<MmapMut>,
    length: usize,
}

impl Chunk {
    /// An empty one.
    pub(super) fn new() -> io::Result<Self> {
        let free = FREE.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let memory = match free {
            Some(memory) => memory,
            None => MmapMut::map_anon(SIZE)?,
        };
        Ok(Self {
            memory: Some(memory),
            length: 0,
        })
    }

    /// Lets `read` fill it with at most so many bytes.
    pub(super) fn fill(
        &mut self,
        most: u64,
        read: impl FnOnce(&mut [u8]) -> io::Result<usize>,
    ) -> io::Result<()> {
        let space = self.memory.as_deref_mut().unwrap_or_default();
        let most = usize::try_from(most).unwrap_or(SIZE).min(SIZE);
        self.length = read(&mut space[..most])?;
        Ok(())
    }
}

impl AsRef<[u8]> for Chunk {
    fn as_ref(&self) -> &[u8] {
        let memory = self.memory.as_deref().unwrap_or_default();
        &memory[..self.length]
    }
}

impl Drop for Chunk {
    fn drop(&mut self) {
        let mut free = FREE.lock().unwrap_or_else(PoisonError::into_inner);
        if free.len() < SPARE {
            free.extend(self.memory.take());
        }
    }
}
