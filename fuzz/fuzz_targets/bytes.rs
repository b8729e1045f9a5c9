//! Any bytes into everything: no public function panics, whatever it is given, and all that it
//! returns can be shown. What the results are is for the other targets to say.
//!
//! `.ci/fuzz` looks for each public function here by its name.
#![no_main]

use std::fmt::{self, Debug, Display, Write};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::hint::black_box;
use std::num::NonZeroU32;
use std::time::{Duration, SystemTime};

use arbitrary::{Arbitrary, Result, Unstructured};
use http::header::{HeaderMap, HeaderName, HeaderValue};
use http::{Response as Ok200, StatusCode};
use http_conditional::cache::{
    self, Answer, Evaluation, OnValidation, Response, SelectionRequest, StorableFields,
    ValidationRequest,
};
use http_conditional::{
    AdmitPolicy, Boundary, BufferTooSmall, ByteRange, Change, Changes, Clocks, Condition,
    ContentInParts, ContentRange, Decision, DigestTag, EntityTag, EntityTagBuf, EntityTags,
    Exclusion, Explanation, Field, HttpDate, KeptFields, LentLine, Method, Modified, Multipart,
    Part, Piece, Policy, Preconditions, RangePolicy, RangeResponse, Ranges, Reply, ReplyPolicy,
    Representation, Requirement, ResponseHead, SmallTag, Step, admit, evaluate, reply, reply_head,
    reply_in_parts,
};
use libfuzzer_sys::fuzz_target;

#[derive(Debug)]
struct Input {
    numbers: [u64; 3],
    bounds: [usize; 2],
    seconds: i64,
    nanoseconds: u32,
    status: u16,
    switches: u8,
    /// Names and values, neither of which has to be one.
    lines: Vec<(Vec<u8>, Vec<u8>)>,
}

impl<'a> Arbitrary<'a> for Input {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let (numbers, bounds) = Arbitrary::arbitrary(u)?;
        let (seconds, nanoseconds, status, switches) = Arbitrary::arbitrary(u)?;
        let rest = u.bytes(u.len())?;
        let lines = rest.split(|&byte| byte == b'\n');
        let lines = lines.filter(|_| !rest.is_empty()).map(|line| {
            let colon = line.iter().position(|&byte| byte == b':');
            let (name, value) = line.split_at(colon.unwrap_or(line.len()));
            (
                name.to_vec(),
                value.strip_prefix(b":").unwrap_or(value).to_vec(),
            )
        });
        Ok(Self {
            numbers,
            bounds,
            seconds,
            nanoseconds,
            status,
            switches,
            // More of them take time and show nothing more.
            lines: lines.take(12).collect(),
        })
    }
}

/// Where text goes that nobody reads.
struct Nowhere;

impl Write for Nowhere {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        black_box(text);
        Ok(())
    }
}

fn show(value: impl Display + Debug) {
    write!(Nowhere, "{value} {value:>9.3}").unwrap();
    debug(value);
}

fn debug(value: impl Debug) {
    write!(Nowhere, "{value:?}").unwrap();
}

fn debug_and_hash(value: impl Debug + Hash) {
    hash(&value);
    debug(value);
}

fn hash(value: impl Hash) {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    black_box(hasher.finish());
}

fuzz_target!(|input: Input| {
    let mut dates = Vec::new();
    let mut tags = Vec::new();
    for (name, value) in &input.lines {
        names(name, &input);
        dates.extend(reads_dates(value, &input));
        tags.extend(reads_tags(value, &input));
        ranges(value, &input);
    }
    dates.extend(HttpDate::from_unix(input.seconds).map_err(show));
    dates.push(HttpDate::now());
    small_tags(&input);
    dates.extend(HttpDate::try_from(
        SystemTime::UNIX_EPOCH + Duration::from_secs(u64::from(input.status) << 33),
    ));
    for &date in &dates {
        show(date);
        hash(date);
        black_box((date.to_unix(), date.encode()));
        black_box(SystemTime::try_from(date).is_ok());
    }
    lists_of_tags(&input);

    let (date, tag) = (dates.last().copied(), tags.last().copied());
    let selected = representations(&input, date, tag);
    preconditions(&input, selected, date);
    conditions(&input);
    writes(&input, selected, date);
    replies(&input, date);
    caches(&input, date, tag);
});

