//! 9110-14.6, 9110-15.3.7.2: several parts in one response.

use http_conditional::{
    Boundary, ByteRange, ContentInParts, Multipart, Part, Piece, RangePolicy, Reply, ReplyParts,
    ReplyPolicy,
};

use super::{Lines, changed, written};

const DATA: &[u8] = b"0123456789";
const OK: Lines = &[
    ("Content-Type", "text/plain"),
    ("ETag", "\"v1\""),
    ("Vary", "a"),
    ("Vary", "b"),
];

fn boundary() -> Boundary {
    Boundary::new(b"SEPARATOR").unwrap()
}

/// All the bytes; and how many were promised.
fn sent<P, T>(mut multipart: Multipart<P, T>) -> Vec<u8>
where
    P: Iterator<Item = Part> + Clone,
    T: AsRef<[u8]>,
{
    let length = multipart.content_length();
    let mut sent = Vec::new();
    while let Some(piece) = multipart.next_piece() {
        // It stays what it was.
        sent.extend_from_slice(match piece {
            Piece::Framing(bytes) => bytes,
            Piece::Content(range) => range.of(DATA).unwrap(),
        });
    }
    assert_eq!(multipart.next_piece(), None);
    assert_eq!(multipart.content_length(), length);
    assert_eq!(length, Some(sent.len() as u64));
    sent
}

fn respond<'r>(
    request: &'r [(&'r str, &'r str)],
    policy: &ReplyPolicy,
) -> Reply<ContentInParts<Multipart<ReplyParts<'r>, &'static str>>> {
    Reply::in_parts("GET", request, 200, OK, Some(10), policy, |parts| {
        Multipart::new(parts, Some("text/plain"), boundary())
    })
}

#[test]
fn the_parts_in_the_order_requested() {
    let request: Lines = &[("Range", "bytes=7-, 0-1")];
    let reply = respond(request, &ReplyPolicy::new());
    assert_eq!(reply.status(), 206);
    let lines = OK
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let lines = changed(lines.collect(), reply.changes());
    let ContentInParts::Parts(multipart) = reply.into_content() else {
        panic!("not in parts");
    };
    let sent = sent(multipart);
    assert_eq!(
        written(&lines),
        [
            "ETag: \"v1\"".to_owned(),
            "Vary: a".to_owned(),
            "Vary: b".to_owned(),
            "content-type: multipart/byteranges; boundary=SEPARATOR".to_owned(),
            format!("content-length: {}", sent.len()),
        ]
    );
    assert_eq!(
        String::from_utf8(sent).unwrap(),
        "--SEPARATOR\r\nContent-Range: bytes 7-9/10\r\nContent-Type: text/plain\r\n\r\n789\
         \r\n--SEPARATOR\r\nContent-Range: bytes 0-1/10\r\nContent-Type: text/plain\r\n\r\n01\
         \r\n--SEPARATOR--\r\n"
    );
}

/// 9110-15.3.7.2: with If-Range the representation's metadata is left out, but Content-Type is
/// that of the multipart.
#[test]
fn with_if_range() {
    let request: Lines = &[("Range", "bytes=7-, 0-1"), ("If-Range", "\"v1\"")];
    let reply = respond(request, &ReplyPolicy::new());
    let lines = changed(
        vec![("content-type".into(), "text/plain".into())],
        reply.changes(),
    );
    assert_eq!(lines[0].1, "multipart/byteranges; boundary=SEPARATOR");
}

#[test]
fn a_boundary_is_asked_for_only_where_there_are_parts() {
    for value in [
        "bytes=0-1",
        "bytes=0-1,10-",
        "bytes=10-",
        "bytes=a",
        "bytes=0-,0-",
        "x=0-1,3-4",
    ] {
        let request = [("Range", value)];
        let reply = Reply::in_parts(
            "GET",
            request,
            200,
            OK,
            Some(10),
            &ReplyPolicy::new(),
            |_| unreachable!("{value}"),
        );
        let _: &ContentInParts<Multipart<std::vec::IntoIter<Part>, &str>> = reply.content();
    }
}

