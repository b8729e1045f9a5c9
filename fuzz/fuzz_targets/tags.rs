//! Entity tags and lists of them (RFC 9110 sections 8.8.3 and 5.6.1): read as the oracle reads
//! them, on one line or on several; written and read back; compared as the oracle compares; made
//! of a digest in full or not at all.
#![no_main]

use std::fmt::Write;

use arbitrary::{Arbitrary, Unstructured};
use http_conditional::{
    BufferTooSmall, EntityTag, EntityTagBuf, EntityTags, InvalidEntityTag, InvalidEntityTagKind,
};
use http_conditional_fuzz::against_oracle::oracle::{self, Tag, TagReading, Tags};
use http_conditional_fuzz::against_oracle::owned;
use http_conditional_fuzz::input;
use http_conditional_fuzz::range::without_ows;
use libfuzzer_sys::fuzz_target;

#[derive(Debug)]
struct Input {
    size: u64,
    seconds: i64,
    nanoseconds: u32,
    lines: Vec<Vec<u8>>,
}

impl<'a> Arbitrary<'a> for Input {
    fn arbitrary(u: &mut Unstructured<'a>) -> arbitrary::Result<Self> {
        Ok(Self {
            size: Arbitrary::arbitrary(u)?,
            seconds: Arbitrary::arbitrary(u)?,
            nanoseconds: Arbitrary::arbitrary(u)?,
            lines: input::text(u, b"\"\"\"\"\",,, \t\nW/*a\\\xe9\x7f")?
                .split(|&byte| byte == b'\n')
                .take(6)
                .map(<[u8]>::to_vec)
                .collect(),
        })
    }
}

fuzz_target!(|input: Input| {
    for line in &input.lines {
        reads_one_tag(line);
        makes_tags_of(line);
        makes_tag_of_digest(line);
        compares_at_every_place(line, input.size.to_le_bytes()[0] & 0x80);
        reads_list(std::slice::from_ref(line));
    }
    reads_list(&input.lines);
    reads_list(&[]);
    is_made_of_size_and_time(&input);
});

fn reads_one_tag(value: &[u8]) {
    let seen = EntityTag::parse(value);
    assert_eq!(seen.ok().map(owned), oracle::parse_tag(value));
    match seen {
        Ok(tag) => reads_back(tag),
        Err(error) => is_wrong_there(value, error),
    }
}

/// What is read from the front is wrong from where no tag goes on like that. Where a tag does not
/// even begin, it is only known that it does not.
fn is_wrong_there(value: &[u8], error: InvalidEntityTag) {
    assert!(error.index() <= value.len());
    let is_ows = |byte: &&u8| matches!(byte, b' ' | b'\t');
    let before = value.iter().take_while(is_ows).count();
    let value = without_ows(value);
    let error_at = error.index() - before;
    if !value.starts_with(b"\"") && !value.starts_with(b"W/\"") {
        assert_eq!(error.kind(), InvalidEntityTagKind::OpeningQuote);
        return;
    }
    let opened = if value.starts_with(b"W") { 3 } else { 1 };
    let stop = value[opened..].iter().position(|&byte| !is_in_tags(byte));
    let (kind, index) = match stop.map(|stop| opened + stop) {
        None => (InvalidEntityTagKind::ClosingQuote, value.len()),
        Some(quote) if value[quote] == b'"' => (InvalidEntityTagKind::End, quote + 1),
        Some(other) => (InvalidEntityTagKind::Character, other),
    };
    assert_eq!((error.kind(), error_at), (kind, index));
}

fn is_in_tags(byte: u8) -> bool {
    oracle::parse_tag(&[b'"', byte, b'"']).is_some()
}

fn reads_back(tag: EntityTag<'_>) {
    let mut buffer = vec![0; tag.encoded_len()];
    let written = tag.encode(&mut buffer).unwrap();
    assert_eq!(oracle::parse_tag(written), Some(owned(tag)));
    assert_eq!(owned(EntityTag::parse(written).unwrap()), owned(tag));
    if let Ok(text) = str::from_utf8(written) {
        assert_eq!(tag.to_string(), text);
    }
    let needed = tag.encode(&mut vec![0; written.len() - 1]).unwrap_err();
    assert_eq!(needed.needed(), written.len());

    match EntityTagBuf::<8>::try_from(tag) {
        Ok(stored) => assert_eq!(owned(stored.as_tag()), owned(tag)),
        Err(error) => assert!(tag.opaque().len() > 8 && error.needed() == tag.opaque().len()),
    }
}

/// These bytes as an opaque tag, and as a digest.
fn makes_tags_of(bytes: &[u8]) {
    let in_quotes = [b"\"", bytes, b"\""].concat();
    let expected = oracle::parse_tag(&in_quotes);
    let seen = EntityTag::strong(bytes);
    assert_eq!(seen.ok().map(owned), expected);
    if let Err(error) = seen {
        let first = bytes.iter().position(|&byte| !is_in_tags(byte));
        assert_eq!(error.kind(), InvalidEntityTagKind::Character);
        assert_eq!(Some(error.index()), first);
    }
    let weak = expected.map(|tag| Tag { weak: true, ..tag });
    assert_eq!(EntityTag::weak(bytes).ok().map(owned), weak);
}

