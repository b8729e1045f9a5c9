//! Lists of entity tags (RFC 9110 sections 13.1.1, 13.1.2 and 5.6.1).

use core::iter;

use super::scan::{BY_WORDS, plain_length};
use super::{EntityTag, InvalidEntityTag, InvalidEntityTagKind};
use crate::bytes::{split_at, trim_ows};

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
    Members::of(line, Reading::Strict).try_for_each(|member| member.map(drop))
}

/// Whether a line of If-Match or If-None-Match is `*` and nothing else.
pub(crate) fn is_any(line: &[u8]) -> bool {
    matches!(line, [b'*' | b' ' | b'\t', ..]) && trim_ows(line) == b"*"
}

/// How the members of a list are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// As the grammar says: an entity tag stands in double quotes.
    Strict,
    /// A tag may lack its quotes.
    Unquoted,
    /// A tag may lack its quotes, and a member that is no tag even so is passed over.
    PassingOver,
}

/// The members of one line of a list, read lazily; it ends after the first error, of which there is
/// none where malformed members are passed over.
#[derive(Clone, Debug)]
pub(crate) struct Members<'a> {
    line: &'a [u8],
    rest: &'a [u8],
    reading: Reading,
    /// Whether a member may begin here: at the start of the line, and after a comma.
    separated: bool,
}

impl<'a> Members<'a> {
    pub(crate) fn of(line: &'a [u8], reading: Reading) -> Self {
        Self {
            line,
            rest: line,
            reading,
            separated: true,
        }
    }

    /// What has not been read yet.
    pub(crate) const fn rest(&self) -> &'a [u8] {
        self.rest
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
                _ => match self.member(rest, separated) {
                    Ok((tag, after)) => {
                        self.rest = after;
                        self.separated = false;
                        return Some(Ok(tag));
                    }
                    // What `*` was to mean beside something else nobody knows: it is not passed over.
                    Err(_) if self.reading == Reading::PassingOver && !is_wildcard(rest) => {
                        separated = false;
                        after_malformed(rest)
                    }
                    Err(error) => {
                        self.rest = &[];
                        let index = self.line.len() - rest.len() + error.index();
                        return Some(Err(InvalidEntityTag::new(error.kind(), index)));
                    }
                },
            };
        }
    }

    /// The member at the front of `rest`, and what follows it.
    fn member(
        &self,
        rest: &'a [u8],
        separated: bool,
    ) -> Result<(EntityTag<'a>, &'a [u8]), InvalidEntityTag> {
        let member = match rest {
            _ if !separated => Err(InvalidEntityTag::new(InvalidEntityTagKind::Comma, 0)),
            [b'"', ..] | [b'W', b'/', b'"', ..] => EntityTag::split_first(rest),
            _ if self.reading != Reading::Strict => EntityTag::split_first_unquoted(rest),
            [b'*', ..] => Err(InvalidEntityTag::new(InvalidEntityTagKind::Wildcard, 0)),
            _ => EntityTag::split_first(rest),
        }?;
        // What is passed over is passed over whole: `"a" b` is no tag `"a"`.
        if self.reading == Reading::PassingOver && !is_end(member.1) {
            return Err(InvalidEntityTag::new(InvalidEntityTagKind::Comma, 0));
        }
        Ok(member)
    }
}

impl<'a> Iterator for Members<'a> {
    type Item = Result<EntityTag<'a>, InvalidEntityTag>;

    /// Inlined into the loops over it: what is not a tag in quotes after a comma and a space, as
    /// nearly all are, is left to `unusual`.
    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if BY_WORDS && self.reading != Reading::PassingOver {
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
            let halves = split_at(after_quote, plain_length(after_quote));
            if let Some((opaque, [b'"', after @ ..])) = halves {
                self.rest = after;
                self.separated = false;
                return Some(Ok(EntityTag::from_parts(opaque, weak)));
            }
        }
        self.unusual()
    }
}

/// Whether a member ends here.
fn is_end(mut rest: &[u8]) -> bool {
    // Not by `trim_ows`: to look at the end of the line for each member would take quadratic time.
    while let [b' ' | b'\t', after @ ..] = rest {
        rest = after;
    }
    matches!(rest, [] | [b',', ..])
}

/// Whether the member here is `*`.
fn is_wildcard(rest: &[u8]) -> bool {
    matches!(rest, [b'*', after @ ..] if is_end(after))
}

/// What follows a member that is no tag: the next comma that does not stand between quotes.
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
