//! Twenty-five cases on which implementations disagree. The current representation has `"v1"`
//! and was last modified at T, unless stated.

use super::*;

/// Gets a 200 in full, gets a 206 or whatever the Range comes to, or is performed.
#[test]
fn all_of_them() {
    let usual = tagged("\"v1\"").last_modified(date(T));
    let weak = tagged("W/\"v1\"").last_modified(date(T));
    let comma = tagged("\"a,b\"").last_modified(date(T));
    let untagged = modified(T);
    let undated = tagged("\"v1\"");
    let absent = Representation::ABSENT;
    let range = ("Range", "bytes=0-1");
    let im = |value| ("If-Match", value);
    let inm = |value| ("If-None-Match", value);
    let ims = |value| ("If-Modified-Since", value);
    let ius = |value| ("If-Unmodified-Since", value);
    let ir = |value| ("If-Range", value);
    let two_dates = format!("{T}, {T}");

    for (case, method, fields, selected, expected) in [
        (1, "PUT", vec![im("\"old\"")], usual, FAILED),
        (2, "PUT", vec![inm("W/\"v1\"")], usual, FAILED),
        (3, "PUT", vec![inm("*")], usual, FAILED),
        (4, "PUT", vec![im("\"a,b\"")], usual, FAILED),
        (4, "PUT", vec![im("v1")], usual, FAILED),
        (5, "GET", vec![range, im("\"old\"")], usual, FAILED),
        (6, "GET", vec![range, ir("W/\"v1\"")], weak, IGNORING_RANGE),
        (
            7,
            "GET",
            vec![range, ir("\"x\", \"v1\"")],
            usual,
            IGNORING_RANGE,
        ),
        (8, "GET", vec![range, ir(T1)], usual, IGNORING_RANGE),
        (9, "GET", vec![range, ir(T)], usual, IGNORING_RANGE),
        (
            10,
            "GET",
            vec![range, ir("\"v1\""), inm("\"v1\"")],
            usual,
            NOT_MODIFIED,
        ),
        (11, "GET", vec![range, inm("W/\"v1\"")], usual, NOT_MODIFIED),
        (
            12,
            "GET",
            vec![inm("\"v1\""), ims(BEFORE_T)],
            usual,
            NOT_MODIFIED,
        ),
        (
            12,
            "GET",
            vec![inm("\"v1\""), ims("garbage")],
            usual,
            NOT_MODIFIED,
        ),
        (13, "GET", vec![inm("\"x\""), ims(T)], usual, PERFORM),
        (14, "GET", vec![inm("garbage"), ims(T)], usual, PERFORM),
        (15, "GET", vec![inm(""), ims(T)], usual, PERFORM),
        (15, "GET", vec![im("")], usual, FAILED),
        (16, "GET", vec![inm("\"a,b\"")], comma, NOT_MODIFIED),
        (16, "GET", vec![im("\"a,b\"")], comma, PERFORM),
        (17, "GET", vec![im("W/\"x\", \"v1\"")], usual, PERFORM),
        (18, "GET", vec![im("\"x\""), im("\"v1\"")], usual, PERFORM),
        (19, "GET", vec![im("\"v1\""), ius(BEFORE_T)], usual, PERFORM),
        (20, "GET", vec![ius("foo")], usual, PERFORM),
        (20, "GET", vec![ims("foo 2030")], usual, PERFORM),
        (21, "GET", vec![ius(BEFORE_T)], undated, PERFORM),
        (22, "GET", vec![ius(T), inm("\"v1\"")], usual, NOT_MODIFIED),
        (23, "GET", vec![ims(&two_dates)], usual, PERFORM),
        (23, "GET", vec![ims(T), ims(T)], usual, PERFORM),
        (24, "GET", vec![im("*")], untagged, PERFORM),
        (24, "GET", vec![inm("*")], untagged, NOT_MODIFIED),
        (24, "GET", vec![inm("\"x\"")], untagged, PERFORM),
        (25, "GET", vec![im("*")], absent, PERFORM),
        (25, "PUT", vec![ims(T)], usual, PERFORM),
    ] {
        assert_eq!(
            decide(method, &fields, selected),
            expected,
            "case {case}: {method} {fields:?}"
        );
    }
}
