//! Entity tags (RFC 9110 section 8.8.3), one by one and in lists (section 5.6.1).

use core::fmt;
use core::iter;

/// An entity tag ([RFC 9110 section 8.8.3]): an opaque tag, and whether it is weak.
///
/// Two tags are compared by [`strong_eq`](Self::strong_eq) or by [`weak_eq`](Self::weak_eq),
/// never by `==`: `W/"1" == W/"1"` would contradict the strong comparison.
///
/// ```
/// use http_conditional::EntityTag;
///
/// let strong = EntityTag::parse(b"\"xyzzy\"")?;
/// let weak = EntityTag::parse(b"W/\"xyzzy\"")?;
/// assert!(strong.weak_eq(weak));
/// assert!(!strong.strong_eq(weak));
/// assert_eq!(weak.to_string(), "W/\"xyzzy\"");
/// # Ok::<(), http_conditional::InvalidEntityTag>(())
/// ```
///
/// ```abnf
/// entity-tag = [ weak ] opaque-tag
/// weak       = %s"W/"
/// opaque-tag = DQUOTE *etagc DQUOTE
/// etagc      = %x21 / %x23-7E / obs-text
///            ; VCHAR except double quotes, plus obs-text
/// ```
///
/// A comma and a backslash are ordinary characters of a tag, and so is every byte from 0x80 on:
/// no character set is assumed.
///
/// [RFC 9110 section 8.8.3]: https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3
#[derive(Clone, Copy)]
pub struct EntityTag<'a> {
    /// What stands between the quotes.
    opaque: &'a [u8],
    weak: bool,
}

impl<'a> EntityTag<'a> {
    /// Reads a field value that is one entity tag, such as the value of `ETag`.
    ///
    /// The value is what stands between the white space that may surround a field value
    /// (section 5.5), and nothing else.
    ///
    /// # Errors
    ///
    /// [`InvalidEntityTag`] says what is wrong and where. All of these are invalid:
    ///
    /// | value | kind |
    /// |---|---|
    /// | `xyzzy`, `'xyzzy'`, `w/"xyzzy"`, `*` | [`OpeningQuote`](InvalidEntityTagKind::OpeningQuote) |
    /// | `"xyzzy` | [`ClosingQuote`](InvalidEntityTagKind::ClosingQuote) |
    /// | `"xy zzy"` | [`Character`](InvalidEntityTagKind::Character) |
    /// | `"a", "b"` | [`End`](InvalidEntityTagKind::End) |
    pub const fn parse(field_value: &'a [u8]) -> Result<Self, InvalidEntityTag> {
        match Self::split_first(field_value) {
            Ok((tag, [])) => Ok(tag),
            Ok((_, rest)) => Err(InvalidEntityTag::new(
                InvalidEntityTagKind::End,
                field_value.len() - rest.len(),
            )),
            Err(error) => Err(error),
        }
    }

    /// The strong tag with this opaque tag, given without its quotes.
    ///
    /// ```
    /// use http_conditional::EntityTag;
    ///
    /// assert_eq!(EntityTag::strong(b"v1")?.to_string(), "\"v1\"");
    /// assert!(EntityTag::strong(b"\"v1\"").is_err());
    /// # Ok::<(), http_conditional::InvalidEntityTag>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Character`](InvalidEntityTagKind::Character) where the opaque tag holds a byte that no
    /// entity tag may hold: a double quote, a space, a control character.
    pub const fn strong(opaque: &'a [u8]) -> Result<Self, InvalidEntityTag> {
        let length = etagc_length(opaque);
        if length == opaque.len() {
            Ok(Self {
                opaque,
                weak: false,
            })
        } else {
            Err(InvalidEntityTag::new(
                InvalidEntityTagKind::Character,
                length,
            ))
        }
    }

    /// The weak tag with this opaque tag, given without `W/` and quotes.
    ///
    /// ```
    /// use http_conditional::EntityTag;
    ///
    /// assert_eq!(EntityTag::weak(b"v1")?.to_string(), "W/\"v1\"");
    /// # Ok::<(), http_conditional::InvalidEntityTag>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`strong`](Self::strong).
    pub const fn weak(opaque: &'a [u8]) -> Result<Self, InvalidEntityTag> {
        match Self::strong(opaque) {
            Ok(tag) => Ok(Self { weak: true, ..tag }),
            Err(error) => Err(error),
        }
    }

