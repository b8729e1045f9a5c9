//! From the path of a request target to the key of an object.

use object_store::path::Path;
use percent_encoding::percent_decode_str;

/// How long a key may be: as long as S3 takes them, in bytes.
const LONGEST: usize = 1024;

/// The key that a path names; `None` where it can be the name of nothing: with an empty segment,
/// `.` or `..`, a slash that is encoded, a backslash, a control character, or what is not UTF-8.
///
/// No two paths have one key, but for the ways to encode a character.
pub(crate) fn key(path: &str) -> Option<Path> {
    let mut name = String::new();
    for segment in path.strip_prefix('/')?.split('/') {
        let segment = percent_decode_str(segment).decode_utf8().ok()?;
        if segment.is_empty() || segment.contains(['/', '\\']) {
            return None;
        }
        if !name.is_empty() {
            name.push('/');
        }
        name.push_str(&segment);
    }
    let key = Path::parse(&name).ok()?;
    (name.len() <= LONGEST && key.as_ref() == name).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::key;

    #[test]
    fn names() {
        for (path, expected) in [
            ("/a", "a"),
            ("/a/b.txt", "a/b.txt"),
            ("/%61%20b%3F%23%25", "a b?#%"),
            ("/...", "..."),
            ("/%C3%A9", "\u{e9}"),
            ("/a%22*", "a\"*"),
        ] {
            let key = key(path).unwrap_or_else(|| panic!("{path} should name something"));
            assert_eq!(key.as_ref(), expected);
        }
        assert!(key(&format!("/{}", "a".repeat(1024))).is_some());
    }

    #[test]
    fn names_of_nothing() {
        for path in [
            "",
            "*",
            "a",
            "/",
            "//",
            "/a/",
            "/a//b",
            "//a",
            "/.",
            "/..",
            "/a/../b",
            "/%2e%2e/a",
            "/a/%2E",
            "/a%2Fb",
            "/%5C..",
            "/a%00",
            "/a%0A",
            "/%7f",
            "/%FF",
            "/%C3",
        ] {
            assert!(key(path).is_none(), "{path} should name nothing");
        }
        assert!(key(&format!("/{}", "a".repeat(1025))).is_none());
    }
}
