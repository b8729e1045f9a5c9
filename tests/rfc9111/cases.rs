//! Inputs that went wrong in 0.1.0, each for its whole kind.

use http_conditional::cache::{
    self, AfterNotModified, Answer, Evaluation, SelectionRequest, ValidationRequest, combine,
    evaluate, select_for_update,
};
use http_conditional::{Field, Method, RangePolicy};

use super::*;

fn get(stored: Response<'_>, asked: &str) -> String {
    sent(&evaluate("GET", Some(stored), [("Range", asked)]))
}

/// c1, 9111-3.3-05, 9111-3.3-06: where the policy does not permit the ranges that are asked for, an
/// incomplete response is no whole that could be sent instead.
#[test]
fn ranges_that_are_not_permitted_do_not_make_a_part_the_whole() {
    let parts = [range(0, 99)];
    let stored = tagged("\"a\"").parts(&parts).complete_length(1000);
    let many = (0..17).map(|at| format!("{}-{}", at * 3, at * 3 + 1));
    let many = format!("bytes={}", many.collect::<Vec<_>>().join(","));
    for asked in ["bytes=20-29,10-19,0-9", &many, "bytes=0-99,0-99,0-99"] {
        assert_eq!(get(stored, asked), "forward", "{asked}");
        assert!(!stored.covers(Some(asked.as_bytes())), "{asked}");
        // So nothing is asked about it either: its 304 would be of no use.
        let request = ValidationRequest::new(stored).for_range(Some(asked.as_bytes()));
        assert_eq!(request.fields().len(), 0, "{asked}");
    }
    // What is complete is sent as a whole.
    let complete = tagged("\"a\"").complete_length(1000);
    assert_eq!(get(complete, "bytes=20-29,10-19,0-9"), "200");
    assert_eq!(get(complete, &many), "200");

    // A policy that permits them has them sent, and the question asked.
    let policy = RangePolicy::new().max_reversals(2);
    let asked = "bytes=20-29,10-19,0-9";
    let mut evaluation = Evaluation::new(Method::Get, Some(stored)).range_policy(policy);
    evaluation.field(b"Range", asked.as_bytes());
    assert_eq!(
        sent(&evaluation.answer()),
        "206 bytes 20-29/1000, bytes 10-19/1000, bytes 0-9/1000"
    );
    let request = ValidationRequest::new(stored).for_range(Some(asked.as_bytes()));
    assert_eq!(request.range_policy(policy).fields().len(), 1);
}

/// c2, 9111-3.3-05: parts are merged over what is stored between them, and over nothing else.
#[test]
fn merging_makes_up_no_byte() {
    let parts = [range(0, 9), range(50, 59)];
    let stored = Response::new(206).parts(&parts).complete_length(100);
    let merged = |stored, asked: &'static str, places: usize| {
        let mut lent = [ByteRange::default(); 16];
        let answer = evaluate("GET", Some(stored), [("Range", asked)]);
        sent(&answer.coalesce(80, &mut lent[..places]))
    };
    assert_eq!(
        merged(stored, "bytes=0-9,50-59", 16),
        "206 bytes 0-9/100, bytes 50-59/100"
    );
    assert_eq!(
        merged(stored, "bytes=0-1,8-9,50-59", 16),
        "206 bytes 0-9/100, bytes 50-59/100"
    );
    assert_eq!(merged(stored, "bytes=0-1,8-9", 16), "206 bytes 0-9/100");
    // Where there is no room, they stay as they are.
    assert_eq!(
        merged(stored, "bytes=0-9,50-59", 1),
        "206 bytes 0-9/100, bytes 50-59/100"
    );
    let complete = Response::new(200).complete_length(100);
    assert_eq!(
        merged(complete, "bytes=0-9,50-59", 16),
        "206 bytes 0-59/100"
    );
    // Nor does a complete length come of nothing.
    let unknown = Response::new(206).parts(&parts);
    assert_eq!(merged(unknown, "bytes=1-2", 16), "206 bytes 1-2/*");
    assert_eq!(get(unknown, "bytes=-1"), "forward");
    assert_eq!(get(unknown, "bytes=55-"), "forward");
}

