//! Runs the language-neutral vectors of `tests/vectors/` (its README describes the format)
//! against the crate and against the naive oracle.

mod oracle;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
#[cfg(feature = "dates")]
use http_conditional::HttpDate;
#[cfg(feature = "cache")]
use http_conditional::cache::{Answer, Evaluation, Response};
#[cfg(feature = "cache")]
use http_conditional::{ByteRange, Clocks};
use http_conditional::{
    Decision, EntityTag, Field, Guard, Method, Policy, Preconditions, RangePolicy, RangeResponse,
    Representation, WholeReason, evaluate,
};
use serde::{Deserialize, Deserializer};

/// How many vectors there are at least, of each role: none is lost unseen.
const ORIGIN: usize = 1608;
const CACHE: usize = 105;
/// Those among them that say which ranges are sent.
const RANGES: usize = 122;

// The format, as README.md has it.

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    title: String,
    vectors: Vec<Vector>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Vector {
    id: String,
    description: String,
    requirements: Vec<String>,
    role: Role,
    method: String,
    fields: Vec<(Bytes, Bytes)>,
    state: State,
    base_status: u16,
    #[serde(deserialize_with = "present")]
    now: Option<Date>,
    #[serde(default)]
    policy: Vec<Departure>,
    expected: Expected,
    #[serde(default)]
    alternatives: Vec<Alternative>,
    range_response: Option<Ranges>,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
enum Role {
    Origin,
    Cache,
}

#[derive(Debug, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Bytes {
    Text(String),
    Base64 { base64: String },
    Repeat { repeat: Box<Bytes>, times: usize },
    Concat { concat: Vec<Bytes> },
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct State {
    exists: bool,
    #[serde(deserialize_with = "present")]
    etag: Option<Bytes>,
    #[serde(deserialize_with = "present")]
    last_modified: Option<Date>,
    last_modified_strong: bool,
    /// The tags of other current representations, in the role `origin`.
    #[serde(default)]
    also: Vec<Bytes>,
    /// `date` and `received` belong to the role `cache`.
    date: Option<Date>,
    received: Option<Date>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Date {
    unix: i64,
    http_date: String,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
enum Departure {
    ExactIfModifiedSince,
    WeakIfMatch,
    LenientEntityTags,
    CaseInsensitiveDates,
    LenientDates,
    IfRangeByDate,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    decision: Outcome,
    #[serde(deserialize_with = "present")]
    deciding_field: Option<Name>,
    malformed: Vec<Name>,
    guards_write: Option<bool>,
    guards_write_strongly: Option<bool>,
    already_applied_allowed: Option<bool>,
}

/// Which ranges are sent of a representation of that length.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ranges {
    complete_length: u64,
    #[serde(default)]
    policy: RangeDepartures,
    status: u16,
    #[serde(default)]
    parts: Vec<(u64, u64)>,
    whole_because: Option<Because>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
#[allow(clippy::struct_excessive_bools)]
struct RangeDepartures {
    max_ranges: Option<usize>,
    max_reversals: Option<usize>,
    max_bytes: Option<u64>,
    #[serde(rename = "malformed-is-416")]
    malformed_is_416: bool,
    #[serde(rename = "excess-is-416")]
    excess_is_416: bool,
    first_only: bool,
    #[serde(rename = "empty-is-200")]
    empty_is_200: bool,
    spaces_around_hyphen: bool,
}

/// Why the whole is sent.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
enum Because {
    NotApplied,
    OtherUnit,
    Malformed,
    TooMany,
    Empty,
    OutOfOrder,
    TooLong,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Alternative {
    decision: Outcome,
    reason: String,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
enum Outcome {
    Perform,
    PerformIgnoringRange,
    NotModified,
    PreconditionFailed,
    Forward,
    Reject,
}

/// Names in alphabetical order.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "kebab-case")]
enum Name {
    IfMatch,
    IfModifiedSince,
    IfNoneMatch,
    IfRange,
    IfUnmodifiedSince,
    Range,
}

/// A member that may be null but not left out.
fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    Option::deserialize(deserializer)
}

fn is_text(bytes: &[u8]) -> bool {
    let printable = |byte| byte == b'\t' || (b' '..=b'~').contains(&byte);
    bytes.iter().all(|&byte| printable(byte))
}

impl Bytes {
    fn decode(&self) -> Vec<u8> {
        match self {
            Self::Text(text) => {
                assert!(is_text(text.as_bytes()), "{text:?} needs base64");
                text.as_bytes().to_vec()
            }
            Self::Base64 { base64 } => {
                let bytes = BASE64.decode(base64).expect("base64");
                assert!(!is_text(&bytes), "{base64} does not need base64");
                bytes
            }
            Self::Repeat { repeat, times } => repeat.decode().repeat(*times),
            Self::Concat { concat } => concat.iter().flat_map(Self::decode).collect(),
        }
    }
}

impl From<Field> for Name {
    fn from(field: Field) -> Self {
        match field {
            Field::IfMatch => Self::IfMatch,
            Field::IfNoneMatch => Self::IfNoneMatch,
            Field::IfModifiedSince => Self::IfModifiedSince,
            Field::IfUnmodifiedSince => Self::IfUnmodifiedSince,
            Field::IfRange => Self::IfRange,
            Field::Range => Self::Range,
            other => panic!("no vector knows {other}"),
        }
    }
}

impl Name {
    /// The field that a step of section 13.2.2 evaluates.
    fn of_step(step: u8) -> Self {
        let names = [
            Self::IfMatch,
            Self::IfUnmodifiedSince,
            Self::IfNoneMatch,
            Self::IfModifiedSince,
            Self::IfRange,
        ];
        names[usize::from(step) - 1]
    }

    /// The name as the oracle has it.
    fn from_lower_case(name: &str) -> Self {
        serde_json::from_value(name.into()).expect("the name of a field")
    }

    /// The name as the RFC spells it.
    fn spelled(self) -> &'static str {
        match self {
            Self::IfMatch => "If-Match",
            Self::IfModifiedSince => "If-Modified-Since",
            Self::IfNoneMatch => "If-None-Match",
            Self::IfRange => "If-Range",
            Self::IfUnmodifiedSince => "If-Unmodified-Since",
            Self::Range => "Range",
        }
    }
}

impl From<Decision> for Outcome {
    fn from(decision: Decision) -> Self {
        match decision {
            Decision::Perform => Self::Perform,
            Decision::PerformIgnoringRange => Self::PerformIgnoringRange,
            Decision::NotModified => Self::NotModified,
            Decision::PreconditionFailed => Self::PreconditionFailed,
        }
    }
}

impl From<oracle::Answer> for Outcome {
    fn from(answer: oracle::Answer) -> Self {
        match answer {
            oracle::Answer::Perform => Self::Perform,
            oracle::Answer::PerformIgnoringRange => Self::PerformIgnoringRange,
            oracle::Answer::NotModified => Self::NotModified,
            oracle::Answer::PreconditionFailed => Self::PreconditionFailed,
        }
    }
}

// Loading.

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors")
}

/// The text of every JSON file, with the file's name without `.json`, in alphabetical order.
fn texts() -> Vec<(String, String)> {
    let mut texts = Vec::new();
    for entry in fs::read_dir(directory()).unwrap() {
        let path = entry.unwrap().path();
        if path
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            let stem = path.file_stem().unwrap().to_str().unwrap().to_owned();
            texts.push((stem, fs::read_to_string(&path).unwrap()));
        }
    }
    texts.sort();
    texts
}

fn files() -> Vec<(String, File)> {
    let parse = |(stem, text): (String, String)| match serde_json::from_str(&text) {
        Ok(file) => (stem, file),
        Err(error) => panic!("{stem}.json: {error}"),
    };
    texts().into_iter().map(parse).collect()
}

fn vectors() -> Vec<Vector> {
    files()
        .into_iter()
        .flat_map(|(_, file)| file.vectors)
        .collect()
}

/// Those of one role, with a word on how many.
fn vectors_of(role: Role) -> Vec<Vector> {
    let mut vectors = vectors();
    vectors.retain(|vector| vector.role == role);
    println!("role {role:?}: {} vectors run", vectors.len());
    let least = match role {
        Role::Origin => ORIGIN,
        Role::Cache => CACHE,
    };
    assert!(vectors.len() >= least, "only {} vectors", vectors.len());
    vectors
}

// Running.

type Lines = Vec<(Vec<u8>, Vec<u8>)>;

fn lines(vector: &Vector) -> Lines {
    let decode = |(name, value): &(Bytes, Bytes)| (name.decode(), value.decode());
    vector.fields.iter().map(decode).collect()
}

/// The same lines with the names in reverse order of their first appearance, each name's own
/// lines together and in their order.
fn names_reversed(lines: &Lines) -> Lines {
    let mut groups: Vec<(Vec<u8>, Lines)> = Vec::new();
    for line in lines {
        let name = line.0.to_ascii_lowercase();
        match groups.iter_mut().find(|(known, _)| *known == name) {
            Some((_, group)) => group.push(line.clone()),
            None => groups.push((name, vec![line.clone()])),
        }
    }
    groups
        .into_iter()
        .rev()
        .flat_map(|(_, group)| group)
        .collect()
}

#[cfg(feature = "dates")]
fn date(date: &Date) -> HttpDate {
    HttpDate::from_unix(date.unix).expect("a year of four digits")
}

/// The bytes that a representation of the crate borrows from.
struct Tags {
    etag: Option<Vec<u8>>,
    also: Vec<Vec<u8>>,
}

impl Tags {
    fn of(state: &State) -> Self {
        Self {
            etag: state.etag.as_ref().map(Bytes::decode),
            also: state.also.iter().map(Bytes::decode).collect(),
        }
    }

    fn also(&self) -> Vec<EntityTag<'_>> {
        let tags = self.also.iter();
        tags.map(|tag| EntityTag::parse(tag).expect("an entity tag"))
            .collect()
    }
}

