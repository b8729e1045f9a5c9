//! `http-conditional explain`: why a request gets a 200, a 304 or a 412, from whatever you have: a
//! head, the output of `curl -v`, what a browser's developer tools copy.
//!
//! ```sh
//! printf 'GET / HTTP/1.1\nIf-None-Match: "v1", "v2"\n' |
//!     http-conditional explain --etag '"v2"'
//! ```

pub mod read;
mod report;

use std::error::Error;
use std::fmt::Write as _;
use std::io::{self, IsTerminal, Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use http_conditional::HttpDate;

pub(crate) use self::report::{Given, Report, reports};
use crate::reasons::{Departures, Mark, State, visible, visible_json};

/// How much is read.
const MOST: u64 = 256 << 20;

/// Says why a request gets a 200, a 304 or a 412, and what to do about it
///
/// Reads FILE, standard input, or what you paste into the terminal: the head of a request of any
/// HTTP version, the whole output of `curl -v`, pseudo-header lines, what is copied from the
/// Headers tab of a browser, Copy as cURL (bash or cmd), Copy as fetch, a HAR file, or field lines
/// alone. If the input has the answer too, the state of the resource is taken from there, unless
/// the options below say it.
///
/// Exit codes: 0 if the input could be read, 1 if not, 2 for wrong options.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  curl -v http://127.0.0.1:3000/ 2>&1 | http-conditional explain
  http-conditional explain page.har --entry /api/config
  echo 'If-None-Match: \"v1\"' | http-conditional explain --etag '\"v2\"'")]
pub struct Options {
    /// The file to read; standard input by default
    file: Option<PathBuf>,
    /// The current entity tag, as the ETag field gives it: '"v1"' or 'W/"v1"'
    #[arg(long, value_name = "TAG", conflicts_with = "absent")]
    etag: Option<String>,
    /// The modification date, as the Last-Modified field gives it
    #[arg(long, value_name = "DATE", conflicts_with = "absent")]
    last_modified: Option<String>,
    /// The modification date is a strong validator (RFC 9110 section 8.8.2.2)
    #[arg(long, requires = "last_modified")]
    strong: bool,
    /// There is no current representation
    #[arg(long)]
    absent: bool,
    /// The current time as an HTTP-date, for reading two-digit years; by default the clock's
    #[arg(long, value_name = "DATE")]
    now: Option<String>,
    /// The status that the request would get without its conditions and its Range
    #[arg(long, value_name = "CODE", value_parser = clap::value_parser!(u16).range(100..=599))]
    status: Option<u16>,
    /// Of several requests, explain this one in full: its number, or a part of its URL
    #[arg(long, value_name = "NUMBER|URL")]
    entry: Option<String>,
    /// Print JSON: a list with an object for each request
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    departures: Departures,
}

/// Reads the request, and prints the explanation.
#[must_use]
pub fn run(options: &Options) -> ExitCode {
    match explain(options) {
        Ok(text) => {
            // Nobody may be reading.
            let _ = io::stdout().lock().write_all(text.as_bytes());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            if error.is::<read::Unreadable>() {
                eprintln!("\nThese can be read:");
                for shape in read::READABLE {
                    eprintln!("  - {shape}");
                }
            }
            ExitCode::FAILURE
        }
    }
}

fn explain(options: &Options) -> Result<String, Box<dyn Error>> {
    let given = given(options)?;
    let reading = read::read(&input(options)?)?;
    let mut reports: Vec<(usize, Report)> = (1..).zip(reports(&reading, &given)).collect();
    if let Some(entry) = &options.entry {
        let number = entry.parse::<usize>().ok();
        reports.retain(|(index, report)| match number {
            Some(number) => number == *index,
            None => report.target.contains(&**entry),
        });
        if reports.is_empty() {
            return Err(format!(
                "--entry {}: there is no such request",
                visible(entry.as_bytes())
            )
            .into());
        }
    }
    if options.json {
        let reports: Vec<&Report> = reports.iter().map(|(_, report)| report).collect();
        return Ok(visible_json(&serde_json::to_string_pretty(&reports)?) + "\n");
    }
    let mut text = String::new();
    match &*reports {
        [(_, report)] => in_full(&mut text, report),
        reports => {
            for (index, report) in reports {
                in_a_line(&mut text, *index, report);
            }
            text.push_str(
                "\nFor one of them in full: --entry with its number, or with a part of its URL.\n",
            );
        }
    }
    Ok(text)
}

fn given(options: &Options) -> Result<Given, Box<dyn Error>> {
    let now = match &options.now {
        Some(now) => HttpDate::parse(now.as_bytes(), None).map_err(|e| format!("--now: {e}"))?,
        None => HttpDate::now(),
    };
    if let Some(date) = &options.last_modified {
        HttpDate::parse(date.as_bytes(), Some(now)).map_err(|e| format!("--last-modified: {e}"))?;
    }
    let bytes =
        |value: &Option<String>| value.as_ref().map(|value| value.trim().as_bytes().to_vec());
    let (etag, last_modified) = (bytes(&options.etag), bytes(&options.last_modified));
    let state = if options.absent {
        Some(State::ABSENT)
    } else if etag.is_some() || last_modified.is_some() {
        let mut state = State::current(etag.as_deref(), last_modified.as_deref());
        state.strong_date = options.strong;
        Some(state)
    } else {
        None
    };
    Ok(Given {
        state,
        status: options.status,
        departures: options.departures,
        now: Some(now),
    })
}

fn input(options: &Options) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut input = Vec::new();
    let length = if let Some(path) = &options.file {
        std::fs::File::open(path)
            .and_then(|file| file.take(MOST + 1).read_to_end(&mut input))
            .map_err(|e| format!("{}: {e}", path.display()))?
    } else {
        let stdin = io::stdin();
        if stdin.is_terminal() {
            eprintln!("Paste a request, and end with Ctrl-D on a line of its own.");
        }
        stdin.lock().take(MOST + 1).read_to_end(&mut input)?
    };
    if u64::try_from(length)? > MOST {
        return Err(format!("the input has more than {} MiB", MOST >> 20).into());
    }
    Ok(input)
}

