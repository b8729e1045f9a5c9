//! What a field of a request probably meant, if not what it says (section 13.1): an entity tag
//! without its quotes, one that a proxy has changed, a malformed member and its place.

use core::fmt;

use super::precedence::{Outcome, Reason};
use super::shown::{Shown, ShownTag};
use super::{Explanation, Field, Preconditions};
use crate::bytes::trim_ows;
use crate::line::LentLine;
use crate::padded::pad;
use crate::validators::{EntityTag, InvalidEntityTag, Members};
#[cfg(feature = "dates")]
use crate::validators::{HttpDate, InvalidDate, InvalidDateKind};

impl<'r> Preconditions<'r> {
    /// Like [`explain`](Self::explain), but with the values: pass the field lines of the request
    /// once more, and it shows what was sent next to what is current, names a small difference
    /// (quotes, `W/`, `-gzip`, case, white space), and says where a malformed value is wrong.
    ///
    /// Only the start of a long value is shown, and nothing is stored or allocated.
    ///
    /// ```
    /// use http_conditional::{EntityTag, Method, Preconditions, Representation};
    ///
    /// let current = Representation::current().etag(EntityTag::from_static("\"v1\""));
    /// let fields = [("If-None-Match", "\"v1-gzip\"")];
    /// let mut get = Preconditions::new(Method::Get, current);
    /// get.extend(fields);
    ///
    /// assert_eq!(
    ///     get.explain_with(&fields).to_string(),
    ///     "\
    /// 200 OK, not 304: If-None-Match does not name the current tag (RFC 9110 section 13.2.2, step 3)
    ///   1. If-Match: absent
    ///   2. If-Unmodified-Since: absent
    /// > 3. If-None-Match: 1 tag, compared weakly with \"v1\": none matches, so the condition is true
    ///      sent \"v1-gzip\", current \"v1\": the same except for the end; a proxy that compresses may have added it
    ///   4. If-Modified-Since: absent
    ///   5. If-Range: absent
    ///   6. Range: absent"
    /// );
    /// ```
    pub fn explain_with<'a, F, L>(&self, fields: F) -> ExplanationWith<'r, F>
    where
        F: IntoIterator<Item = L> + Clone,
        L: LentLine<'a>,
    {
        ExplanationWith {
            explanation: self.explain(),
            fields,
        }
    }
}

/// A decision, its reasons and the values they are about; made by
/// [`Preconditions::explain_with`].
///
/// [`Display`](fmt::Display) writes what [`Explanation`] does, and below a step the
/// [`Remark`] about its field.
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct ExplanationWith<'r, F> {
    explanation: Explanation<'r>,
    fields: F,
}

impl<'r, F> ExplanationWith<'r, F> {
    /// The explanation without the values.
    pub fn explanation(&self) -> &Explanation<'r> {
        &self.explanation
    }

    /// What there is to say about the value of a field. `None` if there is nothing: the field is
    /// absent, or its condition matches, or there is nothing to compare it with, or a field that has
    /// one line only is there twice.
    pub fn remark<'a, L>(&self, field: Field) -> Option<Remark<'a>>
    where
        'r: 'a,
        F: IntoIterator<Item = L> + Clone,
        L: LentLine<'a>,
    {
        let preconditions = self.explanation.preconditions();
        let lines = self.fields.clone().into_iter();
        let lines = lines
            .filter(move |line| Field::from_name(line.name()) == Some(field))
            .map(|line| trim_ows(line.lent_value()));
        match field {
            Field::IfMatch | Field::IfNoneMatch => of_tags(preconditions, field, lines),
            Field::IfRange => {
                let line = only(lines)?;
                if preconditions.judged.notes.if_range.is_of_date() || is_without_century(line) {
                    None
                } else if preconditions.malformed().contains(field) {
                    let error = EntityTag::parse(line).err();
                    error.map(|error| of_malformed(preconditions, line, error))
                } else {
                    of_tags(preconditions, field, core::iter::once(line))
                }
            }
            #[cfg(feature = "dates")]
            Field::IfModifiedSince | Field::IfUnmodifiedSince
                if preconditions.malformed().contains(field) =>
            {
                let line = only(lines)?;
                let error = HttpDate::parse(line, None).err();
                error.map(|error| Remark::new(line, None, RemarkKind::InvalidDate(error)))
            }
            Field::IfModifiedSince | Field::IfUnmodifiedSince | Field::Range => None,
        }
    }
}