fn representation<'a>(
    state: &State,
    tags: &'a Tags,
    also: &'a [EntityTag<'a>],
) -> Representation<'a> {
    let mut selected = if state.exists {
        Representation::current()
    } else {
        Representation::ABSENT
    };
    selected = selected.also(also);
    if let Some(etag) = &tags.etag {
        selected = selected.etag(EntityTag::parse(etag).expect("an entity tag"));
    }
    #[cfg(feature = "dates")]
    if let Some(at) = &state.last_modified {
        selected = if state.last_modified_strong {
            selected.strong_last_modified(date(at))
        } else {
            selected.last_modified(date(at))
        };
    }
    selected
}

fn policy(vector: &Vector) -> Policy {
    let mut policy = Policy::new();
    #[cfg(feature = "dates")]
    if let Some(now) = &vector.now {
        policy = policy.now(date(now));
    }
    for departure in &vector.policy {
        policy = match departure {
            Departure::WeakIfMatch => policy.weak_if_match(),
            Departure::LenientEntityTags => policy.lenient_entity_tags(),
            #[cfg(feature = "dates")]
            Departure::ExactIfModifiedSince => policy.exact_if_modified_since(),
            #[cfg(feature = "dates")]
            Departure::CaseInsensitiveDates => policy.case_insensitive_dates(),
            #[cfg(feature = "dates")]
            Departure::LenientDates => policy.lenient_dates(),
            #[cfg(feature = "dates")]
            Departure::IfRangeByDate => policy.if_range_by_date(),
            #[cfg(not(feature = "dates"))]
            _ => policy,
        };
    }
    policy
}