/// c3, 9111-3.4-01, 9110-15.3.7.3-01: all parts have one strong validator in common, and no two of
/// them disagree about the length.
#[test]
fn nothing_is_combined_without_one_validator_and_one_length() {
    let part = |length: Option<u64>| {
        let part = Response::new(206).etag(EntityTag::from_static("\"a\""));
        length.map_or(part, |length| part.complete_length(length))
    };
    let parts = [part(Some(10)), part(None), part(Some(11))];
    for at in 0..3 {
        let others: Vec<_> = (0..3).filter(|&other| other != at).collect();
        let stored = others.iter().map(|&other| parts[other]);
        assert!(combine(parts[at], stored).is_none(), "{at}");
    }
    let agreed = combine(part(None), [part(Some(10)), part(None)]).unwrap();
    assert_eq!(agreed.places().collect::<Vec<_>>(), [0, 1]);
    assert_eq!(agreed.complete_length(), Some(10));

    // By the tag here and by the date there: what is alike by one of them is.
    let dated = strongly_modified();
    let both = dated.etag(EntityTag::from_static("\"a\""));
    let places = |new, stored: &[Response<'_>]| -> Option<Vec<usize>> {
        let combination = combine(new, stored.iter().copied())?;
        Some(combination.places().collect())
    };
    assert_eq!(places(both, &[part(None), dated]), Some(vec![0]));
    assert_eq!(places(both, &[dated]), Some(vec![0]));
    // Two tags under one date: nobody knows which of the two it is.
    let other = dated.etag(EntityTag::from_static("\"b\""));
    assert_eq!(places(dated, &[both, other]), None);
    // What is compressed, and what is not.
    let weak = dated.etag(EntityTag::from_static("W/\"a\""));
    assert_eq!(places(weak, &[both]), None);
    assert_eq!(places(weak, &[weak]), Some(vec![0]));
}

/// c4, 9111-4.3.4-05, 9110-15.4.5-02: a 304 that names no validator, where one response was asked
/// about: it is current, and is not updated.
#[test]
fn a_304_without_a_validator_is_no_wasted_question() {
    let bare = Response::new(304).date(date(T + 99));
    for stored in [
        tagged("\"a\""),
        tagged("W/\"a\""),
        modified(),
        strongly_modified(),
    ] {
        let request = ValidationRequest::new(stored);
        assert_eq!(
            request.after_not_modified(bare),
            AfterNotModified::ReuseAsIs(0)
        );
        assert_eq!(select_for_update(bare, [stored]).count(), 0);
    }
    // Its Last-Modified says nothing of a response that has none, and rules out another.
    let dated = bare.last_modified(date(T));
    let after =
        |stored, not_modified| ValidationRequest::new(stored).after_not_modified(not_modified);
    assert_eq!(
        after(tagged("\"a\""), dated),
        AfterNotModified::ReuseAsIs(0)
    );
    assert_eq!(after(modified(), dated), AfterNotModified::Reuse(0));
    let other = bare.last_modified(date(T + 1));
    assert_eq!(after(modified(), other), AfterNotModified::Retry);

    // It may be about either of two.
    let two = [tagged("\"a\""), tagged("\"b\"")];
    let request = ValidationRequest::of(&two);
    assert_eq!(request.after_not_modified(bare), AfterNotModified::Retry);
    // Nothing was asked.
    let parts = [range(0, 4)];
    let partial = tagged("\"a\"").parts(&parts);
    assert_eq!(after(partial, bare), AfterNotModified::Retry);
    let ranged = ValidationRequest::new(strongly_modified()).for_range(Some(b"bytes=0-1"));
    assert_eq!(ranged.after_not_modified(bare), AfterNotModified::Retry);
    // With the client's own tags in the list, it may be about those.
    let merged = ValidationRequest::new(tagged("\"a\""))
        .merge(["\"x\""])
        .unwrap();
    assert_eq!(merged.after_not_modified(bare), cache::AfterMerged::Retry);
    // A tag that is none is not the stored one.
    let malformed = Response::new(304).fields([("ETag", "a")]);
    assert_eq!(after(tagged("\"a\""), malformed), AfterNotModified::Retry);
}

