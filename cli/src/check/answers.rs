//! What is wrong with an answer by itself, whatever the condition: the fields of a 304 (RFC 9110
//! section 15.4.5), the bytes and fields of a 206 (15.3.7), a 416 (15.5.17), Date (6.6.1).

use http_conditional::{ByteRange, ContentRange, Ranges};

use super::faults::Fault;
use super::findings::{Evidence, Findings};
use super::message::{Request, Response, shown};
use super::resource::Resource;

/// Looks at an answer about the resource.
pub(super) fn look(
    id: &str,
    request: &Request,
    response: &Response,
    resource: &Resource,
    findings: &mut Findings,
) {
    let look = Look {
        id,
        request,
        response,
        whole: &resource.whole,
    };
    if (200..500).contains(&response.status) && response.value("date").is_none() {
        look.note(findings, Fault::DateMissing, "Date");
    }
    match response.status {
        304 => look.not_modified(findings),
        206 if request.method == "GET" => look.part(resource, findings),
        416 if response.value("content-range").is_none() => {
            let should = format!("Content-Range: bytes */{}", resource.state.length);
            look.note(findings, Fault::UnsatisfiedUnsaid, &should);
        }
        _ => {}
    }
}

struct Look<'a> {
    id: &'a str,
    request: &'a Request,
    response: &'a Response,
    whole: &'a Response,
}