/// What somebody says about a vector.
#[derive(Debug, PartialEq, Eq)]
struct Said {
    decision: Outcome,
    deciding_field: Option<Name>,
    malformed: Vec<Name>,
    guards_write: Option<bool>,
    guards_write_strongly: Option<bool>,
    already_applied_allowed: Option<bool>,
}

/// What the vector says, or what follows from it where the crate reads no dates.
fn expected(vector: &Vector) -> Said {
    if cfg!(feature = "dates") || vector.role == Role::Cache {
        as_it_says(vector)
    } else {
        without_dates(vector)
    }
}

/// What the vector says.
fn as_it_says(vector: &Vector) -> Said {
    let expected = &vector.expected;
    Said {
        decision: expected.decision,
        deciding_field: expected.deciding_field,
        malformed: expected.malformed.clone(),
        guards_write: expected.guards_write,
        guards_write_strongly: expected.guards_write_strongly,
        already_applied_allowed: expected.already_applied_allowed,
    }
}

fn preconditions<'a>(
    vector: &Vector,
    selected: Representation<'a>,
    lines: &Lines,
) -> Preconditions<'a> {
    let method = Method::from_bytes(vector.method.as_bytes());
    let mut preconditions = Preconditions::with_policy(method, selected, policy(vector))
        .unconditional_status(vector.base_status);
    for (name, value) in lines {
        preconditions.field(name, value);
    }
    preconditions
}

