//! Laws that hold for every request: the evaluation equals the naive oracle's, and what the RFC
//! declares irrelevant makes no difference. `FULL_TESTS=1` tries twenty times as many.
#![cfg(feature = "dates")]

mod against_oracle;

use against_oracle::{Case, crate_says, date, oracle, oracle_says, owned, part};
use http_conditional::{EntityTag, EntityTags, HttpDate};
use proptest::prelude::*;
use proptest::sample::select;

const T: i64 = 783_459_811;

fn method() -> impl Strategy<Value = Vec<u8>> {
    select(vec![
        "GET", "GET", "GET", "HEAD", "QUERY", "QUERY", "PUT", "PUT", "DELETE", "POST", "PATCH",
        "PROPFIND", "REPORT", "FOO", "get", "query", "OPTIONS", "CONNECT", "TRACE",
    ])
    .prop_map(|method| method.as_bytes().to_vec())
}

fn opaque() -> impl Strategy<Value = Vec<u8>> {
    select(vec!["", "a", "b", "a,b", "a\\", "W/", "*", "\u{e9}"])
        .prop_map(|opaque| opaque.as_bytes().to_vec())
}

fn tag_text() -> impl Strategy<Value = Vec<u8>> {
    (any::<bool>(), opaque()).prop_map(|(weak, opaque)| {
        let mark: &[u8] = if weak { b"W/\"" } else { b"\"" };
        [mark, &opaque, b"\""].concat()
    })
}

/// A list value: mostly well-formed members, some nearly so.
fn list_value() -> impl Strategy<Value = Vec<u8>> {
    let member = prop_oneof![
        20 => tag_text(),
        2 => Just(Vec::new()),
        1 => select(vec!["*", "a", "W/a", "w/\"a\"", "\"a", "a\"", "\"a b\"", "W/ \"a\"", "\"a\" \"b\"", "\"a\x7f\""])
            .prop_map(|text| text.as_bytes().to_vec()),
    ];
    let separator = select(vec![",", ", ", " ,\t", ",,", "\t, , "]);
    prop_oneof![
        1 => Just(b"*".to_vec()),
        1 => Just(b" *\t".to_vec()),
        8 => prop::collection::vec((member, separator), 0..5).prop_map(|members| {
            let mut value = Vec::new();
            for (place, (member, separator)) in members.iter().enumerate() {
                if place > 0 {
                    value.extend_from_slice(separator.as_bytes());
                }
                value.extend_from_slice(member);
            }
            value
        }),
    ]
}

fn date_value() -> impl Strategy<Value = Vec<u8>> {
    let near = (-1_i64..=1).prop_map(|distance| date(T + distance).encode().to_vec());
    prop_oneof![
        6 => near,
        3 => select(vec![
            "Saturday, 29-Oct-94 19:43:31 GMT",
            "Sat Oct 29 19:43:31 1994",
            "sat, 29 oct 1994 19:43:31 gmt",
            " Sat, 29 Oct 1994 19:43:31 GMT\t",
            "Sat, 29 Oct 1994 19:43:31 UTC",
            "Sun, 29 Oct 1994 19:43:31 GMT",
            "Sat, 29 Oct 1994 19:43:31 -0000",
            "Sat, 29 Oct 1994 19:43:31 GMT; length=5922",
            "Tue, 1 Nov 1994 19:43:31 GMT",
            "Friday, 29-Oct-94 19:43:31 +0000; length=1",
            "Sat Oct 29 19:43:31 1994; length=",
            "Sat, 29 Oct 1994 19:43:31 GMT, Sat, 29 Oct 1994 19:43:31 GMT",
            "Sat, 31 Dec 2016 23:59:60 GMT",
            "Fri, 01 Jan 2100 00:00:00 GMT",
            "0",
            "",
        ]).prop_map(|text| text.as_bytes().to_vec()),
    ]
}

