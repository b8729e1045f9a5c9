//! The preconditions (RFC 9110 section 13.1) and their evaluation (section
//! 13.2), as an origin server does it.

use super::date::{DateReading, read_date};
use super::tags::{
    TagReading, Tags, parse_bare_tag, parse_tag, parse_tags, strong_comparison, weak_comparison,
};
use super::{Answer, Method, Policy, Request, State, Tag, Verdict, without_outer_whitespace};

/// What has become of a field after parsing.
enum Field<T> {
    Absent,
    Malformed,
    Valid(T),
}

impl<T> Field<T> {
    fn is_present(&self) -> bool {
        !matches!(self, Field::Absent)
    }

    fn is_malformed(&self) -> bool {
        matches!(self, Field::Malformed)
    }
}

/// A parsed HTTP-date.
struct Date {
    unix: i64,
    was_leap_second: bool,
}

/// Section 13.1.5: `If-Range = entity-tag / HTTP-date`.
enum Validator {
    Tag(Tag),
    Date(Date),
}

/// All fields that matter, parsed.
struct Fields {
    if_match: Field<Tags>,
    if_unmodified_since: Field<Date>,
    if_none_match: Field<Tags>,
    if_modified_since: Field<Date>,
    if_range: Field<Validator>,
    range: Field<()>,
}

/// The lines of one field in order of arrival, each without the whitespace
/// around it. Section 5.1: field names are case-insensitive.
fn lines_of(request: &Request, field_name: &str) -> Vec<Vec<u8>> {
    let mut lines = Vec::new();
    for (name, value) in &request.fields {
        if name.eq_ignore_ascii_case(field_name.as_bytes()) {
            lines.push(without_outer_whitespace(value));
        }
    }
    lines
}

/// The reference for two-digit years: the clock, else the date of the
/// representation.
fn reference_time(state: &State, policy: &Policy) -> Option<i64> {
    policy.now.or(current_last_modified(state))
}

fn date_of(value: &[u8], state: &State, policy: &Policy) -> Option<Date> {
    let now = reference_time(state, policy);
    let reading = DateReading {
        ignore_case: policy.case_insensitive_dates,
        lenient: policy.lenient_dates,
    };
    let (unix, was_leap_second) = read_date(value, now, reading)?;
    Some(Date {
        unix,
        was_leap_second,
    })
}

/// `If-Match` and `If-None-Match`.
fn tags_field(lines: &[Vec<u8>], method: Method, policy: &Policy) -> Field<Tags> {
    if lines.is_empty() {
        return Field::Absent;
    }
    // A write that is guarded by half of what was sent is not guarded.
    let reading = match policy.lenient_entity_tags {
        false => TagReading::Strict,
        true if method.retrieves() => TagReading::PassingOver,
        true => TagReading::Unquoted,
    };
    match parse_tags(lines, reading) {
        Some(tags) => Field::Valid(tags),
        None => Field::Malformed,
    }
}

/// `If-Modified-Since` and `If-Unmodified-Since`: exactly one HTTP-date, so a
/// second line makes the field malformed even if both say the same.
fn date_field(lines: &[Vec<u8>], state: &State, policy: &Policy) -> Field<Date> {
    match lines {
        [] => Field::Absent,
        [value] => match date_of(value, state, policy) {
            Some(date) => Field::Valid(date),
            None => Field::Malformed,
        },
        _ => Field::Malformed,
    }
}

/// Section 13.1.5: "A valid entity-tag can be distinguished from a valid
/// HTTP-date by examining the first three characters for a DQUOTE."
fn validator_of(value: &[u8], state: &State, policy: &Policy) -> Option<Validator> {
    if value.iter().take(3).any(|&byte| byte == b'"') {
        return parse_tag(value).map(Validator::Tag);
    }
    if let Some(date) = date_of(value, state, policy) {
        return Some(Validator::Date(date));
    }
    if policy.lenient_entity_tags {
        return parse_bare_tag(value).map(Validator::Tag);
    }
    None
}

/// `If-Range`: one validator, never a list.
fn if_range_field(lines: &[Vec<u8>], state: &State, policy: &Policy) -> Field<Validator> {
    match lines {
        [] => Field::Absent,
        [value] => match validator_of(value, state, policy) {
            Some(validator) => Field::Valid(validator),
            None => Field::Malformed,
        },
        _ => Field::Malformed,
    }
}