/// `GET /path`, or what there is of it.
fn title(report: &Report) -> String {
    match &*report.target {
        "" => report.method.clone(),
        target => format!("{} {target}", report.method),
    }
}

fn in_full(text: &mut String, report: &Report) {
    let finding = &report.finding;
    let _ = writeln!(text, "{}: {}", title(report), finding.summary);
    for step in &finding.steps {
        let mark = if step.mark.is_some() { '>' } else { ' ' };
        let _ = write!(text, "{mark} {}", step.text);
        if step.mark == Some(Mark::KeptFrom304) {
            text.push_str(" (this prevented a 304)");
        }
        text.push('\n');
        if let Some(remark) = &step.remark {
            let _ = writeln!(text, "     {remark}");
        }
    }
    paragraph(text, "Why", &finding.because);
    paragraph(text, "What to do", &finding.advice);
    if let Some(answered) = report.answered
        && !finding.steps.is_empty()
    {
        let is_right = finding.status == Some(answered) && report.faults.is_empty();
        let said = match finding.status {
            _ if is_right => String::from(", as it should be for the validators that it has"),
            Some(status) if status != answered => format!(", not {status}"),
            _ => String::new(),
        };
        let _ = writeln!(text, "\nThe answer was {answered}{said}.");
        for fault in &report.faults {
            let _ = writeln!(text, "! {}", fault.text);
        }
    }
    if report.assumed {
        text.push_str("\nThe input has no request line, so the method was taken to be GET.\n");
    }
}

fn paragraph(text: &mut String, heading: &str, sentences: &[String]) {
    if sentences.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{heading}");
    for sentence in sentences {
        let _ = writeln!(text, "  {sentence}");
    }
}

fn in_a_line(text: &mut String, index: usize, report: &Report) {
    let _ = write!(
        text,
        "{index:>3}. {}: {}",
        title(report),
        report.finding.summary
    );
    match (report.answered, report.finding.status) {
        (Some(answered), status)
            if answered >= 300 && status.is_none()
                || status.is_some_and(|status| status != answered) =>
        {
            let _ = write!(text, " (it was {answered})");
        }
        _ => {}
    }
    text.push('\n');
    for fault in &report.faults {
        let _ = writeln!(text, "     ! {}", fault.text);
    }
}
