//! The C interface, called as C calls it: what it says is what the library behind it says; it writes where it may and
//! nowhere else, and keeps no pointer but the documented ones; and what it must not be given has the documented answers,
//! of which nothing comes but the number. The only target with `unsafe`, which the functions of C ask for.
#![no_main]

use std::ffi::c_int;
use std::mem::MaybeUninit;
use std::ptr::{self, null, null_mut};

use arbitrary::{Arbitrary, Unstructured};
use capi::{
    ByteRange, Bytes, RangePolicy, Resource, STATE_WORDS, State, Tag, hcond_admit,
    hcond_already_applied, hcond_begin, hcond_carries, hcond_content_range,
    hcond_content_range_unsatisfied, hcond_date_parse, hcond_date_write, hcond_decide,
    hcond_deciding_field, hcond_end, hcond_explain, hcond_field, hcond_guards_write, hcond_keeps,
    hcond_malformed, hcond_present, hcond_range, hcond_state_size, hcond_tag_from_digest,
    hcond_tag_from_file, hcond_tag_matches, hcond_tag_parse, hcond_tag_write,
};
use http_conditional::{
    AdmitPolicy, Carries, ContentRange, Decision, EntityTag, Field, Fields, Guard, HttpDate,
    Method, Preconditions, RangeResponse, ResponseHead, WholeReason, admit,
};
use http_conditional_fuzz::against_oracle::{Case, brothers, policy, preconditions, selected};
use http_conditional_fuzz::input::{FIRST, LAST, tag_value};
use libfuzzer_sys::fuzz_target;

// As the header has them.
const NULL: c_int = -1;
const ALIGNMENT: c_int = -2;
const SIZE: c_int = -3;
const STATE: c_int = -4;
const ARGUMENT: c_int = -5;
const TAG: c_int = -6;
const DATE: c_int = -7;

/// What is there before something is written.
const UNTOUCHED: u8 = 0xa5;

#[derive(Debug)]
struct Input {
    /// After how many lines the state is copied.
    copied_after: usize,
    /// That of a buffer for text.
    size: usize,
    /// What is wrong, a number each; most numbers are nothing.
    faults: [u8; 2],
    /// Chooses among what is wrong in the same way.
    odd: u8,
    switch: bool,
    least_guard: c_int,
    status: c_int,
    flags: u32,
    complete_length: u64,
    ranges: RangePolicy,
    capacity: usize,
    seconds: i64,
    nanoseconds: u32,
    case: Case,
}

impl<'a> Arbitrary<'a> for Input {
    fn arbitrary(u: &mut Unstructured<'a>) -> arbitrary::Result<Self> {
        let [
            copied_after,
            size,
            first,
            second,
            odd,
            switches,
            guard,
            status,
        ]: [u8; 8] = Arbitrary::arbitrary(u)?;
        let [
            flags,
            length,
            of_ranges,
            ranges,
            reversals,
            bytes,
            capacity,
            time,
        ]: [u8; 8] = Arbitrary::arbitrary(u)?;
        let (number, nanoseconds): (u64, u32) = Arbitrary::arbitrary(u)?;
        Ok(Self {
            copied_after: copied_after.into(),
            size: usize::from(size) * if switches & 2 != 0 { 4 } else { 1 },
            faults: [first, second],
            odd,
            switch: switches & 1 != 0,
            least_guard: c_int::from(guard % 5) - 1,
            status: [304, 206, 412, 416, 200, 0, -1, c_int::MAX][usize::from(status % 8)],
            flags: u32::from(flags % 9),
            complete_length: match length {
                0xf0.. => number,
                small => small.into(),
            },
            ranges: RangePolicy {
                flags: u32::from(of_ranges % 33),
                max_ranges: u32::from(ranges % 20),
                max_reversals: u32::from(reversals % 5),
                reserved: u32::from(reversals == 0xff),
                max_bytes: match bytes {
                    0xf0.. => u64::MAX,
                    small => small.into(),
                },
            },
            capacity: usize::from(capacity % 20),
            seconds: match time {
                0xf0.. => number.cast_signed(),
                // Within the years of an HTTP-date, and just outside.
                0x10.. => FIRST + (number % LAST.abs_diff(FIRST)).cast_signed(),
                edge => [0, 1, 2, -1, FIRST, FIRST - 1, LAST, LAST + 1][usize::from(edge % 8)],
            },
            nanoseconds: nanoseconds % 1_000_000_010,
            case: Arbitrary::arbitrary(u)?,
        })
    }
}