/// c5, 9111-4.3.4-03, 9111-4.3.4-08: what nginx makes of every strong tag where it compresses:
/// `W/"v1"` in the 200, `"v1"` in the 304.
#[test]
fn the_strong_twin_of_a_weak_tag_is_no_wasted_question() {
    let twin = Response::new(304).etag(EntityTag::from_static("\"v1\""));
    let stored = tagged("W/\"v1\"");
    let request = ValidationRequest::new(stored);
    assert_eq!(
        request.after_not_modified(twin),
        AfterNotModified::ReuseAsIs(0)
    );
    assert_eq!(select_for_update(twin, [stored]).count(), 0);
    // The other way round it is updated.
    let weak = Response::new(304).etag(EntityTag::from_static("W/\"v1\""));
    let request = ValidationRequest::new(tagged("\"v1\""));
    assert_eq!(request.after_not_modified(weak), AfterNotModified::Reuse(0));

    // Among several, where it is the twin of one.
    let several = [tagged("\"v0\""), stored];
    let request = ValidationRequest::of(&several);
    assert_eq!(
        request.after_not_modified(twin),
        AfterNotModified::ReuseAsIs(1)
    );
    let merged = request.merge(["\"x\""]).unwrap();
    assert_eq!(
        merged.after_not_modified(twin),
        cache::AfterMerged::ReuseAsIs(1)
    );
    let merged = request.merge(["W/\"v1\""]).unwrap();
    assert_eq!(merged.after_not_modified(twin), cache::AfterMerged::Forward);
    let two = [stored, stored];
    let request = ValidationRequest::of(&two);
    assert_eq!(request.after_not_modified(twin), AfterNotModified::Retry);
}

/// c6: many ranges of many parts, all of them there; that it takes linear time is counted by
/// `benches/growth.rs`. More ranges than are permitted are not looked for, and a second line only
/// makes Range malformed.
#[test]
fn many_ranges_of_many_parts() {
    let parts: Vec<_> = (0..8_000).map(|at| range(at * 4, at * 4 + 1)).collect();
    let stored = Response::new(206).parts(&parts);
    let ranges = (0..8_000).map(|at| format!("{}-{}", at * 4, at * 4 + 1));
    let value = format!("bytes={}", ranges.collect::<Vec<_>>().join(","));
    let answer = |lines: usize, policy| {
        let evaluation = Evaluation::new(Method::Get, Some(stored));
        let mut evaluation = evaluation.range_policy(policy);
        evaluation.extend((0..lines).map(|_| ("Range", &value)));
        evaluation.answer()
    };
    let unbounded = RangePolicy::new().max_ranges(usize::MAX);
    let all = answer(1, unbounded);
    assert!(matches!(&all, Answer::Parts(parts) if parts.len() == 8_000));
    assert_eq!(answer(1, RangePolicy::new()), Answer::Forward);
    assert_eq!(answer(10, unbounded), Answer::Forward);
}

