//! Section 4.3.4: freshening stored responses upon validation.

use http_conditional::cache::select_for_update;

use super::*;

fn not_modified(tag: &'static str) -> Response<'static> {
    Response::new(304).etag(EntityTag::from_static(tag))
}

fn selected<const N: usize>(not_modified: Response<'_>, stored: [Response<'_>; N]) -> Vec<usize> {
    select_for_update(not_modified, stored).collect()
}

/// 9111-4.3.4-01: of the candidates that are given, and of no others.
#[test]
fn of_the_candidates() {
    assert!(selected(not_modified("\"a\""), []).is_empty());
    assert!(selected(not_modified("W/\"a\""), []).is_empty());
    assert!(selected(Response::new(304), []).is_empty());
    let all = [tagged("\"b\""), tagged("\"a\"")];
    let candidates = all.iter().copied().skip(1);
    let places: Vec<usize> = select_for_update(not_modified("\"a\""), candidates).collect();
    assert_eq!(places, [0]);
}

/// 9111-4.3.4-02: all candidates with the same strong validator.
#[test]
fn all_with_the_same_strong_validator() {
    let stored = [tagged("\"a\""), tagged("\"b\""), tagged("\"a\"")];
    assert_eq!(selected(not_modified("\"a\""), stored), [0, 2]);
    assert_eq!(selected(not_modified("\"b\""), stored), [1]);
}

/// 9111-4.3.4-03: nothing is updated where a strong validator matches none.
#[test]
fn no_fall_through() {
    let stored = [tagged("\"a\""), tagged("W/\"z\"")];
    assert!(selected(not_modified("\"z\""), stored).is_empty());
    // Not by the weak date that both have, nor as the only one without a validator.
    let dated = not_modified("\"z\"").last_modified(date(T));
    assert!(selected(dated, [modified()]).is_empty());
    assert!(selected(not_modified("\"z\""), [Response::new(200)]).is_empty());
}

/// 9111-4.3.4-04: with weak validators only, the most recent of those that match.
#[test]
fn the_most_recent_with_the_same_weak_validator() {
    let at = |tag, after| tagged(tag).date(date(T + after));
    let stored = [at("W/\"a\"", 0), at("W/\"a\"", 1), at("W/\"b\"", 2)];
    assert_eq!(selected(not_modified("W/\"a\""), stored), [1]);
    let stored = [at("W/\"a\"", 1), at("W/\"a\"", 0), tagged("W/\"a\"")];
    assert_eq!(selected(not_modified("W/\"a\""), stored), [0]);
}

/// 9111-4.3.4-05: without a validator, the only candidate, if it has none either.
#[test]
fn the_only_one_without_a_validator() {
    let bare = Response::new(200).date(date(T));
    let none = Response::new(304).date(date(T + 9));
    assert_eq!(selected(none, [bare]), [0]);
    assert!(selected(none, [tagged("\"a\"")]).is_empty());
    assert!(selected(none, [modified()]).is_empty());
    assert!(selected(none, [bare, bare]).is_empty());
    assert!(selected(none, [bare, tagged("\"a\"")]).is_empty());
}

/// 9111-4.3.4-06, 9110-15.4.5-06: the first rule that applies decides, and if none does, nothing is updated.
#[test]
fn the_first_rule_that_applies() {
    let bare = Response::new(200);
    assert!(selected(not_modified("W/\"z\""), [bare]).is_empty());
    assert!(selected(Response::new(304).last_modified(date(T)), [bare]).is_empty());
    // A strong tag decides, although the most recent one would match weakly.
    let stored = [
        tagged("\"a\"").date(date(T)),
        tagged("W/\"a\"").date(date(T + 1)),
    ];
    assert_eq!(selected(not_modified("\"a\""), stored), [0]);
    assert_eq!(selected(not_modified("W/\"a\""), stored), [1]);
}

/// 9111-4.3.4-08: a weak tag corresponds to a strong one by weak comparison.
#[test]
fn a_weak_tag_and_a_strong_one() {
    assert_eq!(selected(not_modified("W/\"a\""), [tagged("\"a\"")]), [0]);
    assert!(selected(not_modified("\"a\""), [tagged("W/\"a\"")]).is_empty());
}

/// 9111-4.3.4-09: a date is a strong validator where the stored response makes it one, and a weak
/// one elsewhere.
#[test]
fn the_strength_of_a_date() {
    let dated = Response::new(304).last_modified(date(T)).date(date(T + 99));
    let later = strongly_modified().date(date(T + 2));
    assert_eq!(selected(dated, [strongly_modified(), later]), [0, 1]);
    let weak = |after| modified().date(date(T + after));
    assert_eq!(selected(dated, [weak(1), weak(2), weak(1)]), [1]);
    // What is strong decides, although a weak one is more recent.
    assert_eq!(selected(dated, [strongly_modified(), weak(5)]), [0]);
    let other = Response::new(304).last_modified(date(T + 1));
    assert!(selected(other, [strongly_modified(), weak(1)]).is_empty());
}

/// 9111-4.3.4-09: the date does not make up for another tag.
#[test]
fn another_tag_rules_it_out() {
    let with = |response: Response<'static>, tag| response.etag(EntityTag::from_static(tag));
    let dated = Response::new(304).last_modified(date(T));
    let stored = [with(strongly_modified(), "\"b\""), strongly_modified()];
    assert_eq!(selected(with(dated, "\"a\""), stored), [1]);
    assert_eq!(selected(dated, stored), [0, 1]);
    let weak = [with(modified(), "W/\"b\"").date(date(T + 9)), modified()];
    assert_eq!(selected(with(dated, "W/\"a\""), weak), [1]);
    assert_eq!(selected(dated, weak), [0]);
}