fuzz_target!(|input: Input| {
    evaluates(&input);
    refuses_to_begin(&input);
    for (place, (name, value)) in input.case.request.fields.iter().enumerate() {
        reads_and_writes_tags(&input, value);
        compares_tags(&input, value, place);
        reads_date(&input, value);
        says_what_is_carried(&input, name);
    }
    writes_by_numbers(&input);
});

/// The memory of a state, as the header makes it, and a word more for one that is not aligned.
#[repr(C, align(8))]
#[derive(Clone, Copy)]
struct Memory([MaybeUninit<u64>; STATE_WORDS + 1]);

impl Memory {
    /// As `HCOND_STATE_INIT` makes it.
    const ZEROS: Self = Self([MaybeUninit::new(0); STATE_WORDS + 1]);

    fn state(&mut self) -> *mut State {
        (&raw mut self.0).cast()
    }
}

fn unaligned<T>(pointer: *mut T, odd: u8) -> *mut T {
    pointer.wrapping_byte_add(1 + usize::from(odd) % (align_of::<T>() - 1))
}

/// What C says of the resource, and what that points to.
struct Given {
    etag: Option<Vec<u8>>,
    /// What `also` points to, which is kept; the places are not.
    brothers: Vec<Vec<u8>>,
    places: Vec<Bytes>,
    room: Vec<[usize; 3]>,
}

impl Given {
    fn new(case: &Case) -> Self {
        let etag = case.state.etag.as_ref().map(tag_value);
        let brothers: Vec<_> = case.state.also.iter().map(tag_value).collect();
        let places = brothers.iter().map(|tag| bytes(tag)).collect();
        let room = vec![[0; 3]; brothers.len()];
        Self {
            etag,
            brothers,
            places,
            room,
        }
    }

    fn resource(&mut self, case: &Case) -> Resource {
        let (state, policy) = (&case.state, &case.policy);
        let is_strong = state.last_modified.is_some() && state.last_modified_is_strong;
        let switches = [
            policy.exact_if_modified_since,
            policy.weak_if_match,
            policy.lenient_entity_tags,
            policy.case_insensitive_dates,
            policy.lenient_dates,
            policy.if_range_by_date,
        ];
        let flags = [
            state.exists,
            state.last_modified.is_some(),
            is_strong,
            policy.now.is_some(),
        ];
        Resource {
            flags: bits(&flags),
            policy: bits(&switches),
            status: case.status.unwrap_or(0).into(),
            reserved: 0,
            last_modified: state.last_modified.unwrap_or(i64::MAX),
            now: policy.now.unwrap_or(i64::MIN),
            etag: self.etag.as_ref().map_or(NO_BYTES, |tag| bytes(tag)),
            also: self.places.as_ptr(),
            also_count: self.brothers.len(),
            also_room: self.room.as_mut_ptr().cast(),
        }
    }
}

/// Where nothing is kept of a struct, this changes nothing.
fn drop_contents(resource: &mut Resource) {
    resource.etag = NO_BYTES;
    resource.also_room = null_mut();
}

const NO_BYTES: Bytes = Bytes {
    data: null(),
    length: 0,
};

fn bytes(of: &[u8]) -> Bytes {
    Bytes {
        data: of.as_ptr(),
        length: of.len(),
    }
}

fn bits(switches: &[bool]) -> u32 {
    let places = (0..).zip(switches);
    places.fold(0, |bits, (place, &is_set)| {
        bits | u32::from(is_set) << place
    })
}

fn begin(state: *mut State, state_size: usize, method: Bytes, resource: *const Resource) -> c_int {
    let size = size_of::<Resource>();
    // SAFETY: what points somewhere points to as much as it says, and outlives the evaluation.
    unsafe {
        hcond_begin(
            state,
            state_size,
            method.data,
            method.length,
            resource,
            size,
        )
    }
}

/// A line from memory that is overwritten at once.
fn feed(state: *mut State, name: &[u8], value: &[u8]) -> c_int {
    let (mut name, mut value) = (name.to_vec(), value.to_vec());
    // SAFETY: the state is null, or the memory of one; the line has its lengths.
    let said = unsafe {
        hcond_field(
            state,
            name.as_ptr(),
            name.len(),
            value.as_ptr(),
            value.len(),
        )
    };
    name.fill(UNTOUCHED);
    value.fill(UNTOUCHED);
    said
}