/// c7, 9111-4.3.1-02: what is malformed in a stored response is reported, and sent back as it came
/// by choice.
#[test]
fn malformed_validators_are_reported_and_sent_back_by_choice() {
    let fields = [
        ("ETag", "abc"),
        ("Last-Modified", "Sat, 29 Oct 1994 19:43:31 UTC"),
        ("Date", T_TEXT),
        ("Content-Length", "10"),
    ];
    let stored = Response::new(200).fields(fields);
    assert_eq!(stored.malformed().to_string(), "ETag, Last-Modified");
    assert!(!stored.malformed().is_empty());
    let request = ValidationRequest::new(stored);
    assert_eq!(request.fields().len(), 0);
    let lines = |request: ValidationRequest<'_>| -> Vec<String> {
        let fields = request.fields();
        fields
            .map(|field| format!("{}: {field}", field.name()))
            .collect()
    };
    let as_received = request.byte_for_byte();
    assert_eq!(
        lines(as_received),
        [
            "If-None-Match: abc",
            "If-Modified-Since: Sat, 29 Oct 1994 19:43:31 UTC"
        ]
    );
    // The 304 may repeat it, or be silent: neither has a validator. Another one is another one.
    let after = |fields: &[(&str, &'static str)]| {
        let not_modified = Response::new(304).fields(fields.iter().copied());
        as_received.after_not_modified(not_modified)
    };
    assert_eq!(after(&[("ETag", "abc")]), AfterNotModified::Reuse(0));
    assert_eq!(after(&[]), AfterNotModified::Reuse(0));
    assert_eq!(after(&[("ETag", "xyz")]), AfterNotModified::Retry);
    assert_eq!(after(&[("ETag", "\"abc\"")]), AfterNotModified::Retry);
    // Bytes that are no text.
    let latin = [("ETag", b"caf\xe9".as_slice())];
    let request = ValidationRequest::new(Response::new(200).fields(latin)).byte_for_byte();
    let field = request.field(Field::IfNoneMatch).unwrap();
    assert_eq!(field.encode(&mut [0; 8]), Ok(b"caf\xe9".as_slice()));
    assert_eq!(field.to_string(), "caf\u{fffd}");
    // Two lines are not one, and neither of them is sent.
    let twice = [("ETag", "abc"), ("ETag", "abc")];
    let twice = ValidationRequest::new(Response::new(200).fields(twice)).byte_for_byte();
    assert_eq!(lines(twice), [""; 0]);
    // With the http crate, as it came too; but not what could be no value.
    #[cfg(feature = "http")]
    {
        assert_eq!(field.to_header_value().unwrap().as_bytes(), b"caf\xe9");
        let broken = [("ETag", b"a\nb".as_slice())];
        let broken = ValidationRequest::new(Response::new(200).fields(broken)).byte_for_byte();
        let field = broken.field(Field::IfNoneMatch).unwrap();
        assert!(field.to_header_value().is_err());
    }
    // Of several, and where the client's list is merged, what is malformed would spoil the list.
    let two = [stored, tagged("\"b\"")];
    assert_eq!(
        lines(ValidationRequest::of(&two).byte_for_byte()),
        ["If-None-Match: \"b\""]
    );

    // What is well-formed is no concern, and what is not there is not malformed.
    let fields = [("ETag", "\"a\""), ("Content-Range", "bytes 0-1/*")];
    assert!(Response::new(206).fields(fields).malformed().is_empty());
    assert!(Response::new(200).malformed().is_empty());
    let wrong = [("Content-Range", "bytes 1-0/2")];
    let wrong = Response::new(206).fields(wrong).malformed();
    assert!(wrong.names().eq(["Content-Range"]));
}

/// c8, 9110-13.1.5-06, 9110-13.1.5-07: a weak tag can be resumed by no tag; the date does it.
#[test]
fn a_weak_tag_is_resumed_by_its_date_or_not_at_all() {
    let asked: Option<&[u8]> = Some(b"bytes=5-");
    let lines = |stored| -> Vec<String> {
        let request = SelectionRequest::new(stored).for_range(asked);
        let fields = request.fields();
        fields
            .map(|field| format!("{}: {field}", field.name()))
            .collect()
    };
    let tag = EntityTag::from_static("W/\"5f3c\"");
    let weak = strongly_modified().etag(tag);
    assert_eq!(lines(weak), [format!("If-Unmodified-Since: {T_TEXT}")]);
    assert!(lines(tagged("W/\"5f3c\"")).is_empty());
    // And what comes is put together by the date.
    assert!(combine(weak, [weak]).is_some());
    assert!(combine(modified().etag(tag), [modified().etag(tag)]).is_none());
}