    /// What stands between the quotes.
    #[must_use]
    pub const fn opaque(self) -> &'a [u8] {
        self.opaque
    }

    /// Whether the tag is marked weak, by `W/`.
    #[must_use]
    pub const fn is_weak(self) -> bool {
        self.weak
    }

    /// Strong comparison ([section 8.8.3.2]): neither tag is weak, and their opaque tags are the
    /// same byte for byte. It decides If-Match and If-Range.
    ///
    /// | | | strong | weak |
    /// |---|---|---|---|
    /// | `W/"1"` | `W/"1"` | no match | match |
    /// | `W/"1"` | `W/"2"` | no match | no match |
    /// | `W/"1"` | `"1"` | no match | match |
    /// | `"1"` | `"1"` | match | match |
    ///
    /// [section 8.8.3.2]: https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3.2
    #[inline]
    #[must_use]
    pub fn strong_eq(self, other: EntityTag<'_>) -> bool {
        !self.weak && !other.weak && same(self.opaque, other.opaque)
    }

    /// Weak comparison (section 8.8.3.2): the opaque tags are the same byte for byte, either tag
    /// being weak or not. It decides If-None-Match.
    #[inline]
    #[must_use]
    pub fn weak_eq(self, other: EntityTag<'_>) -> bool {
        same(self.opaque, other.opaque)
    }

    /// The number of bytes that [`encode`](Self::encode) writes.
    #[must_use]
    pub const fn encoded_len(self) -> usize {
        self.opaque.len() + if self.weak { 4 } else { 2 }
    }

    /// Writes the tag to the front of `buffer` as a field value, byte for byte, and returns what
    /// was written.
    ///
    /// ```
    /// use http_conditional::EntityTag;
    ///
    /// let mut buffer = [0; 16];
    /// let tag = EntityTag::from_static("W/\"v1\"");
    /// assert_eq!(tag.encode(&mut buffer), Ok(b"W/\"v1\"".as_slice()));
    /// assert_eq!(tag.encode(&mut []).unwrap_err().needed(), 6);
    /// ```
    ///
    /// # Errors
    ///
    /// [`BufferTooSmall`] where `buffer` is shorter than [`encoded_len`](Self::encoded_len);
    /// nothing is written then.
    pub fn encode(self, buffer: &mut [u8]) -> Result<&[u8], BufferTooSmall> {
        let needed = self.encoded_len();
        let buffer = buffer.get_mut(..needed).ok_or(BufferTooSmall { needed })?;
        let mark: &[u8] = if self.weak { b"W/\"" } else { b"\"" };
        let bytes = mark.iter().chain(self.opaque).chain(b"\"");
        for (place, byte) in buffer.iter_mut().zip(bytes) {
            *place = *byte;
        }
        Ok(buffer)
    }

    /// The caller has checked that `opaque` is all etagc.
    pub(crate) const fn from_parts(opaque: &'a [u8], weak: bool) -> Self {
        Self { opaque, weak }
    }

    /// One entity tag off the front of `bytes`, and what follows it.
    const fn split_first(bytes: &'a [u8]) -> Result<(Self, &'a [u8]), InvalidEntityTag> {
        let (weak, after_quote) = match bytes {
            [b'"', rest @ ..] => (false, rest),
            [b'W', b'/', b'"', rest @ ..] => (true, rest),
            [b'W', b'/', ..] => {
                return Err(InvalidEntityTag::new(InvalidEntityTagKind::OpeningQuote, 2));
            }
            _ => return Err(InvalidEntityTag::new(InvalidEntityTagKind::OpeningQuote, 0)),
        };
        let index = bytes.len() - after_quote.len();
        match after_quote.split_at_checked(etagc_length(after_quote)) {
            Some((opaque, [b'"', rest @ ..])) => Ok((Self { opaque, weak }, rest)),
            Some((opaque, [_, ..])) => Err(InvalidEntityTag::new(
                InvalidEntityTagKind::Character,
                index + opaque.len(),
            )),
            _ => Err(InvalidEntityTag::new(
                InvalidEntityTagKind::ClosingQuote,
                bytes.len(),
            )),
        }
    }

    /// As `split_first`, for a tag that came without its quotes: it ends before a comma, white
    /// space or a quote.
    fn split_first_unquoted(bytes: &'a [u8]) -> Result<(Self, &'a [u8]), InvalidEntityTag> {
        let end = bytes
            .iter()
            .position(|&byte| !is_etagc(byte) || byte == b',');
        let (run, rest) = bytes
            .split_at_checked(end.unwrap_or(bytes.len()))
            .unwrap_or((bytes, &[]));
        let (opaque, weak) = match run {
            [] => return Err(InvalidEntityTag::new(InvalidEntityTagKind::Character, 0)),
            b"*" => return Err(InvalidEntityTag::new(InvalidEntityTagKind::Wildcard, 0)),
            [b'W', b'/', opaque @ ..] if !opaque.is_empty() => (opaque, true),
            opaque => (opaque, false),
        };
        Ok((Self { opaque, weak }, rest))
    }
}

