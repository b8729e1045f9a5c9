//! That nothing of it allocates.

use std::fmt::Write;
use std::mem::size_of;

use http_conditional::cache::{
    self, AfterMerged, AfterNotModified, Answer, CombinedFields, ConditionalField, Evaluation,
    MalformedFields, OnHead, OnValidation, SelectionRequest, ValidationRequest,
};
use http_conditional::{Field, Method};

use super::allocations::allocations;
use super::*;

/// Text of a fixed capacity.
struct Text {
    bytes: [u8; 256],
    length: usize,
}

impl Write for Text {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        let rest = self.bytes.get_mut(self.length..).ok_or(std::fmt::Error)?;
        let place = rest.get_mut(..text.len()).ok_or(std::fmt::Error)?;
        place.copy_from_slice(text.as_bytes());
        self.length += text.len();
        Ok(())
    }
}

const CLIENT: [(&str, &str); 6] = [
    ("Host", "example.com"),
    ("If-None-Match", "\"a\", W/\"x\""),
    ("If-Modified-Since", "saturday, 29-oct-94 19:43:31 gmt"),
    ("If-Match", "\"z\""),
    ("Range", "bytes=0-1, 3-4"),
    ("If-Range", "\"b\""),
];

const NEWER: [(&str, &str); 4] = [
    ("ETag", "\"b\""),
    ("Date", "Sat, 29 Oct 1994 20:43:31 GMT"),
    ("Connection", "close, X-Hop"),
    ("Content-Length", "10"),
];

#[test]
fn nothing_is_allocated() {
    assert_eq!(allocations(|| drop(vec![1, 2, 3])), 1, "the counter counts");

    let parts = [range(0, 9)];
    let mut buffer = [0; 256];
    let mut text = Text {
        bytes: [0; 256],
        length: 0,
    };
    let seen = allocations(|| {
        // Read.
        let stored = Response::new(200).received(date(T)).fields(NEWER);
        let part = Response::new(206).fields(NEWER).parts(&parts);
        let stored = [stored, part, strongly_modified()];
        // Ask.
        let request = ValidationRequest::of(&stored)
            .for_range(Some(CLIENT[4].1.as_bytes()))
            .merge([CLIENT[1].1])
            .unwrap();
        for field in request.fields() {
            field.encode(&mut buffer).unwrap();
            write!(text, "{field}").unwrap();
        }
        let selection = SelectionRequest::of(&stored);
        for field in selection.fields() {
            field.encode(&mut buffer).unwrap();
            write!(text, "{field}").unwrap();
        }
        // Answer.
        let mut evaluation = Evaluation::new(Method::Get, Some(stored[0]));
        evaluation.extend(CLIENT);
        let mut lent = [ByteRange::default(); 2];
        let answer = evaluation.answer().coalesce(1, &mut lent);
        assert!(matches!(answer, Answer::Part(part) if part.range() == range(0, 4)));
        assert_eq!(evaluation.explain().unwrap().field(), None);
        let answer = cache::evaluate("GET", Some(part), CLIENT);
        assert!(matches!(answer, Answer::Parts(parts) if parts.len() == 2));
        // Select.
        let not_modified = Response::new(304).fields(NEWER);
        assert_eq!(OnValidation::of(304), OnValidation::Freshen);
        assert_eq!(cache::select_for_update(not_modified, stored).count(), 2);
        assert_eq!(
            request.after_not_modified(not_modified),
            AfterMerged::Reuse(0)
        );
        // Freshen.
        let rules = StorableFields::new(["close, X-Hop"]).except(&["Content-Type"]);
        assert_eq!(
            NEWER
                .iter()
                .filter(|(name, _)| rules.updates(name.as_bytes()))
                .count(),
            2
        );
        assert_eq!(cache::on_head(stored[0], stored[0]), OnHead::Update);
        assert_eq!(cache::most_recent(stored), Some(0));
        let combination = cache::combine(part, stored).unwrap();
        assert_eq!(combination.places().count(), 2);
        assert_eq!(combination.fields(), CombinedFields::Updated(0));
        assert!(cache::invalidates(Method::Other, 204));
    });
    assert_eq!(seen, 0);
    assert_eq!(&text.bytes[..text.length], b"\"a\", W/\"x\", \"b\"\"b\"");
}

#[test]
fn a_list_of_any_length_is_evaluated_in_full() {
    let list = "W/\"x\", ".repeat(100_000) + "\"a\"";
    let stored = tagged("\"a\"");
    let mut answer = None;
    let seen = allocations(|| {
        answer = Some(cache::evaluate(
            "GET",
            Some(stored),
            [("If-None-Match", &list)],
        ));
        let both = [stored, tagged("\"b\"")];
        let request = ValidationRequest::of(&both);
        let request = request.merge([list.as_str()]).unwrap();
        assert_eq!(request.tags().count(), 100_002);
        let field = request.field(Field::IfNoneMatch).unwrap();
        assert_eq!(field.encoded_len(), list.len() + 5);
    });
    assert_eq!(answer, Some(Answer::NotModified));
    assert_eq!(seen, 0);
}

#[test]
fn sizes_are_bounded() {
    if cfg!(target_pointer_width = "64") {
        assert!(size_of::<Response<'_>>() <= 136);
        assert!(size_of::<Answer<'_>>() <= 112);
        assert!(size_of::<Evaluation<'_>>() <= 320);
    }
    println!(
        "{} {} {}",
        size_of::<Response>(),
        size_of::<Evaluation>(),
        size_of::<Answer>()
    );
}

#[test]
fn types_go_where_they_are_needed() {
    fn shared<T: Copy + Send + Sync + Unpin + std::panic::UnwindSafe + std::fmt::Debug>() {}
    shared::<Response<'static>>();
    shared::<Evaluation<'static>>();
    shared::<AfterMerged>();
    shared::<MalformedFields>();
    shared::<SelectionRequest<'static>>();
    shared::<ValidationRequest<'static>>();
    shared::<ConditionalField<'static>>();
    shared::<AfterNotModified>();
    shared::<OnValidation>();
    shared::<OnHead>();
    shared::<CombinedFields>();
}

#[test]
fn what_can_be_const_is_const() {
    const DATE: HttpDate = match HttpDate::from_unix(T) {
        Ok(date) => date,
        Err(_) => HttpDate::MIN,
    };
    const PARTS: [ByteRange; 1] = match ByteRange::new(0, 9) {
        Some(part) => [part],
        None => panic!(),
    };
    const STORED: Response<'static> = Response::new(200)
        .etag(EntityTag::from_static("\"a\""))
        .last_modified(DATE)
        .date(DATE)
        .received(DATE)
        .clocks(Clocks::Same)
        .complete_length(10)
        .parts(&PARTS);
    const REQUEST: ValidationRequest<'static> = ValidationRequest::new(STORED).for_range(None);
    assert_eq!(STORED.strongly_modified(), None);
    assert_eq!(REQUEST.fields().len(), 2);
    const { assert!(cache::invalidates(Method::Other, 200)) };
}