fn small_tags(input: &Input) {
    let [number, high, low] = input.numbers;
    show(DigestTag::new([input.status.to_le_bytes()[0]; 16]).as_tag());
    show(DigestTag::from([input.switches; 32]));
    let uuid = u128::from(high) << 64 | u128::from(low);
    let updated = SmallTag::from_updated_at(input.seconds, input.nanoseconds);
    let age = Duration::new(number >> 20, input.nanoseconds % 1_000_000_000);
    for time in [
        SystemTime::UNIX_EPOCH.checked_add(age),
        SystemTime::UNIX_EPOCH.checked_sub(age),
    ] {
        let Some(time) = time else { continue };
        debug(HttpDate::from_system_time(time));
        debug(HttpDate::of_file(time));
        debug(SmallTag::of_file(number, time));
    }
    for tag in [SmallTag::from_number(number), SmallTag::from_uuid(uuid)]
        .into_iter()
        .chain(updated)
    {
        show(tag);
        show(tag.strong().as_tag());
    }
}

fn reads_dates(value: &[u8], input: &Input) -> Option<HttpDate> {
    let now = HttpDate::from_unix(input.seconds).ok();
    let relaxed = HttpDate::parse_ignore_ascii_case(value, now);
    let strict = HttpDate::parse(value, now);
    for error in [strict.err(), relaxed.err()].into_iter().flatten() {
        show(error);
        black_box((error.kind(), error.index()));
    }
    let gap = NonZeroU32::new(u32::from(input.status)).map(Clocks::Within);
    for clocks in [Clocks::Untrusted, Clocks::Same].into_iter().chain(gap) {
        black_box(relaxed.map(|date| date.is_strong(now, clocks))).ok();
        debug_and_hash(clocks);
    }
    let date = strict.or(relaxed).ok()?;
    for modified in [Modified::Noted(date), Modified::Assigned(date)] {
        black_box((modified.last_modified(now), modified.last_modified(None)));
        debug_and_hash(modified);
    }
    Some(date)
}

fn reads_tags<'a>(value: &'a [u8], input: &Input) -> Option<EntityTag<'a>> {
    let mut digits = vec![0; value.len()];
    let digest = value.get(..value.len() / 2).unwrap_or_default();
    let from_digest = EntityTag::from_digest(digest, &mut digits).map_err(show);
    from_digest.map(show).ok();
    let _ = EntityTag::from_digest(value, &mut [0; 7]).map_err(BufferTooSmall::needed);
    EntityTagBuf::<16>::from_digest(value)
        .map(show)
        .map_err(show)
        .ok();
    let mut buffer = [0; EntityTag::SIZE_AND_MODIFIED_LEN];
    let size = input.numbers[0];
    show(EntityTag::from_size_and_modified(
        size,
        input.seconds,
        input.nanoseconds,
        &mut buffer,
    ));

    let parsed = EntityTag::parse(value);
    for tag in [parsed, EntityTag::strong(value), EntityTag::weak(value)] {
        match tag {
            Err(error) => {
                show(error);
                black_box((error.kind(), error.index()));
            }
            Ok(tag) => {
                show(tag);
                let mut buffer = vec![0; tag.encoded_len().min(40)];
                black_box(tag.encode(&mut buffer)).map_err(show).ok();
                black_box((tag.opaque(), tag.is_weak()));
                if let Ok(stored) = EntityTagBuf::<16>::try_from(tag) {
                    show(&stored);
                    let same = stored.as_tag();
                    black_box((tag.weak_eq(same), tag.strong_eq(same)));
                }
            }
        }
    }
    parsed.ok()
}