impl EntityTag<'static> {
    /// The tag that this literal says, quotes included: for tests and for tags known when the
    /// program is written. In a `const`, a bad literal does not compile.
    ///
    /// ```
    /// use http_conditional::EntityTag;
    ///
    /// const TAG: EntityTag<'static> = EntityTag::from_static("\"v1\"");
    /// assert_eq!(TAG.opaque(), b"v1");
    /// ```
    ///
    /// # Panics
    ///
    /// Where the literal is no entity tag, such as `v1` without quotes. It is the only function
    /// of this crate that panics.
    #[track_caller]
    #[must_use]
    pub const fn from_static(field_value: &'static str) -> Self {
        match Self::parse(field_value.as_bytes()) {
            Ok(tag) => tag,
            Err(_) => panic!("not an entity tag"),
        }
    }
}

/// Making tags in the usual ways.
impl<'a> EntityTag<'a> {
    /// A strong tag from the digest of the representation's data: its bytes in hexadecimal, two
    /// lower-case digits each, written to the front of `buffer`.
    ///
    /// The digest has to be of the content as it is sent: with gzip applied or not, the tag has
    /// to differ (section 8.8.3.3).
    ///
    /// ```
    /// use http_conditional::EntityTag;
    ///
    /// let digest = [0xd4, 0x1d, 0x8c]; // of SHA-256, say
    /// let mut buffer = [0; 64];
    /// let tag = EntityTag::from_digest(&digest, &mut buffer)?;
    /// assert_eq!(tag.to_string(), "\"d41d8c\"");
    /// # Ok::<(), http_conditional::BufferTooSmall>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`BufferTooSmall`] where `buffer` is shorter than twice the digest.
    pub fn from_digest(digest: &[u8], buffer: &'a mut [u8]) -> Result<Self, BufferTooSmall> {
        let needed = digest.len().saturating_mul(2);
        let buffer = buffer.get_mut(..needed).ok_or(BufferTooSmall { needed })?;
        for (place, byte) in buffer.chunks_exact_mut(2).zip(digest) {
            place.copy_from_slice(&[hex_digit(byte >> 4), hex_digit(byte & 15)]);
        }
        Ok(Self {
            opaque: buffer,
            weak: false,
        })
    }

    /// The number of bytes that [`from_size_and_modified`](Self::from_size_and_modified) needs.
    pub const SIZE_AND_MODIFIED_LEN: usize = SIZE_AND_MODIFIED_LEN;

    /// A weak tag from what a file system knows: the size in bytes, and the time of the last
    /// modification in seconds since the Unix epoch and nanoseconds after that. Three hexadecimal
    /// numbers, `size-seconds-nanoseconds`.
    ///
    /// It is weak, because two versions can share a size and a time where the clock is coarser
    /// than the writers are fast. The inode is left out on purpose: it differs between the
    /// machines of a fleet, and tells strangers about the file system.
    ///
    /// ```
    /// use http_conditional::EntityTag;
    ///
    /// let mut buffer = [0; EntityTag::SIZE_AND_MODIFIED_LEN];
    /// let tag = EntityTag::from_size_and_modified(4096, 784_111_777, 500_000_000, &mut buffer);
    /// assert_eq!(tag.to_string(), "W/\"1000-2ebc98a1-1dcd6500\"");
    /// ```
    #[must_use]
    pub fn from_size_and_modified(
        size: u64,
        seconds: i64,
        nanoseconds: u32,
        buffer: &'a mut [u8; SIZE_AND_MODIFIED_LEN],
    ) -> Self {
        let seconds = u64::from_ne_bytes(seconds.to_ne_bytes());
        let mut places = buffer.iter_mut();
        let mut length = 0;
        for (number, separator) in [
            (size, Some(b'-')),
            (seconds, Some(b'-')),
            (u64::from(nanoseconds), None),
        ] {
            let digits = (u64::BITS - (number | 1).leading_zeros()).div_ceil(4);
            let digits = (0..digits).rev().map(|digit| number >> (4 * digit));
            let digits = digits.map(|number| hex_digit((number & 15).to_le_bytes()[0]));
            // In this order, as `zip` asks its first side first: no place is lost at the end.
            for (byte, place) in digits.chain(separator).zip(places.by_ref()) {
                *place = byte;
                length += 1;
            }
        }
        Self {
            opaque: buffer.get(..length).unwrap_or_default(),
            weak: true,
        }
    }
}