/// All that is a number and asks the state only.
fn says(state: *const State, least_guard: c_int) -> [c_int; 8] {
    // SAFETY: the state is null, or the memory of one, aligned or not.
    unsafe {
        [
            hcond_decide(state),
            hcond_guards_write(state),
            hcond_present(state),
            hcond_malformed(state),
            hcond_deciding_field(state),
            hcond_already_applied(state),
            hcond_admit(state, least_guard),
            hcond_explain(state, null_mut(), 0),
        ]
    }
}

/// One evaluation, and its copy.
fn evaluates(input: &Input) {
    let case = &input.case;
    let brothers = brothers(case);
    let mut given = Given::new(case);
    let mut memory = Memory::ZEROS;
    assert_eq!(says(memory.state(), 0), [STATE; 8]);

    // Neither the method nor the resource is kept, nor the places of the tags.
    let mut method = case.request.method.clone();
    let mut resource = given.resource(case);
    let state_size = STATE_WORDS * 8;
    let begun = begin(
        memory.state(),
        state_size,
        bytes(&method),
        &raw const resource,
    );
    method.fill(UNTOUCHED);
    drop_contents(&mut resource);
    given.places.fill(NO_BYTES);
    if !matches!(case.status, None | Some(0 | 100..=999)) {
        assert_eq!(begun, ARGUMENT);
        assert_eq!(says(memory.state(), 0), [STATE; 8]);
        assert_eq!(feed(memory.state(), b"If-Match", b"*"), STATE);
        return;
    }
    assert_eq!(begun, 0);

    // 0 says nothing of the status.
    let case = &Case {
        status: case.status.filter(|&status| status != 0),
        ..case.clone()
    };
    let mut expected = preconditions(case, &brothers);
    let fields = &case.request.fields;
    let (before, after) = fields.split_at(input.copied_after.min(fields.len()));
    for (name, value) in before {
        expected.field(name, value);
        assert_eq!(feed(memory.state(), name, value), 0);
    }
    let mut copy = memory;
    for (name, value) in after {
        expected.field(name, value);
        assert_eq!(feed(memory.state(), name, value), 0);
    }
    agrees(memory.state(), input, case, &expected, &brothers);
    // SAFETY: the memory of a state.
    unsafe { hcond_end(memory.state()) };
    assert_eq!(says(memory.state(), 0), [STATE; 8]);

    for (name, value) in after {
        assert_eq!(feed(copy.state(), name, value), 0);
    }
    let said = says(copy.state(), 0);
    misuses_state(&mut copy, input.odd);
    assert_eq!(says(copy.state(), 0), said);
    agrees(copy.state(), input, case, &expected, &brothers);
}