/// What the crate says, as far as the vector has an expectation.
fn crate_says(vector: &Vector, preconditions: &Preconditions<'_>) -> Said {
    let explanation = preconditions.explain();
    let malformed: BTreeSet<Name> = preconditions.malformed().iter().map(Name::from).collect();
    let expected = &vector.expected;
    Said {
        decision: preconditions.decide().into(),
        deciding_field: explanation.field().map(Name::from),
        malformed: malformed.into_iter().collect(),
        guards_write: expected
            .guards_write
            .map(|_| preconditions.guards_write() != Guard::None),
        guards_write_strongly: expected
            .guards_write_strongly
            .map(|_| preconditions.guards_write() == Guard::Strong),
        already_applied_allowed: expected
            .already_applied_allowed
            .map(|_| explanation.allows_already_applied()),
    }
}

fn oracle_state(state: &State) -> oracle::State {
    let now_in_unix = |at: &Option<Date>| at.as_ref().map(|at| at.unix);
    let tag = |etag: &Bytes| oracle::parse_tag(&etag.decode()).expect("an entity tag");
    oracle::State {
        exists: state.exists,
        etag: state.etag.as_ref().map(tag),
        last_modified: now_in_unix(&state.last_modified),
        last_modified_is_strong: state.last_modified_strong,
        also: state.also.iter().map(tag).collect(),
    }
}

fn oracle_policy(vector: &Vector) -> oracle::Policy {
    let departs = |departure| vector.policy.contains(&departure);
    oracle::Policy {
        now: vector.now.as_ref().map(|at| at.unix),
        exact_if_modified_since: departs(Departure::ExactIfModifiedSince),
        weak_if_match: departs(Departure::WeakIfMatch),
        lenient_entity_tags: departs(Departure::LenientEntityTags),
        case_insensitive_dates: departs(Departure::CaseInsensitiveDates),
        lenient_dates: departs(Departure::LenientDates),
        if_range_by_date: departs(Departure::IfRangeByDate),
    }
}

/// What the vector would say if there were no dates: a date field is ignored, as for a resource
/// without a modification date, and whether it is malformed is not known.
fn without_dates(vector: &Vector) -> Said {
    let mut request = request(vector);
    let lenient = vector.policy.contains(&Departure::LenientEntityTags);
    let mut has_dates = false;
    for (name, value) in &mut request.fields {
        let is_date = match name.to_ascii_lowercase().as_slice() {
            b"if-modified-since" | b"if-unmodified-since" => true,
            b"if-range" => {
                let value = value.trim_ascii();
                let is_tag = value.iter().take(3).any(|&byte| byte == b'"');
                let ends_a_tag = |byte: &u8| b"\t ,\"".contains(byte);
                let is_bare = !value.is_empty() && !value.iter().any(ends_a_tag) && value != b"*";
                !(is_tag || lenient && is_bare)
            }
            _ => false,
        };
        if is_date {
            *value = b"Sat, 29 Oct 1994 19:43:31 GMT".to_vec();
            has_dates = true;
        }
    }
    if !has_dates {
        return as_it_says(vector);
    }
    let state = oracle::State {
        last_modified: None,
        last_modified_is_strong: false,
        ..oracle_state(&vector.state)
    };
    oracle_says_of(vector, &request, &state)
}

fn request(vector: &Vector) -> oracle::Request {
    oracle::Request {
        method: vector.method.clone().into_bytes(),
        fields: lines(vector),
    }
}

/// What the oracle says, as far as the vector has an expectation and the oracle an opinion.
fn oracle_says(vector: &Vector) -> Said {
    oracle_says_of(vector, &request(vector), &oracle_state(&vector.state))
}

fn oracle_says_of(vector: &Vector, request: &oracle::Request, state: &oracle::State) -> Said {
    let policy = oracle_policy(vector);
    let verdict = oracle::evaluate(request, state, vector.base_status, &policy);
    let guard = oracle::guard(request, state, &policy);
    let malformed: BTreeSet<Name> = oracle::malformed(request, state, &policy)
        .into_iter()
        .map(Name::from_lower_case)
        .collect();
    let expected = &vector.expected;
    Said {
        decision: verdict.answer.into(),
        deciding_field: verdict.deciding_step.map(Name::of_step),
        malformed: malformed.into_iter().collect(),
        guards_write: expected.guards_write.map(|_| guard != oracle::Guard::None),
        guards_write_strongly: expected
            .guards_write_strongly
            .map(|_| guard == oracle::Guard::Strong),
        already_applied_allowed: expected.already_applied_allowed.map(|_| {
            let is_safe = oracle::Method::of(&request.method).is_safe();
            matches!(verdict.deciding_step, Some(1 | 2)) && !is_safe
        }),
    }
}

