//! Which content coding a request asks for (RFC 9110 section 12.5.3).

use axum::http::header::{ACCEPT_ENCODING, HeaderMap};

/// A content coding whose result may lie beside a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Coding {
    /// As Content-Encoding says it.
    pub(crate) name: &'static str,
    /// What the name of the file ends in.
    pub(crate) suffix: &'static str,
}

/// The one that is preferred, where the request does not mind, first.
pub(crate) const CODINGS: [Coding; 3] = [
    Coding {
        name: "br",
        suffix: ".br",
    },
    Coding {
        name: "zstd",
        suffix: ".zst",
    },
    Coding {
        name: "gzip",
        suffix: ".gz",
    },
];

/// How much a request wants a coding, in thousandths; 0 where it does not take it.
pub(crate) fn weight(request: &HeaderMap, coding: Coding) -> u16 {
    let (mut named, mut any) = (None, None);
    let lines = request.get_all(ACCEPT_ENCODING);
    let lines = lines.iter().filter_map(|line| line.to_str().ok());
    for member in lines.flat_map(|line| line.split(',')) {
        let (name, parameters) = member.split_once(';').unwrap_or((member, ""));
        let name = name.trim();
        let place = if name == "*" {
            &mut any
        } else if is(name, coding) {
            &mut named
        } else {
            continue;
        };
        *place = Some(quality(parameters));
    }
    named.or(any).unwrap_or(0)
}

/// How much a request wants the file as it is, which it takes unless it says otherwise.
pub(crate) fn identity_weight(request: &HeaderMap) -> u16 {
    const IDENTITY: Coding = Coding {
        name: "identity",
        suffix: "",
    };

    let says = request.contains_key(ACCEPT_ENCODING);
    let named = weight(request, IDENTITY);
    // Not named it is acceptable, but less so than what is.
    if says && named == 0 { 1 } else { named.max(1) }
}

fn is(name: &str, coding: Coding) -> bool {
    // Section 8.4.1.3: x-gzip is the same.
    name.eq_ignore_ascii_case(coding.name)
        || (coding.name == "gzip" && name.eq_ignore_ascii_case("x-gzip"))
}

/// The weight in thousandths (section 12.4.2); 0 where it is none.
fn quality(parameters: &str) -> u16 {
    let parameters = parameters.trim();
    if parameters.is_empty() {
        return 1000;
    }
    let Some((name, value)) = parameters.split_once('=') else {
        return 0;
    };
    if !name.trim().eq_ignore_ascii_case("q") {
        return 0;
    }
    let value = value.trim();
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    if fraction.len() > 3 || !fraction.bytes().all(|digit| digit.is_ascii_digit()) {
        return 0;
    }
    let thousandths = format!("{fraction:0<3}").parse().unwrap_or(0);
    match (whole, thousandths) {
        ("1", 0) => 1000,
        ("0", thousandths) => thousandths,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn weights(lines: &[&'static str]) -> [u16; 4] {
        let mut fields = HeaderMap::new();
        for line in lines {
            fields.append(ACCEPT_ENCODING, HeaderValue::from_static(line));
        }
        let [br, zstd, gzip] = CODINGS.map(|coding| weight(&fields, coding));
        [br, zstd, gzip, identity_weight(&fields)]
    }

    #[test]
    fn weights_of_codings() {
        for (lines, expected) in [
            (&[][..], [0, 0, 0, 1]),
            (&[""], [0, 0, 0, 1]),
            (&["gzip, deflate, br, zstd"], [1000, 1000, 1000, 1]),
            (&["GZIP;q=0.5", " br ; Q=0.25"], [250, 0, 500, 1]),
            (&["x-gzip;q=1.000"], [0, 0, 1000, 1]),
            (&["*;q=0.1, br;q=0"], [0, 100, 100, 100]),
            (&["identity, gzip;q=0.5"], [0, 0, 500, 1000]),
            (&["gzip;q=2, br;q=x, zstd;level=3"], [0, 0, 0, 1]),
            (&["gzip;q=0.0001"], [0, 0, 0, 1]),
        ] {
            assert_eq!(weights(lines), expected, "{lines:?}");
        }
    }
}