#[test]
fn one_part_is_no_multipart() {
    let merged = ReplyPolicy::new().coalescing(80);
    for (value, policy) in [("bytes=2-3", ReplyPolicy::new()), ("bytes=2-2,3-3", merged)] {
        let request = [("Range", value)];
        let reply = respond(&request, &policy);
        let range = ByteRange::new(2, 3).unwrap();
        assert!(matches!(reply.content(), ContentInParts::Part(part) if *part == range));
        assert_eq!(reply.status(), 206);
    }
}

#[test]
fn parts_that_are_near_each_other_are_merged_by_choice() {
    let ranges = |value, gap| {
        let request = [("Range", value)];
        let policy = ReplyPolicy::new()
            .coalescing(gap)
            .ranges(RangePolicy::new().max_reversals(9));
        match respond(&request, &policy).into_content() {
            ContentInParts::Parts(mut multipart) => {
                let mut ranges = Vec::new();
                while let Some(piece) = multipart.next_piece() {
                    if let Piece::Content(range) = piece {
                        ranges.push((range.first(), range.last()));
                    }
                }
                ranges
            }
            ContentInParts::Part(range) => vec![(range.first(), range.last())],
            _ => Vec::new(),
        }
    };
    assert_eq!(ranges("bytes=0-0,2-2,5-5,6-6", 0), [(0, 0), (2, 2), (5, 6)]);
    assert_eq!(ranges("bytes=0-0,2-2,5-5,6-6", 1), [(0, 2), (5, 6)]);
    assert_eq!(ranges("bytes=0-0,2-2,5-5,6-6", 2), [(0, 6)]);
    // Out of order: only what follows each other.
    assert_eq!(ranges("bytes=0-0,5-5,1-1", 0), [(0, 0), (5, 5), (1, 1)]);
    assert_eq!(ranges("bytes=5-5,4-4,3-3,0-0", 0), [(3, 5), (0, 0)]);
}

#[test]
fn only_if_shorter() {
    let request = [("Range", "bytes=0-0,9-9")];
    let status = |length, policy: &ReplyPolicy| {
        let reply = Reply::in_parts("GET", request, 200, OK, Some(length), policy, |parts| {
            Multipart::new(parts, None::<&str>, boundary())
        });
        match reply.content() {
            ContentInParts::Whole => assert_eq!(reply.status(), 200),
            ContentInParts::Parts(_) => assert_eq!(reply.status(), 206),
            other => panic!("{other:?}"),
        }
        reply.status()
    };
    let policy = ReplyPolicy::new();
    let parts = policy.only_if_shorter();
    assert_eq!((status(10, &policy), status(10, &parts)), (206, 200));
    // Two heads with numbers of three digits, 1 byte each, and the end: 119 bytes.
    let two_parts = 2 * ("--SEPARATOR\r\nContent-Range: bytes 0-0/119\r\n\r\n".len() + 1 + 2)
        + "--SEPARATOR--\r\n".len();
    let whole = two_parts as u64;
    assert_eq!(whole.to_string().len(), 3);
    assert_eq!(
        (status(whole, &parts), status(whole + 1, &parts)),
        (200, 206)
    );
}

/// What would let another field in, or end the fields, is left out.
#[test]
fn a_media_type_is_a_field_value() {
    for (media_type, is_sent) in [
        ("text/html; charset=utf-8", true),
        ("text/\thtml", true),
        ("text/html\r\nSet-Cookie: a", false),
        ("text/html\n", false),
        ("\0", false),
        ("\x7f", false),
    ] {
        let multipart = Multipart::new(std::iter::empty(), Some(media_type), boundary());
        assert_eq!(sent(multipart), b"--SEPARATOR--\r\n");
        let parts = parts("bytes=0-0,2-2");
        let multipart = Multipart::new(parts.into_iter(), Some(media_type), boundary());
        let text = String::from_utf8(sent(multipart)).unwrap();
        assert_eq!(text.contains(media_type), is_sent, "{media_type:?}");
        assert_eq!(
            text.matches("Content-Type").count(),
            if is_sent { 2 } else { 0 }
        );
    }
    // Longer than any buffer in here.
    let length = |media_type: &str| {
        let parts = parts("bytes=0-0,2-2").into_iter();
        sent(Multipart::new(parts, Some(media_type), boundary())).len()
    };
    assert_eq!(length(&"x".repeat(1000)), length("x") + 2 * 999);
}