const SIZE_AND_MODIFIED_LEN: usize = 16 + 1 + 16 + 1 + 8;

const fn hex_digit(nibble: u8) -> u8 {
    match nibble {
        0..=9 => b'0' + nibble,
        _ => b'a' + nibble % 16 - 10,
    }
}

/// Writes the field value. It is exact for every tag that is valid UTF-8, as all ASCII is; other
/// bytes from 0x80 on become U+FFFD, since a [`fmt::Formatter`] takes text only. For the bytes as
/// they are, use [`EntityTag::encode`].
impl fmt::Display for EntityTag<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.weak { "W/\"" } else { "\"" })?;
        for chunk in self.opaque.utf8_chunks() {
            f.write_str(chunk.valid())?;
            if !chunk.invalid().is_empty() {
                f.write_str("\u{fffd}")?;
            }
        }
        f.write_str("\"")
    }
}

impl fmt::Debug for EntityTag<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = if self.weak { "W/" } else { "" };
        write!(f, "EntityTag({mark}\"{}\")", self.opaque.escape_ascii())
    }
}

/// Whether both are the same, byte for byte. The first word tells most tags of one length apart,
/// and spares them the call that compares the rest.
#[inline]
fn same(one: &[u8], other: &[u8]) -> bool {
    match (one.first_chunk::<WORD>(), other.first_chunk()) {
        (Some(one), Some(other)) if BY_WORDS && one != other => false,
        _ => one == other,
    }
}

const fn is_etagc(byte: u8) -> bool {
    matches!(byte, 0x21 | 0x23..=0x7e | 0x80..=0xff)
}

/// How many bytes at the front of `bytes` are etagc.
const fn etagc_length(bytes: &[u8]) -> usize {
    bytes.len() - skip_etagc(bytes).len()
}

/// What follows the etagc at the front of `bytes`.
const fn skip_etagc(bytes: &[u8]) -> &[u8] {
    let mut rest = if BY_WORDS { skip_plain(bytes) } else { bytes };
    while let [byte, tail @ ..] = rest {
        if !is_etagc(*byte) {
            break;
        }
        rest = tail;
    }
    rest
}

/// What follows the bytes from 0x23 to 0x7e at the front of `bytes`, which is all that nearly any
/// tag has: read by words, a quarter of the instructions of one by one. Nothing is skipped where
/// there is not even one word.
#[inline]
const fn skip_plain(bytes: &[u8]) -> &[u8] {
    let mut rest = bytes;
    while let Some((word, tail)) = rest.split_first_chunk::<WORD>() {
        let others = others(usize::from_le_bytes(*word));
        if others != 0 {
            return skip(rest, others);
        }
        rest = tail;
    }
    match bytes.last_chunk::<WORD>() {
        // What is left is less than a word. Zeros take the place of what has been skipped.
        Some(last) => {
            let seen = WORD - 1 - bytes.len() % WORD;
            let word = usize::from_le_bytes(*last) >> 8 >> (8 * seen);
            skip(rest, others(word))
        }
        None => rest,
    }
}

/// What follows the bytes below the lowest of `others`.
const fn skip(bytes: &[u8], others: usize) -> &[u8] {
    match bytes.split_at_checked(others.trailing_zeros() as usize / 8) {
        Some((_, rest)) => rest,
        None => bytes, // not reached: others has a bit for a byte of them, or right after them
    }
}

/// The bytes of a word.
const WORD: usize = size_of::<usize>();

