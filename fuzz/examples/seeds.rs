//! Writes the test vectors as inputs of the fuzz targets: `cargo run --example seeds -- DIR` makes
//! a folder for each target in DIR, and in it a file for each vector, named after it. What is pasted
//! has the samples of the program for seeds.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use arbitrary::{Arbitrary, Unstructured};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use http_conditional::{ByteRange, Clocks};
use http_conditional_fuzz::against_oracle::{Case, oracle};
use http_conditional_fuzz::input::{self, Lines};
use http_conditional_fuzz::stored::{self, Stored};
use serde_json::Value;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// A longer request teaches a fuzzer nothing that a shorter one does not.
const LONGEST: usize = 512;
/// What is pasted is longer than a request. HAR files of a browser are longer still.
const LONGEST_SAMPLE: usize = 4096;

fn main() -> Result<()> {
    let mut seeds = Seeds {
        directory: std::env::args_os().nth(1).ok_or("where to?")?.into(),
        written: 0,
    };
    let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors");
    for entry in fs::read_dir(vectors)? {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let file: Value = serde_json::from_slice(&fs::read(path)?)?;
        for vector in file["vectors"].as_array().ok_or("no vectors")? {
            seeds.write_vector(vector)?;
        }
    }
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../cli/tests/samples");
    for entry in fs::read_dir(samples)? {
        let path = entry?.path();
        let sample = fs::read(&path)?;
        if sample.len() <= LONGEST_SAMPLE {
            let name = path.file_name().ok_or("no name")?.to_string_lossy();
            seeds.write("pasted", &name, &sample)?;
        }
    }
    println!("{} seeds", seeds.written);
    Ok(())
}

struct Seeds {
    directory: PathBuf,
    written: usize,
}

impl Seeds {
    fn write(&mut self, target: &str, id: &str, seed: &[u8]) -> Result<()> {
        let directory = self.directory.join(target);
        fs::create_dir_all(&directory)?;
        fs::write(directory.join(id.replace('/', "-")), seed)?;
        self.written += 1;
        Ok(())
    }

    fn write_vector(&mut self, vector: &Value) -> Result<()> {
        let id = vector["id"].as_str().ok_or("no id")?;
        let case = case(vector)?;
        let fields = &case.request.fields;
        let lengths = fields.iter().map(|(name, value)| name.len() + value.len());
        if lengths.sum::<usize>() > LONGEST {
            return Ok(());
        }
        self.write_values(id, fields)?;
        // What an input cannot say, such as a method that no other vector has, is left out.
        let Some(written) = input::written_case(&case) else {
            return Ok(());
        };
        let read = Case::arbitrary(&mut Unstructured::new(&written))?;
        assert_eq!(format!("{read:?}"), format!("{case:?}"), "{id}");
        if vector["role"] == "origin" {
            self.write("condition", id, &written)?;
            // Nothing is wrong, and there is room for any text.
            let by_c = [1, 255, 0, 0, 0, 2, 1, 0, 0, 10, 0, 5, 1, 100, 5, 0x20];
            let by_c = [&by_c[..], &[1; 12], &written].concat();
            self.write("capi", id, &by_c)?;
            let in_any_order = [0; 6];
            return self.write("evaluate", id, &[&in_any_order, &written[..]].concat());
        }
        let stored = stored(vector, &case);
        let mut seed = vec![u8::from(case.state.exists)];
        // It is stored, and received once more in a 304.
        let received = Stored {
            status: 304,
            ..stored.clone()
        };
        let sayable = !case.state.exists || stored::put_stored(&mut seed, &stored);
        if sayable && stored::put_stored(&mut seed, &received) {
            seed.extend(written);
            self.write("cache", id, &seed)?;
        }
        Ok(())
    }