/// Two digits a byte, and none left out, whatever the buffer.
fn makes_tag_of_digest(digest: &[u8]) {
    let mut opaque = String::new();
    for byte in digest {
        write!(opaque, "{byte:02x}").unwrap();
    }
    let opaque = opaque.into_bytes();
    let expected = |room: usize| {
        let is_enough = opaque.len() <= room;
        let tag = is_enough.then(|| Tag {
            weak: false,
            opaque: opaque.clone(),
        });
        tag.ok_or(opaque.len())
    };
    let lengths = [0, 1, opaque.len() / 2, opaque.len().saturating_sub(1)];
    for room in lengths.into_iter().chain(opaque.len()..opaque.len() + 3) {
        let mut buffer = vec![b'"'; room];
        let seen = EntityTag::from_digest(digest, &mut buffer).map(owned);
        assert_eq!(seen.map_err(BufferTooSmall::needed), expected(room));
    }
    assert_eq!(stores_digest::<0>(digest), expected(0));
    assert_eq!(stores_digest::<7>(digest), expected(7));
    assert_eq!(stores_digest::<8>(digest), expected(8));
}

fn stores_digest<const N: usize>(digest: &[u8]) -> Result<Tag, usize> {
    let stored = EntityTagBuf::<N>::from_digest(digest);
    let tag = stored.map(|stored| owned(stored.as_tag()));
    tag.map_err(BufferTooSmall::needed)
}

/// A tag with what is longer by a byte, shorter, or has another byte at one place: three words of
/// it, as more of them take time.
fn compares_at_every_place(bytes: &[u8], high_bit: u8) {
    let mut opaque = bytes.to_vec();
    opaque.retain(|&byte| is_in_tags(byte));
    opaque.truncate(24);
    let tag = |opaque: &[u8]| Tag {
        weak: false,
        opaque: opaque.to_vec(),
    };
    let one = tag(&opaque);
    compares(&[one.clone(), tag(&[&opaque[..], b"a"].concat())]);
    for at in 0..opaque.len() {
        let mut other = opaque.clone();
        other[at] = (b'b' + opaque[at] % 8) | high_bit; // no byte becomes itself
        compares(&[one.clone(), tag(&other), tag(&other[..at])]);
    }
}

fn is_made_of_size_and_time(input: &Input) {
    let mut buffer = [0; EntityTag::SIZE_AND_MODIFIED_LEN];
    let (size, seconds, nanoseconds) = (input.size, input.seconds, input.nanoseconds);
    let tag = EntityTag::from_size_and_modified(size, seconds, nanoseconds, &mut buffer);
    let expected = format!("W/\"{size:x}-{seconds:x}-{nanoseconds:x}\"");
    assert_eq!(tag.to_string(), expected);
}

fn read(lines: &[Vec<u8>]) -> Result<Option<Tags>, InvalidEntityTag> {
    Ok(EntityTags::from_lines(lines)?.map(|tags| match tags {
        EntityTags::Any => Tags::Any,
        EntityTags::List(tags) => Tags::List(tags.map(owned).collect()),
    }))
}

fn reads_list(lines: &[Vec<u8>]) {
    let seen = read(lines);
    let expected = if lines.is_empty() {
        Some(None)
    } else {
        oracle::parse_tags(lines, TagReading::Strict).map(Some)
    };
    assert_eq!(seen.as_ref().ok(), expected.as_ref());
    if let Err(error) = seen {
        assert!(lines.iter().any(|line| error.index() <= line.len()));
    }
    if let [line] = lines {
        let alone = EntityTags::parse(line).map(|tags| match tags {
            EntityTags::Any => Tags::Any,
            EntityTags::List(tags) => Tags::List(tags.map(owned).collect()),
        });
        assert_eq!(alone.map(Some), seen);
    }
    // Where a list is cut into lines makes no difference (section 5.3).
    let split = lines.iter().flat_map(|line| input::split_at_commas(line));
    let split: Vec<_> = split.collect();
    assert_eq!(read(&split).ok(), expected);
    if let Ok(Some(Tags::List(tags))) = seen {
        list_reads_back(&tags);
        compares(&tags);
    }
}

fn list_reads_back(tags: &[Tag]) {
    let values: Vec<Vec<u8>> = tags.iter().map(input::tag_value).collect();
    let value = values.join(&b", "[..]);
    assert_eq!(read(&[value]), Ok(Some(Tags::List(tags.to_vec()))));
}

/// Section 8.8.3.2, of each tag with its neighbours.
fn compares(tags: &[Tag]) {
    for pair in tags.windows(2).chain(tags.windows(1)) {
        let (one, other) = (&pair[0], &pair[pair.len() - 1]);
        let (left, right) = (input::tag_value(one), input::tag_value(other));
        let left = EntityTag::parse(&left).unwrap();
        let right = EntityTag::parse(&right).unwrap();
        let same = one.opaque == other.opaque;
        assert_eq!(left.weak_eq(right), same);
        assert_eq!(left.strong_eq(right), same && !one.weak && !other.weak);
    }
}
