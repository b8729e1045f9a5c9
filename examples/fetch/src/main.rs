//! `fetch URL FILE`: fetches a URL into a file, but only if it has changed, and goes on where it was
//! cut the last time.

use std::io::{IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;

use fetch::{Fetched, Fetcher};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [url, file] = &arguments[..] else {
        eprintln!("usage: fetch URL FILE");
        return ExitCode::from(2);
    };
    let mut stderr = std::io::stderr();
    let shows = stderr.is_terminal();
    let progress = |have: u64, length: Option<u64>| {
        if shows {
            let length = length.map_or("?".to_owned(), |length| length.to_string());
            let _ = write!(stderr, "\r{have} of {length} bytes ");
        }
    };
    let fetched = Fetcher::new(progress).fetch(url, Path::new(file));
    if shows {
        eprintln!();
    }
    match fetched {
        Ok(Fetched::NotModified) => println!("{file}: not modified"),
        Ok(Fetched::New { bytes, resumed }) => {
            println!("{file}: {bytes} bytes, {resumed} of them from before");
        }
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
