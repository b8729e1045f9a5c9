//! Commands into words, as the cmd of Windows and the programs that it starts do it: `^` takes
//! the meaning from the character after it, and a program reads `\"` as a quote.

use super::curl::Command;

/// Whether a command is for cmd, and not for bash: a line goes on after `^`, or a quote is escaped
/// by it.
pub(super) fn is_cmd(text: &[u8]) -> bool {
    let escapes = |two: &[u8]| matches!(two, [b'^', b'"' | b'\n' | b'\r']);
    text.windows(2).any(escapes) || text.starts_with(b"curl.exe ") || text.starts_with(b"curl \"")
}

/// The commands of a text.
pub(super) fn split(text: &[u8]) -> Vec<Command> {
    let mut commands = Vec::new();
    let mut line = 1;
    let mut rest = text;
    while !rest.is_empty() {
        let begins = line;
        let arguments = command_line(&mut rest, &mut line);
        let words = words(&arguments);
        if !words.is_empty() {
            commands.push(Command {
                line: begins,
                words,
            });
        }
    }
    commands
}

/// One command without its `^`, up to a line end or an `&` that is not escaped.
fn command_line(rest: &mut &[u8], line: &mut usize) -> Vec<u8> {
    let mut arguments = Vec::new();
    // Within quotes that are not escaped, `^` is itself.
    let mut quoted = false;
    while let Some((&byte, after)) = rest.split_first() {
        *rest = after;
        match byte {
            b'^' if !quoted => {
                if let Some(after) = rest.strip_prefix(b"\r\n").or(rest.strip_prefix(b"\n")) {
                    *rest = after;
                    *line += 1;
                    // An empty line after that stands for a line end in the text.
                    if let Some(after) = rest.strip_prefix(b"\r\n").or(rest.strip_prefix(b"\n")) {
                        *rest = after;
                        *line += 1;
                        arguments.push(b'\n');
                    }
                } else if let Some((&escaped, after)) = rest.split_first() {
                    arguments.push(escaped);
                    *rest = after;
                }
            }
            b'"' => {
                quoted = !quoted;
                arguments.push(byte);
            }
            b'\n' => {
                *line += 1;
                break;
            }
            b'&' | b'|' if !quoted => break,
            _ => arguments.push(byte),
        }
    }
    arguments
}

/// The words of a command line, as a program of Windows reads them.
fn words(arguments: &[u8]) -> Vec<Vec<u8>> {
    let mut words = Vec::new();
    let mut word: Option<Vec<u8>> = None;
    let mut quoted = false;
    let mut rest = arguments;
    while let Some((&byte, after)) = rest.split_first() {
        match byte {
            b'\\' => {
                let backslashes = rest.iter().take_while(|&&byte| byte == b'\\').count();
                let escapes = rest.get(backslashes) == Some(&b'"');
                let kept = if escapes {
                    backslashes / 2
                } else {
                    backslashes
                };
                let word = word.get_or_insert_default();
                word.extend(std::iter::repeat_n(b'\\', kept));
                rest = &rest[backslashes..];
                if escapes && backslashes % 2 == 1 {
                    word.push(b'"');
                    rest = &rest[1..];
                }
            }
            b'"' if quoted && after.first() == Some(&b'"') => {
                word.get_or_insert_default().push(b'"');
                rest = &after[1..];
            }
            b'"' => {
                quoted = !quoted;
                word.get_or_insert_default();
                rest = after;
            }
            _ if byte.is_ascii_whitespace() && !quoted => {
                words.extend(word.take());
                rest = after;
            }
            _ => {
                word.get_or_insert_default().push(byte);
                rest = after;
            }
        }
    }
    words.extend(word);
    words
}