fn lists_of_tags(input: &Input) {
    let values = || input.lines.iter().map(|(_, value)| value);
    for value in values() {
        match EntityTags::parse(value) {
            Ok(EntityTags::List(tags)) => tags.for_each(show),
            Ok(any) => debug(any),
            Err(error) => show(error),
        }
    }
    let lines: Vec<&Vec<u8>> = values().collect();
    match EntityTags::from_lines(lines.iter().copied()) {
        Ok(tags) => debug(tags),
        Err(error) => show(error),
    }
}

fn names(name: &[u8], input: &Input) {
    if let Some(field) = Field::from_name(name) {
        show(field);
        hash(field);
        black_box(field.name());
    }
    let method = Method::from_bytes(name);
    debug_and_hash(method);
    if let Ok(text) = str::from_utf8(name) {
        black_box(Method::from(text));
    }
    black_box(method.is_safe());
    black_box(cache::invalidates(method, input.status));
    let on_validation = OnValidation::of(input.status);
    debug_and_hash(on_validation);
    let (has_etag, if_range) = (input.switches & 1 != 0, input.switches & 2 != 0);
    for head in [
        ResponseHead::NotModified { has_etag },
        ResponseHead::Part { if_range },
        ResponseHead::Parts { if_range },
        ResponseHead::PreconditionFailed,
        ResponseHead::RangeNotSatisfiable,
    ] {
        black_box((head.keeps(name), head.allows_content(method), head.status()));
        head.removes().for_each(show);
        debug(head.keeping_last_modified());
        debug_and_hash(head);
        debug_and_hash(head.carries(name));
    }
}

fn ranges(value: &[u8], input: &Input) {
    let [first, last, complete_length] = input.numbers;
    match Ranges::parse(value) {
        Ok(ranges) => {
            debug(ranges);
            black_box((ranges.count(), ranges.is_satisfiable(complete_length)));
            ranges.parts(complete_length).for_each(debug);
            let resolved = ranges.resolve(complete_length);
            debug(&resolved);
            for range in resolved {
                black_box((range.first(), range.last(), range.len(), range.of(value)));
            }
        }
        Err(error) => {
            show(error);
            black_box((error.kind(), error.index()));
        }
    }
    match ContentRange::parse(value) {
        Ok(content_range) => {
            show(content_range);
            hash(content_range);
            black_box((content_range.range(), content_range.complete_length()));
            black_box(content_range.encode(&mut [0; ContentRange::MAX_LEN]));
        }
        Err(error) => {
            show(error);
            black_box((error.kind(), error.index()));
        }
    }
    show(ContentRange::unsatisfied(complete_length));
    if let Some(range) = ByteRange::new(first, last) {
        debug_and_hash(range);
        black_box((range.len(), range.of(value)));
        ContentRange::satisfied(range, None)
            .into_iter()
            .for_each(show);
        ContentRange::satisfied(range, Some(complete_length))
            .into_iter()
            .for_each(show);
    }
    let [max_ranges, max_reversals] = input.bounds;
    let policy = RangePolicy::default()
        .max_ranges(max_ranges)
        .max_reversals(max_reversals);
    debug_and_hash(policy);
    debug(RangePolicy::new());
    let departing = range_policy(input);
    debug_and_hash(departing);
    let departing =
        RangeResponse::with_policy(Decision::Perform, Some(value), complete_length, departing);
    let mut lent = [ByteRange::default(); 5];
    let by_default = RangeResponse::new(Decision::Perform, Some(value), complete_length);
    let bounded =
        RangeResponse::with_policy(Decision::Perform, Some(value), complete_length, policy);
    for response in [
        by_default,
        bounded.clone(),
        bounded.coalesce(first, &mut lent),
        departing,
    ] {
        debug(&response);
        match response {
            RangeResponse::Part(part) => {
                debug_and_hash(part);
                black_box((part.range(), part.content_range()));
            }
            RangeResponse::Parts(parts) => {
                black_box(parts.len());
                parts.map(Part::content_range).for_each(show);
            }
            RangeResponse::Whole(_) | RangeResponse::Unsatisfiable(_) => {}
        }
    }
}

