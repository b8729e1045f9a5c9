//! Entity tags and lists of them (RFC 9110 sections 5.6.1.2 and 8.8.3).

use super::{Tag, without_outer_whitespace};

/// The value of `If-Match` or `If-None-Match`: `"*" / #entity-tag`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tags {
    /// `*`
    Any,
    /// The members of the list, in order; there may be none.
    List(Vec<Tag>),
}

/// Section 8.8.3: `etagc = %x21 / %x23-7E / obs-text`, `obs-text = %x80-FF`.
fn is_etagc(byte: u8) -> bool {
    byte == 0x21 || (0x23..=0x7E).contains(&byte) || byte >= 0x80
}

/// Section 8.8.3: `entity-tag = [ weak ] opaque-tag`, `weak = %s"W/"`,
/// `opaque-tag = DQUOTE *etagc DQUOTE`.
///
/// The value must be exactly one entity tag; whitespace around it is no part of it.
#[must_use]
pub fn parse_tag(value: &[u8]) -> Option<Tag> {
    let value = without_outer_whitespace(value);
    let (weak, opaque_tag) = match value.strip_prefix(b"W/") {
        Some(after_the_mark) => (true, after_the_mark),
        None => (false, &value[..]),
    };
    let opaque = opaque_tag.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    if opaque.iter().all(|&byte| is_etagc(byte)) {
        Some(Tag {
            weak,
            opaque: opaque.to_vec(),
        })
    } else {
        None
    }
}

/// A tag as some senders write it, without double quotes (no part of the RFC):
/// one or more `etagc` other than comma, after an optional `W/`.
///
/// `W/` with nothing after it is not a mark but the tag itself. A lone `*` is
/// never a tag.
pub(super) fn parse_bare_tag(value: &[u8]) -> Option<Tag> {
    if value == b"*" {
        return None;
    }
    let (weak, opaque) = match value.strip_prefix(b"W/") {
        Some(after_the_mark) if !after_the_mark.is_empty() => (true, after_the_mark),
        _ => (false, value),
    };
    if opaque.is_empty() {
        return None;
    }
    if opaque.iter().all(|&byte| is_etagc(byte) && byte != b',') {
        Some(Tag {
            weak,
            opaque: opaque.to_vec(),
        })
    } else {
        None
    }
}

/// How a list of tags is read: strictly, or with a departure.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TagReading {
    /// As section 8.8.3 has it.
    #[default]
    Strict,
    /// A member without any double quote is a tag as well, if it can be one.
    Unquoted,
    /// The same, and a member that is no tag is left out. A `*` among members is
    /// never left out: what it was to mean there nobody knows.
    PassingOver,
}

/// Cuts a list at its commas. A comma between two double quotes belongs to a
/// tag, since a comma is an `etagc`.
fn members(line: &[u8]) -> Vec<Vec<u8>> {
    let mut members = Vec::new();
    let mut member = Vec::new();
    let mut between_quotes = false;
    for &byte in line {
        if byte == b'"' {
            between_quotes = !between_quotes;
        }
        if byte == b',' && !between_quotes {
            members.push(member);
            member = Vec::new();
        } else {
            member.push(byte);
        }
    }
    members.push(member);
    members
}

/// Section 5.6.1.2: `#element => [ element ] *( OWS "," OWS [ element ] )`.
/// "A recipient MUST parse and ignore a reasonable number of empty list
/// elements"; any number is reasonable here.
fn parse_line(line: &[u8], reading: TagReading) -> Option<Vec<Tag>> {
    let mut tags = Vec::new();
    for member in members(line) {
        let member = without_outer_whitespace(&member);
        if member.is_empty() {
            continue;
        }
        let tag = if reading != TagReading::Strict && !member.contains(&b'"') {
            parse_bare_tag(&member)
        } else {
            parse_tag(&member)
        };
        match tag {
            Some(tag) => tags.push(tag),
            None if reading == TagReading::PassingOver && member != b"*" => {}
            // One malformed member makes the whole field malformed.
            None => return None,
        }
    }
    Some(tags)
}

/// Sections 13.1.1 and 13.1.2: `"*" / #entity-tag`, where `lines` are the lines
/// of the field; `None` means malformed.
///
/// Several lines are one list (section 5.3), but every line must be a list on
/// its own: a tag does not run over from one line to the next. No lines at all
/// read like one empty line.
#[must_use]
pub fn parse_tags(lines: &[Vec<u8>], reading: TagReading) -> Option<Tags> {
    let lines: Vec<Vec<u8>> = lines
        .iter()
        .map(|line| without_outer_whitespace(line))
        .collect();

    // `*` is an alternative to the list, so it has to be the entire value.
    if lines == [b"*".to_vec()] {
        return Some(Tags::Any);
    }

    // From here on a `*` is a member, and no member may be `*`.
    let mut tags = Vec::new();
    for line in &lines {
        tags.extend(parse_line(line, reading)?);
    }
    Some(Tags::List(tags))
}

/// Section 8.8.3.2: "two entity tags are equivalent if both are not weak and
/// their opaque-tags match character-by-character".
pub(super) fn strong_comparison(one: &Tag, other: &Tag) -> bool {
    !one.weak && !other.weak && one.opaque == other.opaque
}

/// Section 8.8.3.2: "two entity tags are equivalent if their opaque-tags match
/// character-by-character, regardless of either or both being tagged as "weak"".
pub(super) fn weak_comparison(one: &Tag, other: &Tag) -> bool {
    one.opaque == other.opaque
}