/// Runs `say` over every vector of a role and reports all that differ, not only the first.
fn run(who: &str, role: Role, expected: impl Fn(&Vector) -> Said, say: impl Fn(&Vector) -> Said) {
    let mut report = String::new();
    let mut failed = 0;
    for vector in vectors_of(role) {
        let (expected, seen) = (expected(&vector), say(&vector));
        if expected != seen {
            failed += 1;
            let id = &vector.id;
            writeln!(report, "{id}\n  expected {expected:?}\n  seen     {seen:?}").unwrap();
        }
    }
    assert!(failed == 0, "{who}: {failed} vectors failed\n{report}");
}

#[test]
fn the_crate_decides_as_expected() {
    run("the crate", Role::Origin, expected, |vector| {
        let tags = Tags::of(&vector.state);
        let also = tags.also();
        let selected = representation(&vector.state, &tags, &also);
        crate_says(vector, &preconditions(vector, selected, &lines(vector)))
    });
}

/// Section 5.3: the order of fields of different names is irrelevant.
#[test]
fn the_crate_decides_alike_with_the_names_in_reverse_order() {
    let who = "the crate, with names reversed";
    run(who, Role::Origin, expected, |vector| {
        let tags = Tags::of(&vector.state);
        let also = tags.also();
        let selected = representation(&vector.state, &tags, &also);
        let lines = names_reversed(&lines(vector));
        crate_says(vector, &preconditions(vector, selected, &lines))
    });
}

#[test]
fn the_oracle_decides_as_expected() {
    run("the oracle", Role::Origin, as_it_says, oracle_says);
}

/// What the crate says in the role of a cache.
#[cfg(feature = "cache")]
fn cache_says(vector: &Vector, lines: &Lines) -> Said {
    let state = &vector.state;
    let etag = state.etag.as_ref().map(Bytes::decode);
    // What the format calls a stored part covers the Range of its request.
    let parts = [ByteRange::new(0, (1 << 20) - 2).expect("in order")];
    let stored = state.exists.then(|| {
        let mut stored = Response::new(vector.base_status);
        if let Some(etag) = &etag {
            stored = stored.etag(EntityTag::parse(etag).expect("an entity tag"));
        }
        if let Some(at) = &state.last_modified {
            stored = stored.last_modified(date(at));
        }
        if let Some(at) = &state.date {
            stored = stored.date(date(at));
        }
        if let Some(at) = &state.received {
            stored = stored.received(date(at));
        }
        if state.last_modified_strong {
            stored = stored.clocks(Clocks::Same);
        }
        if vector.base_status == 206 {
            stored = stored.parts(&parts);
        }
        stored.complete_length(1 << 20)
    });
    let method = Method::from_bytes(vector.method.as_bytes());
    let policy = policy(vector).case_insensitive_dates();
    let mut evaluation = Evaluation::with_policy(method, stored, policy);
    for (name, value) in lines {
        evaluation.field(name, value);
    }
    let has_range = lines
        .iter()
        .any(|(name, _)| name.eq_ignore_ascii_case(b"Range"));
    let malformed: BTreeSet<Name> = evaluation.malformed().iter().map(Name::from).collect();
    Said {
        decision: match evaluation.answer() {
            Answer::Forward => Outcome::Forward,
            // All of it, in spite of a Range.
            Answer::Whole if has_range => Outcome::PerformIgnoringRange,
            Answer::Whole | Answer::Part(_) | Answer::Parts(_) | Answer::Unsatisfiable(_) => {
                Outcome::Perform
            }
            Answer::NotModified => Outcome::NotModified,
        },
        deciding_field: evaluation
            .explain()
            .and_then(|explanation| explanation.field())
            .map(Name::from),
        malformed: malformed.into_iter().collect(),
        guards_write: None,
        guards_write_strongly: None,
        already_applied_allowed: None,
    }
}

/// RFC 9111 section 4.3.2, in either order of the names.
#[cfg(feature = "cache")]
#[test]
fn the_crate_decides_as_expected_of_a_cache() {
    run("the crate as a cache", Role::Cache, expected, |vector| {
        cache_says(vector, &lines(vector))
    });
    let who = "the crate as a cache, with names reversed";
    run(who, Role::Cache, expected, |vector| {
        cache_says(vector, &names_reversed(&lines(vector)))
    });
}

