//! The report: what a person can act on, worst first; or the same as JSON.

use std::fmt::{Display, Write as _};

use serde_json::{Value, json};

use super::faults::{Fault, Severity};
use super::findings::{Evidence, Findings};

/// How many requests are shown of a fault, where not all are asked for.
const SHOWN: usize = 1;

/// What you have to know if you have never opened the RFC.
const INTRODUCTION: &str = "\
A client that has something already can ask for it \"only if it has changed\"
(If-None-Match, If-Modified-Since), and a client that writes, \"only if nobody
has changed it since\" (If-Match, If-Unmodified-Since). It names the version by
its ETag, or by the date in Last-Modified. Below is what the server gets wrong
about such requests, worst first, each with one of the requests that show it.

In brackets: a name for --only; MUST if the standard (RFC 9110) demands it, or
SHOULD if it advises it; the section. \"To fix it\" is for those who write the
server. If you only run it, look for a setting, or report the fault to them.
";

/// As text. With `all`, every request that shows a fault.
#[must_use]
pub fn text(url: &str, findings: &Findings, all: bool) -> String {
    let mut text = String::new();
    if !findings.is_clean() {
        let _ = writeln!(text, "{INTRODUCTION}");
    }
    let mut number = 0;
    for severity in Severity::ALL {
        let mut heading = Some(severity.title());
        for (fault, evidence) in findings.faults(severity) {
            if let Some(title) = heading.take() {
                let _ = writeln!(text, "{}\n", title.to_uppercase());
            }
            number += 1;
            block(&mut text, number, fault, evidence, all);
        }
    }
    let mut choices = findings.choices().peekable();
    if choices.peek().is_some() {
        text.push_str(
            "GOOD TO KNOW (the standard leaves these to the server; they are not faults)\n\n",
        );
    }
    for (fault, evidence) in choices {
        let about = fault.about();
        let _ = writeln!(text, "  {}  [{}]", about.title, about.id);
        let _ = writeln!(text, "     {}", about.hurts);
        let _ = writeln!(text, "     {}", about.mend);
        if all {
            shown(&mut text, evidence, all);
        }
        text.push('\n');
    }
    if !findings.unchecked.is_empty() {
        text.push_str("NOT CHECKED\n\n");
        for what in &findings.unchecked {
            let _ = writeln!(text, "  {what}");
        }
        text.push('\n');
    }
    if let Some(why) = &findings.given_up {
        let _ = writeln!(text, "NOT EVERYTHING WAS CHECKED: {why}\n");
    }
    text.push_str(&totals(url, findings));
    text
}

fn block(text: &mut String, number: usize, fault: Fault, evidence: &[Evidence], all: bool) {
    let about = fault.about();
    let word = about.force.word();
    let _ = writeln!(text, "{number}. {}", about.title);
    let _ = writeln!(
        text,
        "   [{}, {word}, {}]\n",
        about.id,
        section(about.section)
    );
    let _ = writeln!(text, "   Who is hurt   {}", wrapped(about.hurts));
    let _ = writeln!(text, "   To fix it     {}", wrapped(about.mend));
    shown(text, evidence, all);
    text.push('\n');
}

fn shown(text: &mut String, evidence: &[Evidence], all: bool) {
    let most = if all { evidence.len() } else { SHOWN };
    for shown in evidence.iter().take(most) {
        for (name, value) in [
            ("Sent       ", &shown.request),
            ("Came       ", &shown.came),
            ("Should have", &shown.should),
        ] {
            let _ = writeln!(
                text,
                "   {name}   {}",
                value.trim_end().replace('\n', "\n                 ")
            );
        }
    }
    if evidence.len() > most {
        let more = evidence.len() - most;
        let more = plural(more, "more request");
        let _ = writeln!(text, "   and {more} like it: --verbose shows them");
    }
}

/// `13.1.1` becomes `RFC 9110 13.1.1`.
fn section(section: &str) -> String {
    if section.starts_with("RFC") {
        section.to_owned()
    } else {
        format!("RFC 9110 {section}")
    }
}

/// Lines of at most 80 columns behind a margin of 17.
fn wrapped(sentence: &str) -> String {
    let mut lines = String::new();
    let mut column = 0;
    for word in sentence.split(' ') {
        if column > 0 && column + 1 + word.len() > 63 {
            lines.push_str("\n                 ");
            column = 0;
        } else if column > 0 {
            lines.push(' ');
            column += 1;
        }
        lines.push_str(word);
        column += word.len();
    }
    lines
}

/// The last line.
fn totals(url: &str, findings: &Findings) -> String {
    let mut counts = Vec::new();
    for severity in Severity::ALL {
        let count = findings.faults(severity).count();
        if count > 0 {
            counts.push(format!("{count} {}", severity.counted(count)));
        }
    }
    let faults = match findings.count() {
        0 => "no fault found".to_owned(),
        count => format!("{} ({})", plural(count, "fault"), counts.join(", ")),
    };
    let names = findings.versions.iter().map(|version| version.name());
    let mut over = names.collect::<Vec<_>>().join(" and ");
    if !over.is_empty() {
        over.insert_str(0, " over ");
    }
    format!(
        "{url}: {faults}, {}{over}, {} received\n",
        plural(findings.requests, "request"),
        plural(findings.bytes, "byte")
    )
}

fn plural(count: impl Display, what: &str) -> String {
    let count = count.to_string();
    let s = if count == "1" { "" } else { "s" };
    format!("{count} {what}{s}")
}

/// As JSON.
#[must_use]
pub fn json(url: &str, findings: &Findings) -> Value {
    let of = |(fault, evidence): (Fault, &[Evidence])| {
        let about = fault.about();
        json!({
            "id": about.id,
            "severity": about.severity.id(),
            "force": about.force.word(),
            "section": section(about.section),
            "title": about.title,
            "hurts": about.hurts,
            "mend": about.mend,
            "evidence": evidence,
        })
    };
    let mut faults = Vec::new();
    for severity in Severity::ALL {
        faults.extend(findings.faults(severity).map(of));
    }
    json!({
        "url": url,
        "clean": findings.is_clean(),
        "faults": faults,
        "choices": findings.choices().map(of).collect::<Vec<_>>(),
        "unchecked": findings.unchecked,
        "given_up": findings.given_up,
        "versions": findings.versions.iter().map(|version| version.name()).collect::<Vec<_>>(),
        "requests": findings.requests,
        "bytes": findings.bytes,
    })
}

/// The table of all that can be reported.
#[must_use]
pub fn list() -> String {
    let mut text = String::new();
    for severity in Severity::ALL {
        let _ = writeln!(text, "{}", severity.title());
        for fault in Fault::ALL {
            let about = fault.about();
            if about.severity == severity {
                let word = about.force.word();
                let _ = writeln!(text, "  {:36} {word:6}  {}", about.id, about.title);
            }
        }
        text.push('\n');
    }
    text
}
