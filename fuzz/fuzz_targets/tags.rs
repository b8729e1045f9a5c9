//! Entity tags and lists of them (RFC 9110 sections 8.8.3 and 5.6.1): read as the oracle reads
//! them, on one line or on several; written and read back; compared as the oracle compares.
#![no_main]

use std::fmt::Write;

use arbitrary::{Arbitrary, Unstructured};
use http_conditional::{EntityTag, EntityTagBuf, EntityTags, InvalidEntityTag};
use http_conditional_fuzz::bridge::oracle::{self, Tag, Tags};
use http_conditional_fuzz::bridge::owned;
use http_conditional_fuzz::input;
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
        Err(error) => assert!(error.index() <= value.len()),
    }
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
    assert_eq!(EntityTag::strong(bytes).ok().map(owned), expected);
    let weak = expected.map(|tag| Tag { weak: true, ..tag });
    assert_eq!(EntityTag::weak(bytes).ok().map(owned), weak);

    let mut hexadecimal = String::new();
    for byte in bytes {
        write!(hexadecimal, "{byte:02x}").unwrap();
    }
    let mut buffer = vec![0; hexadecimal.len()];
    let tag = EntityTag::from_digest(bytes, &mut buffer).unwrap();
    assert_eq!(
        (tag.opaque(), tag.is_weak()),
        (hexadecimal.as_bytes(), false)
    );
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
        oracle::parse_tags(lines, false).map(Some)
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