impl Look<'_> {
    fn note(&self, findings: &mut Findings, fault: Fault, should: &str) {
        let evidence = Evidence::of(self.id, self.request, self.response, should);
        findings.add(fault, evidence);
    }

    /// Whether a field of the 200 is not in this answer.
    fn lacks(&self, name: &str) -> bool {
        self.whole.value(name).is_some() && self.response.value(name).is_none()
    }

    fn not_modified(&self, findings: &mut Findings) {
        let lacks = [
            ("ETag", Fault::NotModifiedLacksTag),
            ("Vary", Fault::NotModifiedLacksVary),
            ("Cache-Control", Fault::NotModifiedLacksFreshness),
            ("Expires", Fault::NotModifiedLacksFreshness),
            ("Content-Location", Fault::NotModifiedLacksLocation),
        ];
        for (name, fault) in lacks {
            let lower = name.to_ascii_lowercase();
            if self.lacks(&lower) {
                let value = self.whole.value(&lower).map(shown).unwrap_or_default();
                self.note(findings, fault, &format!("{name}: {value}"));
            }
        }
        let (of_whole, of_this) = (self.whole.value("etag"), self.response.value("etag"));
        if let (Some(whole), Some(this)) = (of_whole, of_this)
            && whole != this
            && !findings.has(Fault::TagChanges)
        {
            let should = format!("ETag: {}", shown(whole));
            self.note(findings, Fault::NotModifiedOtherTag, &should);
        }
        if let Some(length) = self.response.length()
            && self.whole.complete
            && length != self.whole.content.len() as u64
        {
            let should = format!("no Content-Length, or {}", self.whole.content.len());
            self.note(findings, Fault::NotModifiedLength, &should);
        }
        for name in [
            "Content-Type",
            "Content-Encoding",
            "Content-Language",
            "Content-Range",
        ] {
            if self.response.value(&name.to_ascii_lowercase()).is_some() {
                self.note(findings, Fault::NotModifiedExtra, &format!("no {name}"));
            }
        }
    }

    fn part(&self, resource: &Resource, findings: &mut Findings) {
        // 15.3.7: after an If-Range the rest may be left out, but not these.
        for name in [
            "ETag",
            "Cache-Control",
            "Expires",
            "Content-Location",
            "Vary",
        ] {
            if self.lacks(&name.to_ascii_lowercase()) {
                let value = self.whole.value(&name.to_ascii_lowercase());
                let value = value.map(shown).unwrap_or_default();
                self.note(
                    findings,
                    Fault::PartLacksFields,
                    &format!("{name}: {value}"),
                );
            }
        }
        if findings.has(Fault::TagStays) {
            // There is no whole to compare with.
            return;
        }
        let length = resource.state.length;
        let asked: Vec<ByteRange> = match self.request.values("range").next().map(Ranges::parse) {
            Some(Ok(ranges)) => ranges.resolve(length).collect(),
            _ => return,
        };
        let boundary = self.response.text("content-type").and_then(boundary);
        match (boundary, &asked[..]) {
            (Some(_), [_]) => {
                let should = "the range as it is, with Content-Range in the head";
                self.note(findings, Fault::PartMultipart, should);
            }
            (Some(boundary), _) => {
                if let Err(wrong) = self.parts(&boundary, &asked, length) {
                    self.note(findings, Fault::PartsWrong, &wrong);
                }
            }
            (None, _) => self.single(&asked, length, findings),
        }
    }

    fn single(&self, asked: &[ByteRange], length: u64, findings: &mut Findings) {
        let content = &self.response.content;
        let value = self.response.value("content-range").unwrap_or_default();
        let said = ContentRange::parse(value).ok();
        let Some(range) = said.and_then(ContentRange::range) else {
            let should = format!("Content-Range: bytes FIRST-LAST/{length}");
            return self.note(findings, Fault::PartContentRange, &should);
        };
        let total = said.and_then(ContentRange::complete_length);
        let counted = !self.response.complete || content.len() as u64 == range.len();
        if total.is_some_and(|total| total != length) || !counted || range.last() >= length {
            let should = format!(
                "a Content-Range that fits {} bytes of {length}",
                content.len()
            );
            return self.note(findings, Fault::PartContentRange, &should);
        }
        // Several may come as one that holds them.
        let within =
            |asked: &ByteRange| asked.first() <= range.first() && range.last() <= asked.last();
        let right_place = asked.len() != 1 || within(&asked[0]);
        if !right_place || !self.fits(range, content) {
            let should = format!("the bytes that a Range of {} means", ranges(asked));
            self.note(findings, Fault::PartWrongBytes, &should);
        }
    }

    /// Whether these are the bytes of a range, as far as the whole is known.
    fn fits(&self, range: ByteRange, content: &[u8]) -> bool {
        let (Ok(first), Ok(last)) = (
            usize::try_from(range.first()),
            usize::try_from(range.last()),
        ) else {
            return true;
        };
        let known = self.whole.content.get(first..).unwrap_or_default();
        let length = known.len().min(content.len()).min(last - first + 1);
        known[..length] == content[..length]
    }

    /// Reads the parts; an error says what should have come.
    fn parts(&self, boundary: &str, asked: &[ByteRange], length: u64) -> Result<(), String> {
        if self.response.value("content-range").is_some() {
            return Err("no Content-Range in the head, but one in each part".to_owned());
        }
        if !self.response.complete {
            return Ok(());
        }
        let mut rest: &[u8] = &self.response.content;
        let dashes = format!("--{boundary}").into_bytes();
        let mut count = 0;
        loop {
            let at = find(rest, &dashes).ok_or("a boundary at the end: --BOUNDARY--")?;
            rest = &rest[at + dashes.len()..];
            if rest.starts_with(b"--") {
                break;
            }
            let end = find(rest, b"\r\n\r\n").ok_or("an empty line behind the fields of a part")?;
            let head = String::from_utf8_lossy(&rest[..end]).into_owned();
            rest = &rest[end + 4..];
            let field = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("content-range")
                    .then(|| value.trim().to_owned())
            });
            let value = field.ok_or("Content-Range in each part")?;
            let said = ContentRange::parse(value.as_bytes()).ok();
            let range = said.and_then(ContentRange::range);
            let range = range.ok_or("a Content-Range that can be read in each part")?;
            let size = usize::try_from(range.len()).unwrap_or(usize::MAX);
            let content = rest
                .get(..size)
                .ok_or("as many bytes as Content-Range says")?;
            let total = said.and_then(ContentRange::complete_length);
            if total.is_some_and(|total| total != length) || !self.fits(range, content) {
                return Err(format!(
                    "in each part what its Content-Range says, of {length} bytes"
                ));
            }
            rest = &rest[size..];
            if !rest.starts_with(b"\r\n") {
                return Err("as many bytes in a part as its Content-Range says".to_owned());
            }
            count += 1;
        }
        if count == 0 || count > asked.len() {
            return Err(format!("a part for each of {}", ranges(asked)));
        }
        Ok(())
    }
}

fn ranges(asked: &[ByteRange]) -> String {
    let each = asked
        .iter()
        .map(|range| format!("{}-{}", range.first(), range.last()));
    each.collect::<Vec<_>>().join(", ")
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}

/// The boundary of multipart/byteranges.
fn boundary(content_type: &str) -> Option<String> {
    let (media_type, parameters) = content_type.split_once(';')?;
    if !media_type
        .trim()
        .eq_ignore_ascii_case("multipart/byteranges")
    {
        return None;
    }
    parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let named = name.trim().eq_ignore_ascii_case("boundary");
        named.then(|| value.trim().trim_matches('"').to_owned())
    })
}
