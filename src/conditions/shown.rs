//! Received bytes as text that any terminal can take.

use core::fmt::{self, Write};

use crate::validators::EntityTag;

/// Bytes of a request in a text for people: bounded in length, and with every byte escaped that is
/// not printable ASCII, since a control sequence or a change of writing direction in a tag would
/// otherwise reach the terminal that the text is printed on.
#[derive(Clone, Copy)]
pub(crate) struct Shown<'a>(pub(crate) &'a [u8]);

impl Shown<'_> {
    /// A SHA-512 digest in base64 is 88 characters long; nearly all tags are far shorter.
    const MOST: usize = 96;
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for &byte in self.0.iter().take(Self::MOST) {
            if matches!(byte, b' '..=b'~') {
                f.write_char(char::from(byte))?;
            } else {
                write!(f, "\\x{byte:02x}")?;
            }
        }
        if self.0.len() > Self::MOST {
            write!(f, "... ({} bytes)", self.0.len())?;
        }
        Ok(())
    }
}

/// An entity tag, likewise.
#[derive(Clone, Copy)]
pub(crate) struct ShownTag<'a>(pub(crate) EntityTag<'a>);

impl fmt::Display for ShownTag<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = if self.0.is_weak() { "W/" } else { "" };
        write!(f, "{mark}\"{}\"", Shown(self.0.opaque()))
    }
}