fn parts(value: &str) -> Vec<Part> {
    use http_conditional::{Decision, RangeResponse};
    match RangeResponse::new(Decision::Perform, Some(value.as_bytes()), 10) {
        RangeResponse::Parts(parts) => parts.collect(),
        other => panic!("{other:?}"),
    }
}

/// 64 bits are not enough for it: the whole goes out.
#[test]
fn lengths_that_are_no_u64() {
    let request = [("Range", "bytes=0-9223372036854775806,9223372036854775807-")];
    for (length, status) in [(u64::MAX, 200), (u64::MAX - 1000, 206)] {
        let reply = Reply::in_parts(
            "GET",
            request,
            200,
            OK,
            Some(length),
            &ReplyPolicy::new(),
            |parts| {
                let multipart = Multipart::new(parts, None::<&str>, boundary());
                assert_eq!(multipart.content_length().is_some(), status == 206);
                multipart
            },
        );
        assert_eq!(reply.status(), status);
    }
}

/// The length is the sum of all that is sent, or none where that is no `u64`: whichever piece is the
/// one too many.
#[test]
fn every_sum_of_lengths_is_checked() {
    let part = |first: u64, last: u64| {
        use http_conditional::{Decision, RangeResponse};
        let value = format!("bytes={first}-{last}");
        match RangeResponse::new(Decision::Perform, Some(value.as_bytes()), u64::MAX) {
            RangeResponse::Part(part) => part,
            other => panic!("{other:?}"),
        }
    };
    let framing = |part: Part| {
        let content_range = part.content_range();
        format!("\r\n--SEPARATOR\r\nContent-Range: {content_range}\r\n\r\n").len() as u128
    };
    let mut some = 0;
    for less in 0..300 {
        let parts = [part(1, u64::MAX - 1 - less), part(0, 9)];
        let sum = parts.map(|part| framing(part) + u128::from(part.range().len()));
        // No line end before the first, and the end.
        let sum = sum[0] + sum[1] - 2 + "\r\n--SEPARATOR--\r\n".len() as u128;
        let multipart = Multipart::new(parts.into_iter(), None::<&str>, boundary());
        assert_eq!(
            multipart.content_length(),
            u64::try_from(sum).ok(),
            "{less}"
        );
        some += u32::from(multipart.content_length().is_some());
    }
    assert!(some > 0 && some < 300);
}

/// The head of a part fits into its place, however long its boundary and its numbers are.
#[test]
fn the_longest_head_fits() {
    use http_conditional::{Decision, RangeResponse};
    let value = format!("bytes={}-{}", u64::MAX - 2, u64::MAX - 1);
    let decided = RangeResponse::new(Decision::Perform, Some(value.as_bytes()), u64::MAX);
    let RangeResponse::Part(part) = decided else {
        panic!("{decided:?}");
    };
    let boundary = "b".repeat(70);
    let longest = Boundary::new(boundary.as_bytes()).unwrap();
    let mut multipart = Multipart::new([part, part].into_iter(), Some("text/plain"), longest);
    let mut framing = String::new();
    while let Some(piece) = multipart.next_piece() {
        if let Piece::Framing(bytes) = piece {
            framing.push_str(std::str::from_utf8(bytes).unwrap());
        }
    }
    let range = part.content_range();
    let head =
        format!("--{boundary}\r\nContent-Range: {range}\r\nContent-Type: text/plain\r\n\r\n");
    assert_eq!(framing, format!("{head}\r\n{head}\r\n--{boundary}--\r\n"));
}

