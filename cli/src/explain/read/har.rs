//! HAR files, as browsers save what their network tabs show: every entry of `log.entries`.

use serde::Deserialize;

use super::exchange::{Answer, Exchange, FieldLine, Request};
use super::fetch::without_place;
use super::unreadable::{Problem, Unreadable};

/// How long a name may be that is written again for each line of its value: longer than any that
/// is in use.
const LONGEST_REPEATED: usize = 64;

/// What is read of a HAR file; the rest, above all contents, is skipped.
#[derive(Deserialize)]
struct Har {
    log: Option<Log>,
}

#[derive(Deserialize)]
struct Log {
    entries: Option<Vec<Entry>>,
}

#[derive(Deserialize)]
struct Entry {
    request: Asked,
    response: Option<Answered>,
    /// Chromium's: `disk`, `memory`.
    #[serde(rename = "_fromCache")]
    from_cache: Option<String>,
}

#[derive(Deserialize)]
struct Asked {
    method: String,
    url: String,
    #[serde(default)]
    headers: Vec<NameAndValue>,
}

#[derive(Deserialize)]
struct Answered {
    #[serde(default)]
    status: i64,
    #[serde(default)]
    headers: Vec<NameAndValue>,
    /// -1 where it is not known.
    #[serde(rename = "bodySize", default)]
    body_size: Option<f64>,
    content: Option<Content>,
}

#[derive(Deserialize)]
struct Content {
    size: Option<f64>,
}

#[derive(Deserialize)]
struct NameAndValue {
    name: String,
    value: String,
}

pub(super) fn read(text: &[u8]) -> Result<Vec<Exchange>, Unreadable> {
    let har: Har = serde_json::from_slice(text).map_err(|error| {
        let line = text
            .split(|&byte| byte == b'\n')
            .nth(error.line().saturating_sub(1));
        let problem = if error.is_data() && !text.windows(9).any(|part| part == b"\"entries\"") {
            return Unreadable::whole(Problem::NotHar);
        } else {
            Problem::Json(without_place(&error))
        };
        Unreadable::numbered(
            error.line().max(1),
            line.unwrap_or_default().trim_ascii(),
            problem,
        )
    })?;
    let entries = har.log.and_then(|log| log.entries);
    let entries = entries.ok_or_else(|| Unreadable::whole(Problem::NotHar))?;
    Ok(entries.into_iter().map(exchange).collect())
}

fn exchange(entry: Entry) -> Exchange {
    let from_cache = entry.from_cache.is_some();
    let answer = entry.response.and_then(|answered| {
        // 0 is what browsers write where there was no answer.
        let status = u16::try_from(answered.status).ok();
        let status = status.filter(|status| (100..=599).contains(status))?;
        // Firefox counts the head too; the content is never more than that.
        let sizes = [
            answered.body_size,
            answered.content.and_then(|content| content.size),
        ];
        let length = sizes
            .into_iter()
            .flatten()
            .filter(|&size| size >= 0.0)
            .reduce(f64::min);
        Some(Answer {
            status: Some(status),
            fields: fields(answered.headers),
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // it saturates
            length: length.map(|length| length as u64),
            from_cache,
        })
    });
    Exchange {
        request: Request {
            method: entry.request.method,
            target: entry.request.url,
            fields: fields(entry.request.headers),
            is_assumed: false,
        },
        answer,
    }
}

/// The fields, without HTTP/2's pseudo-headers, which say what the entry says otherwise.
fn fields(lines: Vec<NameAndValue>) -> Vec<FieldLine> {
    let lines = lines.into_iter().filter(|line| !line.name.starts_with(':'));
    // A line for each value, where the browser has put the values of one field into one text.
    lines
        .flat_map(|line| {
            let most = if line.name.len() > LONGEST_REPEATED {
                1
            } else {
                usize::MAX
            };
            let values: Vec<Vec<u8>> = line
                .value
                .splitn(most, '\n')
                .map(|value| value.trim().as_bytes().to_vec())
                .collect();
            values
                .into_iter()
                .map(move |value| (line.name.clone(), value))
        })
        .collect()
}