fn range_policy(input: &Input) -> RangePolicy {
    let mut policy = RangePolicy::new();
    if input.switches & 1 != 0 {
        policy = policy.malformed_is_416().excess_is_416().empty_is_200();
    }
    if input.switches & 2 != 0 {
        policy = policy.first_only();
    }
    if input.switches & 4 != 0 {
        policy = policy.spaces_around_hyphen().max_bytes(input.numbers[0]);
    }
    policy
}

fn representations<'a>(
    input: &'a Input,
    date: Option<HttpDate>,
    tag: Option<EntityTag<'a>>,
) -> Representation<'a> {
    let mut selected = Representation::current();
    if let Some(tag) = tag {
        selected = selected.etag(tag);
    }
    let is_strong = input.switches & 4 != 0;
    selected = match date {
        Some(date) if is_strong => selected.strong_last_modified(date),
        Some(date) => selected.last_modified(date),
        None => selected,
    };
    if input.switches & 8 != 0 {
        selected = Representation::ABSENT;
    }
    black_box((
        selected.exists(),
        selected.modified(),
        selected.strongly_modified(),
    ));
    debug(selected.entity_tag());
    debug(selected.after_put(is_strong));
    black_box(selected.shares_strong_validator(Representation::current()));
    let read = Representation::of_fields(&input.lines);
    debug(read);
    for (name, value) in read.maybe_etag(tag).maybe_last_modified(date).fields() {
        show(name);
        show(value);
    }
    selected
}

fn policies(input: &Input, now: Option<HttpDate>) -> Policy {
    let mut policy = Policy::new();
    if let Some(now) = now {
        policy = policy.now(now);
    }
    if input.switches & 16 != 0 {
        policy = policy.exact_if_modified_since().weak_if_match();
    }
    if input.switches & 32 != 0 {
        policy = policy.lenient_entity_tags();
    }
    if input.switches & 64 != 0 {
        policy = policy.case_insensitive_dates();
    }
    if input.switches & 128 != 0 {
        policy = policy.lenient_dates().if_range_by_date();
    }
    debug_and_hash(policy);
    policy
}

fn preconditions(input: &Input, selected: Representation<'_>, now: Option<HttpDate>) {
    let lines = || input.lines.iter().map(|(name, value)| (name, value));
    let values = lines().map(|(_, value)| value);
    let brothers: Vec<EntityTag<'_>> = values
        .filter_map(|value| EntityTag::parse(value).ok())
        .collect();
    let also = selected.also(&brothers);
    debug(also);
    assert_eq!(also.brothers().len(), brothers.len());
    let method = lines()
        .next()
        .map_or(Method::Get, |(name, _)| Method::from_bytes(name));
    for method in [method, Method::Get, Method::Other] {
        let mut preconditions = Preconditions::new(method, selected);
        for (name, value) in lines() {
            preconditions.field(name, value);
        }
        assert_eq!(evaluate(method, selected, lines()), preconditions.decide());
        let mut departing = Preconditions::with_policy(method, also, policies(input, now))
            .unconditional_status(input.status);
        departing.extend(lines());
        for preconditions in [preconditions, departing] {
            debug(preconditions);
            let decision = preconditions.decide();
            show(decision);
            black_box((decision.status(), preconditions.guards_write()));
            let malformed = preconditions.malformed();
            assert!(
                malformed
                    .iter()
                    .all(|field| preconditions.present().contains(field))
            );
            show(malformed);
            hash(malformed);
            assert_eq!(malformed.is_empty(), malformed.iter().next().is_none());
            assert!(malformed.iter().all(|field| malformed.contains(field)));
            explanations(preconditions.explain(), decision);
            remarks(&preconditions, lines());
        }
    }
}

