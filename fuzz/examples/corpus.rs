//! The inputs of a target that are kept are one text file, a line an input, written as in a Rust
//! literal and in order, so that a change of them can be read. libFuzzer takes a folder of files:
//!
//! ```sh
//! cargo run --example corpus -- unpack FILE FOLDER
//! cargo run --example corpus -- pack FOLDER FILE
//! ```

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::path::Path;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["unpack", file, folder] => unpack(file.as_ref(), folder.as_ref()),
        ["pack", folder, file] => pack(folder.as_ref(), file.as_ref()),
        _ => Err("unpack FILE FOLDER, or pack FOLDER FILE".into()),
    }
}

fn unpack(file: &Path, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    for (index, line) in fs::read_to_string(file)?.lines().enumerate() {
        let number = index + 1;
        let place = || format!("{}:{number}: not an input: {line}", file.display());
        let input = read(line).ok_or_else(place)?;
        fs::write(folder.join(format!("{number:04}")), input)?;
    }
    Ok(())
}

fn pack(folder: &Path, file: &Path) -> Result<()> {
    let mut inputs = BTreeSet::new();
    for entry in fs::read_dir(folder)? {
        let input = fs::read(entry?.path())?;
        // The shortest first.
        inputs.insert((input.len(), input));
    }
    let lines: String = inputs
        .iter()
        .map(|(_, input)| write(input) + "\n")
        .collect();
    for ((_, input), line) in inputs.iter().zip(lines.lines()) {
        assert_eq!(read(line).as_ref(), Some(input), "{line}");
    }
    fs::write(file, lines)?;
    Ok(())
}

fn write(input: &[u8]) -> String {
    format!("\"{}\"", input.escape_ascii())
}

fn read(line: &str) -> Option<Vec<u8>> {
    let mut rest = line.strip_prefix('"')?.strip_suffix('"')?.as_bytes();
    let mut input = Vec::new();
    while let [first, after @ ..] = rest {
        let (byte, after) = match (first, after) {
            (b'\\', [b'x', digits @ ..]) => {
                let (digits, after) = digits.split_at_checked(2)?;
                let digits = std::str::from_utf8(digits).ok()?;
                (u8::from_str_radix(digits, 16).ok()?, after)
            }
            (b'\\', [b't', after @ ..]) => (b'\t', after),
            (b'\\', [b'n', after @ ..]) => (b'\n', after),
            (b'\\', [b'r', after @ ..]) => (b'\r', after),
            (b'\\', [byte @ (b'\\' | b'"' | b'\''), after @ ..]) => (*byte, after),
            (b'\\' | b'"', _) => return None,
            (byte, after) => (*byte, after),
        };
        input.push(byte);
        rest = after;
    }
    Some(input)
}
