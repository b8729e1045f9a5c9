//! Calls everything that http-conditional makes public, with arguments that the compiler knows
//! nothing about. A panic calls a function that nobody defines: as long as this links, no panic
//! can be reached, whatever the arguments are.
//!
//! An entry is named after what it calls, as `public-functions` prints it, so that `.ci/panic-free`
//! finds out when one is missing. Those that begin with `derived` are beside that list.
#![no_std]
#![allow(non_snake_case, clippy::module_name_repetitions)]

use core::fmt::{self, Write};
use core::hash::{Hash, Hasher};
use core::hint::black_box;
use core::iter::Copied;
use core::slice::Iter;

use http_conditional::cache::{self, *};
use http_conditional::*;

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    unsafe extern "Rust" {
        safe fn a_panic_can_be_reached() -> !;
    }
    a_panic_can_be_reached()
}

/// The precompiled core of a host names it; nothing unwinds.
#[cfg(not(target_os = "none"))]
#[unsafe(no_mangle)]
extern "C" fn rust_eh_personality() {}

macro_rules! entries {
    ($($name:ident($($argument:ident: $type:ty),*) => $call:expr;)*) => {
        $(
            #[unsafe(no_mangle)]
            pub fn $name<'a>($($argument: $type),*) {
                let _ = black_box($call);
            }
        )*
    };
}

type Lines<'a> = &'a [&'a [u8]];
type HeaderSection<'a> = &'a [(&'a [u8], &'a [u8])];
type Lent<'a> = Copied<Iter<'a, (&'a [u8], &'a [u8])>>;
type Stored<'a> = Copied<Iter<'a, Response<'a>>>;
type Several<'a> = &'a [Response<'a>];
type Validation<'a> = ValidationRequest<'a>;
type Merged<'a> = MergedRequest<'a, Lines<'a>>;
type Combined<'a> = Combination<'a, Stored<'a>>;
type Kept<'a> = KeptFields<&'a [u8]>;
type Parted<'a> = Multipart<ReplyParts<'a>, &'a [u8]>;
type InParts<'a> = Reply<ContentInParts<Parted<'a>>>;

/// Takes text like a UART does: some, and then no more.
struct Sink {
    sum: u32,
    room: usize,
}

impl Write for Sink {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.room = self.room.checked_sub(text.len()).ok_or(fmt::Error)?;
        for byte in text.bytes() {
            self.sum = self.sum.rotate_left(5) ^ u32::from(byte);
        }
        Ok(())
    }
}

fn write(arguments: fmt::Arguments<'_>) {
    let mut sink = Sink {
        sum: 0,
        room: black_box(80),
    };
    let _ = black_box(sink.write_fmt(arguments));
    black_box(sink.sum);
}

fn display(value: impl fmt::Display) {
    write(format_args!("{value}"));
    write(format_args!("{value:*^40.5}"));
}

fn debug(value: impl fmt::Debug) {
    write(format_args!("{value:?}"));
    write(format_args!("{value:#?}"));
}

fn all<T>(iterator: impl Iterator<Item = T>) {
    black_box(iterator.size_hint());
    iterator.for_each(|item| {
        black_box(item);
    });
}

struct Sum(u64);

impl Hasher for Sum {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(5) ^ u64::from(*byte);
        }
    }
}

fn hash(value: impl Hash) {
    let mut sum = Sum(0);
    value.hash(&mut sum);
    black_box(sum.finish());
}

