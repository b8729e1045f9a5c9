//! Lists of entity tags (RFC 9110 sections 13.1.1, 13.1.2 and 5.6.1).

use core::iter;

use super::scan::{after_separators, is_etagc, plain_length};
use super::{EntityTag, InvalidEntityTag, InvalidEntityTagKind};
use crate::bytes::{BY_WORDS, split_at, trim_ows};

/// The value of If-Match or If-None-Match, read tag by tag: for handing a condition to a store.
/// [`Preconditions`](crate::Preconditions) evaluates these fields by itself.
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
///
/// It is exhaustive on purpose: the grammar has these two.
#[derive(Clone, Debug)]
pub enum EntityTags<'a, L = iter::Once<&'a [u8]>> {
    /// `*`: any current representation at all, also one without an entity tag.
    Any,
    /// A list of entity tags; an empty value is a valid list without tags.
    List(EntityTagList<'a, L>),
}

impl<'a> EntityTags<'a> {
    /// Reads the value of a field that has one line. White space around it is ignored: it is not
    /// part of a field value (section 5.5).
    ///
    /// # Errors
    ///
    /// [`InvalidEntityTag`] if any member of the list is malformed: the whole field is malformed
    /// then. All of these are invalid:
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
    /// The lines are read twice: once to check that all are well-formed, and again when you read
    /// the list. Nothing is stored.
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
    members: Members<'a, true>,
}

impl<L> EntityTagList<'_, L> {
    /// The caller has checked the lines.
    fn of(lines: L) -> Self {
        Self {
            lines,
            members: Members::of(&[], Reading::Strict),
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
            self.members = Members::of(line, Reading::Strict);
        }
    }
}

/// Whether every member of a line is an entity tag.
fn check(line: &[u8]) -> Result<(), InvalidEntityTag> {
    let mut members = Members::<true>::of(line, Reading::Strict);
    members.try_for_each(|member| match member {
        Ok(_) => Ok(()),
        Err(malformed) => Err(malformed.of(line)),
    })
}

/// Whether a line of If-Match or If-None-Match is `*` and nothing else.
fn is_any(line: &[u8]) -> bool {
    matches!(line, [b'*' | b' ' | b'\t', ..]) && trim_ows(line) == b"*"
}

/// How the members of a list are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// As the grammar says: an entity tag is in double quotes.
    Strict,
    /// A tag may lack its quotes.
    Unquoted,
    /// A tag may lack its quotes, and a member that is still not a tag is skipped.
    PassingOver,
}

/// The members of one line of a list, read lazily. It ends after the first error; if malformed
/// members are skipped, there are no errors.
///
/// The tag that was read stays in here, and a call returns one byte: returning the tag and the
/// error would take a third more code on a Cortex-M0, and copy memory.
///
/// `STRICT`: nothing is read leniently, whatever `reading` is, and nothing for it is linked.
#[derive(Clone, Debug)]
pub(crate) struct Members<'a, const STRICT: bool> {
    rest: &'a [u8],
    /// The tag that was read last.
    opaque: &'a [u8],
    weak: bool,
    reading: Reading,
    /// Whether a member may begin here: at the start of the line, and after a comma.
    separated: bool,
}

impl<'a, const STRICT: bool> Members<'a, STRICT> {
    pub(crate) const fn of(line: &'a [u8], reading: Reading) -> Self {
        Self {
            rest: line,
            opaque: &[],
            weak: false,
            reading,
            separated: true,
        }
    }

    /// The one tag that the whole of `value` is.
    pub(crate) fn only(value: &'a [u8], reading: Reading) -> Option<EntityTag<'a>> {
        let mut members = Self::of(value, reading);
        let is_tag = !matches!(value, [b',', ..])
            && matches!(members.advance(), Some(Ok(())))
            && members.rest.is_empty();
        is_tag.then_some(members.tag())
    }

    /// A constant where nothing is read leniently.
    const fn reading(&self) -> Reading {
        if STRICT {
            Reading::Strict
        } else {
            self.reading
        }
    }

    /// What has not been read yet. After an error it begins at what is wrong.
    pub(crate) const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// The tag that [`advance`](Self::advance) has read.
    pub(crate) const fn tag(&self) -> EntityTag<'a> {
        EntityTag::from_parts(self.opaque, self.weak)
    }

    /// Reads the next member. Inlined into the loops over it; anything but a tag in quotes after a
    /// comma and a space, which nearly all members are, is left to `unusual`.
    #[inline]
    pub(crate) fn advance(&mut self) -> Option<Result<(), InvalidEntityTagKind>> {
        if BY_WORDS && self.reading() != Reading::PassingOver {
            let member = match self.rest {
                [b',', b' ', member @ ..] | [b',', member @ ..] => member,
                member if self.separated => member,
                [] => return None,
                _ => return self.unusual(),
            };
            let (weak, after_quote) = match member {
                [b'"', after @ ..] => (false, after),
                [b'W', b'/', b'"', after @ ..] => (true, after),
                _ => return self.unusual(),
            };
            if let Some((opaque, [b'"', after @ ..])) =
                split_at(after_quote, plain_length(after_quote))
            {
                self.opaque = opaque;
                self.weak = weak;
                self.rest = after;
                self.separated = false;
                return Some(Ok(()));
            }
        }
        self.unusual()
    }