fn agrees(
    state: *mut State,
    input: &Input,
    case: &Case,
    expected: &Preconditions<'_>,
    brothers: &[EntityTag<'_>],
) {
    let decision = match expected.decide() {
        Decision::Perform => 0,
        Decision::PerformIgnoringRange => 1,
        Decision::NotModified => 304,
        Decision::PreconditionFailed => 412,
    };
    let explanation = expected.explain();
    let explained = explanation.to_string();
    let guard = expected.guards_write() as c_int;
    let said = says(state, input.least_guard);
    assert_eq!(
        said[..6],
        [
            decision,
            guard,
            field_bits(expected.present()),
            field_bits(expected.malformed()),
            explanation.field().map_or(0, field_bit),
            explanation.allows_already_applied().into(),
        ]
    );
    assert_eq!(
        said[6],
        admitted(input.least_guard, case, expected, brothers)
    );
    // SAFETY: the buffer has its size.
    let explain = |buffer, size| unsafe { hcond_explain(state, buffer, size) };
    writes(input.size, explain, Ok(explained.as_bytes()));

    let lines = case.request.fields.iter();
    let is_range = |(name, _): &&(Vec<u8>, Vec<u8>)| name.eq_ignore_ascii_case(b"range");
    let ranges = lines.filter(is_range).map(|(_, value)| &value[..]);
    let others: [Option<&[u8]>; 2] = [None, Some(b"bytes=0-1,3-")];
    for range in ranges.map(Some).chain(others) {
        answers_range(state, input, expected, range);
    }
}

fn field_bits(fields: Fields) -> c_int {
    fields.iter().map(field_bit).sum()
}

fn field_bit(field: Field) -> c_int {
    match field {
        Field::IfMatch => 1,
        Field::IfNoneMatch => 2,
        Field::IfModifiedSince => 4,
        Field::IfUnmodifiedSince => 8,
        Field::IfRange => 16,
        Field::Range => 32,
        other => panic!("the header has no {other:?}"),
    }
}

/// What [`admit`] says; it knows no status without conditions, so that where there is one its rule
/// is written out.
fn admitted(
    least_guard: c_int,
    case: &Case,
    expected: &Preconditions<'_>,
    brothers: &[EntityTag<'_>],
) -> c_int {
    let policy = AdmitPolicy::new().conditions(policy(&case.policy));
    let (policy, least) = match least_guard {
        0 => (policy, Guard::None),
        1 => (policy.require_guard(), Guard::Date),
        2 => (policy.require_strong_guard(), Guard::Strong),
        _ => return ARGUMENT,
    };
    let method = Method::from_bytes(&case.request.method);
    let selected = selected(case, brothers);
    if case.status.is_none() {
        let fields = case.request.fields.iter();
        let fields = fields.map(|(name, value)| (name, value));
        return match admit(method, fields, selected, &policy) {
            Ok(_) => 0,
            Err(refusal) => refusal.status().into(),
        };
    }
    let exists = selected.exists() || !brothers.is_empty();
    match expected.decide() {
        _ if matches!(method, Method::Get | Method::Head | Method::Query) => 0,
        Decision::PreconditionFailed | Decision::NotModified => 412,
        _ if method == Method::Other && exists && expected.guards_write() < least => 428,
        _ => 0,
    }
}

/// What a state must not be asked, and must not be asked by: it stays as it was.
fn misuses_state(memory: &mut Memory, odd: u8) {
    let state = memory.state();
    let mut zeros = Memory::ZEROS;
    for (state, error) in [
        (null_mut(), NULL),
        (unaligned(state, odd), ALIGNMENT),
        (zeros.state(), STATE),
    ] {
        assert_eq!(says(state, 0), [error; 8]);
        assert_eq!(feed(state, b"If-Match", b"*"), error);
        // SAFETY: it is null, not aligned, or the memory of a state.
        unsafe { hcond_end(state) };
    }
    let (some, huge) = (b"If-Match".as_ptr(), usize::MAX - usize::from(odd));
    // SAFETY: what is null has no length, and what is longer than memory can be is not read.
    unsafe {
        assert_eq!(hcond_field(state, null(), 8, some, 8), NULL);
        assert_eq!(hcond_field(state, some, 8, null(), 1), NULL);
        assert_eq!(hcond_field(state, some, huge, some, 8), SIZE);
        assert_eq!(hcond_field(state, some, 8, some, huge), SIZE);
        assert_eq!(hcond_admit(state, 3 + c_int::from(odd)), ARGUMENT);
        // A length of 0, whatever the pointer: no name, so no field.
        assert_eq!(hcond_field(state, null(), 0, null(), 0), 0);
        assert_eq!(
            hcond_field(state, ptr::without_provenance(1), 0, null(), 0),
            0
        );
    }
}

/// A state that was begun, and is begun again with what must not be given.
fn refuses_to_begin(input: &Input) {
    let case = Case {
        status: None,
        ..input.case.clone()
    };
    let mut given = Given::new(&case);
    let mut memory = Memory::ZEROS;
    let good = given.resource(&case);
    let (mut state, mut state_size) = (memory.state(), hcond_state_size());
    let mut method = bytes(b"PUT");
    assert_eq!(begin(state, state_size, method, &raw const good), 0);

    // One more byte than it is long, so that it can be somewhere else.
    let mut resources = [good; 2];
    let mut resource = &raw mut resources[0];
    let mut resource_size = size_of::<Resource>();
    let huge = usize::MAX - usize::from(input.odd);
    let bad_tag = b"v1\"";
    let bad_places = [bytes(b"\"a\""), bytes(bad_tag)];
    let null_places = [Bytes {
        data: null(),
        length: 3,
    }];
    let mut room = [[0_usize; 3]; 3];
    let mut errors = Vec::new();
    let mut is_written = true;
    for fault in input.faults {
        let now = &mut resources[0];
        let also = |now: &mut Resource, places: &[Bytes], room: &mut [[usize; 3]]| {
            now.also = places.as_ptr();
            now.also_count = places.len();
            now.also_room = room.as_mut_ptr().cast();
        };
        errors.push(match fault % 32 {
            0 => {
                state = null_mut();
                is_written = false;
                NULL
            }
            1 => {
                state = unaligned(memory.state(), input.odd);
                is_written = false;
                ALIGNMENT
            }
            2 => {
                state_size = usize::from(input.odd) % hcond_state_size();
                is_written = false;
                SIZE
            }
            3 => {
                method.data = null();
                NULL
            }
            4 => {
                method.length = huge;
                SIZE
            }
            5 => {
                resource = null_mut();
                NULL
            }
            6 => {
                resource = unaligned(&raw mut resources[0], input.odd);
                ALIGNMENT
            }
            7 => {
                resource_size = resource_size.wrapping_add(1 + usize::from(input.odd));
                SIZE
            }
            8 => {
                now.flags |= 16 << (input.odd % 28);
                ARGUMENT
            }
            9 => {
                now.policy |= 64 << (input.odd % 26);
                ARGUMENT
            }
            10 => {
                now.reserved = 1 + u32::from(input.odd);
                ARGUMENT
            }
            11 => {
                now.status = [99, 1000, 65_736, u32::MAX][usize::from(input.odd % 4)];
                ARGUMENT
            }
            12 => {
                now.flags = now.flags & !2 | 4;
                ARGUMENT
            }
            13 => {
                now.flags |= 2;
                now.last_modified = [FIRST - 1, LAST + 1, i64::MIN][usize::from(input.odd % 3)];
                DATE
            }
            14 => {
                now.flags |= 8;
                now.now = [FIRST - 1, LAST + 1, i64::MAX][usize::from(input.odd % 3)];
                DATE
            }
            15 => {
                now.etag = bytes(&bad_tag[..usize::from(input.odd % 4)]);
                TAG
            }
            16 => {
                now.etag = Bytes {
                    data: null(),
                    length: 3,
                };
                NULL
            }
            17 => {
                now.etag = Bytes {
                    data: bad_tag.as_ptr(),
                    length: huge,
                };
                SIZE
            }
            18 => {
                also(now, &bad_places, &mut room);
                TAG
            }
            19 => {
                also(now, &null_places, &mut room);
                NULL
            }
            20 => {
                also(now, &bad_places[..1], &mut room);
                now.also_count = huge;
                SIZE
            }
            21 => {
                also(now, &bad_places[..1], &mut room);
                now.also = null();
                NULL
            }
            22 => {
                also(now, &bad_places[..1], &mut room);
                now.also_room = null_mut();
                NULL
            }
            23 => {
                also(now, &bad_places[..1], &mut room);
                now.also_room = unaligned(now.also_room.cast::<usize>(), input.odd).cast();
                ALIGNMENT
            }
            _ => continue,
        });
    }
    // SAFETY: what is wrong is null, not aligned, too long to be read or one of the numbers; the rest is as it was.
    let said = unsafe {
        hcond_begin(
            state,
            state_size,
            method.data,
            method.length,
            resource,
            resource_size,
        )
    };
    assert_one_of(said, &errors);
    let is_begun = errors.is_empty() || !is_written;
    assert_eq!(says(memory.state(), 0)[0] != STATE, is_begun);
}

/// One of the errors that there are reasons for, or 0 where there is none.
fn assert_one_of(said: c_int, errors: &[c_int]) {
    let is_right = match errors {
        [] => said == 0,
        _ => errors.contains(&said),
    };
    assert!(is_right, "{said}, and not one of {errors:?}");
}

fn answers_range(
    state: *const State,
    input: &Input,
    expected: &Preconditions<'_>,
    range: Option<&[u8]>,
) {
    const NONE: ByteRange = ByteRange { first: 7, last: 3 };
    let mut value = range.map_or(NO_BYTES, bytes);
    let policies = [input.ranges; 2];
    let (mut policy, mut policy_size) = (&raw const policies[0], size_of::<RangePolicy>());
    if input.switch {
        (policy, policy_size) = (null(), 0);
    }
    // A place more than there may be written to.
    let mut places = vec![NONE; input.capacity + 1];
    let mut parts = places.as_mut_ptr();
    let (mut counts, mut whys) = ([99_usize; 2], [99 as c_int; 2]);
    let (mut count, mut why) = (&raw mut counts[0], &raw mut whys[0]);
    let mut errors = Vec::new();
    if !input.switch && (input.ranges.flags > 31 || input.ranges.reserved > 0) {
        errors.push(ARGUMENT);
    }
    for fault in input.faults {
        errors.push(match fault % 16 {
            0 => {
                value = Bytes {
                    data: null(),
                    length: 1,
                };
                NULL
            }
            1 if value.length > 0 && expected.present().contains(Field::Range) => {
                value.length = usize::MAX - usize::from(input.odd);
                SIZE
            }
            2 => {
                (policy, policy_size) = (policies.as_ptr(), usize::from(input.odd % 24));
                SIZE
            }
            3 => {
                policy = unaligned(policies.as_ptr().cast_mut(), input.odd);
                ALIGNMENT
            }
            4 if input.capacity > 0 => {
                parts = null_mut();
                NULL
            }
            5 if input.capacity > 0 => {
                parts = unaligned(places.as_mut_ptr(), input.odd);
                ALIGNMENT
            }
            6 => {
                count = null_mut();
                NULL
            }
            7 => {
                count = unaligned(&raw mut counts[0], input.odd);
                ALIGNMENT
            }
            8 => {
                why = unaligned(&raw mut whys[0], input.odd);
                ALIGNMENT
            }
            _ => continue,
        });
    }
    // SAFETY: what is wrong is null, not aligned or too long to be read; `parts` has its capacity.
    let said = unsafe {
        hcond_range(
            state,
            value.data,
            value.length,
            input.complete_length,
            policy,
            policy_size,
            parts,
            input.capacity,
            count,
            why,
        )
    };
    if !errors.is_empty() {
        // A policy that is not looked at has no fault.
        if policy_size == 0 || policy.is_null() {
            errors.push(SIZE);
        }
        assert_one_of(said, &errors);
        assert!(places.iter().all(|&place| place == NONE));
        assert_eq!((counts, whys), ([99; 2], [99; 2]));
        return;
    }
    let range = range.filter(|_| expected.present().contains(Field::Range));
    let policy = if input.switch {
        http_conditional::RangePolicy::new()
    } else {
        range_policy(input.ranges)
    };
    let response =
        RangeResponse::with_policy(expected.decide(), range, input.complete_length, policy);
    let (status, sent, reason) = match response {
        RangeResponse::Whole(reason) => (200, vec![], why_number(reason)),
        RangeResponse::Unsatisfiable(_) => (416, vec![], 0),
        RangeResponse::Part(part) => (206, vec![part], 0),
        RangeResponse::Parts(parts) => (206, parts.collect(), 0),
    };
    let (status, sent, reason) = if sent.len() > input.capacity {
        (200, vec![], 9)
    } else {
        (status, sent, reason)
    };
    assert_eq!((said, counts[0], whys[0]), (status, sent.len(), reason));
    let sent = sent.iter().map(|part| ByteRange {
        first: part.range().first(),
        last: part.range().last(),
    });
    let untouched = std::iter::repeat(NONE);
    assert!(
        places
            .iter()
            .copied()
            .eq(sent.chain(untouched).take(places.len()))
    );
}

fn range_policy(of: RangePolicy) -> http_conditional::RangePolicy {
    let mut policy = http_conditional::RangePolicy::new()
        .max_ranges(of.max_ranges as usize)
        .max_reversals(of.max_reversals as usize)
        .max_bytes(of.max_bytes);
    if of.flags & 1 != 0 {
        policy = policy.malformed_is_416();
    }
    if of.flags & 2 != 0 {
        policy = policy.excess_is_416();
    }
    if of.flags & 4 != 0 {
        policy = policy.empty_is_200();
    }
    if of.flags & 8 != 0 {
        policy = policy.first_only();
    }
    if of.flags & 16 != 0 {
        policy = policy.spaces_around_hyphen();
    }
    policy
}

fn why_number(reason: WholeReason) -> c_int {
    match reason {
        WholeReason::NoRange => 1,
        WholeReason::Decision => 2,
        WholeReason::Unit => 3,
        WholeReason::Malformed(_) => 4,
        WholeReason::Empty => 5,
        WholeReason::TooMany => 6,
        WholeReason::Reversals => 7,
        WholeReason::TooLong => 8,
        other => panic!("the header has no {other:?}"),
    }
}

/// What is written is this text, as snprintf has it, or nothing.
fn writes(size: usize, call: impl Fn(*mut u8, usize) -> c_int, expected: Result<&[u8], c_int>) {
    let mut buffer = vec![UNTOUCHED; size + 8];
    let said = call(buffer.as_mut_ptr(), size);
    let (inside, outside) = buffer.split_at(size);
    let is_untouched = |bytes: &[u8]| bytes.iter().all(|&byte| byte == UNTOUCHED);
    assert!(is_untouched(outside));
    let mut errors = Vec::new();
    match expected {
        Ok(text) => {
            assert_eq!(usize::try_from(said), Ok(text.len()));
            if let Some(most) = size.checked_sub(1) {
                let fits = text.len().min(most);
                assert_eq!(inside[..fits], text[..fits]);
                assert_eq!(inside[fits], 0);
            }
        }
        Err(error) => {
            assert_eq!(said, error);
            assert!(is_untouched(inside));
            errors.push(error);
        }
    }
    assert_eq!(call(null_mut(), 0), said);
    assert_one_of(call(null_mut(), size + 1), &[&errors[..], &[NULL]].concat());
    buffer.fill(UNTOUCHED);
    let refused = call(buffer.as_mut_ptr(), usize::MAX - size);
    assert_one_of(refused, &[&errors[..], &[SIZE]].concat());
    assert!(is_untouched(&buffer));
}

fn reads_and_writes_tags(input: &Input, value: &[u8]) {
    let before = Tag {
        opaque: null(),
        length: 99,
        weak: 99,
    };
    let mut tags = [before; 2];
    let (data, length) = (value.as_ptr(), value.len());
    // SAFETY: the value has its length; one tag is null, and one not aligned.
    let said = unsafe {
        let unaligned = unaligned(&raw mut tags[0], input.odd);
        let errors = if EntityTag::parse(value).is_ok() {
            0
        } else {
            TAG
        };
        let either = |error| {
            if errors == 0 {
                vec![error]
            } else {
                vec![error, errors]
            }
        };
        assert_one_of(hcond_tag_parse(data, length, null_mut()), &either(NULL));
        assert_one_of(hcond_tag_parse(data, length, unaligned), &either(ALIGNMENT));
        assert_eq!(hcond_tag_parse(null(), 1, &raw mut tags[0]), NULL);
        assert_eq!(tags[0].length, 99);
        hcond_tag_parse(data, length, &raw mut tags[0])
    };
    if let Ok(tag) = EntityTag::parse(value) {
        assert_eq!(said, 0);
        assert_eq!(tags[0].opaque, tag.opaque().as_ptr());
        assert_eq!(tags[0].length, tag.opaque().len());
        assert_eq!(tags[0].weak, tag.is_weak().into());
    } else {
        assert_eq!((said, tags[0].length, tags[0].weak), (TAG, 99, 99));
    }

    let (made, mark): (_, &[u8]) = match input.switch {
        true => (EntityTag::weak(value), b"W/\""),
        false => (EntityTag::strong(value), b"\""),
    };
    let text = [mark, value, b"\""].concat();
    // SAFETY: the value and the buffer have their lengths.
    let write =
        |buffer, size| unsafe { hcond_tag_write(data, length, input.switch.into(), buffer, size) };
    writes(input.size, write, made.map(|_| &text[..]).map_err(|_| TAG));

    let mut digest = vec![0; 2 * length];
    EntityTag::from_digest(value, &mut digest).expect("room for all digits");
    let text = [b"\"", &digest[..], b"\""].concat();
    // SAFETY: as above.
    let write = |buffer, size| unsafe { hcond_tag_from_digest(data, length, buffer, size) };
    let expected = if value.is_empty() {
        Err(ARGUMENT)
    } else {
        Ok(&text[..])
    };
    writes(input.size, write, expected);
}

/// With itself, with the value of the next line, and with the tag of the resource.
fn compares_tags(input: &Input, value: &[u8], place: usize) {
    let next = input.case.request.fields.get(place + 1);
    let current = input.case.state.etag.as_ref().map(tag_value);
    for other in [
        Some(value),
        next.map(|(_, value)| &value[..]),
        current.as_deref(),
    ] {
        let other = other.unwrap_or(b"\"a\"");
        let expected = match (EntityTag::parse(value), EntityTag::parse(other)) {
            (Ok(one), Ok(other)) if input.switch => one.strong_eq(other).into(),
            (Ok(one), Ok(other)) => one.weak_eq(other).into(),
            _ => TAG,
        };
        let strongly = c_int::from(input.switch) << (input.odd % 31);
        let (one, other) = (bytes(value), bytes(other));
        // SAFETY: both have their lengths.
        let said =
            unsafe { hcond_tag_matches(one.data, one.length, other.data, other.length, strongly) };
        assert_eq!(said, expected);
    }
}

fn reads_date(input: &Input, value: &[u8]) {
    let (data, length) = (value.as_ptr(), value.len());
    let clock = input.switch.then_some(input.seconds);
    let expected = match clock.map(HttpDate::from_unix) {
        Some(Err(_)) => None,
        Some(Ok(now)) => HttpDate::parse(value, Some(now)).ok(),
        None => HttpDate::parse(value, None).ok(),
    };
    let now = clock.as_ref().map_or(null(), ptr::from_ref);
    let mut seconds = [99_i64; 2];
    let out = &raw mut seconds[0];
    // SAFETY: the value has its length, and what is not aligned or null is not looked at.
    let said = unsafe {
        assert_eq!(hcond_date_parse(data, length, now, null_mut()), NULL);
        assert_eq!(
            hcond_date_parse(data, length, now, unaligned(out, input.odd)),
            ALIGNMENT
        );
        let odd = unaligned(out, input.odd);
        assert_eq!(hcond_date_parse(data, length, odd, out), ALIGNMENT);
        assert_eq!(hcond_date_parse(null(), 1, now, out), NULL);
        assert_eq!(seconds, [99; 2]);
        hcond_date_parse(data, length, now, out)
    };
    let expected = expected.map_or((DATE, 99), |date| (0, date.to_unix()));
    assert_eq!((said, seconds[0], seconds[1]), (expected.0, expected.1, 99));
}

fn says_what_is_carried(input: &Input, name: &[u8]) {
    let Input { status, flags, .. } = *input;
    let if_range = flags & 2 != 0;
    let head = match status {
        _ if flags > 7 => None,
        304 => Some(ResponseHead::NotModified {
            has_etag: flags & 1 != 0,
        }),
        206 if flags & 4 != 0 => Some(ResponseHead::Parts { if_range }),
        206 => Some(ResponseHead::Part { if_range }),
        412 => Some(ResponseHead::PreconditionFailed),
        416 => Some(ResponseHead::RangeNotSatisfiable),
        _ => None,
    };
    let expected = head.map_or((ARGUMENT, ARGUMENT), |head| {
        let carries = match head.carries(name) {
            Carries::Omitted => 0,
            Carries::Own => 1,
            Carries::Allowed => 2,
            Carries::Required => 3,
        };
        (carries, head.keeps(name).into())
    });
    let (data, length) = (name.as_ptr(), name.len());
    // SAFETY: the name has its length.
    let said = unsafe {
        (
            hcond_carries(status, flags, data, length),
            hcond_keeps(status, flags, data, length),
        )
    };
    assert_eq!(said, expected);
    // SAFETY: what is null, or longer than memory can be, is not read.
    unsafe {
        let flags = flags & 7;
        assert_eq!(hcond_carries(304, flags, null(), 1), NULL);
        assert_eq!(hcond_keeps(206, flags, data, usize::MAX), SIZE);
    }
}

/// Dates, tags of files and Content-Range.
fn writes_by_numbers(input: &Input) {
    let Input {
        size,
        seconds,
        complete_length,
        ..
    } = *input;
    let date = HttpDate::from_unix(seconds).map(HttpDate::encode);
    // SAFETY: the buffer has its size, here and below.
    let write = |buffer, size| unsafe { hcond_date_write(seconds, buffer, size) };
    let expected = date.as_ref().map(|text| &text[..]);
    writes(size, write, expected.map_err(|_| DATE));

    let (length, nanoseconds) = (complete_length, input.nanoseconds);
    let mut room = [0; EntityTag::SIZE_AND_MODIFIED_LEN];
    let mark: &[u8] = if input.switch { b"\"" } else { b"W/\"" };
    let expected = match (seconds, nanoseconds) {
        (_, 1_000_000_000..) => Err(ARGUMENT),
        (0 | 1, _) => Err(DATE),
        _ => {
            let tag = EntityTag::from_size_and_modified(length, seconds, nanoseconds, &mut room);
            Ok([mark, tag.opaque(), b"\""].concat())
        }
    };
    let write = |buffer, size| unsafe {
        hcond_tag_from_file(
            length,
            seconds,
            nanoseconds,
            input.switch.into(),
            buffer,
            size,
        )
    };
    writes(size, write, expected.as_deref().map_err(|&error| error));

    let first = seconds.cast_unsigned();
    let last = first.wrapping_add(nanoseconds.into());
    for (first, last) in [
        (0, nanoseconds.into()),
        (nanoseconds.into(), 0),
        (first, last),
    ] {
        let known = Some(length).filter(|&length| length != u64::MAX);
        let value = http_conditional::ByteRange::new(first, last)
            .and_then(|range| ContentRange::satisfied(range, known));
        let write =
            |buffer, size| unsafe { hcond_content_range(first, last, length, buffer, size) };
        let text = value.map(|value| value.to_string());
        writes(
            size,
            write,
            text.as_deref().map(str::as_bytes).ok_or(ARGUMENT),
        );
    }
    let text = ContentRange::unsatisfied(length).to_string();
    let write = |buffer, size| unsafe { hcond_content_range_unsatisfied(length, buffer, size) };
    writes(size, write, Ok(text.as_bytes()));
}