// line.rs, invalid.rs
entries! {
    Line__name(pair: (&'a [u8], &'a [u8]), lent: &'a (&'a [u8], &'a [u8])) =>
        (Line::name(&pair).len(), Line::name(&lent).len());
    Line__value(pair: (&'a [u8], &'a [u8]), lent: &'a (&'a [u8], &'a [u8])) =>
        (Line::value(&pair).len(), Line::value(&lent).len());
    LentLine__lent_value(pair: (&'a [u8], &'a [u8]), lent: &'a (&'a [u8], &'a [u8])) =>
        (pair.lent_value(), lent.lent_value());
    Invalid__kind(date: InvalidDate, tag: InvalidEntityTag, set: InvalidRanges, range: InvalidContentRange) =>
        (date.kind(), tag.kind(), set.kind(), range.kind());
    Invalid__index(date: InvalidDate, tag: InvalidEntityTag, set: InvalidRanges, range: InvalidContentRange) =>
        (date.index(), tag.index(), set.index(), range.index());
    Invalid__Display(date: InvalidDate, tag: InvalidEntityTag, set: InvalidRanges, range: InvalidContentRange) =>
        (display(date), display(tag), display(set), display(range));
    InvalidDateKind__Display(kind: InvalidDateKind) => display(kind);
    InvalidEntityTagKind__Display(kind: InvalidEntityTagKind) => display(kind);
    InvalidRangesKind__Display(kind: InvalidRangesKind) => display(kind);
    InvalidContentRangeKind__Display(kind: InvalidContentRangeKind) => display(kind);
}

// validators/date
entries! {
    HttpDate__from_unix(seconds: i64) => HttpDate::from_unix(seconds);
    HttpDate__to_unix(date: HttpDate) => date.to_unix();
    HttpDate__parse(value: &[u8], now: Option<HttpDate>) => HttpDate::parse(value, now);
    HttpDate__parse_ignore_ascii_case(value: &[u8], now: Option<HttpDate>) =>
        HttpDate::parse_ignore_ascii_case(value, now);
    HttpDate__encode(date: HttpDate) => date.encode();
    HttpDate__Display(date: HttpDate) => display(date);
    HttpDate__Debug(date: HttpDate) => debug(date);
    OutOfRange__Display(error: OutOfRange) => display(error);
    derived_date(one: HttpDate, other: HttpDate) => (one.cmp(&other), one == other, hash(one));
    debug_date(error: InvalidDate, range: OutOfRange) => (debug(error), debug(range));
}

// validators/etag
entries! {
    EntityTag__parse(value: &'a [u8]) => EntityTag::parse(value);
    EntityTag__strong(opaque: &'a [u8]) => EntityTag::strong(opaque);
    EntityTag__weak(opaque: &'a [u8]) => EntityTag::weak(opaque);
    EntityTag__opaque(tag: EntityTag<'a>) => tag.opaque();
    EntityTag__is_weak(tag: EntityTag<'a>) => tag.is_weak();
    EntityTag__strong_eq(one: EntityTag<'a>, other: EntityTag<'a>) => one.strong_eq(other);
    EntityTag__weak_eq(one: EntityTag<'a>, other: EntityTag<'a>) => one.weak_eq(other);
    EntityTag__encoded_len(tag: EntityTag<'a>) => tag.encoded_len();
    EntityTag__encode(tag: EntityTag<'a>, buffer: &'a mut [u8]) => tag.encode(buffer);
    EntityTag__from_digest(digest: &[u8], buffer: &'a mut [u8]) =>
        EntityTag::from_digest(digest, buffer);
    EntityTag__from_size_and_modified(
        size: u64,
        seconds: i64,
        nanoseconds: u32,
        buffer: &'a mut [u8; EntityTag::SIZE_AND_MODIFIED_LEN]
    ) => EntityTag::from_size_and_modified(size, seconds, nanoseconds, buffer);
    EntityTag__Display(tag: EntityTag<'a>) => display(tag);
    EntityTag__Debug(tag: EntityTag<'a>) => debug(tag);
    EntityTags__parse(value: &'a [u8]) => EntityTags::parse(value);
    EntityTags__from_lines(lines: Lines<'a>) => EntityTags::from_lines(lines);
    EntityTagList__Iterator(value: &'a [u8], lines: Lines<'a>) => {
        if let Ok(EntityTags::List(tags)) = EntityTags::parse(value) {
            all(tags);
        }
        if let Ok(Some(EntityTags::List(tags))) = EntityTags::from_lines(lines) {
            all(tags);
        }
    };
    BufferTooSmall__needed(error: BufferTooSmall) => error.needed();
    BufferTooSmall__Display(error: BufferTooSmall) => display(error);
    derived_etag(tags: &EntityTags<'a>) => tags.clone();
    debug_etag(error: InvalidEntityTag, small: BufferTooSmall) => (debug(error), debug(small));
}

// validators/etag: digest.rs, small.rs
entries! {
    DigestTag__new(digest: [u8; 16], longer: [u8; 32]) =>
        (DigestTag::new(digest), DigestTag::new(longer));
    DigestTag__as_tag(tag: &'a DigestTag<16>, longer: &'a DigestTag<32>) =>
        (tag.as_tag(), longer.as_tag());
    DigestTag__From(digest: [u8; 16], longer: [u8; 32]) =>
        (DigestTag::from(digest), DigestTag::from(longer));
    DigestTag__Display(tag: &DigestTag<16>, longer: &DigestTag<32>) =>
        (display(tag), display(longer));
    DigestTag__Debug(tag: &DigestTag<16>, longer: &DigestTag<32>) => (debug(tag), debug(longer));
    SmallTag__from_number(number: u64) => SmallTag::from_number(number);
    SmallTag__from_uuid(uuid: u128) => SmallTag::from_uuid(uuid);
    SmallTag__from_updated_at(seconds: i64, nanoseconds: u32) =>
        SmallTag::from_updated_at(seconds, nanoseconds);
    SmallTag__strong(tag: SmallTag) => tag.strong();
    SmallTag__as_tag(tag: &'a SmallTag) => tag.as_tag();
    SmallTag__Display(tag: SmallTag) => display(tag);
    SmallTag__Debug(tag: SmallTag) => debug(tag);
}

// validators/etag/owned.rs
entries! {
    EntityTagBuf__as_tag(stored: &'a EntityTagBuf<16>) => stored.as_tag();
    EntityTagBuf__from_digest(digest: &[u8]) => EntityTagBuf::<16>::from_digest(digest);
    EntityTagBuf__TryFrom(tag: EntityTag<'a>) => EntityTagBuf::<16>::try_from(tag);
    EntityTagBuf__Display(stored: &EntityTagBuf<16>) => display(stored);
    EntityTagBuf__Debug(stored: &EntityTagBuf<16>) => debug(stored);
    derived_etag_buf(stored: &EntityTagBuf<16>) => stored.clone();
}

// validators/representation.rs, and what response/after_put.rs and reply/value.rs add to it
entries! {
    Representation__current() => Representation::current();
    Representation__etag(selected: Representation<'a>, tag: EntityTag<'a>) => selected.etag(tag);
    Representation__last_modified(selected: Representation<'a>, date: HttpDate) =>
        selected.last_modified(date);
    Representation__strong_last_modified(selected: Representation<'a>, date: HttpDate) =>
        selected.strong_last_modified(date);
    Representation__maybe_etag(selected: Representation<'a>, tag: Option<EntityTag<'a>>) =>
        selected.maybe_etag(tag);
    Representation__maybe_last_modified(selected: Representation<'a>, date: Option<HttpDate>) =>
        selected.maybe_last_modified(date);
    Representation__also(selected: Representation<'a>, brothers: &'a [EntityTag<'a>]) =>
        selected.also(brothers);
    Representation__brothers(selected: Representation<'a>) => selected.brothers();
    Representation__of_fields(fields: HeaderSection<'a>) => Representation::of_fields(fields);
    Representation__fields(selected: Representation<'a>) => selected.fields();
    ValidatorFields__Iterator(fields: ValidatorFields<'a>) => all(fields);
    Representation__exists(selected: Representation<'a>) => selected.exists();
    Representation__entity_tag(selected: Representation<'a>) => selected.entity_tag();
    Representation__modified(selected: Representation<'a>) => selected.modified();
    Representation__strongly_modified(selected: Representation<'a>) => selected.strongly_modified();
    Representation__Debug(selected: Representation<'a>) => debug(selected);
    Representation__after_put(selected: Representation<'a>, stored_as_sent: bool) =>
        selected.after_put(stored_as_sent);
    Representation__shares_strong_validator(one: Representation<'a>, other: Representation<'a>) =>
        one.shares_strong_validator(other);
}

// conditions: field.rs, fields.rs, policy.rs, method.rs, decision.rs, precedence.rs
entries! {
    Field__from_name(name: &[u8]) => Field::from_name(name);
    Field__name(field: Field) => field.name();
    Field__Display(field: Field) => display(field);
    Field__AsRef(field: &'a Field) => AsRef::<[u8]>::as_ref(field);
    Fields__contains(fields: Fields, field: Field) => fields.contains(field);
    Fields__is_empty(fields: Fields) => fields.is_empty();
    Fields__iter(fields: Fields) => all(fields.iter());
    FieldsIter__Iterator(fields: FieldsIter) => all(fields);
    Fields__IntoIterator(fields: Fields) => fields.into_iter();
    Fields__FromIterator(fields: &[Field]) => fields.iter().copied().collect::<Fields>();
    Fields__Extend(fields: &mut Fields, more: &[Field]) => fields.extend(more.iter().copied());
    Fields__Display(fields: Fields) => display(fields);
    Fields__Debug(fields: Fields) => debug(fields);
    Policy__new() => Policy::new();
    Policy__now(policy: Policy, now: HttpDate) => policy.now(now);
    Policy__exact_if_modified_since(policy: Policy) => policy.exact_if_modified_since();
    Policy__weak_if_match(policy: Policy) => policy.weak_if_match();
    Policy__lenient_entity_tags(policy: Policy) => policy.lenient_entity_tags();
    Policy__case_insensitive_dates(policy: Policy) => policy.case_insensitive_dates();
    Policy__lenient_dates(policy: Policy) => policy.lenient_dates();
    Policy__if_range_by_date(policy: Policy) => policy.if_range_by_date();
    Method__from_bytes(name: &[u8]) => Method::from_bytes(name);
    Method__From(name: &str) => Method::from(name);
    Method__is_safe(method: Method) => method.is_safe();
    Decision__status(decision: Decision) => decision.status();
    Decision__Display(decision: Decision) => display(decision);
    Step__number(step: Step) => step.number();
    Step__field(step: Step) => step.field();
    derived_field(one: Field, other: Field, fields: Fields) =>
        (one == other, hash(one), fields == Fields::default(), hash(fields));
    derived_policy(one: Policy, other: Policy) => (one == other, hash(one), Policy::default());
    derived_precedence(method: Method, decision: Decision, step: Step, other: Step) => (
        (hash(method), method == Method::Get),
        (hash(decision), decision == Decision::Perform),
        (hash(step), step.cmp(&other)),
    );
    debug_field(field: Field) => debug(field);
    debug_policy(policy: Policy) => debug(policy);
    debug_precedence(method: Method, decision: Decision, step: Step) =>
        (debug(method), debug(decision), debug(step));
}

// conditions: preconditions.rs, explain.rs
entries! {
    evaluate(method: &str, selected: Representation<'a>, fields: HeaderSection<'a>) =>
        http_conditional::evaluate(method, selected, fields.iter().copied());
    Preconditions__new(method: Method, selected: Representation<'a>) =>
        Preconditions::new(method, selected);
    Preconditions__with_policy(method: Method, selected: Representation<'a>, policy: Policy) =>
        Preconditions::with_policy(method, selected, policy);
    Preconditions__unconditional_status(preconditions: Preconditions<'a>, status: u16) =>
        preconditions.unconditional_status(status);
    Preconditions__field(preconditions: &mut Preconditions<'a>, name: &[u8], value: &[u8]) =>
        preconditions.field(name, value);
    Preconditions__decide(preconditions: &Preconditions<'a>) => preconditions.decide();
    Preconditions__malformed(preconditions: &Preconditions<'a>) => preconditions.malformed();
    Preconditions__present(preconditions: &Preconditions<'a>) => preconditions.present();
    Preconditions__guards_write(preconditions: &Preconditions<'a>) => preconditions.guards_write();
    Preconditions__Extend(preconditions: &mut Preconditions<'a>, fields: HeaderSection<'a>) =>
        preconditions.extend(fields.iter().copied());
    Preconditions__explain(preconditions: &Preconditions<'a>) => preconditions.explain();
    Explanation__decision(explanation: &Explanation<'a>) => explanation.decision();
    Explanation__step(explanation: &Explanation<'a>) => explanation.step();
    Explanation__field(explanation: &Explanation<'a>) => explanation.field();
    Explanation__allows_already_applied(explanation: &Explanation<'a>) =>
        explanation.allows_already_applied();
    Explanation__steps(explanation: &Explanation<'a>) => all(explanation.steps().into_iter());
    Explanation__kept_from_304(explanation: &Explanation<'a>) => explanation.kept_from_304();
    Explanation__marked(explanation: &Explanation<'a>) => explanation.marked();
    Explanation__Display(explanation: &Explanation<'a>) => display(explanation);
    StepExplanation__step(step: &StepExplanation<'a>) => step.step();
    StepExplanation__decided(step: &StepExplanation<'a>) => step.decided();
    StepExplanation__is_marked(step: &StepExplanation<'a>) => step.is_marked();
    StepExplanation__Display(step: &StepExplanation<'a>) => display(step);
    Preconditions__explain_with(preconditions: &Preconditions<'a>, fields: HeaderSection<'a>) =>
        preconditions.explain_with(fields);
    ExplanationWith__explanation(explanation: &'a ExplanationWith<'a, HeaderSection<'a>>) =>
        explanation.explanation();
    ExplanationWith__remark(explanation: &ExplanationWith<'a, HeaderSection<'a>>, field: Field) =>
        explanation.remark(field);
    ExplanationWith__Display(explanation: &ExplanationWith<'a, HeaderSection<'a>>) =>
        display(explanation);
    Remark__sent(remark: Remark<'a>) => remark.sent();
    Remark__current(remark: Remark<'a>) => remark.current();
    Remark__kind(remark: Remark<'a>) => remark.kind();
    Remark__Display(remark: Remark<'a>) => display(remark);
    debug_remark(remark: Remark<'a>) => debug(remark);
}

// conditions: kept.rs
entries! {
    KeptFields__new() => Kept::new();
    KeptFields__of(lines: HeaderSection<'a>) => Kept::of(lines, |line| line.1);
    KeptFields__push(kept: &mut Kept<'a>, field: Field, value: &'a [u8]) =>
        kept.push(field, value);
    KeptFields__is_empty(kept: &Kept<'a>) => kept.is_empty();
    KeptFields__get(kept: &'a Kept<'a>, field: Field) => kept.get(field);
    KeptFields__iter(kept: &'a Kept<'a>) => kept.iter();
    KeptFields__Default() => Kept::default();
    KeptLines__Iterator(kept: &'a Kept<'a>) => all(kept.into_iter());
    derived_kept(kept: &Kept<'a>) => kept.clone();
}

// conditions: condition.rs, listed_tags.rs
entries! {
    Condition__new(method: Method, fields: Lent<'a>, now: HttpDate, policy: Policy) =>
        Condition::new(method, fields, now, policy);
    ListedTags__iter(tags: &ListedTags<Lent<'a>>) => all(tags.iter());
    ListedTagsIter__Iterator(tags: ListedTagsIter<'a, Lent<'a>>) => all(tags);
    ListedTags__only(tags: &ListedTags<Lent<'a>>) => tags.only();
    debug_condition(condition: &Condition<Lent<'a>>) => debug(condition);
}

// ranges
entries! {
    RangeResponse__new(decision: Decision, range: Option<&'a [u8]>, complete_length: u64) =>
        RangeResponse::new(decision, range, complete_length);
    RangeResponse__with_policy(
        decision: Decision,
        range: Option<&'a [u8]>,
        complete_length: u64,
        policy: RangePolicy
    ) => RangeResponse::with_policy(decision, range, complete_length, policy);
    RangeResponse__coalesce(response: RangeResponse<'a>, gap: u64, lent: &'a mut [ByteRange]) =>
        response.coalesce(gap, lent);
    RangePolicy__new() => RangePolicy::new();
    RangePolicy__max_ranges(policy: RangePolicy, ranges: usize) => policy.max_ranges(ranges);
    RangePolicy__max_reversals(policy: RangePolicy, ranges: usize) => policy.max_reversals(ranges);
    RangePolicy__max_bytes(policy: RangePolicy, bytes: u64) => policy.max_bytes(bytes);
    RangePolicy__malformed_is_416(policy: RangePolicy) => policy.malformed_is_416();
    RangePolicy__excess_is_416(policy: RangePolicy) => policy.excess_is_416();
    RangePolicy__empty_is_200(policy: RangePolicy) => policy.empty_is_200();
    RangePolicy__first_only(policy: RangePolicy) => policy.first_only();
    RangePolicy__spaces_around_hyphen(policy: RangePolicy) => policy.spaces_around_hyphen();
    RangePolicy__Default() => RangePolicy::default();
    Part__range(part: Part) => part.range();
    Part__content_range(part: Part) => part.content_range();
    Parts__Iterator(parts: Parts<'a>) => all(parts);
    Parts__ExactSizeIterator(parts: &Parts<'a>) => parts.len();
    ByteRange__new(first: u64, last: u64) => ByteRange::new(first, last);
    ByteRange__first(range: ByteRange) => range.first();
    ByteRange__last(range: ByteRange) => range.last();
    ByteRange__len(range: ByteRange) => range.len();
    ByteRange__of(range: ByteRange, content: &'a [u8]) => range.of(content);
    ByteRange__Default() => ByteRange::default();
    Ranges__parse(value: &'a [u8]) => Ranges::parse(value);
    Ranges__count(ranges: Ranges<'a>) => ranges.count();
    Ranges__is_satisfiable(ranges: Ranges<'a>, complete_length: u64) =>
        ranges.is_satisfiable(complete_length);
    Ranges__resolve(ranges: Ranges<'a>, complete_length: u64) => ranges.resolve(complete_length);
    Ranges__parts(ranges: Ranges<'a>, complete_length: u64) => ranges.parts(complete_length);
    Ranges__Debug(ranges: Ranges<'a>) => debug(ranges);
    ResolvedRanges__Iterator(resolved: ResolvedRanges<'a>) => all(resolved);
    ContentRange__satisfied(range: ByteRange, complete_length: Option<u64>) =>
        ContentRange::satisfied(range, complete_length);
    ContentRange__unsatisfied(complete_length: u64) => ContentRange::unsatisfied(complete_length);
    ContentRange__parse(value: &[u8]) => ContentRange::parse(value);
    ContentRange__range(content_range: ContentRange) => content_range.range();
    ContentRange__complete_length(content_range: ContentRange) => content_range.complete_length();
    ContentRange__encode(content_range: ContentRange, buffer: &'a mut [u8; ContentRange::MAX_LEN]) =>
        content_range.encode(buffer);
    ContentRange__Display(content_range: ContentRange) => display(content_range);
    derived_range(response: &RangeResponse<'a>, resolved: &ResolvedRanges<'a>, policy: RangePolicy) =>
        (response.clone(), resolved.clone(), hash(policy));
    derived_content_range(content_range: ContentRange, range: ByteRange, part: Part) =>
        (hash(content_range), hash(range), hash(part));
    debug_range(response: &RangeResponse<'a>, resolved: &ResolvedRanges<'a>) =>
        (debug(response), debug(resolved));
    debug_content_range(content_range: ContentRange, range: ByteRange, part: Part) =>
        (debug(content_range), debug(range), debug(part));
    debug_range_errors(ranges: InvalidRanges, content_range: InvalidContentRange) =>
        (debug(ranges), debug(content_range));
}

// response
entries! {
    ResponseHead__carries(head: ResponseHead, name: &[u8]) => head.carries(name);
    ResponseHead__keeps(head: ResponseHead, name: &[u8]) => head.keeps(name);
    ResponseHead__removes(head: ResponseHead) => head.removes();
    ResponseHead__not_modified(of: Representation<'a>) => ResponseHead::not_modified(of);
    ResponseHead__keeping_last_modified(head: ResponseHead) => head.keeping_last_modified();
    ResponseHead__status(head: ResponseHead) => head.status();
    RemovedNames__Iterator(names: RemovedNames) => all(names);
    ResponseHead__allows_content(head: ResponseHead, method: Method) => head.allows_content(method);
    Modified__last_modified(modified: Modified, now: Option<HttpDate>) => modified.last_modified(now);
    HttpDate__is_strong(modified: HttpDate, date: Option<HttpDate>, clocks: Clocks) =>
        modified.is_strong(date, clocks);
    derived_response(head: ResponseHead, carries: Carries, modified: Modified, clocks: Clocks) =>
        (hash(head), hash(carries), hash(modified), hash(clocks));
    debug_response(head: ResponseHead, carries: Carries, modified: Modified, clocks: Clocks) =>
        (debug(head), debug(carries), debug(modified), debug(clocks));
}

// reply
entries! {
    Reply__new(
        method: &str,
        request: HeaderSection<'a>,
        status: u16,
        ok: HeaderSection<'a>,
        complete_length: Option<u64>,
        policy: &ReplyPolicy
    ) => Reply::new(method, request, status, ok, complete_length, policy);
    Reply__in_parts(
        method: &str,
        request: HeaderSection<'a>,
        status: u16,
        ok: HeaderSection<'a>,
        complete_length: Option<u64>,
        policy: &ReplyPolicy,
        media_type: Option<&'a [u8]>,
        boundary: Boundary
    ) => Reply::in_parts(method, request, status, ok, complete_length, policy, |parts| {
        Multipart::new(parts, media_type, boundary)
    });
    Reply__status(reply: &Reply, in_parts: &InParts<'a>) => (reply.status(), in_parts.status());
    Reply__decision(reply: &Reply, in_parts: &InParts<'a>) => (reply.decision(), in_parts.decision());
    Reply__content(reply: &'a Reply, in_parts: &'a InParts<'a>) =>
        (reply.content(), in_parts.content());
    Reply__into_content(reply: Reply, in_parts: InParts<'a>) => {
        black_box(reply.into_content());
        black_box(in_parts.into_content());
    };
    Reply__keeps(reply: &'a Reply, in_parts: &'a InParts<'a>, name: &[u8]) =>
        (reply.keeps(name), in_parts.keeps(name));
    Reply__changes(reply: &'a Reply, in_parts: &'a InParts<'a>) =>
        (reply.changes(), in_parts.changes());
    Changes__Iterator(changes: Changes<'a>) => all(changes);
    Content__range(content: Content, complete_length: u64) => content.range(complete_length);
    Content__of(content: Content, data: &'a [u8]) => content.of(data);
    ContentInParts__next_piece(content: &mut ContentInParts<Parted<'a>>, complete_length: u64) => {
        while let Some(piece) = content.next_piece(complete_length) {
            black_box(piece);
        }
    };
    ReplyPolicy__new() => ReplyPolicy::new();
    ReplyPolicy__conditions(policy: ReplyPolicy, conditions: Policy) =>
        policy.conditions(conditions);
    ReplyPolicy__ranges(policy: ReplyPolicy, ranges: RangePolicy) => policy.ranges(ranges);
    ReplyPolicy__keeping_last_modified(policy: ReplyPolicy) => policy.keeping_last_modified();
    ReplyPolicy__coalescing(policy: ReplyPolicy, gap: u64) => policy.coalescing(gap);
    ReplyPolicy__only_if_shorter(policy: ReplyPolicy) => policy.only_if_shorter();
    ReplyParts__Iterator(parts: ReplyParts<'a>) => all(parts);
    Boundary__new(boundary: &[u8]) => Boundary::new(boundary);
    Boundary__from_random(number: u128) => Boundary::from_random(number);
    Boundary__as_bytes(boundary: &'a Boundary) => boundary.as_bytes();
    Boundary__Debug(boundary: &Boundary) => debug(boundary);
    Multipart__new(parts: ReplyParts<'a>, media_type: Option<&'a [u8]>, boundary: Boundary) =>
        Multipart::new(parts, media_type, boundary);
    Multipart__next_piece(multipart: &mut Parted<'a>) => {
        while let Some(piece) = multipart.next_piece() {
            black_box(piece);
        }
    };
    Multipart__content_length(multipart: &Parted<'a>) => multipart.content_length();
    Multipart__content_type(multipart: &'a Parted<'a>) => multipart.content_type();
    Multipart__Debug(multipart: &Parted<'a>) => debug(multipart);
    FieldValue__encode(value: FieldValue<'a>, buffer: &'a mut [u8]) => value.encode(buffer);
    FieldValue__Display(value: FieldValue<'a>) => display(value);
    FieldValue__From(tag: EntityTag<'a>) => FieldValue::from(tag);
    FieldValue__From_2(date: HttpDate) => FieldValue::from(date);
    FieldValue__From_3(content_range: ContentRange) => FieldValue::from(content_range);
    derived_reply(content: Content, boundary: Boundary, parts: ReplyParts<'a>, multipart: &Parted<'a>) => {
        hash(content);
        hash(boundary);
        let _ = (black_box(parts.clone()), black_box(multipart.clone()));
    };
    debug_reply(changes: Changes<'a>, content: Content, piece: Piece<'a>) =>
        (debug(changes), debug(content), debug(piece));
    debug_of_six_fields(
        tags: &EntityTags<'a>,
        preconditions: &Preconditions<'a>,
        explanation: &Explanation<'a>,
        step: &StepExplanation<'a>,
        evaluation: &Evaluation<'a>,
        ranges: RangePolicy,
        policy: ReplyPolicy,
        reply: &Reply,
        in_parts: &InParts<'a>
    ) => {
        debug((tags, preconditions, explanation, step, evaluation));
        debug((ranges, policy));
        debug((reply, in_parts));
    };
}

// reply/admit.rs
entries! {
    admit(
        method: &str,
        request: HeaderSection<'a>,
        current: Representation<'a>,
        policy: &AdmitPolicy
    ) => http_conditional::admit(method, request, current, policy);
    AdmitPolicy__new() => AdmitPolicy::new();
    AdmitPolicy__conditions(policy: AdmitPolicy, conditions: Policy) =>
        policy.conditions(conditions);
    AdmitPolicy__require_guard(policy: AdmitPolicy) => policy.require_guard();
    AdmitPolicy__require_strong_guard(policy: AdmitPolicy) => policy.require_strong_guard();
    AdmitPolicy__Default() => AdmitPolicy::default();
    Admitted__creates(admitted: Admitted) => admitted.creates();
    Admitted__status_of_put(admitted: Admitted) => admitted.status_of_put();
    Refusal__reason(refusal: Refusal<'a>) => refusal.reason();
    Refusal__status(refusal: Refusal<'a>) => refusal.status();
    Refusal__fields(refusal: Refusal<'a>) => refusal.fields();
    Refusal__Display(refusal: Refusal<'a>) => display(refusal);
    debug_admit(policy: AdmitPolicy, admitted: Admitted, refusal: Refusal<'a>) =>
        (debug(policy), debug(admitted), debug(refusal));
}

// cache/answer.rs, cache/content.rs
entries! {
    cache__evaluate(method: &str, stored: Option<Response<'a>>, fields: HeaderSection<'a>) =>
        cache::evaluate(method, stored, fields.iter().copied());
    cache__Answer__coalesce(answer: Answer<'a>, gap: u64, lent: &'a mut [ByteRange]) =>
        answer.coalesce(gap, lent);
    cache__Evaluation__new(method: Method, stored: Option<Response<'a>>) =>
        Evaluation::new(method, stored);
    cache__Evaluation__with_policy(
        method: Method,
        stored: Option<Response<'a>>,
        policy: Policy
    ) => Evaluation::with_policy(method, stored, policy);
    cache__Evaluation__range_policy(evaluation: Evaluation<'a>, ranges: RangePolicy) =>
        evaluation.range_policy(ranges);
    cache__Evaluation__field(evaluation: &mut Evaluation<'a>, name: &[u8], value: &'a [u8]) =>
        evaluation.field(name, value);
    cache__Evaluation__answer(evaluation: &Evaluation<'a>) => evaluation.answer();
    cache__Evaluation__malformed(evaluation: &Evaluation<'a>) => evaluation.malformed();
    cache__Evaluation__asks_origin(evaluation: &Evaluation<'a>) => evaluation.asks_origin();
    cache__Evaluation__explain(evaluation: &Evaluation<'a>) => evaluation.explain();
    cache__Evaluation__Extend(evaluation: &mut Evaluation<'a>, fields: HeaderSection<'a>) =>
        evaluation.extend(fields.iter().copied());
    cache__StoredParts__Iterator(parts: StoredParts<'a>) => all(parts);
    cache__StoredParts__PartialEq(one: &StoredParts<'a>, other: &StoredParts<'a>) => one == other;
    cache__Response__covers(response: Response<'a>, range: Option<&[u8]>) => response.covers(range);
    cache__Response__covers_with(
        response: Response<'a>,
        range: Option<&[u8]>,
        policy: RangePolicy
    ) => response.covers_with(range, policy);
    derived_cache_answer(answer: &Answer<'a>, other: &Answer<'a>) =>
        (answer.clone(), answer == other);
    debug_cache_answer(answer: Answer<'a>) => debug(answer);
}

// cache/validation.rs, cache/merged.rs, cache/selection.rs, cache/conditional_field.rs, cache/tags.rs
entries! {
    cache__ValidationRequest__new(stored: Response<'a>) => ValidationRequest::new(stored);
    cache__ValidationRequest__of(stored: Several<'a>) => ValidationRequest::of(stored);
    cache__ValidationRequest__merge(request: Validation<'a>, lines: Lines<'a>) =>
        request.merge(lines);
    cache__ValidationRequest__for_range(request: Validation<'a>, range: Option<&'a [u8]>) =>
        request.for_range(range);
    cache__ValidationRequest__range_policy(request: Validation<'a>, ranges: RangePolicy) =>
        request.range_policy(ranges);
    cache__ValidationRequest__or_date(request: Validation<'a>) => request.or_date();
    cache__ValidationRequest__byte_for_byte(request: Validation<'a>) => request.byte_for_byte();
    cache__ValidationRequest__fields(request: &Validation<'a>) => all(request.fields());
    cache__ValidationRequest__field(request: &Validation<'a>, field: Field) => request.field(field);
    cache__ValidationRequest__tags(request: &Validation<'a>) => all(request.tags());
    cache__ValidationRequest__after_not_modified(
        request: &Validation<'a>,
        not_modified: Response<'a>
    ) => request.after_not_modified(not_modified);
    cache__MergedRequest__fields(request: &Merged<'a>) => all(request.fields());
    cache__MergedRequest__field(request: &Merged<'a>, field: Field) => request.field(field);
    cache__MergedRequest__tags(request: &Merged<'a>) => request.tags();
    cache__MergedRequest__after_not_modified(
        request: &Merged<'a>,
        not_modified: Response<'a>
    ) => request.after_not_modified(not_modified);
    cache__AfterMerged__From(after: AfterNotModified) => AfterMerged::from(after);
    cache__SelectionRequest__new(stored: Response<'a>) => SelectionRequest::new(stored);
    cache__SelectionRequest__of(stored: Several<'a>) => SelectionRequest::of(stored);
    cache__SelectionRequest__for_range(request: SelectionRequest<'a>, range: Option<&'a [u8]>) =>
        request.for_range(range);
    cache__SelectionRequest__fields(request: &SelectionRequest<'a>) => all(request.fields());
    cache__SelectionRequest__field(request: &SelectionRequest<'a>, field: Field) =>
        request.field(field);
    cache__ConditionalField__field(field: &ConditionalField<'a, Lines<'a>>) => field.field();
    cache__ConditionalField__name(field: &ConditionalField<'a, Lines<'a>>) => field.name();
    cache__ConditionalField__encoded_len(field: &ConditionalField<'a, Lines<'a>>) =>
        field.encoded_len();
    cache__ConditionalField__encode(
        field: &ConditionalField<'a, Lines<'a>>,
        buffer: &'a mut [u8]
    ) => field.encode(buffer);
    cache__ConditionalField__Display(field: &ConditionalField<'a, Lines<'a>>) => display(field);
    cache__ConditionalFields__Iterator(fields: ConditionalFields<'a, Lines<'a>>) => all(fields);
    cache__MergedTags__Iterator(request: &Merged<'a>) => all(request.tags());
    derived_cache_ask(
        validation: &Validation<'a>,
        merged: &Merged<'a>,
        selection: &SelectionRequest<'a>,
        field: &ConditionalField<'a, Lines<'a>>
    ) => (*validation, merged.clone(), *selection, field.clone(), merged.fields().clone());
    debug_cache_ask(
        validation: &Validation<'a>,
        merged: &Merged<'a>,
        selection: &SelectionRequest<'a>,
        field: &ConditionalField<'a, Lines<'a>>
    ) => (
        debug(validation),
        debug(merged),
        debug(merged.tags()),
        debug(merged.fields()),
        debug(selection),
        debug(field)
    );
}

// cache/combine.rs, cache/freshen.rs, cache/invalidate.rs, cache/response.rs, cache/select.rs
entries! {
    cache__combine(new: Response<'a>, stored: Stored<'a>) => combine(new, stored);
    cache__Combination__places(combined: &Combined<'a>) => combined.places();
    cache__CombinedPlaces__Iterator(combined: &Combined<'a>) => all(combined.places());
    cache__Combination__fields(combined: &Combined<'a>) => combined.fields();
    cache__Combination__complete_length(combined: &Combined<'a>) => combined.complete_length();
    cache__invalidates_also(target: &'a str, fields: HeaderSection<'a>) =>
        invalidates_also(target, fields.iter().copied());
    cache__AlsoInvalidated__Iterator(also: AlsoInvalidated<'a, 'a, Lent<'a>>) => all(also);
    cache__Response__malformed(response: Response<'a>) => response.malformed();
    cache__MalformedFields__is_empty(fields: MalformedFields) => fields.is_empty();
    cache__MalformedFields__names(fields: MalformedFields) => all(fields.names());
    cache__MalformedFields__Display(fields: MalformedFields) => display(fields);
    cache__StorableFields__new(connection: Lines<'a>) => StorableFields::new(connection);
    cache__StorableFields__except(
        fields: StorableFields<'a, Lines<'a>>,
        names: &'a [&'a str]
    ) => fields.except(names);
    cache__StorableFields__stores(fields: &StorableFields<'a, Lines<'a>>, name: &[u8]) =>
        fields.stores(name);
    cache__StorableFields__updates(fields: &StorableFields<'a, Lines<'a>>, name: &[u8]) =>
        fields.updates(name);
    cache__on_head(head: Response<'a>, stored: Response<'a>) => on_head(head, stored);
    cache__invalidates(method: Method, status: u16) => invalidates(method, status);
    cache__Response__new(status: u16) => Response::new(status);
    cache__Response__etag(response: Response<'a>, tag: EntityTag<'a>) => response.etag(tag);
    cache__Response__last_modified(response: Response<'a>, date: HttpDate) =>
        response.last_modified(date);
    cache__Response__date(response: Response<'a>, date: HttpDate) => response.date(date);
    cache__Response__received(response: Response<'a>, received: HttpDate) =>
        response.received(received);
    cache__Response__clocks(response: Response<'a>, clocks: Clocks) => response.clocks(clocks);
    cache__Response__complete_length(response: Response<'a>, bytes: u64) =>
        response.complete_length(bytes);
    cache__Response__parts(response: Response<'a>, parts: &'a [ByteRange]) => response.parts(parts);
    cache__Response__fields(response: Response<'a>, fields: &'a [(&'a [u8], &'a [u8])]) =>
        response.fields(fields.iter().copied());
    cache__Response__entity_tag(response: Response<'a>) => response.entity_tag();
    cache__Response__modified(response: Response<'a>) => response.modified();
    cache__Response__strongly_modified(response: Response<'a>) => response.strongly_modified();
    cache__Response__time(response: Response<'a>) => response.time();
    cache__Response__length(response: Response<'a>) => response.length();
    cache__Response__status(response: Response<'a>) => response.status();
    cache__Response__representation(response: Response<'a>) => response.representation();
    cache__Response__Debug(response: Response<'a>) => debug(response);
    cache__most_recent(stored: Stored<'a>) => most_recent(stored);
    cache__OnValidation__of(status: u16) => OnValidation::of(status);
    cache__select_for_update(not_modified: Response<'a>, stored: Stored<'a>) =>
        select_for_update(not_modified, stored);
    cache__ForUpdate__Iterator(updated: ForUpdate<'a, Stored<'a>>) => all(updated);
    derived_cache(
        combined: CombinedFields,
        on_head: OnHead,
        on_validation: OnValidation,
        updated: &ForUpdate<'a, Stored<'a>>,
        after: AfterMerged
    ) => (hash(combined), hash(on_head), hash(on_validation), updated.clone(), hash(after));
    derived_cache_after(
        after: AfterNotModified,
        combined: &Combined<'a>,
        also: &AlsoInvalidated<'a, 'a, Lent<'a>>,
        malformed: MalformedFields
    ) => (hash(after), combined.clone(), also.clone(), malformed == malformed);
    debug_cache_after(
        after: AfterMerged,
        combined: &Combined<'a>,
        also: &AlsoInvalidated<'a, 'a, Lent<'a>>,
        malformed: MalformedFields
    ) => (debug(after), debug(combined), debug(also), debug(malformed));
    debug_cache(
        combined: CombinedFields,
        on_head: OnHead,
        on_validation: OnValidation,
        updated: &ForUpdate<'a, Stored<'a>>,
        after: AfterNotModified
    ) => (debug(combined), debug(on_head), debug(on_validation), debug(updated), debug(after));
    debug_cache_storable(fields: &StorableFields<'a, Lines<'a>>) => debug(fields);
}

// A panic on purpose, for the proof that it keeps the rest from being linked. As long as no root of
// the link leads here, it is thrown away.
entries! {
    deliberate(bytes: &[u8], index: usize) => bytes[index];
}