fn explanations(explanation: Explanation<'_>, decision: Decision) {
    show(explanation);
    assert_eq!(explanation.decision(), decision);
    assert_eq!(explanation.step().map(Step::field), explanation.field());
    black_box(explanation.allows_already_applied());
    // A false If-Range decides beside the step that prevented a 304, and no other does.
    let decided = matches!(explanation.step(), None | Some(Step::IfRange));
    assert!(explanation.kept_from_304().is_none() || decided);
    for step in explanation.steps() {
        show(step);
        assert_eq!(step.is_marked(), explanation.marked() == Some(step.step()));
        assert_eq!(step.decided(), explanation.step() == Some(step.step()));
        black_box(step.step().number());
    }
}

fn writes(input: &Input, current: Representation<'_>, now: Option<HttpDate>) {
    debug(ResponseHead::not_modified(current));
    let mut kept = KeptFields::<Vec<u8>, 2>::of(&input.lines, |(_, value)| value.clone());
    kept.push(Field::IfMatch, b"*".to_vec());
    assert!(!kept.is_empty());
    black_box(kept.get(Field::IfMatch));
    black_box(kept.iter().count());
    let policy = AdmitPolicy::new().conditions(policies(input, now));
    for policy in [
        policy,
        policy.require_guard(),
        policy.require_strong_guard(),
    ] {
        debug(policy);
        for method in [Method::Other, Method::Get] {
            match admit(method, &kept, current, &policy) {
                Ok(admitted) => {
                    debug(admitted);
                    black_box((admitted.creates(), admitted.status_of_put()));
                }
                Err(refusal) => {
                    show(refusal);
                    debug(refusal.reason());
                    black_box((refusal.status(), refusal.fields().count()));
                }
            }
        }
    }
}

fn remarks<'r: 'a, 'a, L: LentLine<'a>>(
    preconditions: &Preconditions<'r>,
    lines: impl Iterator<Item = L> + Clone + Debug,
) {
    for line in lines.clone() {
        assert_eq!(line.value(), line.lent_value());
        black_box(line.name());
    }
    let explanation = preconditions.explain_with(lines);
    write!(Nowhere, "{explanation}").unwrap();
    show(explanation.explanation().decision());
    for step in explanation.explanation().steps() {
        if let Some(remark) = explanation.remark(step.step().field()) {
            show(remark);
            debug(remark.kind());
            black_box((remark.sent(), remark.current()));
        }
    }
}

fn replies(input: &Input, now: Option<HttpDate>) {
    let [complete_length, gap, number] = input.numbers;
    let mut policy = ReplyPolicy::new()
        .conditions(policies(input, now))
        .ranges(range_policy(input));
    if input.switches & 8 != 0 {
        policy = policy.keeping_last_modified().only_if_shorter();
    }
    if input.switches & 16 != 0 {
        policy = policy.coalescing(gap);
    }
    debug(policy);
    let given = input
        .lines
        .last()
        .and_then(|(_, value)| Boundary::new(value));
    let boundary = given.unwrap_or_else(|| Boundary::from_random(u128::from(number) << 60));
    debug_and_hash(boundary);
    black_box(boundary.as_bytes());
    // The field lines are those of the request and of the response to it without conditions.
    let lines = &input.lines;
    let length = (input.switches & 32 == 0).then_some(complete_length);
    let media_type = lines.first().map(|(_, value)| value);
    for method in [Method::Get, Method::Head, Method::Query, Method::Other] {
        let one = Reply::new(method, lines, input.status, lines, length, &policy);
        debug(one);
        changes(one.changes());
        show(one.decision());
        black_box(lines.iter().all(|(name, _)| one.keeps(name)));
        black_box((one.status(), one.content()));
        black_box(one.content().range(complete_length));
        black_box(one.into_content().of(b"0123456789"));
        let parts = |parts| Multipart::new(parts, media_type, boundary);
        let several = Reply::in_parts(method, lines, 200, lines, length, &policy, parts);
        debug(&several);
        changes(several.changes());
        let mut content = several.into_content();
        debug(content.next_piece(complete_length));
        if let ContentInParts::Parts(mut multipart) = content {
            show(multipart.content_type());
            black_box(multipart.content_length());
            while let Some(piece) = multipart.next_piece() {
                debug(piece);
                black_box(matches!(piece, Piece::Content(_)));
            }
        }
        replies_of_http(input, method, length, &policy, boundary);
    }
}

