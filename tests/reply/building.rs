//! What applications have, made what this crate takes.

use std::time::{Duration, SystemTime};

use http_conditional::{
    Decision, DigestTag, EntityTag, Field, FieldValue, HttpDate, KeptFields, Method, Preconditions,
    Representation, SmallTag, evaluate,
};

#[test]
fn tags_of_digests() {
    const TAG: DigestTag<16> = DigestTag::new([0xab; 16]);
    assert_eq!(TAG.to_string(), format!("\"{}\"", "ab".repeat(16)));
    let mut bytes = [0; 32];
    for (place, byte) in bytes.iter_mut().zip((0..=u8::MAX).step_by(8)) {
        *place = byte;
    }
    let mut buffer = [0; 64];
    let expected = EntityTag::from_digest(&bytes, &mut buffer).unwrap();
    assert!(DigestTag::from(bytes).as_tag().strong_eq(expected));
    assert_eq!(format!("{:?}", DigestTag::new([0x5f])), "EntityTag(\"5f\")");
}

#[test]
fn tags_of_numbers() {
    for number in [0, 1, 9, 10, 99, 100, 12_345_678_901_234_567_890, u64::MAX] {
        let tag = SmallTag::from_number(number);
        assert_eq!(tag.to_string(), format!("\"{number}\""));
    }
    for uuid in [0, 1, u128::MAX, 0x67e5_5044_10b1_426f_9247_bb68_0e5f_e0c8] {
        assert_eq!(
            SmallTag::from_uuid(uuid).to_string(),
            format!("\"{uuid:032x}\"")
        );
    }
}

/// r6: by size and time a file has a weak tag, and a strong one where somebody knows better; the
/// times 0 and 1, which images and package stores set, are no date and no tag.
#[test]
fn tags_and_dates_of_files() {
    let time = |seconds, nanoseconds| SystemTime::UNIX_EPOCH + Duration::new(seconds, nanoseconds);
    let tag = SmallTag::of_file(4096, time(784_111_777, 500_000_000)).unwrap();
    assert_eq!(tag.to_string(), "W/\"1000-2ebc98a1-1dcd6500\"");
    assert!(tag.as_tag().is_weak() && !tag.strong().as_tag().is_weak());
    assert_eq!(format!("{tag:?}"), format!("{:?}", tag.as_tag()));

    // So If-Match and If-Range work.
    let strong = tag.strong();
    let current = Representation::current().etag(strong.as_tag());
    let value = strong.to_string();
    assert_eq!(
        evaluate("PUT", current, [("If-Match", &value)]),
        Decision::Perform
    );
    let resume = [("Range", "bytes=5-"), ("If-Range", value.as_str())];
    assert_eq!(evaluate("GET", current, resume), Decision::Perform);

    for (seconds, nanoseconds, is_known) in [
        (0, 0, false),
        (0, 999_999_999, false),
        (1, 0, false),
        (1, 999_999_999, false),
        (2, 0, true),
    ] {
        let time = time(seconds, nanoseconds);
        assert_eq!(SmallTag::of_file(1, time).is_some(), is_known);
        assert_eq!(HttpDate::of_file(time).is_some(), is_known);
        let seconds = i64::try_from(seconds).unwrap();
        assert_eq!(
            SmallTag::from_updated_at(seconds, nanoseconds).is_some(),
            is_known
        );
        assert!(HttpDate::from_system_time(time).is_some());
    }
    // Before 1970, down to the second before it.
    let before = SystemTime::UNIX_EPOCH - Duration::from_millis(1_500);
    assert_eq!(
        SmallTag::of_file(1, before).unwrap().to_string(),
        "W/\"1-fffffffffffffffe-1dcd6500\""
    );
    assert_eq!(HttpDate::of_file(before).unwrap().to_unix(), -2);
    let before = SystemTime::UNIX_EPOCH - Duration::from_secs(2);
    assert_eq!(
        SmallTag::of_file(1, before).unwrap().to_string(),
        "W/\"1-fffffffffffffffe-0\""
    );
    assert_eq!(
        SmallTag::from_updated_at(-2, 3).unwrap().to_string(),
        "W/\"fffffffffffffffe-3\""
    );

    let far = SystemTime::UNIX_EPOCH + Duration::from_secs(253_402_300_800);
    assert_eq!(HttpDate::from_system_time(far), None);
    assert!(SmallTag::of_file(u64::MAX, far).is_some());

    // As far as the clock of the machine reaches, if that is so far, on either side.
    let seconds = Duration::from_secs(i64::MAX.unsigned_abs());
    for time in [
        SystemTime::UNIX_EPOCH.checked_add(seconds),
        SystemTime::UNIX_EPOCH.checked_sub(seconds),
    ]
    .into_iter()
    .flatten()
    {
        assert!(SmallTag::of_file(1, time).is_some());
        assert_eq!(HttpDate::of_file(time), None);
    }
    // One second more is more than 63 bits can say.
    let seconds = Duration::from_secs(i64::MIN.unsigned_abs());
    if let Some(time) = SystemTime::UNIX_EPOCH.checked_sub(seconds) {
        assert!(SmallTag::of_file(1, time).is_none());
    }
}

/// The clock of this machine.
#[test]
fn the_clock_is_read() {
    let before = SystemTime::now();
    let now = HttpDate::now();
    let after = SystemTime::now();
    assert!(HttpDate::from_system_time(before).unwrap() <= now);
    assert!(now <= HttpDate::from_system_time(after).unwrap());
}

