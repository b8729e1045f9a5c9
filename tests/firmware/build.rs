//! Lays out the memory of the machine, and turns `tests/vectors/*.json` into tables.

use std::collections::BTreeMap;
use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::Value;

/// Where a value of a vector is put together: its longest line, and its entity tag.
struct Room {
    line: usize,
    etag: usize,
    /// About how many bytes of flash the tables may take.
    tables: usize,
}

fn main() {
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap());
    let microbit = env::var_os("CARGO_FEATURE_MICROBIT").is_some();
    println!("cargo:rustc-link-search={}", out.display());
    println!("cargo:rustc-link-arg-bins=-Tlink.x");
    // Flash begins at address 0, where a page-aligned program header would not fit.
    println!("cargo:rustc-link-arg-bins=--nmagic");
    println!("cargo:rerun-if-changed=build.rs");

    // The mps2-an385 has 4 MiB of each. It gets the RAM of a microbit, so that nothing takes more.
    let flash = if microbit { "256K" } else { "4M" };
    let memory = format!(
        "MEMORY\n{{\n  FLASH : ORIGIN = 0x00000000, LENGTH = {flash}\n  RAM : ORIGIN = 0x20000000, LENGTH = 16K\n}}\n"
    );
    fs::write(out.join("memory.x"), memory).unwrap();

    let room = if microbit {
        Room {
            line: 10 << 10,
            etag: 512,
            tables: 230 << 10,
        }
    } else {
        Room {
            line: 4 << 20,
            etag: 4 << 20,
            tables: 3 << 20,
        }
    };
    let vectors = Path::new(&env::var_os("CARGO_MANIFEST_DIR").unwrap()).join("../vectors");
    println!("cargo:rerun-if-changed={}", vectors.display());
    fs::write(out.join("vectors.rs"), tables(&vectors, &room)).unwrap();
}

/// The bytes of a vector, as pieces that are repeated: a field of 100,000 tags takes a few.
fn pieces(value: &Value) -> Vec<(Vec<u8>, usize)> {
    match value {
        Value::String(text) => vec![(text.clone().into_bytes(), 1)],
        Value::Object(object) => {
            if let Some(base64) = object.get("base64") {
                vec![(BASE64.decode(base64.as_str().unwrap()).unwrap(), 1)]
            } else if let Some(parts) = object.get("concat") {
                parts.as_array().unwrap().iter().flat_map(pieces).collect()
            } else {
                let times = usize::try_from(object["times"].as_u64().unwrap()).unwrap();
                let inner = pieces(&object["repeat"]);
                let once = inner
                    .iter()
                    .flat_map(|(bytes, times)| bytes.repeat(*times))
                    .collect();
                vec![(once, times)]
            }
        }
        other => panic!("no bytes: {other}"),
    }
}

fn length(pieces: &[(Vec<u8>, usize)]) -> usize {
    pieces
        .iter()
        .map(|(bytes, times)| bytes.len() * times)
        .sum()
}

/// As Rust, each different value once.
#[derive(Default)]
struct Pool {
    names: BTreeMap<Vec<(Vec<u8>, usize)>, usize>,
    statics: String,
    size: usize,
}

impl Pool {
    fn add(&mut self, value: &Value) -> String {
        let pieces = pieces(value);
        let next = self.names.len();
        let place = *self.names.entry(pieces.clone()).or_insert(next);
        if place == next {
            self.size += pieces
                .iter()
                .map(|(bytes, _)| bytes.len() + 12)
                .sum::<usize>();
            writeln!(self.statics, "static B{place}: &[Piece] = &[").unwrap();
            for (bytes, times) in pieces {
                let literal = bytes.escape_ascii();
                writeln!(self.statics, "    (b\"{literal}\", {times}),").unwrap();
            }
            writeln!(self.statics, "];").unwrap();
        }
        format!("B{place}")
    }
}