/// `Range`: only its presence matters here, and that there is just one.
fn range_field(lines: &[Vec<u8>]) -> Field<()> {
    match lines {
        [] => Field::Absent,
        [_] => Field::Valid(()),
        _ => Field::Malformed,
    }
}

fn parse_fields(request: &Request, state: &State, policy: &Policy) -> Fields {
    let method = Method::of(&request.method);
    Fields {
        if_match: tags_field(&lines_of(request, "If-Match"), method, policy),
        if_unmodified_since: date_field(&lines_of(request, "If-Unmodified-Since"), state, policy),
        if_none_match: tags_field(&lines_of(request, "If-None-Match"), method, policy),
        if_modified_since: date_field(&lines_of(request, "If-Modified-Since"), state, policy),
        if_range: if_range_field(&lines_of(request, "If-Range"), state, policy),
        range: range_field(&lines_of(request, "Range")),
    }
}

/// The entity tag of the selected representation, if there is a representation
/// and it has a tag.
fn current_tag(state: &State) -> Option<&Tag> {
    if state.exists {
        state.etag.as_ref()
    } else {
        None
    }
}

/// The modification date of the selected representation, if there is a
/// representation and it has a date.
fn current_last_modified(state: &State) -> Option<i64> {
    if state.exists {
        state.last_modified
    } else {
        None
    }
}

/// The entity tags that the lists of `If-Match` and `If-None-Match` are compared
/// with: that of the selected representation, and for a method that does not ask
/// for just that one, those of the others that the resource has.
#[must_use]
pub fn compared_tags(method: Method, state: &State) -> Vec<&Tag> {
    let mut tags: Vec<&Tag> = current_tag(state).into_iter().collect();
    if !method.retrieves() {
        tags.extend(&state.also);
    }
    tags
}

/// Sections 13.1.1 and 13.1.2: whether "the origin server has a current
/// representation for the target resource". One that is named beside the selected
/// one is one; to a method that asks for the selected one it is of no use.
#[must_use]
pub fn anything_exists(method: Method, state: &State) -> bool {
    state.exists || (!method.retrieves() && !state.also.is_empty())
}

/// Section 13.1.1.
fn if_match_is_true(field: &Field<Tags>, method: Method, state: &State, policy: &Policy) -> bool {
    match field {
        // "1. If the field value is "*", the condition is true if the origin
        // server has a current representation for the target resource."
        Field::Valid(Tags::Any) => anything_exists(method, state),
        // "2. If the field value is a list of entity tags, the condition is true
        // if any of the listed tags match the entity tag of the selected
        // representation." The comparison is the strong one. The prose before
        // that speaks of any current representation, which the server has to
        // name.
        Field::Valid(Tags::List(tags)) => compared_tags(method, state).iter().any(|current| {
            tags.iter().any(|tag| {
                if policy.weak_if_match {
                    weak_comparison(tag, current)
                } else {
                    strong_comparison(tag, current)
                }
            })
        }),
        // "3. Otherwise, the condition is false."
        Field::Malformed | Field::Absent => false,
    }
}

/// Section 13.1.2.
fn if_none_match_is_true(field: &Field<Tags>, method: Method, state: &State) -> bool {
    match field {
        // "1. If the field value is "*", the condition is false if the origin
        // server has a current representation for the target resource."
        Field::Valid(Tags::Any) => !anything_exists(method, state),
        // "2. If the field value is a list of entity tags, the condition is
        // false if one of the listed tags matches the entity tag of the selected
        // representation." The comparison is the weak one.
        Field::Valid(Tags::List(tags)) => !compared_tags(method, state)
            .iter()
            .any(|current| tags.iter().any(|tag| weak_comparison(tag, current))),
        // "3. Otherwise, the condition is true." Not so for a malformed value on
        // a method that may write: that write would go unprotected.
        Field::Malformed => method.retrieves(),
        Field::Absent => true,
    }
}

/// Section 13.1.3. A field that is to be ignored counts as true: the evaluation
/// goes on either way.
fn if_modified_since_is_true(field: &Field<Date>, state: &State, policy: &Policy) -> bool {
    // "A recipient MUST ignore the If-Modified-Since header field if the
    // received field value is not a valid HTTP-date, the field value has more
    // than one member, ..."
    let Field::Valid(date) = field else {
        return true;
    };
    // "A recipient MUST ignore the If-Modified-Since header field if the
    // resource does not have a modification date available."
    let Some(last_modified) = current_last_modified(state) else {
        return true;
    };
    // "1. If the selected representation's last modification date is earlier or
    // equal to the date provided in the field value, the condition is false.
    // 2. Otherwise, the condition is true."
    if policy.exact_if_modified_since {
        last_modified != date.unix
    } else {
        last_modified > date.unix
    }
}

