//! Any request, any 200 and any policy against a naive model of RFC 9110: what goes out is a
//! response that it allows, its lengths are exact, and no line of a kept field is lost.

use http_conditional::HttpDate;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::check::{Chosen, Line, NAMES, check};

const T: [&str; 3] = [
    "Sun, 06 Nov 1994 08:49:37 GMT",
    "Sun, 06 Nov 1994 08:49:38 GMT",
    "yesterday",
];
const TAGS: [&str; 6] = ["\"v1\"", "W/\"v1\"", "\"v2\"", "*", "v1", "\"v2\", \"v1\""];
const RANGES: [&str; 14] = [
    "bytes=0-1",
    "bytes=0-1,3-4",
    "bytes=0-1, 8-",
    "bytes=4-5,0-1",
    "bytes=8-,4-5,0-1",
    "bytes=-3",
    "bytes=-0",
    "bytes=100-",
    "bytes=0-0,100-",
    "bytes=0-,0-",
    "bytes=1-0",
    "bytes=",
    "pages=0-1",
    "bytes=0-1,1-2,2-3,3-4",
];

fn line(
    names: &'static [&'static str],
    values: &'static [&'static str],
) -> impl Strategy<Value = Line> {
    (select(names), select(values)).prop_map(|(name, value)| (name.to_owned(), value.to_owned()))
}

fn request() -> impl Strategy<Value = Vec<Line>> {
    let tags = line(
        &["If-Match", "if-none-match", "If-None-Match", "If-Range"],
        &TAGS,
    );
    let dates = line(
        &["If-Modified-Since", "If-Unmodified-Since", "If-Range"],
        &T,
    );
    let ranges = || line(&["Range", "range"], &RANGES);
    let other = line(&["Host", "Accept"], &["a"]);
    vec(prop_oneof![tags, dates, ranges(), ranges(), other], 0..5)
}

fn ok() -> impl Strategy<Value = Vec<Line>> {
    let any = line(&NAMES, &["1", "none", "a/b"]);
    let etag = line(&["ETag"], &["\"v1\"", "W/\"v1\"", "v1"]);
    let date = line(&["Last-Modified"], &T);
    let length = line(&["Content-Length"], &["10", "11"]);
    vec(
        prop_oneof![4 => any, 2 => etag, 1 => date, 1 => length],
        0..12,
    )
}

fn chosen() -> impl Strategy<Value = Chosen> {
    (any::<[bool; 4]>(), 0_u64..3, 0_usize..4).prop_map(|(switches, gap, max_reversals)| {
        let now = HttpDate::parse(T[0].as_bytes(), None).ok();
        Chosen {
            now: now.filter(|_| switches[0]),
            gap: Some(gap).filter(|_| switches[1]),
            keeps_last_modified: switches[2],
            only_if_shorter: switches[3],
            max_reversals,
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn every_response_is_one_that_may_go_out(
        method in select(&["GET", "HEAD", "QUERY", "PUT", "OPTIONS"][..]),
        request in request(),
        status in select(&[200_u16, 200, 200, 203, 206, 404][..]),
        ok in ok(),
        length in select(&[None, Some(0_u64), Some(10), Some(300)][..]),
        chosen in chosen(),
    ) {
        check(method, &request, status, &ok, length, chosen);
    }
}
