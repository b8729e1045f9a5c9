//! Text from others, made safe for a terminal and bounded in length.

use std::fmt::Write;

/// How many characters are shown of a value.
const MOST: usize = 120;

/// A value as it can be shown: whatever could move the cursor, change the writing direction or be
/// mistaken for nothing is written as `\u{202e}`, and what is no UTF-8 as `\x9b`.
pub(crate) fn visible(value: &[u8]) -> String {
    let mut shown = String::new();
    let mut count = 0;
    for chunk in value.utf8_chunks() {
        for c in chunk.valid().chars() {
            if count == MOST {
                shown.push('…');
                return shown;
            }
            count += 1;
            if is_plain(c) {
                shown.push(c);
            } else {
                let _ = write!(shown, "\\u{{{:x}}}", u32::from(c));
            }
        }
        for byte in chunk.invalid() {
            count += 1;
            let _ = write!(shown, "\\x{byte:02x}");
        }
    }
    shown
}

/// JSON that says the same, as it may be printed on a terminal.
pub(crate) fn visible_json(json: &str) -> String {
    let mut shown = String::with_capacity(json.len());
    for c in json.chars() {
        // Line ends are between the values only: in a text they are escaped already.
        if is_plain(c) || c == '\n' {
            shown.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(shown, "\\u{unit:04x}");
            }
        }
    }
    shown
}

/// Whether a character looks like what it is, and nothing else.
pub(crate) fn is_plain(c: char) -> bool {
    !c.is_control()
        && (!c.is_whitespace() || c == ' ')
        && !matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// As much of a text as is kept.
pub(crate) fn cut(text: &str, longest: usize) -> String {
    if text.len() <= longest {
        return text.to_owned();
    }
    let mut end = longest;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}…", &text[..end])
}

#[cfg(test)]
mod tests {
    use super::visible;

    /// p14: what could reach the terminal is written out.
    #[test]
    fn nothing_reaches_the_terminal() {
        assert_eq!(
            visible("a\u{9b}31m\u{202e}b\x1b[0m“c”".as_bytes()),
            "a\\u{9b}31m\\u{202e}b\\u{1b}[0m“c”"
        );
        assert_eq!(visible(b"\x9b\xff"), "\\x9b\\xff");
        assert_eq!(visible(&[b'a'; 500]).chars().count(), 121);
    }
}