/// Section 13.1.4. A field that is to be ignored counts as true: the evaluation
/// goes on either way.
fn if_unmodified_since_is_true(field: &Field<Date>, state: &State) -> bool {
    // "A recipient MUST ignore the If-Unmodified-Since header field if the
    // received field value is not a valid HTTP-date (including when the field
    // value appears to be a list of dates)."
    let Field::Valid(date) = field else {
        return true;
    };
    // "A recipient MUST ignore the If-Unmodified-Since header field if the
    // resource does not have a modification date available."
    let Some(last_modified) = current_last_modified(state) else {
        return true;
    };
    // "1. If the selected representation's last modification date is earlier
    // than or equal to the date provided in the field value, the condition is
    // true. 2. Otherwise, the condition is false."
    last_modified <= date.unix
}

/// Section 13.1.5.
fn if_range_is_true(field: &Field<Validator>, state: &State, policy: &Policy) -> bool {
    match field {
        Field::Valid(Validator::Date(date)) => {
            // "1. If the HTTP-date validator provided is not a strong validator
            // in the sense defined by Section 8.8.2.2, the condition is false."
            if !state.last_modified_is_strong && !policy.if_range_by_date {
                return false;
            }
            // A leap second was read as the second before it, so it is not exact.
            if date.was_leap_second {
                return false;
            }
            // "2. If the HTTP-date validator provided exactly matches the
            // Last-Modified field value for the selected representation, the
            // condition is true. 3. Otherwise, the condition is false."
            current_last_modified(state) == Some(date.unix)
        }
        Field::Valid(Validator::Tag(tag)) => match current_tag(state) {
            // "1. If the entity-tag validator provided exactly matches the ETag
            // field value for the selected representation using the strong
            // comparison function, the condition is true. 2. Otherwise, the
            // condition is false."
            Some(current) => strong_comparison(tag, current),
            None => false,
        },
        Field::Malformed | Field::Absent => false,
    }
}

fn verdict(answer: Answer, deciding_step: Option<u8>) -> Verdict {
    Verdict {
        answer,
        deciding_step,
    }
}

/// Steps 1 to 4 of section 13.2.2; `None` means that none of them ended the
/// evaluation.
fn steps_1_to_4(
    fields: &Fields,
    method: Method,
    state: &State,
    policy: &Policy,
) -> Option<Verdict> {
    // "1. When recipient is the origin server and If-Match is present, evaluate
    // the If-Match precondition: if true, continue to step 3; if false, respond
    // 412 (Precondition Failed) ..."
    if fields.if_match.is_present() && !if_match_is_true(&fields.if_match, method, state, policy) {
        return Some(verdict(Answer::PreconditionFailed, Some(1)));
    }

    // "2. When recipient is the origin server, If-Match is not present, and
    // If-Unmodified-Since is present, evaluate the If-Unmodified-Since
    // precondition: if true, continue to step 3; if false, respond 412
    // (Precondition Failed) ..."
    if !fields.if_match.is_present()
        && fields.if_unmodified_since.is_present()
        && !if_unmodified_since_is_true(&fields.if_unmodified_since, state)
    {
        return Some(verdict(Answer::PreconditionFailed, Some(2)));
    }

    // "3. When If-None-Match is present, evaluate the If-None-Match
    // precondition: if true, continue to step 5; if false for GET/HEAD, respond
    // 304 (Not Modified); if false for other methods, respond 412 (Precondition
    // Failed)." RFC 10008 has a QUERY evaluated as a GET.
    if fields.if_none_match.is_present() {
        if if_none_match_is_true(&fields.if_none_match, method, state) {
            return None;
        }
        if method.retrieves() {
            return Some(verdict(Answer::NotModified, Some(3)));
        }
        return Some(verdict(Answer::PreconditionFailed, Some(3)));
    }

    // "4. When the method is GET or HEAD, If-None-Match is not present, and
    // If-Modified-Since is present, evaluate the If-Modified-Since precondition:
    // if true, continue to step 5; if false, respond 304 (Not Modified)." Or
    // QUERY, by RFC 10008.
    if method.retrieves()
        && fields.if_modified_since.is_present()
        && !if_modified_since_is_true(&fields.if_modified_since, state, policy)
    {
        return Some(verdict(Answer::NotModified, Some(4)));
    }

    None
}