/// c9: the order of the calls that tell of a response does not matter.
#[test]
fn the_order_of_calls_does_not_matter() {
    type Call = fn(Response<'static>) -> Response<'static>;
    const FIELDS: [(&str, &str); 4] = [
        ("ETag", "\"other\""),
        ("Last-Modified", "Saturday, 29-Oct-94 19:43:31 GMT"),
        ("Date", "Saturday, 29-Oct-94 19:43:32 GMT"),
        ("Content-Length", "11"),
    ];
    let calls: [Call; 5] = [
        |response| response.fields(FIELDS),
        |response| response.etag(EntityTag::from_static("\"told\"")),
        |response| response.received(date(T + 9)),
        |response| response.clocks(Clocks::Same),
        |response| response.complete_length(10),
    ];
    let mut order: Vec<usize> = (0..calls.len()).collect();
    let expected = format!(
        "{:?}",
        Response::new(200)
            .etag(EntityTag::from_static("\"told\""))
            .last_modified(date(T))
            .date(date(T + 1))
            .received(date(T + 9))
            .clocks(Clocks::Same)
            .complete_length(10)
    );
    let mut orders = 0;
    permute(&mut order, 0, &mut |order| {
        let told = order.iter().map(|&at| calls[at]);
        let response = told.fold(Response::new(200), |response, call| call(response));
        assert_eq!(format!("{response:?}"), expected, "{order:?}");
        assert!(response.malformed().is_empty());
        orders += 1;
    });
    assert_eq!(orders, 120);
    // A header section in two pieces is one: two lines are two, wherever they are.
    let one = [("ETag", "\"a\"")];
    let twice = Response::new(200).fields(one).fields(one);
    assert!(twice.entity_tag().is_none());
    assert_eq!(twice.malformed().to_string(), "ETag");
}

fn permute(order: &mut [usize], at: usize, each: &mut impl FnMut(&[usize])) {
    if at == order.len() {
        return each(order);
    }
    for other in at..order.len() {
        order.swap(at, other);
        permute(order, at + 1, each);
        order.swap(at, other);
    }
}

/// c10, 9110-15.4.5-01: a 304 stands for a success, so it says nothing of a stored error or
/// redirection: that is not asked about, not updated and not reused.
#[test]
fn a_304_does_not_stand_for_an_error() {
    let named = Response::new(304).etag(EntityTag::from_static("\"a\""));
    let tag = EntityTag::from_static("\"a\"");
    for status in [301, 304, 404, 410, 412, 500] {
        let stored = Response::new(status).etag(tag);
        let request = ValidationRequest::new(stored);
        assert_eq!(request.fields().len(), 0, "{status}");
        assert_eq!(request.after_not_modified(named), AfterNotModified::Retry);
        assert_eq!(select_for_update(named, [stored]).count(), 0);
        assert_eq!(SelectionRequest::new(stored).fields().len(), 0);
        // Beside a success it plays no part.
        let two = [stored, tagged("\"a\"")];
        let request = ValidationRequest::of(&two);
        assert_eq!(
            request.after_not_modified(named),
            AfterNotModified::Reuse(1)
        );
        assert!(select_for_update(named, two).eq([1]));
        let none = Response::new(304);
        let two = [Response::new(status), Response::new(200)];
        assert!(select_for_update(none, two).eq([1]));
    }
    for status in [200, 203, 206, 226] {
        let stored = Response::new(status)
            .etag(tag)
            .parts(&[])
            .complete_length(0);
        let request = ValidationRequest::new(stored);
        assert_eq!(
            request.after_not_modified(named),
            AfterNotModified::Reuse(0)
        );
    }
}
