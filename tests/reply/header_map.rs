//! The same on `http::HeaderMap`.

use http::header::{
    CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue,
};
use http::{Method, Response, StatusCode};
use http_conditional::{
    Boundary, ByteRange, Content, ContentInParts, ContentRange, EntityTag, HttpDate, Policy, Reply,
    ReplyPolicy, Representation, ResponseHead, reply, reply_head, reply_in_parts,
};

use super::{Lines, changed};

const POLICY: ReplyPolicy = ReplyPolicy::new();

fn map(lines: Lines) -> HeaderMap {
    let mut map = HeaderMap::new();
    for (name, value) in lines {
        let name = HeaderName::try_from(*name).unwrap();
        map.append(name, HeaderValue::from_str(value).unwrap());
    }
    map
}

fn sorted(lines: impl IntoIterator<Item = (String, String)>) -> Vec<(String, String)> {
    let mut lines: Vec<_> = lines
        .into_iter()
        .map(|(name, value)| (name.to_ascii_lowercase(), value))
        .collect();
    lines.sort();
    lines
}

/// Every field that is known by name, two lines of each, and some that are not.
fn everything() -> Vec<(String, String)> {
    let heads = [
        ResponseHead::NotModified { has_etag: true },
        ResponseHead::Parts { if_range: true },
        ResponseHead::PreconditionFailed,
    ];
    let removed = heads.into_iter().flat_map(ResponseHead::removes);
    let names = removed.chain(["vary", "date", "set-cookie", "x-unknown", "accept-ranges"]);
    let mut names: Vec<_> = names.collect();
    names.sort_unstable();
    names.dedup();
    assert!(names.len() > 20);
    let lines = names
        .iter()
        .flat_map(|name| ["1", "2"].map(|value| ((*name).to_owned(), value.to_owned())));
    lines
        .filter(|(name, _)| name != "etag")
        .chain([("etag".into(), "\"v1\"".into())])
        .collect()
}

/// r4: nothing is done to the map but what the data says.
#[test]
fn the_map_gets_the_changes_and_no_others() {
    let lines = everything();
    let lent: Vec<_> = lines
        .iter()
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .collect();
    for request in [
        &[] as Lines,
        &[("if-none-match", "\"v1\"")],
        &[("if-match", "\"v2\"")],
        &[("range", "bytes=2-3")],
        &[("range", "bytes=2-3"), ("if-range", "\"v1\"")],
        &[("range", "bytes=10-")],
    ] {
        for length in [None, Some(10)] {
            let reply = Reply::new("GET", request, 200, &lent, length, &POLICY);
            let expected = sorted(changed(lines.clone(), reply.changes()));
            let (mut status, mut fields) = (StatusCode::OK, map(&lent));
            let content = reply.apply(&mut status, &mut fields);
            assert_eq!(
                (status.as_u16(), &content),
                (reply.status(), reply.content())
            );
            let fields = fields.iter().map(|(name, value)| {
                (name.as_str().to_owned(), value.to_str().unwrap().to_owned())
            });
            assert_eq!(sorted(fields), expected);
        }
    }
}

#[test]
fn heads_are_applied_to_every_line() {
    let lines = everything();
    let lent: Vec<_> = lines
        .iter()
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .collect();
    for head in [
        ResponseHead::NotModified { has_etag: true },
        ResponseHead::NotModified { has_etag: false },
        ResponseHead::Part { if_range: true },
        ResponseHead::Part { if_range: false },
        ResponseHead::Parts { if_range: true },
        ResponseHead::Parts { if_range: false },
        ResponseHead::PreconditionFailed,
        ResponseHead::RangeNotSatisfiable,
    ] {
        let mut fields = map(&lent);
        head.apply(&mut fields);
        let kept = lent.iter().filter(|(name, _)| head.keeps(name.as_bytes()));
        assert_eq!(fields, map(&kept.copied().collect::<Vec<_>>()));
        let mut removed: Vec<_> = head.removes().collect();
        removed.retain(|name| lent.iter().any(|(other, _)| other == name));
        assert!(removed.iter().all(|name| !head.keeps(name.as_bytes())));
        assert_eq!(head.removes().count(), removed.len());
    }
}

#[test]
fn three_ways_to_ask() {
    let request = map(&[("range", "bytes=2-3")]);
    let ok: Lines = &[("etag", "\"v1\"")];
    let part = ByteRange::new(2, 3).unwrap();

    let mut response = Response::new(());
    *response.headers_mut() = map(ok);
    let content = reply(&Method::GET, &request, &mut response, Some(10), &POLICY);
    assert_eq!(
        (response.status().as_u16(), content),
        (206, Content::Part(part))
    );
    assert_eq!(response.headers()[CONTENT_RANGE], "bytes 2-3/10");
    assert_eq!(content.range(10), Some(2..4));

    let mut fields = map(ok);
    let (status, content) = reply_head(
        "GET",
        &request,
        StatusCode::OK,
        &mut fields,
        Some(10),
        &POLICY,
    );
    assert_eq!((status.as_u16(), content), (206, Content::Part(part)));
    assert_eq!(&fields, response.headers());

    let mut response = Response::new(());
    *response.headers_mut() = map(ok);
    let none = || unreachable!();
    let content = reply_in_parts("GET", &request, &mut response, Some(10), &POLICY, none);
    assert!(matches!(content, ContentInParts::Part(other) if other == part));
    assert_eq!(&fields, response.headers());
}