    /// Reads the next member, whatever stands before it.
    #[cfg_attr(target_pointer_width = "64", cold)]
    #[inline(never)]
    fn unusual(&mut self) -> Option<Result<(), InvalidEntityTagKind>> {
        loop {
            match self.rest {
                [b',', after @ ..] => {
                    self.separated = true;
                    self.rest = after;
                    self.pass_separators();
                }
                [b' ' | b'\t', after @ ..] => {
                    self.rest = after;
                    self.pass_separators();
                }
                [] => return None,
                member => {
                    let read = self.member();
                    self.separated = false;
                    // Nobody knows what `*` means in a list, so it is not skipped. And a member is
                    // skipped as a whole: `"a" b` is not the tag `"a"`.
                    let passes_over = match read {
                        _ if self.reading() != Reading::PassingOver => false,
                        Err(InvalidEntityTagKind::Wildcard) => false,
                        Err(_) => true,
                        Ok(()) => !is_end(self.rest),
                    };
                    if passes_over {
                        self.rest = after_malformed(member);
                    } else {
                        return Some(read);
                    }
                }
            }
        }
    }

    /// Skips whatever is allowed between members, by words.
    fn pass_separators(&mut self) {
        if BY_WORDS {
            let (rest, has_comma) = after_separators(self.rest);
            self.rest = rest;
            self.separated |= has_comma;
        }
    }

    /// Reads a member that begins here.
    fn member(&mut self) -> Result<(), InvalidEntityTagKind> {
        if !self.separated {
            return Err(InvalidEntityTagKind::Comma);
        }
        let is_strict = self.reading() == Reading::Strict;
        let mut quoted = true;
        let (weak, begin) = match self.rest {
            [b'"', begin @ ..] => (false, begin),
            [b'W', b'/', b'"', begin @ ..] => (true, begin),
            [b'*', ..] if is_strict || is_wildcard(self.rest) => {
                return Err(InvalidEntityTagKind::Wildcard);
            }
            [b'W', b'/', begin @ ..] if is_strict => {
                self.rest = begin;
                return Err(InvalidEntityTagKind::OpeningQuote);
            }
            _ if is_strict => return Err(InvalidEntityTagKind::OpeningQuote),
            begin => {
                quoted = false;
                match begin {
                    [b'W', b'/', b',', ..] => (false, begin),
                    [b'W', b'/', first, ..] if is_etagc(*first) => (true, &begin[2..]),
                    _ => (false, begin),
                }
            }
        };
        let mut rest = begin;
        if BY_WORDS && quoted {
            rest = begin.get(plain_length(begin)..).unwrap_or(begin);
        }
        while let [byte, after @ ..] = rest {
            // Without quotes a tag ends before a comma too.
            if !is_etagc(*byte) || *byte == b',' && !quoted {
                break;
            }
            rest = after;
        }
        self.opaque = begin.get(..begin.len() - rest.len()).unwrap_or_default();
        self.weak = weak;
        match rest {
            _ if !quoted && !self.opaque.is_empty() => self.rest = rest,
            [b'"', after @ ..] if quoted => self.rest = after,
            _ => {
                self.rest = rest;
                return Err(if rest.is_empty() {
                    InvalidEntityTagKind::ClosingQuote
                } else {
                    InvalidEntityTagKind::Character
                });
            }
        }
        Ok(())
    }
}

/// A malformed member, and how many bytes the line has from where it is.
#[derive(Clone, Copy)]
pub(crate) struct Malformed {
    kind: InvalidEntityTagKind,
    left: usize,
}

impl Malformed {
    pub(crate) fn of(self, line: &[u8]) -> InvalidEntityTag {
        InvalidEntityTag::new(self.kind, line.len() - self.left)
    }
}

impl<'a, const STRICT: bool> Iterator for Members<'a, STRICT> {
    type Item = Result<EntityTag<'a>, Malformed>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        Some(match self.advance()? {
            Ok(()) => Ok(self.tag()),
            Err(kind) => {
                let left = self.rest.len();
                self.rest = &[];
                Err(Malformed { kind, left })
            }
        })
    }
}

/// Whether a member ends here.
fn is_end(mut rest: &[u8]) -> bool {
    // Not by `trim_ows`: looking at the end of the line for each member would take quadratic time.
    while let [b' ' | b'\t', after @ ..] = rest {
        rest = after;
    }
    matches!(rest, [] | [b',', ..])
}

/// Whether the member here is `*`.
fn is_wildcard(rest: &[u8]) -> bool {
    matches!(rest, [b'*', after @ ..] if is_end(after))
}

/// What follows a member that is not a tag: the next comma outside quotes.
fn after_malformed(member: &[u8]) -> &[u8] {
    let mut rest = member;
    let mut quoted = false;
    while let [byte, after @ ..] = rest {
        match byte {
            b',' if !quoted => break,
            b'"' => quoted = !quoted,
            _ => {}
        }
        rest = after;
    }
    rest
}
