//! A URI reference, resolved to the path and the query by which responses are stored (RFC 3986
//! section 5.2).

/// `None` where the reference is no text. Whether it is to this origin is known already.
pub(crate) fn resolve(base_path: &str, reference: &[u8]) -> Option<String> {
    let reference = std::str::from_utf8(reference).ok()?;
    let reference = reference.split('#').next().unwrap_or_default();
    let after_authority = match reference.split_once("//") {
        // `//host/path`, or `scheme://host/path`.
        Some((before, rest)) if before.is_empty() || is_scheme(before) => Some(rest),
        _ => None,
    };
    let reference = match after_authority {
        Some(rest) => {
            let end = rest.find(['/', '?']).unwrap_or(rest.len());
            match &rest[end..] {
                "" => "/",
                rest => rest,
            }
        }
        None => reference,
    };
    let (path, query) = match reference.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (reference, None),
    };
    let merged = match path {
        "" if after_authority.is_some() => "/".to_owned(),
        "" => base_path.to_owned(),
        path if path.starts_with('/') => path.to_owned(),
        path => {
            let directory = base_path.rfind('/').map_or("", |end| &base_path[..end]);
            format!("{directory}/{path}")
        }
    };
    let mut resolved = without_dots(&merged);
    if let Some(query) = query {
        resolved.push('?');
        resolved.push_str(query);
    }
    Some(resolved)
}

fn is_scheme(before: &str) -> bool {
    let scheme = before.strip_suffix(':').unwrap_or_default();
    !scheme.is_empty() && !scheme.contains(['/', '?'])
}

fn without_dots(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let segments: Vec<&str> = path.split('/').skip(1).collect();
    for (place, segment) in segments.iter().enumerate() {
        let is_last = place + 1 == segments.len();
        match *segment {
            "." | ".." => {
                if *segment == ".." {
                    kept.pop();
                }
                if is_last {
                    kept.push("");
                }
            }
            segment => kept.push(segment),
        }
    }
    format!("/{}", kept.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_as_responses_have_them() {
        for (reference, expected) in [
            ("/a", "/a"),
            ("/a?b#c", "/a?b"),
            ("c", "/x/c"),
            ("./c/", "/x/c/"),
            ("../c", "/c"),
            ("../../c", "/c"),
            ("..", "/"),
            ("?q", "/x/y?q"),
            ("", "/x/y"),
            ("//host/p?q", "/p?q"),
            ("http://host:1/p/./r", "/p/r"),
            ("http://host", "/"),
            ("http://host?q", "/?q"),
            ("a//b", "/x/a//b"),
        ] {
            let resolved = resolve("/x/y", reference.as_bytes());
            assert_eq!(resolved.as_deref(), Some(expected), "{reference}");
        }
        assert_eq!(resolve("/x", b"\xff"), None);
    }
}