fn tables(folder: &Path, room: &Room) -> String {
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json")
        })
        .collect();
    files.sort();
    let reads_dates = env::var_os("CARGO_FEATURE_DATES").is_some();
    let mut vectors: Vec<Value> = Vec::new();
    for path in files {
        println!("cargo:rerun-if-changed={}", path.display());
        let mut file: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let Value::Array(all) = file["vectors"].take() else {
            panic!("{}: no vectors", path.display());
        };
        vectors.extend(all.into_iter().filter(|vector| {
            vector["role"] == "origin" && (reads_dates || !compares_dates(vector))
        }));
    }
    let total = vectors.len();

    let mut pool = Pool::default();
    let mut table = String::new();
    let mut run = 0;
    let mut size = 0;
    // Where not all fit, take them from all over the list.
    let (even, odd): (Vec<_>, Vec<_>) = vectors
        .iter()
        .enumerate()
        .partition(|(place, _)| place % 2 == 0);
    for (_, vector) in even.into_iter().chain(odd) {
        let fields = vector["fields"].as_array().unwrap();
        let fits = fields
            .iter()
            .all(|line| length(&pieces(&line[0])) + length(&pieces(&line[1])) <= room.line)
            && (vector["state"]["etag"].is_null()
                || length(&pieces(&vector["state"]["etag"])) <= room.etag);
        if !fits || size + pool.size >= room.tables {
            continue;
        }
        run += 1;
        let id = vector["id"].as_str().unwrap();
        size += 136 + id.len() + 8 * fields.len();
        let lines: Vec<_> = fields
            .iter()
            .map(|line| format!("({}, {})", pool.add(&line[0]), pool.add(&line[1])))
            .collect();
        let state = &vector["state"];
        let expected = &vector["expected"];
        let names = expected["malformed"].as_array().unwrap().iter();
        let malformed: Vec<_> = names.map(|name| field(name.as_str().unwrap())).collect();
        let also = state.get("also").and_then(Value::as_array);
        let also: Vec<_> = also
            .into_iter()
            .flatten()
            .map(|tag| pool.add(tag))
            .collect();
        let policy = vector.get("policy").and_then(Value::as_array);
        let policy: Vec<_> = policy
            .into_iter()
            .flatten()
            .map(|name| camel_case(name.as_str().unwrap()))
            .map(|name| format!("Departure::{name}"))
            .collect();
        writeln!(
            table,
            "    Vector {{ id: {id:?}, method: {:?}, fields: &[{}], exists: {}, etag: {}, also: &[{}], \
             last_modified: {}, last_modified_strong: {}, status: {}, now: {}, policy: &[{}], \
             decision: Decision::{}, deciding_field: {}, malformed: &[{}], guards_write: {:?}, \
             already_applied_allowed: {:?} }},",
            vector["method"].as_str().unwrap(),
            lines.join(", "),
            state["exists"],
            match &state["etag"] {
                Value::Null => "None".to_owned(),
                tag => format!("Some({})", pool.add(tag)),
            },
            also.join(", "),
            date(&state["last_modified"]),
            state["last_modified_strong"],
            vector["base_status"],
            date(&vector["now"]),
            policy.join(", "),
            camel_case(expected["decision"].as_str().unwrap()),
            match &expected["deciding_field"] {
                Value::Null => "None".to_owned(),
                name => format!("Some({})", field(name.as_str().unwrap())),
            },
            malformed.join(", "),
            expected.get("guards_write").and_then(Value::as_bool),
            expected
                .get("already_applied_allowed")
                .and_then(Value::as_bool),
        )
        .unwrap();
    }
    format!(
        "/// How many vectors of the role `origin` there are that this can run.\nconst TOTAL: usize = {total};\n\
         /// Those that fit here.\nstatic VECTORS: [Vector; {run}] = [\n{table}];\n{}",
        pool.statics
    )
}

/// Whether a field of it is read as a date. What follows from it is another thing then where the
/// crate reads none; the rest is the same.
fn compares_dates(vector: &Value) -> bool {
    vector["fields"].as_array().unwrap().iter().any(|line| {
        let whole = |value| {
            let pieces = pieces(value).into_iter();
            pieces.flat_map(|(bytes, times)| bytes.repeat(times))
        };
        let name: Vec<u8> = whole(&line[0]).collect();
        match name.to_ascii_lowercase().as_slice() {
            b"if-modified-since" | b"if-unmodified-since" => true,
            b"if-range" => {
                let value: Vec<u8> = whole(&line[1]).collect();
                !matches!(value.trim_ascii(), [b'"', ..] | [b'W', b'/', b'"', ..])
            }
            _ => false,
        }
    })
}

/// `if-none-match` as `Field::IfNoneMatch`.
fn field(name: &str) -> String {
    format!("Field::{}", camel_case(name))
}

fn camel_case(name: &str) -> String {
    let words = name.split('-').map(|word| {
        let (first, rest) = word.split_at(1);
        first.to_uppercase() + rest
    });
    words.collect()
}

fn date(date: &Value) -> String {
    match &date["unix"] {
        Value::Null => "None".to_owned(),
        seconds => format!("Some({seconds})"),
    }
}