fn changes(changes: Changes<'_>) {
    for change in changes {
        debug(change);
        if let Change::Set(_, value) = change {
            show(value);
            black_box(value.encode(&mut [0; 12])).map_err(show).ok();
        }
    }
}

fn replies_of_http(
    input: &Input,
    method: Method,
    length: Option<u64>,
    policy: &ReplyPolicy,
    boundary: Boundary,
) {
    let mut fields = HeaderMap::new();
    for (name, value) in &input.lines {
        if let (Ok(name), Ok(value)) =
            (HeaderName::from_bytes(name), HeaderValue::from_bytes(value))
        {
            fields.append(name, value);
        }
    }
    let request = fields.clone();
    let mut ok = Ok200::new(());
    *ok.headers_mut() = fields.clone();
    debug(reply(method, &request, &mut ok, length, policy));
    *ok.status_mut() = StatusCode::OK;
    *ok.headers_mut() = fields.clone();
    debug(reply_in_parts(
        method,
        &request,
        &mut ok,
        length,
        policy,
        || boundary,
    ));
    let (mut status, _) = reply_head(
        method,
        &request,
        StatusCode::OK,
        &mut fields,
        length,
        policy,
    );
    let again = Reply::new(method, &request, 200, &request, length, policy);
    black_box(again.apply(&mut status, &mut fields));
    ResponseHead::PreconditionFailed.apply(&mut fields);
}

fn conditions(input: &Input) {
    let lines = || input.lines.iter().map(|(name, value)| (name, value));
    let now = HttpDate::from_unix(input.seconds).unwrap_or(HttpDate::MAX);
    let method = lines()
        .next()
        .map_or(Method::Get, |(name, _)| Method::from_bytes(name));
    for method in [method, Method::Get, Method::Other] {
        let condition = Condition::new(method, lines(), now, policies(input, None));
        let (requirement, exclusion) = match condition {
            Condition::Always | Condition::Never => (None, None),
            Condition::Requires(requirement) => (Some(requirement), None),
            Condition::Excludes(exclusion) => (None, Some(exclusion)),
            Condition::Both(requirement, exclusion) => (Some(requirement), Some(exclusion)),
        };
        if let Some(Requirement::Matches(tags) | Requirement::MatchesWeakly(tags)) = requirement {
            tags.iter().for_each(show);
            tags.only().into_iter().for_each(show);
        }
        if let Some(Exclusion::Matches(tags)) = exclusion {
            tags.iter().for_each(show);
            tags.only().into_iter().for_each(show);
        }
    }
}