impl<'a, 'r: 'a, F, L> fmt::Display for ExplanationWith<'r, F>
where
    F: IntoIterator<Item = L> + Clone,
    L: LentLine<'a>,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.explanation.write_summary(f)?;
        for step in self.explanation.steps() {
            step.write_line(f)?;
            let is_evaluated = matches!(
                step.outcome(),
                Outcome::True | Outcome::Ended(_) | Outcome::Skipped(Reason::Unusable)
            );
            if let Some(remark) = self.remark(step.step().field()) {
                if is_evaluated {
                    write!(f, "\n     {remark}")?;
                }
            }
        }
        write!(f, "\n  6. Range: {}", self.explanation.range())
    }
}

/// What there is to say about the value of a field. [`Display`](fmt::Display) says it in words.
/// Made by [`ExplanationWith::remark`].
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct Remark<'a> {
    sent: &'a [u8],
    current: Option<EntityTag<'a>>,
    kind: RemarkKind,
}

/// How a value differs from what would have matched, or what is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RemarkKind {
    /// Another tag than the current one.
    Differs,
    /// The current tag except for its quotes, which are missing, doubled or of another kind.
    Quotes,
    /// The current tag except for the `W/` of one of them, or both have `W/` and only strong tags
    /// match.
    WeakMark,
    /// The current tag except for the name of a content coding at the end of one of them.
    Suffix,
    /// The current tag except for white space.
    WhiteSpace,
    /// The current tag except for upper and lower case.
    Case,
    /// `"*"`, which is a tag that consists of a star, and does not mean `*`.
    QuotedStar,
    /// Not an entity tag or a list of them, nor close to one.
    InvalidEntityTag(InvalidEntityTag),
    /// Not an HTTP-date.
    #[cfg(feature = "dates")]
    InvalidDate(InvalidDate),
}

/// The line of a field that has one; `None` if it has none, or several.
fn only<'a>(mut lines: impl Iterator<Item = &'a [u8]>) -> Option<&'a [u8]> {
    lines.next().filter(|_| lines.next().is_none())
}

/// Whether an If-Range is a date whose century cannot be told.
#[cfg(feature = "dates")]
fn is_without_century(value: &[u8]) -> bool {
    let read = HttpDate::parse(value, None);
    matches!(read, Err(error) if error.kind() == InvalidDateKind::Century)
}

#[cfg(not(feature = "dates"))]
fn is_without_century(_: &[u8]) -> bool {
    false
}

impl<'a> Remark<'a> {
    const fn new(sent: &'a [u8], current: Option<EntityTag<'a>>, kind: RemarkKind) -> Self {
        Self {
            sent,
            current,
            kind,
        }
    }

    /// The value that was sent, or the member of it that comes nearest.
    #[must_use]
    pub const fn sent(self) -> &'a [u8] {
        self.sent
    }

    /// The current tag that it was compared with.
    #[must_use]
    pub const fn current(self) -> Option<EntityTag<'a>> {
        self.current
    }

    /// How they differ, or what is wrong.
    #[must_use]
    pub const fn kind(self) -> RemarkKind {
        self.kind
    }
}

impl fmt::Display for Remark<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        pad(f, |f| {
            write!(f, "sent {}", Shown(self.sent))?;
            if let Some(current) = self.current {
                write!(f, ", current {}", ShownTag(current))?;
            }
            f.write_str(match self.kind {
                RemarkKind::Differs => ": another tag",
                RemarkKind::Quotes => ": the same except for the quotes, which are part of a tag",
                RemarkKind::WeakMark => ": the same but weak, and a weak tag never matches here",
                RemarkKind::Suffix => {
                    ": the same except for the end; a proxy that compresses may have added it"
                }
                RemarkKind::WhiteSpace => ": the same except for white space",
                RemarkKind::Case => ": the same except for upper and lower case, which counts",
                RemarkKind::QuotedStar => ": a tag; without quotes, * matches whatever is current",
                RemarkKind::InvalidEntityTag(error) => return write!(f, ": {error}"),
                #[cfg(feature = "dates")]
                RemarkKind::InvalidDate(error) => return write!(f, ": {error}"),
            })
        })
    }
}

/// What a malformed line probably meant, and where it is wrong.
fn of_malformed<'a, 'r: 'a>(
    preconditions: &Preconditions<'r>,
    line: &'a [u8],
    error: InvalidEntityTag,
) -> Remark<'a> {
    let current = preconditions.selected.entity_tag();
    let kind = current.and_then(|current| difference(line, current));
    let kind = kind.unwrap_or(RemarkKind::InvalidEntityTag(error));
    Remark::new(line, current, kind)
}

