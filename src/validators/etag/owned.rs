//! Owned entity tags of bounded size (RFC 9110 section 8.8.3), for servers without an allocator.

use core::fmt;

use heapless::Vec;

use super::EntityTag;
use crate::buffer::BufferTooSmall;

/// An owned [`EntityTag`] whose opaque tag is at most `N` bytes long.
///
/// ```
/// use http_conditional::{EntityTag, EntityTagBuf, Representation};
///
/// let mut stored = EntityTagBuf::<8>::try_from(EntityTag::from_static("\"v1\""))?;
/// let selected = Representation::current().etag(stored.as_tag());
///
/// stored = EntityTagBuf::from_digest(&[0xd4, 0x1d, 0x8c, 0xd9])?;
/// assert_eq!(stored.to_string(), "\"d41d8cd9\"");
/// # Ok::<(), http_conditional::BufferTooSmall>(())
/// ```
#[derive(Clone)]
pub struct EntityTagBuf<const N: usize> {
    opaque: Vec<u8, N>,
    weak: bool,
}

impl<const N: usize> EntityTagBuf<N> {
    /// The tag, borrowed.
    #[must_use]
    pub fn as_tag(&self) -> EntityTag<'_> {
        EntityTag::from_parts(&self.opaque, self.weak)
    }

    /// As [`EntityTag::from_digest`], without a buffer to lend.
    ///
    /// # Errors
    ///
    /// [`BufferTooSmall`] where twice the digest is longer than `N`.
    pub fn from_digest(digest: &[u8]) -> Result<Self, BufferTooSmall> {
        let mut buffer = [0; N];
        Self::try_from(EntityTag::from_digest(digest, &mut buffer)?)
    }
}

/// Fails where the opaque tag is longer than `N` bytes: a tag is never cut.
impl<const N: usize> TryFrom<EntityTag<'_>> for EntityTagBuf<N> {
    type Error = BufferTooSmall;

    fn try_from(tag: EntityTag<'_>) -> Result<Self, BufferTooSmall> {
        match Vec::from_slice(tag.opaque()) {
            Ok(opaque) => Ok(Self {
                opaque,
                weak: tag.is_weak(),
            }),
            Err(_) => Err(BufferTooSmall::new(tag.opaque().len())),
        }
    }
}

/// Writes the field value, as [`EntityTag`] does.
impl<const N: usize> fmt::Display for EntityTagBuf<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_tag().fmt(f)
    }
}

impl<const N: usize> fmt::Debug for EntityTagBuf<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_tag().fmt(f)
    }
}