#[test]
fn options_and_fields() {
    let tag = EntityTag::from_static("\"v1\"");
    let date = HttpDate::from_unix(784_111_777).unwrap();
    let built = Representation::current()
        .maybe_etag(Some(tag))
        .maybe_last_modified(Some(date));
    assert!(built.entity_tag().is_some() && built.modified() == Some(date));
    let none = Representation::ABSENT
        .maybe_etag(None)
        .maybe_last_modified(None);
    assert!(!none.exists());

    let fields: Vec<_> = built
        .fields()
        .map(|(name, value)| (name, value.to_string()))
        .collect();
    let read = Representation::of_fields(&fields);
    assert!(read.entity_tag().unwrap().strong_eq(tag));
    assert_eq!(
        (read.modified(), read.strongly_modified()),
        (Some(date), None)
    );
    assert!(Representation::of_fields::<(&str, &&str)>([]).exists());
}

/// A value is written to a buffer as it is written as text, and a buffer that is too short for it is
/// told how long it has to be.
#[test]
fn values_are_written_to_buffers() {
    let tag = EntityTag::from_static("W/\"v1\"");
    let date = HttpDate::from_unix(784_111_777).unwrap();
    let part = http_conditional::ContentRange::unsatisfied(10);
    for (value, text) in [
        (FieldValue::from(tag), "W/\"v1\""),
        (FieldValue::from(date), "Sun, 06 Nov 1994 08:49:37 GMT"),
        (FieldValue::from(part), "bytes */10"),
    ] {
        assert_eq!(value.to_string(), text);
        let mut buffer = [0; FieldValue::MAX_LEN];
        assert_eq!(value.encode(&mut buffer), Ok(text.as_bytes()));
        for length in 0..text.len() {
            let short = buffer.get_mut(..length).unwrap();
            assert_eq!(value.encode(short).unwrap_err().needed(), text.len());
        }
        let exact = buffer.get_mut(..text.len()).unwrap();
        assert_eq!(value.encode(exact), Ok(text.as_bytes()));
    }
}

#[test]
fn presence_of_fields() {
    let mut preconditions = Preconditions::new(Method::Get, Representation::current());
    assert!(preconditions.present().is_empty());
    preconditions.extend([("If-Match", "x"), ("Range", "bytes=0-")]);
    let present: Vec<_> = preconditions.present().iter().collect();
    assert_eq!(present, [Field::IfMatch, Field::Range]);
    assert!(preconditions.present().into_iter().eq(present));
}

fn kept<'l, const N: usize>(lines: &[(&str, &'l str)]) -> KeptFields<&'l [u8], N> {
    KeptFields::of(lines, |(_, value)| value.as_bytes())
}

#[test]
fn fields_kept_for_later() {
    let lines = [
        ("Host", "a"),
        ("If-None-Match", "\"v1\""),
        ("if-none-match", "\"v2\""),
        ("Range", "bytes=0-1"),
    ];
    let kept: KeptFields<_, 3> = kept(&lines);
    assert!(!kept.is_empty());
    assert_eq!(kept.get(Field::IfNoneMatch), Some(&b"\"v1\"".as_slice()));
    assert_eq!(kept.get(Field::IfMatch), None);
    assert_eq!(kept.iter().count(), 3);
    for (tag, decision) in [
        ("\"v2\"", Decision::NotModified),
        ("\"v3\"", Decision::Perform),
    ] {
        let current = Representation::current().etag(EntityTag::from_static(tag));
        assert_eq!(evaluate("GET", current, &kept), decision);
    }
    assert!(KeptFields::<&str>::new().is_empty());
    assert!(KeptFields::<&str>::default().is_empty());

    // Lines of fields and values are lines too.
    let pairs = vec![(Field::IfMatch, "*")];
    assert_eq!(
        evaluate("PUT", Representation::ABSENT, &pairs),
        Decision::PreconditionFailed
    );
}

/// Whatever is lost for want of room, nothing unsafe comes of it.
#[test]
fn more_fields_than_there_is_room_for() {
    let t = "Sun, 06 Nov 1994 08:49:37 GMT";
    let current = Representation::current()
        .etag(EntityTag::from_static("\"v1\""))
        .last_modified(HttpDate::parse(t.as_bytes(), None).unwrap());
    let fields = [
        ("If-Match", "\"v1\""),
        ("If-None-Match", "\"v2\""),
        ("If-Unmodified-Since", t),
        ("If-Modified-Since", t),
        ("If-Range", "\"v1\""),
        ("Range", "bytes=0-1"),
    ];
    for (name, value) in fields {
        // Full of something true, and then one more.
        for filler in [("If-None-Match", "\"x\""), ("If-Match", "\"v1\"")] {
            let lines = [filler, (name, value)];
            let kept = kept::<1>(&lines);
            let write = evaluate("PUT", current, &kept);
            let is_guard = !matches!(name, "If-Modified-Since" | "If-Range" | "Range");
            assert_eq!(write == Decision::PreconditionFailed, is_guard, "{name}");
            let read = evaluate("GET", current, &kept);
            assert_ne!(read, Decision::NotModified, "{name}");
        }
    }
    // A Range that lost its If-Range, or another Range, is not applied.
    let range = [("Range", "bytes=0-1"), ("If-Range", "\"v0\"")];
    assert_eq!(
        evaluate("GET", current, &kept::<1>(&range)),
        Decision::PerformIgnoringRange
    );
    let twice = [("Range", "bytes=0-1"), ("Range", "bytes=2-3")];
    assert_eq!(
        evaluate("GET", current, &kept::<1>(&twice)),
        Decision::PerformIgnoringRange
    );
    assert!(!kept::<0>(&range).is_empty());
}