fn caches(input: &Input, date: Option<HttpDate>, tag: Option<EntityTag<'_>>) {
    let [first, last, length] = input.numbers;
    let parts: Vec<ByteRange> = [(first, last), (last, length), (0, first)]
        .into_iter()
        .filter_map(|(first, last)| ByteRange::new(first, last))
        .collect();
    let lines = || input.lines.iter().map(|(name, value)| (name, value));
    let mut told = Response::new(input.status)
        .complete_length(length)
        .clocks(Clocks::Same);
    if let Some(tag) = tag {
        told = told.etag(tag);
    }
    if let Some(date) = date {
        told = told.last_modified(date).date(date).received(date);
    }
    let read = Response::new(206).parts(&parts).fields(lines());
    let stored = [told, read, Response::new(200).fields(lines())];
    let range = input.lines.last().map(|(_, value)| value.as_slice());
    let [max_ranges, max_reversals] = input.bounds;
    let range_policy = RangePolicy::new()
        .max_ranges(max_ranges)
        .max_reversals(max_reversals);
    let target = range.and_then(|range| str::from_utf8(range).ok());
    let also = cache::invalidates_also(target.unwrap_or("http://a/"), lines());
    debug(&also);
    also.for_each(debug);

    for response in stored {
        debug(response);
        black_box((
            response.entity_tag().map(show),
            response.modified(),
            response.time(),
        ));
        black_box((
            response.strongly_modified(),
            response.length(),
            response.status(),
        ));
        black_box((response.covers(range), response.covers(None)));
        black_box(response.covers_with(range, range_policy));
        debug(response.representation());
        show(response.malformed());
        black_box(response.malformed().is_empty());
        response.malformed().names().for_each(show);
        if let Some(combination) = cache::combine(response, stored) {
            debug(&combination);
            combination.places().for_each(debug);
            debug((combination.fields(), combination.complete_length()));
        }
        debug(cache::on_head(response, told));
        debug(cache::select_for_update(response, stored));
        cache::select_for_update(response, stored).for_each(debug);
        answers(input, response, date);
    }
    debug(cache::most_recent(stored));

    let connection: Vec<&Vec<u8>> = lines().map(|(_, value)| value).collect();
    let fields = StorableFields::new(connection.iter().copied()).except(&["Age"]);
    debug(&fields);
    for (name, _) in lines() {
        black_box((fields.stores(name), fields.updates(name)));
    }
    debug(SelectionRequest::new(told));
    let selection = SelectionRequest::of(&stored).for_range(range);
    debug(selection);
    for field in selection.fields() {
        show(field);
        debug(selection.field(field.field()).map(|field| field.name()));
    }
    debug(ValidationRequest::new(read).byte_for_byte().fields());
    let request = ValidationRequest::of(&stored)
        .for_range(range)
        .range_policy(range_policy)
        .or_date();
    debug(request.after_not_modified(told));
    for field in request.fields() {
        show(field);
    }
    let Ok(merged) = request.merge(connection.iter().copied()) else {
        return;
    };
    debug(&merged);
    merged.tags().for_each(show);
    debug(merged.after_not_modified(told));
    for field in merged.fields() {
        let mut buffer = vec![0; field.encoded_len()];
        black_box(field.encode(&mut buffer).is_ok());
        black_box(field.to_header_value().is_ok());
        black_box(field.encode(&mut [0; 4])).map_err(show).ok();
        show(field);
    }
}

fn answers(input: &Input, stored: Response<'_>, now: Option<HttpDate>) {
    let lines = || input.lines.iter().map(|(name, value)| (name, value));
    let policy = policies(input, now);
    for (method, stored) in [("GET", Some(stored)), ("HEAD", Some(stored)), ("GET", None)] {
        let mut evaluation = Evaluation::new(Method::from(method), stored);
        for (name, value) in lines() {
            evaluation.field(name, value);
        }
        assert_eq!(
            cache::evaluate(method, stored, lines()),
            evaluation.answer()
        );
        let mut departing = Evaluation::with_policy(Method::from(method), stored, policy);
        departing.extend(lines());
        for evaluation in [evaluation, departing] {
            debug(evaluation);
            let [max_ranges, gap] = input.bounds;
            let ranges = RangePolicy::new().max_ranges(max_ranges);
            let answer: Answer = evaluation.range_policy(ranges).answer();
            let mut lent = [ByteRange::default(); 3];
            debug(answer.coalesce(gap as u64, &mut lent));
            black_box(evaluation.asks_origin());
            show(evaluation.malformed());
            evaluation.explain().into_iter().for_each(show);
        }
    }
}