fn field() -> impl Strategy<Value = (Vec<u8>, Vec<u8>)> {
    let lists = (
        select(vec!["If-Match", "if-none-match", "If-None-Match"]),
        list_value(),
    );
    let dates = (
        select(vec![
            "If-Modified-Since",
            "If-Unmodified-Since",
            "IF-UNMODIFIED-SINCE",
        ]),
        date_value(),
    );
    let if_range = (
        Just("If-Range"),
        prop_oneof![tag_text(), date_value(), list_value()],
    );
    let range = (Just("Range"), Just(b"bytes=0-1".to_vec()));
    let unknown = (
        select(vec!["If", "If-Foo", "Date", "If-None-Matches", "Host"]),
        tag_text(),
    );
    prop_oneof![4 => lists, 3 => dates, 1 => if_range, 2 => range, 1 => unknown]
        .prop_map(|(name, value)| (name.as_bytes().to_vec(), value))
}

fn state() -> impl Strategy<Value = oracle::State> {
    let etag = prop::option::weighted(
        0.8,
        (prop::bool::weighted(0.3), opaque())
            .prop_map(|(weak, opaque)| oracle::Tag { weak, opaque }),
    );
    let brother = (prop::bool::weighted(0.3), opaque());
    let brother = brother.prop_map(|(weak, opaque)| oracle::Tag { weak, opaque });
    let brothers = prop::collection::vec(brother, 1..4);
    let last_modified = prop::option::weighted(
        0.8,
        prop_oneof![
            4 => Just(T),
            1 => Just(1_483_228_799),
        ],
    );
    (
        prop::bool::weighted(0.85),
        etag,
        last_modified,
        any::<bool>(),
        prop_oneof![3 => Just(Vec::new()), 1 => brothers],
    )
        .prop_map(
            |(exists, etag, last_modified, strong, also)| oracle::State {
                exists,
                etag: etag.filter(|_| exists),
                last_modified: last_modified.filter(|_| exists),
                last_modified_is_strong: strong,
                also,
            },
        )
}

fn policy() -> impl Strategy<Value = oracle::Policy> {
    let rarely = || prop::bool::weighted(0.2);
    (
        prop::option::of(select(vec![T, 1_781_481_600])),
        prop::array::uniform6(rarely()),
    )
        .prop_map(
            |(now, [exact, weak, tags, ignore_case, dates, by_date])| oracle::Policy {
                now,
                exact_if_modified_since: exact,
                weak_if_match: weak,
                lenient_entity_tags: tags,
                case_insensitive_dates: ignore_case,
                lenient_dates: dates,
                if_range_by_date: by_date,
            },
        )
}