/// Whether to read by words where that is faster and takes more code: not on small processors.
const BY_WORDS: bool = cfg!(target_pointer_width = "64");

/// The lowest bit is the high one of the first byte of `word` that is not from 0x23 to 0x7e, and
/// there is none where all are: only such a byte carries or borrows.
const fn others(word: usize) -> usize {
    const ONES: usize = usize::MAX / 0xff;
    (word.wrapping_sub(ONES * 0x23) | word.wrapping_add(ONES)) & (ONES * 0x80)
}

/// The value of If-Match or If-None-Match, to be read tag by tag: for pushing a condition down
/// to a store. [`Preconditions`](crate::Preconditions) evaluates these fields by itself.
///
/// ```abnf
/// If-Match      = "*" / #entity-tag
/// If-None-Match = "*" / #entity-tag
/// #element      => [ element ] *( OWS "," OWS [ element ] )   ; for a recipient
/// ```
///
/// ```
/// use http_conditional::EntityTags;
///
/// let EntityTags::List(tags) = EntityTags::parse(br#""a,b", , W/"c""#)? else {
///     unreachable!();
/// };
/// let tags: Vec<String> = tags.map(|tag| tag.to_string()).collect();
/// assert_eq!(tags, [r#""a,b""#, r#"W/"c""#]);
///
/// assert!(matches!(EntityTags::parse(b"*")?, EntityTags::Any));
/// assert!(EntityTags::parse(b"*, \"a\"").is_err());
/// # Ok::<(), http_conditional::InvalidEntityTag>(())
/// ```
#[derive(Clone, Debug)]
pub enum EntityTags<'a, L = iter::Once<&'a [u8]>> {
    /// `*`: any current representation at all, also one without an entity tag.
    Any,
    /// A list of entity tags; an empty value is a valid list of none.
    List(EntityTagList<'a, L>),
}

impl<'a> EntityTags<'a> {
    /// Reads the value of a field that has one line.
    ///
    /// # Errors
    ///
    /// [`InvalidEntityTag`] where any member of the list is malformed, wherever it stands: the
    /// whole field is malformed then. All of these are invalid:
    ///
    /// | value | kind |
    /// |---|---|
    /// | `"a", b` | [`OpeningQuote`](InvalidEntityTagKind::OpeningQuote) |
    /// | `"a" "b"` | [`Comma`](InvalidEntityTagKind::Comma) |
    /// | `"a", *` | [`Wildcard`](InvalidEntityTagKind::Wildcard) |
    pub fn parse(field_value: &'a [u8]) -> Result<Self, InvalidEntityTag> {
        if is_any(field_value) {
            return Ok(Self::Any);
        }
        check(field_value)?;
        Ok(Self::List(EntityTagList::of(iter::once(field_value))))
    }
}

impl<'a, L> EntityTags<'a, L> {
    /// Reads a field that may have several lines, which are one list (section 5.3). `None` where
    /// there is no line: the field is absent, which is not the same as empty.
    ///
    /// The lines are gone through twice: once to know that all are well-formed, and once more as
    /// the list is read. Nothing is stored.
    ///
    /// ```
    /// use http_conditional::EntityTags;
    ///
    /// let mut headers = http::HeaderMap::new();
    /// headers.append("if-match", "\"a\"".parse()?);
    /// headers.append("if-match", "\"b\", \"c\"".parse()?);
    ///
    /// let lines = headers.get_all("if-match");
    /// let Some(EntityTags::List(tags)) = EntityTags::from_lines(&lines)? else {
    ///     unreachable!();
    /// };
    /// assert_eq!(tags.count(), 3);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`parse`](EntityTags::parse); the [`index`](InvalidEntityTag::index) counts in the line
    /// that is malformed. `*` beside any other line is malformed too.
    pub fn from_lines<I, T>(lines: I) -> Result<Option<Self>, InvalidEntityTag>
    where
        I: IntoIterator<Item = &'a T, IntoIter = L> + Clone,
        L: Iterator<Item = &'a T>,
        T: AsRef<[u8]> + ?Sized + 'a,
    {
        let mut any = false;
        let mut first = true;
        for line in lines.clone() {
            let line = line.as_ref();
            any |= is_any(line);
            if any && !first {
                return Err(InvalidEntityTag::new(InvalidEntityTagKind::Wildcard, 0));
            }
            if !any {
                check(line)?;
            }
            first = false;
        }
        Ok(match (first, any) {
            (true, _) => None,
            (false, true) => Some(Self::Any),
            (false, false) => Some(Self::List(EntityTagList::of(lines.into_iter()))),
        })
    }
}

/// The tags of an [`EntityTags`] list, in order.
#[derive(Clone, Debug)]
#[must_use = "iterators do nothing unless they are consumed"]
pub struct EntityTagList<'a, L = iter::Once<&'a [u8]>> {
    lines: L,
    members: Members<'a>,
}

impl<L> EntityTagList<'_, L> {
    /// The caller has checked the lines.
    fn of(lines: L) -> Self {
        Self {
            lines,
            members: Members::of(&[], Quotes::Required),
        }
    }
}