#[test]
fn parts_outlive_the_request() {
    let mut response = Response::builder()
        .header("content-type", "a/b")
        .body(())
        .unwrap();
    let content = {
        let request = map(&[("range", "bytes=0-1,8-9")]);
        let boundary = || Boundary::new(b"B").unwrap();
        reply_in_parts("GET", &request, &mut response, Some(10), &POLICY, boundary)
    };
    let ContentInParts::Parts(multipart) = content else {
        panic!()
    };
    let length = multipart.content_length().unwrap();
    assert_eq!(response.headers()[CONTENT_LENGTH], length.to_string());
    assert_eq!(
        response.headers()[CONTENT_TYPE],
        "multipart/byteranges; boundary=B"
    );
    assert!(!response.headers().contains_key(CONTENT_RANGE));
}

/// 9110-8.8.2.1-05: with a clock, a date in the future becomes now, in as many lines as a date has.
#[test]
fn a_date_in_the_future_is_set_in_the_map() {
    let now = HttpDate::from_unix(784_111_777).unwrap();
    let policy = POLICY.conditions(Policy::new().now(now));
    let later = "Sun, 06 Nov 1994 08:49:38 GMT";
    for (request, status) in [
        (&[] as Lines, 200),
        (
            &[("if-modified-since", "Sun, 06 Nov 1994 08:49:37 GMT")],
            304,
        ),
        (&[("range", "bytes=0-1")], 206),
    ] {
        let mut fields = map(&[("last-modified", later)]);
        let (answer, _) = reply_head(
            "GET",
            &map(request),
            StatusCode::OK,
            &mut fields,
            Some(10),
            &policy,
        );
        assert_eq!(answer, status);
        let dates: Vec<_> = fields.get_all("last-modified").iter().collect();
        assert_eq!(dates, ["Sun, 06 Nov 1994 08:49:37 GMT"]);
    }
}

/// As many fields as a map can have.
fn full(with: Lines) -> HeaderMap {
    let mut fields = map(with);
    for number in 0.. {
        let name = HeaderName::try_from(format!("x-{number}")).unwrap();
        if fields
            .try_insert(name, HeaderValue::from_static(""))
            .is_err()
        {
            break;
        }
    }
    assert!(
        fields
            .try_insert("x", HeaderValue::from_static(""))
            .is_err()
    );
    fields
}

/// No call panics where the map has no room; a part that could not say what it is is not sent.
#[test]
fn a_full_map() {
    let range = map(&[("range", "bytes=2-3")]);
    let ranges = map(&[("range", "bytes=0-1,8-9")]);
    let beyond = map(&[("range", "bytes=10-")]);
    let matching = map(&[("if-none-match", "*")]);
    let boundary = || Boundary::new(b"B").unwrap();

    let before = full(&[("etag", "\"v1\"")]);
    let respond = |request| {
        let mut response = Response::new(());
        *response.headers_mut() = before.clone();
        let content = reply("GET", request, &mut response, Some(10), &POLICY);
        (
            response.status().as_u16(),
            content,
            response.headers().len(),
        )
    };
    assert_eq!(respond(&range), (200, Content::Whole, before.len()));
    assert_eq!(respond(&beyond), (416, Content::None, before.len()));
    assert_eq!(respond(&matching), (304, Content::None, before.len()));

    // There is no room for Content-Type, though one field goes.
    let before = full(&[("content-length", "10")]);
    let mut response = Response::new(());
    *response.headers_mut() = before.clone();
    let content = reply_in_parts("GET", &ranges, &mut response, Some(10), &POLICY, boundary);
    assert!(matches!(content, ContentInParts::Whole));
    assert_eq!(
        (response.status(), response.headers()),
        (StatusCode::OK, &before)
    );

    // It takes the place of the other, and so does Content-Length.
    let mut response = Response::new(());
    *response.headers_mut() = full(&[("content-type", "a/b"), ("content-length", "10")]);
    let content = reply_in_parts("GET", &ranges, &mut response, Some(10), &POLICY, boundary);
    let ContentInParts::Parts(multipart) = content else {
        panic!()
    };
    let length = multipart.content_length().unwrap();
    assert_eq!(response.status(), 206);
    assert_eq!(
        response.headers()[CONTENT_TYPE],
        "multipart/byteranges; boundary=B"
    );
    assert_eq!(response.headers()[CONTENT_LENGTH], length.to_string());

    // A length that would be wrong does not stay.
    let mut response = Response::new(());
    let twice: Lines = &[
        ("content-range", "x"),
        ("content-length", "10"),
        ("content-length", "10"),
    ];
    *response.headers_mut() = full(twice);
    let content = reply("GET", &range, &mut response, Some(10), &POLICY);
    assert!(matches!(content, Content::Part(_)));
    assert_eq!(response.headers()[CONTENT_RANGE], "bytes 2-3/10");
    assert_eq!(response.headers().get(CONTENT_LENGTH), None);
}

#[test]
fn values() {
    let date = HttpDate::from_unix(784_111_777).unwrap();
    assert_eq!(HeaderValue::from(date), "Sun, 06 Nov 1994 08:49:37 GMT");
    assert_eq!(HeaderValue::from(ContentRange::unsatisfied(5)), "bytes */5");
    let opaque: Vec<u8> = (0..=255)
        .filter(|&byte| EntityTag::strong(&[byte]).is_ok())
        .collect();
    assert_eq!(opaque.len(), 256 - 33 - 2);
    for tag in [EntityTag::strong(&opaque), EntityTag::weak(&opaque)] {
        let tag = tag.unwrap();
        let value = HeaderValue::from(tag);
        let mut buffer = [0; 300];
        assert_eq!(value.as_bytes(), tag.encode(&mut buffer).unwrap());
        let mut fields = Representation::current().etag(tag).fields();
        let (name, field) = fields.next().unwrap();
        assert_eq!((name, HeaderValue::from(field)), ("etag", value));
        assert!(fields.next().is_none());
    }
}