/// The member that is nearest to the current tag, or what makes the field malformed.
fn of_tags<'a, 'r: 'a>(
    preconditions: &Preconditions<'r>,
    field: Field,
    lines: impl Iterator<Item = &'a [u8]>,
) -> Option<Remark<'a>> {
    let current = preconditions.selected.entity_tag();
    let strongly = match field {
        Field::IfMatch => !preconditions.judged.notes.departures.weak_if_match(),
        _ => field == Field::IfRange,
    };
    let matches = |tag: EntityTag<'_>, other| {
        if strongly {
            tag.strong_eq(other)
        } else {
            tag.weak_eq(other)
        }
    };
    let reading = preconditions
        .judged
        .notes
        .departures
        .entity_tags(preconditions.conditions().method);
    let mut nearest: Option<Remark<'a>> = None;
    for line in lines {
        if line == b"*" {
            continue;
        }
        let mut members = Members::<false>::of(line, reading);
        let mut before = line.len();
        while let Some(member) = members.next() {
            let after = members.rest().len();
            let sent = line.get(line.len() - before..line.len() - after);
            let sent = sent.unwrap_or(line);
            before = after;
            let (sent, kind) = match member {
                Err(malformed) => {
                    return Some(of_malformed(preconditions, line, malformed.of(line)));
                }
                Ok(tag) => {
                    let others = preconditions.brothers().iter().copied();
                    if current
                        .into_iter()
                        .chain(others)
                        .any(|other| matches(tag, other))
                    {
                        return None;
                    }
                    let sent = trim_ows(sent.strip_prefix(b",").unwrap_or(sent));
                    let kind = match current {
                        _ if tag.opaque() == b"*" && !tag.is_weak() => RemarkKind::QuotedStar,
                        None => continue,
                        Some(current) => difference(sent, current).unwrap_or(RemarkKind::Differs),
                    };
                    (sent, kind)
                }
            };
            let nearer = match nearest {
                None => true,
                Some(so_far) => so_far.kind == RemarkKind::Differs && kind != RemarkKind::Differs,
            };
            if nearer {
                nearest = Some(Remark::new(sent, current, kind));
            }
        }
    }
    nearest
}

/// How a value that does not match differs from the current tag, if the difference is small.
fn difference(sent: &[u8], current: EntityTag<'_>) -> Option<RemarkKind> {
    let (bare, opaque) = (without_marks(sent), current.opaque());
    if bare == opaque {
        return Some(match EntityTag::parse(sent) {
            Ok(_) => RemarkKind::WeakMark,
            Err(_) => RemarkKind::Quotes,
        });
    }
    if bare.eq_ignore_ascii_case(opaque) {
        return Some(RemarkKind::Case);
    }
    let visible = bare.iter().filter(|byte| !byte.is_ascii_whitespace());
    if visible.eq(opaque) {
        return Some(RemarkKind::WhiteSpace);
    }
    let end = bare
        .strip_prefix(opaque)
        .or_else(|| opaque.strip_prefix(bare));
    end.filter(|end| is_coding_suffix(end))
        .map(|_| RemarkKind::Suffix)
}

/// A tag without `W/`, and without whatever was used as quotes.
fn without_marks(sent: &[u8]) -> &[u8] {
    const QUOTES: [&[u8]; 6] = [
        b"\"",
        b"'",
        b"\\",
        b"&quot;",
        "\u{201c}".as_bytes(),
        "\u{201d}".as_bytes(),
    ];
    let mut bare = sent;
    for mark in [&b"W/"[..], b"w/"] {
        bare = bare.strip_prefix(mark).unwrap_or(bare);
    }
    while let Some(rest) = QUOTES.iter().find_map(|quote| bare.strip_prefix(*quote)) {
        bare = rest;
    }
    while let Some(rest) = QUOTES.iter().find_map(|quote| bare.strip_suffix(*quote)) {
        bare = rest;
    }
    trim_ows(bare)
}

/// Whether this is what servers append to a tag for a content coding: `-gzip` (Apache), `--gzip`
/// (Jetty), `;br`.
fn is_coding_suffix(end: &[u8]) -> bool {
    let mut name = end;
    while let [b'-' | b'+' | b';' | b':' | b'.' | b'_', rest @ ..] = name {
        name = rest;
    }
    let codings: [&[u8]; 8] = [
        b"gzip",
        b"gz",
        b"br",
        b"deflate",
        b"zstd",
        b"zst",
        b"compress",
        b"identity",
    ];
    name.len() < end.len()
        && codings
            .iter()
            .any(|coding| name.eq_ignore_ascii_case(coding))
}