impl<'a, L, T> Iterator for EntityTagList<'a, L>
where
    L: Iterator<Item = &'a T>,
    T: AsRef<[u8]> + ?Sized + 'a,
{
    type Item = EntityTag<'a>;

    fn next(&mut self) -> Option<EntityTag<'a>> {
        loop {
            if let Some(member) = self.members.next() {
                return member.ok();
            }
            let line = self.lines.next()?.as_ref();
            self.members = Members::of(line, Quotes::Required);
        }
    }
}

/// Whether every member of a line is an entity tag.
fn check(line: &[u8]) -> Result<(), InvalidEntityTag> {
    Members::of(line, Quotes::Required).try_for_each(|member| member.map(drop))
}

/// Whether a line of If-Match or If-None-Match is `*` and nothing else.
pub(crate) fn is_any(line: &[u8]) -> bool {
    matches!(line, [b'*' | b' ' | b'\t', ..]) && trim_ows(line) == b"*"
}

/// A value without the optional white space around it, which is SP and HTAB only (section 5.6.3).
///
/// ```abnf
/// OWS = *( SP / HTAB )
/// ```
pub(crate) fn trim_ows(mut value: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] = value {
        value = rest;
    }
    while let [rest @ .., b' ' | b'\t'] = value {
        value = rest;
    }
    value
}

/// Whether an entity tag has to stand in double quotes, as the grammar says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quotes {
    Required,
    Optional,
}

/// The members of one line of a list, read lazily; it ends after the first error.
#[derive(Clone, Debug)]
pub(crate) struct Members<'a> {
    line: &'a [u8],
    rest: &'a [u8],
    quotes: Quotes,
    /// Whether a member may begin here: at the start of the line, and after a comma.
    separated: bool,
}

impl<'a> Members<'a> {
    pub(crate) fn of(line: &'a [u8], quotes: Quotes) -> Self {
        Self {
            line,
            rest: line,
            quotes,
            separated: true,
        }
    }

    /// The next member, whatever stands before it.
    #[cfg_attr(target_pointer_width = "64", cold)]
    fn unusual(&mut self) -> Option<Result<EntityTag<'a>, InvalidEntityTag>> {
        let mut rest = self.rest;
        let mut separated = self.separated;
        loop {
            rest = match rest {
                [b',', after @ ..] => {
                    separated = true;
                    after
                }
                [b' ' | b'\t', after @ ..] => after,
                [] => return None,
                _ => break,
            };
        }
        let member = match rest {
            _ if !separated => Err(InvalidEntityTag::new(InvalidEntityTagKind::Comma, 0)),
            [b'"', ..] | [b'W', b'/', b'"', ..] => EntityTag::split_first(rest),
            _ if self.quotes == Quotes::Optional => EntityTag::split_first_unquoted(rest),
            [b'*', ..] => Err(InvalidEntityTag::new(InvalidEntityTagKind::Wildcard, 0)),
            _ => EntityTag::split_first(rest),
        };
        self.separated = false;
        Some(match member {
            Ok((tag, after)) => {
                self.rest = after;
                Ok(tag)
            }
            Err(error) => {
                self.rest = &[];
                let index = self.line.len() - rest.len() + error.index;
                Err(InvalidEntityTag::new(error.kind, index))
            }
        })
    }
}

impl<'a> Iterator for Members<'a> {
    type Item = Result<EntityTag<'a>, InvalidEntityTag>;

