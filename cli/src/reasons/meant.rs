//! What was probably meant by a value that is not an entity tag (RFC 9110 section 8.8.3) or not a
//! date (section 5.6.7).

use http_conditional::{EntityTag, EntityTags, HttpDate};

use super::visible;

/// A list of tags, or one, in the spelling that it should have.
pub(super) fn tags(value: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(value).ok()?;
    // The name was typed where only the value belongs.
    let text = match text.split_once(':') {
        Some((name, value)) if is_name(name) => value,
        _ => text,
    };
    let members: Vec<String> = text
        .split(',')
        .map(str::trim)
        .filter(|member| !member.is_empty())
        .map(tag)
        .collect::<Option<_>>()?;
    let meant = members.join(", ");
    let is_list = !meant.is_empty() && EntityTags::parse(meant.as_bytes()).is_ok();
    (is_list && meant.as_bytes() != value.trim_ascii()).then(|| visible(meant.as_bytes()))
}

/// One tag.
pub(super) fn tag(member: &str) -> Option<String> {
    if member == "*" || EntityTag::parse(member.as_bytes()).is_ok() {
        return Some(member.to_owned());
    }
    let mut opaque = member.trim_matches(is_quote);
    let mut weak = "";
    for mark in ["W/", "w/"] {
        if let Some(rest) = opaque.strip_prefix(mark) {
            (weak, opaque) = ("W/", rest.trim_matches(is_quote));
        }
    }
    let meant = format!("{weak}\"{opaque}\"");
    let is_tag = !opaque.is_empty() && EntityTag::parse(meant.as_bytes()).is_ok();
    is_tag.then_some(meant)
}

fn is_name(text: &str) -> bool {
    let name = text.trim();
    ["If-None-Match", "If-Match", "If-Range", "ETag"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(name))
}

/// What is taken for a quote, or stands for one.
fn is_quote(c: char) -> bool {
    matches!(
        c,
        '"' | '\'' | '`' | '\\' | '\u{2018}'..='\u{201f}' | '«' | '»' | '\u{ff02}'
    ) || c.is_whitespace()
}

/// A date in the one format that may be sent.
pub(super) fn date(value: &[u8], now: Option<HttpDate>) -> Option<HttpDate> {
    let text = std::str::from_utf8(value).ok()?.trim();
    let text = match text.split_once(':') {
        Some((name, date)) if name.starts_with("If-") || name.starts_with("if-") => date.trim(),
        _ => text,
    };
    let text = text.trim_matches(is_quote);
    iso_8601(text).or_else(|| nearly(text, now))
}

/// An HTTP-date except for its zone, its weekday, or something after it.
fn nearly(text: &str, now: Option<HttpDate>) -> Option<HttpDate> {
    let text = text.split(';').next()?.trim();
    let text = [" UTC", " +0000", " -0000", " Z", " UT"]
        .iter()
        .find_map(|zone| text.strip_suffix(zone))
        .map_or_else(|| text.to_owned(), |rest| format!("{rest} GMT"));
    let (_, rest) = text.split_once(',')?;
    let rest = rest.trim();
    let rest = match rest.split_once(' ') {
        Some((day, rest)) if day.len() == 1 => format!("0{day} {rest}"),
        _ => rest.to_owned(),
    };
    ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
        .iter()
        .find_map(|weekday| HttpDate::parse(format!("{weekday}, {rest}").as_bytes(), now).ok())
}

/// `2026-11-26T04:00:00Z`, with a fraction of a second or without.
fn iso_8601(text: &str) -> Option<HttpDate> {
    let bytes = text.as_bytes();
    let number = |from: usize, to: usize| -> Option<i64> {
        let digits = bytes.get(from..to)?;
        let all = digits.iter().all(u8::is_ascii_digit);
        all.then(|| {
            digits
                .iter()
                .fold(0, |number, digit| number * 10 + i64::from(digit - b'0'))
        })
    };
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    let separated = [(4, b"-"), (7, b"-"), (10, b"T"), (13, b":"), (16, b":")]
        .iter()
        .all(|&(at, mark)| bytes[at] == mark[0] || (at == 10 && bytes[at] == b' '));
    let is_date = separated && (1..=12).contains(&month) && (1..=31).contains(&day);
    if !is_date || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    // Days from 1 March of the year 0, as the month of February ends the year then.
    let (year, month) = if month < 3 {
        (year - 1, month + 9)
    } else {
        (year, month - 3)
    };
    let days = 365 * year + year.div_euclid(4) - year.div_euclid(100)
        + year.div_euclid(400)
        + (153 * month + 2) / 5
        + day
        - 1
        - 719_468;
    HttpDate::from_unix(days * 86_400 + hour * 3600 + minute * 60 + second).ok()
}

#[cfg(test)]
mod tests {
    use super::{date, tags};

    /// p7: what was meant.
    #[test]
    fn tags_are_given_their_quotes() {
        for (typed, meant) in [
            ("abc123", Some("\"abc123\"")),
            ("“abc123”", Some("\"abc123\"")),
            ("'abc123'", Some("\"abc123\"")),
            ("\\\"abc123\\\"", Some("\"abc123\"")),
            ("If-None-Match: \"abc123\"", Some("\"abc123\"")),
            ("w/\"a\"", Some("W/\"a\"")),
            ("\"W/a\"", None),
            ("W/abc, def", Some("W/\"abc\", \"def\"")),
            ("\"abc", Some("\"abc\"")),
            ("\"v1\"", None),
            ("a\"b", None),
            ("", None),
        ] {
            assert_eq!(tags(typed.as_bytes()).as_deref(), meant, "{typed}");
        }
    }

    #[test]
    fn dates_are_written_as_http_writes_them() {
        let meant = Some("Sat, 29 Oct 1994 19:43:31 GMT");
        for typed in [
            "1994-10-29T19:43:31Z",
            "1994-10-29 19:43:31.250+00:00",
            "Sat, 29 Oct 1994 19:43:31 UTC",
            "Sat, 29 Oct 1994 19:43:31 -0000",
            "Mon, 29 Oct 1994 19:43:31 GMT",
            "Sat, 29 Oct 1994 19:43:31 GMT; length=5922",
            "\"Sat, 29 Oct 1994 19:43:31 GMT\"",
        ] {
            let read = date(typed.as_bytes(), None).map(|date| date.to_string());
            assert_eq!(read.as_deref(), meant, "{typed}");
        }
        for typed in ["yesterday", "1994-13-29T19:43:31Z", "1994", "", "Sat,"] {
            assert_eq!(date(typed.as_bytes(), None), None, "{typed}");
        }
    }
}