/// The outcome of the request (section 13.2), where `base` is the status the
/// server would answer without any conditional field and without `Range`.
#[must_use]
pub fn evaluate(request: &Request, state: &State, base: u16, policy: &Policy) -> Verdict {
    let fields = parse_fields(request, state, policy);

    let method = Method::of(&request.method);

    // Section 13.2.1: "A server MUST ignore all received preconditions if its
    // response to the same request without those conditions, prior to processing
    // the request content, would have been a status code other than a 2xx
    // (Successful) or 412 (Precondition Failed)."
    let is_2xx = (200..=299).contains(&base);
    if !is_2xx && base != 412 {
        return if fields.range.is_present() {
            verdict(Answer::PerformIgnoringRange, None)
        } else {
            verdict(Answer::Perform, None)
        };
    }

    // Section 13.2.2, steps 1 to 4.
    let ended = if method.selects_or_modifies() {
        steps_1_to_4(&fields, method, state, policy)
    } else {
        None
    };

    // Some other precondition has failed already: whatever came out above, the
    // answer is 412.
    if base == 412 {
        return match ended {
            Some(early) if early.answer == Answer::PreconditionFailed => early,
            _ => verdict(Answer::PreconditionFailed, None),
        };
    }

    if let Some(early) = ended {
        return early;
    }

    // "5. When the method is GET and both Range and If-Range are present,
    // evaluate the If-Range precondition: if true and the Range is applicable to
    // the selected representation, respond 206 (Partial Content); otherwise,
    // ignore the Range header field and respond 200 (OK)."
    // The same for QUERY, by RFC 10008. Section 14.2: Range counts only if the
    // answer without it would be 200. Who comes with a 206 has a part stored, or
    // has applied the Range already.
    let ranges_count = method.has_ranges() && (base == 200 || base == 206);
    if ranges_count
        && fields.range.is_present()
        && fields.if_range.is_present()
        && !if_range_is_true(&fields.if_range, state, policy)
    {
        return verdict(Answer::PerformIgnoringRange, Some(5));
    }

    // "6. Otherwise, perform the requested method and respond according to its
    // success or failure."
    if fields.range.is_present() && (!ranges_count || fields.range.is_malformed()) {
        return verdict(Answer::PerformIgnoringRange, None);
    }
    verdict(Answer::Perform, None)
}

/// The names of the conditional fields, and of `Range`, that are present but
/// malformed, in lower case and sorted. The method plays no part, but that under
/// `lenient_entity_tags` a list with members that were passed over is not
/// malformed.
#[must_use]
pub fn malformed(request: &Request, state: &State, policy: &Policy) -> Vec<&'static str> {
    let fields = parse_fields(request, state, policy);
    let mut names = Vec::new();
    if fields.if_match.is_malformed() {
        names.push("if-match");
    }
    if fields.if_unmodified_since.is_malformed() {
        names.push("if-unmodified-since");
    }
    if fields.if_none_match.is_malformed() {
        names.push("if-none-match");
    }
    if fields.if_modified_since.is_malformed() {
        names.push("if-modified-since");
    }
    if fields.if_range.is_malformed() {
        names.push("if-range");
    }
    if fields.range.is_malformed() {
        names.push("range");
    }
    names.sort_unstable();
    names
}

/// What protects a write, so that a server demanding that need not answer 428
/// (RFC 6585 section 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guard {
    /// Nothing that counts.
    None,
    /// A valid `If-Unmodified-Since` that is not ignored: the modification date
    /// is known, and there is no `If-Match` (section 13.1.4). It tells two
    /// versions of the same second for one.
    Date,
    /// A valid `If-Match`, or `If-None-Match: *`.
    Strong,
}

/// What protects a write.
#[must_use]
pub fn guard(request: &Request, state: &State, policy: &Policy) -> Guard {
    let fields = parse_fields(request, state, policy);
    let by_if_match = matches!(fields.if_match, Field::Valid(_));
    let by_if_none_match = matches!(fields.if_none_match, Field::Valid(Tags::Any));
    if by_if_match || by_if_none_match {
        return Guard::Strong;
    }
    let by_if_unmodified_since = matches!(fields.if_unmodified_since, Field::Valid(_))
        && current_last_modified(state).is_some()
        && matches!(fields.if_match, Field::Absent);
    if by_if_unmodified_since {
        Guard::Date
    } else {
        Guard::None
    }
}