    /// Inlined into the loops over it: what is not a tag in quotes after a comma and a space, as
    /// nearly all are, is left to `unusual`.
    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if BY_WORDS {
            let member = match self.rest {
                [b',', b' ', member @ ..] => member,
                member if self.separated => member,
                [] => return None,
                _ => return self.unusual(),
            };
            let (weak, after_quote) = match member {
                [b'"', after @ ..] => (false, after),
                [b'W', b'/', b'"', after @ ..] => (true, after),
                _ => return self.unusual(),
            };
            let after_tag = skip_plain(after_quote);
            let length = after_quote.len() - after_tag.len();
            if let (Some(opaque), [b'"', after @ ..]) = (after_quote.get(..length), after_tag) {
                self.rest = after;
                self.separated = false;
                return Some(Ok(EntityTag { opaque, weak }));
            }
        }
        self.unusual()
    }
}

/// Why a value is not an entity tag, or not a list of them, and where.
///
/// ```
/// use http_conditional::{EntityTag, InvalidEntityTagKind};
///
/// let error = EntityTag::parse(b"\"a b\"").unwrap_err();
/// assert_eq!(error.kind(), InvalidEntityTagKind::Character);
/// assert_eq!(error.index(), 2);
/// assert_eq!(
///     error.to_string(),
///     "not an entity tag: a character that a tag may not contain, at byte 2"
/// );
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidEntityTag {
    kind: InvalidEntityTagKind,
    index: usize,
}

impl InvalidEntityTag {
    const fn new(kind: InvalidEntityTagKind, index: usize) -> Self {
        Self { kind, index }
    }

    /// What is wrong.
    #[must_use]
    pub const fn kind(self) -> InvalidEntityTagKind {
        self.kind
    }

    /// Where it is wrong: bytes from the start of the value (of the field line, in a field of
    /// several lines), its length where something is missing at the end.
    #[must_use]
    pub const fn index(self) -> usize {
        self.index
    }
}

/// What is wrong with a value that is not an entity tag, or not a list of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidEntityTagKind {
    /// No `"` or `W/"` where a tag begins.
    OpeningQuote,
    /// The value ends before the tag does.
    ClosingQuote,
    /// A space, a control character or another byte that no tag may hold.
    Character,
    /// More bytes after the tag.
    End,
    /// Two members of a list without a comma between them.
    Comma,
    /// `*` beside something else; it stands alone.
    Wildcard,
}

impl fmt::Display for InvalidEntityTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            InvalidEntityTagKind::OpeningQuote => "expected `\"` or `W/\"`",
            InvalidEntityTagKind::ClosingQuote => "expected the closing `\"`",
            InvalidEntityTagKind::Character => "a character that a tag may not contain,",
            InvalidEntityTagKind::End => "expected nothing after it",
            InvalidEntityTagKind::Comma => "expected a comma between two tags",
            InvalidEntityTagKind::Wildcard => "`*` beside something else, though it stands alone,",
        };
        write!(f, "not an entity tag: {what} at byte {}", self.index)
    }
}

impl core::error::Error for InvalidEntityTag {}

/// A buffer that is too short for what was to be written to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BufferTooSmall {
    needed: usize,
}

impl BufferTooSmall {
    pub(crate) const fn new(needed: usize) -> Self {
        Self { needed }
    }

    /// The number of bytes that would have been enough.
    #[must_use]
    pub const fn needed(self) -> usize {
        self.needed
    }
}

impl fmt::Display for BufferTooSmall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the buffer is too small: {} bytes needed", self.needed)
    }
}

impl core::error::Error for BufferTooSmall {}

#[cfg(all(test, target_pointer_width = "64"))]
mod tests {
    use super::*;

    /// What reads by words has to go as far as it may: what it leaves is read too, but slowly,
    /// which no other test would notice.
    #[test]
    fn plain_bytes_are_skipped_by_words() {
        let mut buffer = [0; 3 * WORD];
        for length in 0..=buffer.len() {
            for end in 0..=length {
                for plain in [0x23, b'a', 0x7e] {
                    for other in [0, b' ', b'!', b'"', 0x7f, 0x80, 0xb0, 0xff] {
                        let bytes = &mut buffer[..length];
                        bytes.fill(plain);
                        bytes[end..].fill(other);
                        let skipped = if length < WORD { 0 } else { end };
                        assert_eq!(skip_plain(bytes).len(), length - skipped);
                    }
                }
            }
        }
    }
}