/// `evaluate` has no policy and no status: where a vector has none but the usual ones, it
/// decides the same.
#[test]
fn the_facade_decides_as_expected() {
    let mut failed = Vec::new();
    let mut ran = 0;
    for vector in vectors_of(Role::Origin) {
        let retrieves = matches!(&vector.method[..], "GET" | "HEAD" | "QUERY");
        let missing = !vector.state.exists && retrieves;
        let usual = if missing { 404 } else { 200 };
        let plain = vector.policy.is_empty() && vector.now.is_none();
        if !plain || vector.base_status != usual {
            continue;
        }
        ran += 1;
        let tags = Tags::of(&vector.state);
        let also = tags.also();
        let selected = representation(&vector.state, &tags, &also);
        let decision = evaluate(vector.method.as_str(), selected, lines(&vector));
        let seen = Outcome::from(decision);
        let expected = expected(&vector).decision;
        if seen != expected {
            failed.push(format!(
                "{}: expected {expected:?}, seen {seen:?}",
                vector.id
            ));
        }
    }
    println!("evaluate: {ran} vectors run");
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

impl RangeDepartures {
    fn oracle(&self) -> oracle::RangePolicy {
        let usual = oracle::RangePolicy::default();
        oracle::RangePolicy {
            max_ranges: self.max_ranges.unwrap_or(usual.max_ranges),
            max_reversals: self.max_reversals.unwrap_or(usual.max_reversals),
            max_bytes: self.max_bytes,
            malformed_is_416: self.malformed_is_416,
            excess_is_416: self.excess_is_416,
            first_only: self.first_only,
            empty_is_200: self.empty_is_200,
            spaces_around_hyphen: self.spaces_around_hyphen,
        }
    }

    fn crate_policy(&self) -> RangePolicy {
        let mut policy = RangePolicy::new();
        if let Some(most) = self.max_ranges {
            policy = policy.max_ranges(most);
        }
        if let Some(most) = self.max_reversals {
            policy = policy.max_reversals(most);
        }
        if let Some(most) = self.max_bytes {
            policy = policy.max_bytes(most);
        }
        if self.malformed_is_416 {
            policy = policy.malformed_is_416();
        }
        if self.excess_is_416 {
            policy = policy.excess_is_416();
        }
        if self.first_only {
            policy = policy.first_only();
        }
        if self.empty_is_200 {
            policy = policy.empty_is_200();
        }
        if self.spaces_around_hyphen {
            policy = policy.spaces_around_hyphen();
        }
        policy
    }
}

type Parts = Vec<(u64, u64)>;

/// What is sent: the status, the parts, and why the whole.
type Sent = (u16, Parts, Option<Because>);

fn oracle_sends(vector: &Vector, ranges: &Ranges, line: &[u8]) -> Sent {
    let applies = oracle_says(vector).decision == Outcome::Perform;
    let policy = ranges.policy.oracle();
    let because = |why| match why {
        oracle::Why::Absent => None,
        oracle::Why::NotApplied => Some(Because::NotApplied),
        oracle::Why::OtherUnit => Some(Because::OtherUnit),
        oracle::Why::Malformed => Some(Because::Malformed),
        oracle::Why::TooMany => Some(Because::TooMany),
        oracle::Why::Empty => Some(Because::Empty),
        oracle::Why::OutOfOrder => Some(Because::OutOfOrder),
        oracle::Why::TooLong => Some(Because::TooLong),
    };
    match oracle::answer_range(applies, Some(line), ranges.complete_length, &policy) {
        oracle::RangeAnswer::Whole(why) => (200, Vec::new(), because(why)),
        oracle::RangeAnswer::Unsatisfiable => (416, Vec::new(), None),
        oracle::RangeAnswer::Parts(parts) => (206, parts, None),
    }
}

fn crate_sends(vector: &Vector, ranges: &Ranges, line: &[u8]) -> Sent {
    let tags = Tags::of(&vector.state);
    let also = tags.also();
    let selected = representation(&vector.state, &tags, &also);
    let decision = preconditions(vector, selected, &lines(vector)).decide();
    let policy = ranges.policy.crate_policy();
    let because = |reason| match reason {
        WholeReason::Decision => Some(Because::NotApplied),
        WholeReason::Unit => Some(Because::OtherUnit),
        WholeReason::Malformed(_) => Some(Because::Malformed),
        WholeReason::TooMany => Some(Because::TooMany),
        WholeReason::Empty => Some(Because::Empty),
        WholeReason::Reversals => Some(Because::OutOfOrder),
        WholeReason::TooLong => Some(Because::TooLong),
        _ => None,
    };
    match RangeResponse::with_policy(decision, Some(line), ranges.complete_length, policy) {
        RangeResponse::Whole(reason) => (200, Vec::new(), because(reason)),
        RangeResponse::Unsatisfiable(_) => (416, Vec::new(), None),
        RangeResponse::Part(part) => {
            let range = part.range();
            (206, vec![(range.first(), range.last())], None)
        }
        RangeResponse::Parts(parts) => {
            let positions = parts.map(|part| (part.range().first(), part.range().last()));
            (206, positions.collect(), None)
        }
    }
}

/// Which ranges are sent, where the vector says so.
#[test]
fn the_crate_and_the_oracle_send_the_ranges_expected() {
    let mut failed = Vec::new();
    let mut ran = 0;
    for vector in vectors_of(Role::Origin) {
        let Some(ranges) = &vector.range_response else {
            continue;
        };
        ran += 1;
        let lines = lines(&vector);
        let is_range = |(name, _): &&(Vec<u8>, Vec<u8>)| name.eq_ignore_ascii_case(b"Range");
        let (_, line) = lines.iter().find(is_range).expect(&vector.id);
        let parts = ranges.parts.clone();
        let expected = (ranges.status, parts, ranges.whole_because);
        for (who, seen) in [
            ("oracle", oracle_sends(&vector, ranges, line)),
            ("crate", crate_sends(&vector, ranges, line)),
        ] {
            if seen != expected {
                failed.push(format!("{}: the {who} sends {seen:?}", vector.id));
            }
        }
    }
    println!("ranges: {ran} vectors run");
    assert!(ran >= RANGES, "only {ran} vectors");
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn the_explanation_names_the_deciding_field() {
    let mut failed = Vec::new();
    for vector in vectors_of(Role::Origin) {
        let tags = Tags::of(&vector.state);
        let also = tags.also();
        let selected = representation(&vector.state, &tags, &also);
        let lines = lines(&vector);
        let explanation = preconditions(&vector, selected, &lines).explain();
        let text = explanation.to_string();
        let marked: Vec<&str> = text.lines().filter(|line| line.starts_with('>')).collect();
        let first = text.lines().next().unwrap_or_default();
        let deciding = expected(&vector).deciding_field;
        let right = match deciding {
            Some(name) => {
                let named = |line: &str| line.contains(name.spelled());
                named(first) && marked.len() == 1 && named(marked[0])
            }
            None => match explanation.kept_from_304() {
                Some(step) => marked.len() == 1 && marked[0].contains(step.field().name()),
                None => marked.is_empty(),
            },
        };
        if !right {
            let deciding = deciding.map(Name::spelled);
            failed.push(format!("{}: {deciding:?} in\n{text}", vector.id));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

// The form of the files, of both roles.

#[test]
fn there_are_enough_of_both_roles() {
    let vectors = vectors();
    let cache = vectors
        .iter()
        .filter(|vector| vector.role == Role::Cache)
        .count();
    println!("{} vectors in {} files", vectors.len(), texts().len());
    assert!(cache >= CACHE && vectors.len() >= CACHE + ORIGIN);
}

#[test]
fn ids_are_unique_and_begin_with_the_name_of_the_file() {
    let mut known = BTreeSet::new();
    for (stem, file) in files() {
        assert!(!file.title.is_empty() && !file.vectors.is_empty(), "{stem}");
        for Vector { id, .. } in file.vectors {
            let rest = id.strip_prefix(&stem).and_then(|id| id.strip_prefix('/'));
            let speaking = rest.is_some_and(|rest| {
                !rest.is_empty()
                    && rest
                        .bytes()
                        .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
            });
            assert!(speaking, "{id} in {stem}.json");
            assert!(known.insert(id.clone()), "{id} twice");
        }
    }
}

/// As README.md has it: the number of the RFC, the section, and a number of two digits.
fn is_requirement(id: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<&str> = id.split('-').collect();
    // RFC 10008 has few enough for the whole of it to be numbered through.
    if let [rfc, number] = parts[..] {
        return rfc == "10008" && number.len() == 2 && digits(number);
    }
    let [rfc, section, number] = parts[..] else {
        return false;
    };
    matches!(rfc, "5322" | "6585" | "9110" | "9111")
        && section.split('.').all(digits)
        && number.len() == 2
        && digits(number)
}

#[test]
fn requirements_are_well_formed() {
    let mut covered = BTreeSet::new();
    for vector in vectors() {
        let id = &vector.id;
        assert!(!vector.requirements.is_empty(), "{id} has no requirement");
        let distinct: BTreeSet<&String> = vector.requirements.iter().collect();
        assert_eq!(distinct.len(), vector.requirements.len(), "{id}");
        for requirement in &vector.requirements {
            assert!(is_requirement(requirement), "{id}: {requirement}");
        }
        covered.extend(vector.requirements);
    }
    println!("{} requirements are named", covered.len());
    assert!(!is_requirement("9110-13.1.2-1") && !is_requirement("9110-13..2-15"));
}

/// Whether a decision can be reached by way of that field at all.
fn fits(vector: &Vector) -> bool {
    let deciding = vector.expected.deciding_field;
    match vector.expected.decision {
        Outcome::Perform => deciding.is_none(),
        Outcome::PerformIgnoringRange => matches!(deciding, None | Some(Name::IfRange)),
        Outcome::NotModified => {
            matches!(deciding, Some(Name::IfNoneMatch | Name::IfModifiedSince))
        }
        Outcome::PreconditionFailed => match deciding {
            Some(Name::IfMatch | Name::IfUnmodifiedSince | Name::IfNoneMatch) => true,
            None => vector.base_status == 412,
            Some(_) => false,
        },
        Outcome::Forward => deciding.is_none() && vector.role == Role::Cache,
        Outcome::Reject => false,
    }
}

#[test]
fn vectors_are_well_formed() {
    for vector in vectors() {
        let id = &vector.id;
        let (state, expected) = (&vector.state, &vector.expected);
        assert!(vector.description.ends_with('.'), "{id}: description");
        assert!((200..600).contains(&vector.base_status), "{id}: status");

        let known = [&state.last_modified, &state.date, &state.received];
        for at in known.into_iter().chain([&vector.now]).flatten() {
            let http_date = oracle::format_date(at.unix);
            assert_eq!(http_date, Some(at.http_date.clone()), "{id}: dates differ");
        }
        for etag in state.etag.iter().chain(&state.also) {
            assert!(oracle::parse_tag(&etag.decode()).is_some(), "{id}: etag");
        }
        let nothing = state.etag.is_none() && known.into_iter().all(Option::is_none);
        assert!(state.exists || nothing, "{id}: validators of nothing");
        if state.last_modified_strong {
            let at = state.last_modified.as_ref().expect(id).unix;
            let stored = state.date.as_ref().map(|stored| stored.unix);
            let second = stored.is_some_and(|stored| stored > at);
            assert!(second || vector.role == Role::Origin, "{id}: strong date");
        }

        assert!(fits(&vector), "{id}: decision and deciding field");
        let sorted: BTreeSet<Name> = expected.malformed.iter().copied().collect();
        assert!(sorted.iter().eq(&expected.malformed), "{id}: malformed");
        let origin = vector.role == Role::Origin;
        assert!(origin || expected.guards_write.is_none(), "{id}: guard");
        assert!(origin || state.also.is_empty(), "{id}: brothers");
        if expected.guards_write_strongly == Some(true) {
            assert_eq!(expected.guards_write, Some(true), "{id}: guard");
        }
        if let Some(ranges) = &vector.range_response {
            let whole = ranges.whole_because.is_some();
            assert!(origin, "{id}: what a cache sends is in its parts");
            assert_eq!(ranges.status == 200, whole, "{id}: why the whole");
            let parts = !ranges.parts.is_empty();
            assert_eq!(ranges.status == 206, parts, "{id}: parts");
            assert!(
                matches!(ranges.status, 200 | 206 | 416),
                "{id}: range status"
            );
            let performs = matches!(
                expected.decision,
                Outcome::Perform | Outcome::PerformIgnoringRange
            );
            assert!(performs, "{id}: ranges of nothing");
        }

        let mut decisions = vec![expected.decision];
        for alternative in &vector.alternatives {
            assert!(!decisions.contains(&alternative.decision), "{id}: twice");
            assert!(alternative.reason.ends_with('.'), "{id}: reason");
            let forward = alternative.decision == Outcome::Forward;
            assert!(!(forward && origin), "{id}: only a cache forwards");
            decisions.push(alternative.decision);
        }
    }
}

/// The state of a stored response has two more members, both of which may be null.
#[test]
fn date_and_received_belong_to_the_cache() {
    for (stem, text) in texts() {
        let file: serde_json::Value = serde_json::from_str(&text).unwrap();
        for vector in file["vectors"].as_array().unwrap() {
            let cache = vector["role"] == "cache";
            for member in ["date", "received"] {
                let there = vector["state"].get(member).is_some();
                assert_eq!(there, cache, "{stem}.json: {member} in {}", vector["id"]);
            }
        }
    }
}
