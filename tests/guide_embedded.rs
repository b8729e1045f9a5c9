//! The tables of the guide's page for small devices, held to what `.ci/embedded` has recorded.

use std::collections::HashMap;
use std::fmt::Write as _;

const GUIDE: &str = include_str!("../src/guide/embedded.md");
const README: &str = include_str!("../README.md");
const RECORDS: &str = include_str!("firmware/records");

/// What is called, and the record's name of it with `dates` and without.
const COSTS: [(&str, &str, &str); 9] = [
    (
        "[`evaluate`](crate::evaluate)",
        "evaluate",
        "evaluate-without-dates",
    ),
    (
        "the same, with a [`Policy`](crate::Policy) that is chosen at run time",
        "policies",
        "policies-without-dates",
    ),
    (
        "the same, with a tag that the feature `heapless` makes of a digest and stores",
        "stored-tag",
        "stored-tag-without-dates",
    ),
    (
        "[`admit`](crate::admit), with the fields of its refusal",
        "admit",
        "admit-without-dates",
    ),
    (
        "[`evaluate`](crate::evaluate) and [`RangeResponse`](crate::RangeResponse)",
        "ranges",
        "ranges-without-dates",
    ),
    (
        "[`Reply`](crate::Reply), with the fields that it sets",
        "reply",
        "reply-without-dates",
    ),
    (
        "[`explain`](crate::Preconditions::explain), in words",
        "explain",
        "",
    ),
    (
        "the feature `cache`: [`cache::evaluate`](crate::cache::evaluate)",
        "cache",
        "",
    ),
    (
        "only [`HttpDate`](crate::HttpDate), read and written",
        "dates",
        "",
    ),
];

/// What else is said, the record's name of it, and its unit.
const OTHERS: [(&str, &str, &str); 6] = [
    (
        "state of an evaluation that is kept, [`Preconditions`](crate::Preconditions)",
        "state Preconditions",
        "bytes",
    ),
    (
        "a [`Representation`](crate::Representation)",
        "state Representation",
        "bytes",
    ),
    (
        "a decision: a browser's 14 header lines and an If-None-Match",
        "instructions decision-typical z",
        "instructions",
    ),
    (
        "a decision: the same and an If-Modified-Since instead",
        "instructions decision-date z",
        "instructions",
    ),
    (
        "a list of ten tags",
        "instructions list-of-ten-tags z",
        "instructions",
    ),
    (
        "reading a date",
        "instructions date-imf-fixdate z",
        "instructions",
    ),
];

fn records() -> HashMap<&'static str, u32> {
    let lines = RECORDS.lines().map(|line| line.split_once('\t').unwrap());
    lines
        .map(|(name, number)| (name, number.parse().unwrap()))
        .collect()
}

/// Written as the guide has it, with a comma before every three digits.
fn grouped(number: u32) -> String {
    if number < 1000 {
        return number.to_string();
    }
    format!("{},{:03}", grouped(number / 1000), number % 1000)
}

/// Fails with the table as it has to be.
fn assert_in_guide(table: &str) {
    assert!(
        GUIDE.contains(table),
        "src/guide/embedded.md has to have this, as it is recorded:\n\n{table}"
    );
}

#[test]
fn what_each_feature_costs() {
    let records = records();
    let mut table = "| | flash | stack | flash without `dates` | stack |\n\
                     |---|---|---|---|---|\n"
        .to_owned();
    for (what, with, without) in COSTS {
        let figure = |kind, name| {
            let recorded = records.get(&*format!("{kind} {name} z"));
            recorded.map_or(String::new(), |number| grouped(*number))
        };
        writeln!(
            table,
            "| {what} | {} | {} | {} | {} |",
            figure("flash", with),
            figure("stack", with),
            figure("flash", without),
            figure("stack", without)
        )
        .unwrap();
        assert!(records.contains_key(&*format!("flash {with} z")), "{with}");
        assert!(
            without.is_empty() || records.contains_key(&*format!("stack {without} z")),
            "{without}"
        );
    }
    assert_in_guide(&table.replace("|  |", "| |").replace("|  |", "| |"));
}

#[test]
fn what_else_is_recorded() {
    let records = records();
    let mut table = "| | |\n|---|---|\n".to_owned();
    for (what, name, unit) in OTHERS {
        writeln!(table, "| {what} | {} {unit} |", grouped(records[name])).unwrap();
    }
    table.push_str("| static memory | none |\n");
    assert_in_guide(&table);
}

#[test]
fn what_the_servers_take() {
    let records = records();
    for (name, ram) in [("serve ram", 16 << 10), ("thermostat ram", 8 << 10)] {
        assert!(records[name] <= ram, "{name}");
    }
    for name in [
        "serve flash",
        "serve ram",
        "thermostat flash",
        "thermostat ram",
    ] {
        let number = grouped(records[name]);
        assert!(
            GUIDE.contains(&number),
            "{name}: {number} is not in the guide"
        );
    }
}

#[test]
fn what_the_readme_says() {
    let records = records();
    let [with, without] = ["flash evaluate z", "flash evaluate-without-dates z"];
    let says = format!(
        "{} bytes; {} without `dates`",
        grouped(records[with]),
        grouped(records[without])
    );
    assert!(README.contains(&says), "README.md has to say {says:?}");
}