    /// The values by themselves, for the targets that take one, and all lines as they came.
    fn write_values(&mut self, id: &str, fields: &Lines) -> Result<()> {
        for (place, (name, value)) in fields.iter().enumerate() {
            let id = format!("{id}-{place}");
            let name = String::from_utf8_lossy(name).to_ascii_lowercase();
            // What each target reads before the value.
            let (target, head): (_, &[u8]) = match &name[..] {
                "if-match" | "if-none-match" => ("tags", &[1; 20]),
                "range" => ("range", &[10, 16, 1, 1, 16, 13]),
                "if-modified-since" | "if-unmodified-since" | "if-range" => ("dates", &[1; 18]),
                _ => continue,
            };
            let mut seed = head.to_vec();
            input::put_text(&mut seed, value);
            self.write(target, &id, &seed)?;
        }
        let mut seed = vec![1; 55];
        for (name, value) in fields {
            seed.extend([name, &b":"[..], value, b"\n"].concat());
        }
        self.write("bytes", id, &seed)
    }
}

fn bytes(value: &Value) -> Result<Vec<u8>> {
    if let Some(text) = value.as_str() {
        return Ok(text.into());
    }
    if let Some(text) = value["base64"].as_str() {
        return Ok(BASE64.decode(text)?);
    }
    if let Some(parts) = value["concat"].as_array() {
        return parts
            .iter()
            .map(bytes)
            .collect::<Result<Vec<_>>>()
            .map(|parts| parts.concat());
    }
    let times = value["times"]
        .as_u64()
        .ok_or("neither of the forms of bytes")?;
    Ok(bytes(&value["repeat"])?.repeat(times.try_into()?))
}

fn case(vector: &Value) -> Result<Case> {
    let state = &vector["state"];
    let pair = |line: &Value| Ok((bytes(&line[0])?, bytes(&line[1])?));
    let lines = vector["fields"].as_array().ok_or("no fields")?.iter();
    let etag = match &state["etag"] {
        Value::Null => None,
        etag => oracle::parse_tag(&bytes(etag)?),
    };
    let also = state["also"].as_array().map(|tags| {
        let tags = tags.iter().filter_map(|tag| bytes(tag).ok());
        tags.filter_map(|tag| oracle::parse_tag(&tag)).collect()
    });
    let departs = |name: &str| {
        let names = vector["policy"].as_array();
        names.is_some_and(|names| names.iter().any(|known| known == name))
    };
    let is_cache = vector["role"] == "cache";
    Ok(Case {
        request: oracle::Request {
            method: vector["method"].as_str().ok_or("no method")?.into(),
            fields: lines.map(pair).collect::<Result<_>>()?,
        },
        state: oracle::State {
            exists: state["exists"] == true,
            etag,
            last_modified: state["last_modified"]["unix"].as_i64(),
            last_modified_is_strong: state["last_modified_strong"] == true,
            also: also.unwrap_or_default(),
        },
        status: vector["base_status"]
            .as_u64()
            .map(u16::try_from)
            .transpose()?,
        policy: oracle::Policy {
            now: vector["now"]["unix"].as_i64(),
            exact_if_modified_since: departs("exact-if-modified-since"),
            weak_if_match: departs("weak-if-match"),
            lenient_entity_tags: departs("lenient-entity-tags"),
            case_insensitive_dates: is_cache || departs("case-insensitive-dates"),
            lenient_dates: departs("lenient-dates"),
            if_range_by_date: departs("if-range-by-date"),
        },
    })
}

/// The stored response of a vector of the role `cache`.
fn stored(vector: &Value, case: &Case) -> Stored {
    let state = &vector["state"];
    let status = case.status.unwrap_or(200);
    let is_strong = case.state.last_modified_is_strong;
    Stored {
        status,
        tag: case.state.etag.clone(),
        modified: case.state.last_modified,
        date: state["date"]["unix"].as_i64(),
        received: state["received"]["unix"].as_i64(),
        clocks: if is_strong {
            Clocks::Same
        } else {
            Clocks::Untrusted
        },
        length: None,
        parts: (status == 206).then(|| ByteRange::new(0, 15).into_iter().collect()),
    }
}