fn case() -> impl Strategy<Value = Case> {
    let status = prop_oneof![
        8 => Just(None),
        4 => select(vec![200, 201, 204, 206, 301, 404, 412, 500]).prop_map(Some),
    ];
    (
        method(),
        prop::collection::vec(field(), 0..7),
        state(),
        status,
        policy(),
    )
        .prop_map(|(method, fields, state, status, policy)| Case {
            request: oracle::Request { method, fields },
            state,
            status,
            policy,
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(part(1_000, 20_000)))]

    /// 9110-13.2.2-01, 9110-13.1-01: the fold comes to what the naive reading comes to.
    #[test]
    fn the_fold_equals_the_naive_oracle(case in case()) {
        prop_assert_eq!(crate_says(&case, &case.request.fields), oracle_says(&case));
    }

    /// 9110-5.3-06, 9110-13.2.2-01: any order of the lines, as long as lines of one field keep theirs.
    #[test]
    fn the_order_of_fields_is_irrelevant(case in case(), keys in prop::collection::vec(any::<u8>(), 6)) {
        let rank = |(name, _): &(Vec<u8>, Vec<u8>)| {
            keys[http_conditional::Field::from_name(name).map_or(0, |field| field as usize)]
        };
        let mut reordered = case.request.fields.clone();
        reordered.sort_by_key(rank);
        prop_assert_eq!(crate_says(&case, &reordered), crate_says(&case, &case.request.fields));
    }

    /// 9110-5.2-02, 9110-5.3-01: where a list is cut into lines makes no difference.
    #[test]
    fn splitting_a_list_over_lines_is_irrelevant(
        case in case(),
        name in select(vec!["If-Match", "If-None-Match"]),
        tags in prop::collection::vec(tag_text(), 1..6),
        cuts in prop::collection::vec(any::<bool>(), 6),
    ) {
        let mut whole = case.request.fields.clone();
        whole.push((name.as_bytes().to_vec(), tags.join(b", ".as_slice())));
        let mut split = case.request.fields.clone();
        let mut line = Vec::new();
        for (place, tag) in tags.iter().enumerate() {
            if place > 0 {
                if cuts[place] {
                    split.push((name.as_bytes().to_vec(), std::mem::take(&mut line)));
                } else {
                    line.extend_from_slice(b",");
                }
            }
            line.extend_from_slice(tag);
        }
        split.push((name.as_bytes().to_vec(), line));
        prop_assert_eq!(crate_says(&case, &split), crate_says(&case, &whole));
    }

    /// 9110-5.1-03, 9110-13.1-03: a field that is not known changes nothing.
    #[test]
    fn unknown_fields_are_irrelevant(case in case(), name in "[A-Za-z-]{1,20}", value in tag_text(), at in any::<prop::sample::Index>()) {
        prop_assume!(http_conditional::Field::from_name(name.as_bytes()).is_none());
        let mut fields = case.request.fields.clone();
        fields.insert(at.index(fields.len() + 1), (name.into_bytes(), value));
        prop_assert_eq!(crate_says(&case, &fields), crate_says(&case, &case.request.fields));
    }

    /// 9110-2.3-01: any bytes in any field: a decision, and the same as the oracle's.
    #[test]
    fn any_bytes_get_a_decision(
        case in case(),
        name in select(vec!["If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since", "If-Range", "Range"]),
        bytes in prop::collection::vec(prop_oneof![any::<u8>(), select(b"\", \tW/*aGMT:0".to_vec())], 0..40),
    ) {
        let mut case = case;
        case.request.fields.push((name.as_bytes().to_vec(), bytes));
        prop_assert_eq!(crate_says(&case, &case.request.fields), oracle_says(&case));
    }

    /// 9110-2.3-01: the parsers take any bytes, and agree with the oracle's.
    #[test]
    fn any_bytes_parse_as_the_oracle_parses_them(
        bytes in prop::collection::vec(prop_oneof![any::<u8>(), select(b"\", \tW/*a".to_vec())], 0..24),
        more in prop::collection::vec(select(b"\", W/*a".to_vec()), 0..8),
    ) {
        let tag = EntityTag::parse(&bytes).ok().map(owned);
        prop_assert_eq!(tag, oracle::parse_tag(&bytes));
        let lines = [bytes, more];
        let tags = EntityTags::from_lines(&lines);
        let tags = tags.ok().map(|tags| match tags.unwrap() {
            EntityTags::Any => None,
            EntityTags::List(tags) => Some(tags.map(owned).collect::<Vec<_>>()),
        });
        let expected = oracle::parse_tags(&lines, oracle::TagReading::Strict).map(|tags| match tags {
            oracle::Tags::Any => None,
            oracle::Tags::List(tags) => Some(tags),
        });
        prop_assert_eq!(tags, expected);
    }

    /// 9110-5.6.7-02, 9110-5.6.7-13, 9110-2.2-02, 5322-3.3-01: every date is written as the oracle writes it, in 29 bytes,
    /// and reads back.
    #[test]
    fn every_date_is_written_as_imf_fixdate(unix in HttpDate::MIN.to_unix()..=HttpDate::MAX.to_unix()) {
        let written = date(unix).encode();
        prop_assert_eq!(Some(String::from_utf8(written.to_vec()).unwrap()), oracle::format_date(unix));
        prop_assert_eq!(HttpDate::parse(&written, None), Ok(date(unix)));
    }

    /// 9110-8.8.3.1-01, 9110-2.3-02: a tag that was written reads back byte for byte.
    #[test]
    fn every_tag_reads_back(opaque in prop::collection::vec(prop_oneof![Just(0x21_u8), 0x23..=0x7e_u8, 0x80..=0xff_u8], 0..80), weak in any::<bool>()) {
        let tag = if weak { EntityTag::weak(&opaque) } else { EntityTag::strong(&opaque) }.unwrap();
        let mut buffer = [0; 84];
        let written = tag.encode(&mut buffer).unwrap();
        prop_assert_eq!(written.len(), tag.encoded_len());
        let read = EntityTag::parse(written).unwrap();
        prop_assert_eq!((read.opaque(), read.is_weak()), (&opaque[..], weak));
        prop_assert!(tag.weak_eq(read) && tag.strong_eq(read) != weak);
    }
}