/// RFC 2046 section 5.1.1.
#[test]
fn boundaries() {
    let longest = "a".repeat(70);
    for (bytes, content_type) in [
        ("a", "boundary=a"),
        (longest.as_str(), &format!("boundary={longest}")),
        ("'+_-.09azAZ", "boundary='+_-.09azAZ"),
        ("a b", "boundary=\"a b\""),
        ("(),/:=?", "boundary=\"(),/:=?\""),
    ] {
        let boundary = Boundary::new(bytes.as_bytes()).unwrap();
        assert_eq!(boundary.as_bytes(), bytes.as_bytes());
        let multipart = Multipart::new(std::iter::empty(), None::<&str>, boundary);
        let expected = format!("multipart/byteranges; {content_type}");
        assert_eq!(multipart.content_type().to_string(), expected);
        let mut buffer = [0; http_conditional::FieldValue::MAX_LEN];
        let encoded = multipart.content_type().encode(&mut buffer).unwrap();
        assert_eq!(encoded, expected.as_bytes());
    }
    let too_long = "a".repeat(71);
    for bytes in [
        "", " ", "a ", "a\"", "a\\", "a;", "a\r\n", "\u{e9}", "*", "{", &too_long,
    ] {
        assert!(Boundary::new(bytes.as_bytes()).is_none(), "{bytes:?}");
    }
    assert!(Boundary::new(&[b'a'; 300]).is_none());
    let random = Boundary::from_random(0x0123_4567_89ab_cdef_fedc_ba98_7654_3210);
    assert_eq!(random.as_bytes(), b"0123456789abcdeffedcba9876543210");
    let random = Boundary::from_random(u128::MAX - 5);
    assert_eq!(random.as_bytes(), b"fffffffffffffffffffffffffffffffa");
    assert_eq!(Boundary::new(random.as_bytes()), Some(random));
    assert_eq!(
        format!("{random:?}"),
        "Boundary(fffffffffffffffffffffffffffffffa)"
    );
}

/// One loop sends whatever the content is: several parts are the pieces of the multipart.
#[test]
fn content_in_parts_is_sent_piece_by_piece() {
    let multipart = || Multipart::new(parts("bytes=0-1,8-9").into_iter(), Some("a/b"), boundary());
    let mut content = ContentInParts::Parts(multipart());
    let mut pieces = Vec::new();
    while let Some(piece) = content.next_piece(10) {
        pieces.extend_from_slice(match piece {
            Piece::Framing(bytes) => bytes,
            Piece::Content(range) => range.of(DATA).unwrap(),
        });
    }
    assert_eq!(content.next_piece(10), None);
    assert_eq!(pieces, sent(multipart()));

    let whole = ByteRange::new(0, 9).unwrap();
    for (content, length, expected) in [
        (ContentInParts::None, 10, None),
        (ContentInParts::Head, 10, None),
        (ContentInParts::Whole, 10, Some(whole)),
        (ContentInParts::Whole, 0, None),
    ] {
        let mut content: ContentInParts<Multipart<std::vec::IntoIter<Part>, &str>> = content;
        assert_eq!(content.next_piece(length), expected.map(Piece::Content));
        assert_eq!(content.next_piece(length), None);
    }
}

/// In a log it says what it is about, and no more of the parts than what comes next.
#[test]
fn a_multipart_is_shown() {
    let mut multipart = Multipart::new(parts("bytes=0-1,8-9").into_iter(), Some("a/b"), boundary());
    let length = multipart.content_length().unwrap();
    let shown = format!("{multipart:?}");
    assert!(shown.contains("Boundary(SEPARATOR)"), "{shown}");
    assert!(shown.contains(&length.to_string()), "{shown}");
    assert!(multipart.next_piece().is_some());
    assert_ne!(format!("{multipart:?}"), shown);
}

/// What goes out of content in memory, and by places.
#[test]
fn content_of_a_part() {
    use http_conditional::Content;
    let range = ByteRange::new(2, 4).unwrap();
    let part = Content::Part(range);
    for (content, places, bytes) in [
        (Content::None, None, &b""[..]),
        (Content::Head, None, DATA),
        (Content::Whole, Some(0..10), DATA),
        (part, Some(2..5), b"234"),
    ] {
        assert_eq!(content.range(10), places);
        assert_eq!(content.of(DATA), bytes);
    }
    let outside = ByteRange::new(8, 10).unwrap();
    assert_eq!(Content::Part(outside).of(DATA), b"");

    let mut part: ContentInParts<Multipart<std::vec::IntoIter<Part>, &str>> =
        ContentInParts::Part(range);
    assert_eq!(part.next_piece(10), Some(Piece::Content(range)));
    assert_eq!(part.next_piece(10), None);
}
