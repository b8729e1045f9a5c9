//! What there is to read and to write: a page in flash, and two settings in RAM.

use http_conditional::{DigestTag, EntityTag};

/// What can be asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// `/`: a page that shows the settings and sets them.
    Page,
    /// `/name` and `/target`.
    Setting(usize),
    /// `/stack`: how many bytes of the stack have ever been in use.
    Stack,
}

impl Target {
    pub fn at(path: &[u8]) -> Option<Self> {
        match path {
            b"/" => Some(Self::Page),
            b"/name" => Some(Self::Setting(0)),
            b"/target" => Some(Self::Setting(1)),
            b"/stack" => Some(Self::Stack),
            _ => None,
        }
    }
}

pub const PAGE: &[u8] = include_bytes!("page.html");

/// Made when the program is compiled, and in flash as the page is.
pub static PAGE_TAG: DigestTag<8> = tag(0, PAGE);

pub const MAX_SETTING: usize = 64;

pub struct Setting {
    content: [u8; MAX_SETTING],
    length: usize,
    /// How often it was written.
    writes: u32,
}

impl Setting {
    pub const fn new(text: &[u8]) -> Self {
        let mut content = [0; MAX_SETTING];
        let (start, _) = content.split_at_mut(text.len());
        start.copy_from_slice(text);
        Self {
            content,
            length: text.len(),
            writes: 0,
        }
    }

    pub fn content(&self) -> &[u8] {
        self.content.get(..self.length).unwrap_or_default()
    }

    pub fn tag(&self) -> DigestTag<8> {
        tag(self.writes, self.content())
    }

    /// What does not fit is not written.
    pub fn write(&mut self, content: &[u8]) {
        if let Some(place) = self.content.get_mut(..content.len()) {
            place.copy_from_slice(content);
            self.length = content.len();
            self.writes = self.writes.wrapping_add(1);
        }
    }
}

/// The number of the write, which no two versions have in common until power is lost; and a hash
/// of the content (FNV-1a), as the numbers begin again then, and so does the content.
const fn tag(writes: u32, content: &[u8]) -> DigestTag<8> {
    let mut hash = 0x811c_9dc5_u32;
    let mut rest = content;
    while let [byte, behind @ ..] = rest {
        hash = (hash ^ *byte as u32).wrapping_mul(0x0100_0193);
        rest = behind;
    }
    let [a, b, c, d] = writes.to_be_bytes();
    let [e, f, g, h] = hash.to_be_bytes();
    DigestTag::new([a, b, c, d, e, f, g, h])
}

/// The bytes of an entity tag of eight bytes, with its quotes.
pub const TAG_LEN: usize = 18;

/// As the value of a field.
pub fn written<'b>(tag: EntityTag<'_>, buffer: &'b mut [u8; TAG_LEN]) -> &'b [u8] {
    tag.encode(buffer).unwrap_or_default()
}
