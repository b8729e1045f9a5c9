//! Commands into words, as bash does it: quotes, backslashes, and `$'..'`.

use super::curl::Command;
use super::unreadable::{Problem, Unreadable};

/// The commands of a text.
pub(super) fn split(text: &[u8]) -> Result<Vec<Command>, Unreadable> {
    let mut shell = Shell {
        rest: text,
        line: 1,
        word: None,
        commands: vec![Command::default()],
    };
    while let Some(byte) = shell.take() {
        match byte {
            b'\\' => match shell.take() {
                Some(b'\n') | None => {}
                Some(b'\r') => {
                    shell.take_if(b"\n");
                }
                Some(escaped) => shell.push(escaped),
            },
            b'\'' => shell.single()?,
            b'"' => shell.double()?,
            b'$' if shell.take_if(b"'") => shell.escaped()?,
            b'#' if shell.word.is_none() => {
                while shell.rest.first().is_some_and(|&byte| byte != b'\n') {
                    shell.take();
                }
            }
            b'\n' | b';' | b'&' | b'|' => shell.end_command(),
            byte if byte.is_ascii_whitespace() => shell.end_word(),
            byte => shell.push(byte),
        }
    }
    shell.end_command();
    shell.commands.pop();
    Ok(shell.commands)
}

struct Shell<'a> {
    rest: &'a [u8],
    line: usize,
    /// The word that is being read.
    word: Option<Vec<u8>>,
    /// The last one is being read.
    commands: Vec<Command>,
}

impl Shell<'_> {
    fn take(&mut self) -> Option<u8> {
        let (&first, rest) = self.rest.split_first()?;
        self.rest = rest;
        if first == b'\n' {
            self.line += 1;
        }
        Some(first)
    }

    fn take_if(&mut self, next: &[u8]) -> bool {
        match self.rest.strip_prefix(next) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn push(&mut self, byte: u8) {
        self.word.get_or_insert_default().push(byte);
    }

    fn end_word(&mut self) {
        if let (Some(word), Some(command)) = (self.word.take(), self.commands.last_mut()) {
            command.words.push(word);
        }
    }

    /// An empty command goes on.
    fn end_command(&mut self) {
        self.end_word();
        if let Some(command) = self.commands.last()
            && !command.words.is_empty()
        {
            self.commands.push(Command::default());
        }
        if let Some(command) = self.commands.last_mut() {
            command.line = self.line;
        }
    }

    fn single(&mut self) -> Result<(), Unreadable> {
        let line = self.line;
        self.word.get_or_insert_default();
        loop {
            match self.take().ok_or_else(|| open(line))? {
                b'\'' => return Ok(()),
                byte => self.push(byte),
            }
        }
    }

    fn double(&mut self) -> Result<(), Unreadable> {
        let line = self.line;
        self.word.get_or_insert_default();
        loop {
            match self.take().ok_or_else(|| open(line))? {
                b'"' => return Ok(()),
                b'\\' => match self.take().ok_or_else(|| open(line))? {
                    b'\n' => {}
                    escaped @ (b'"' | b'\\' | b'$' | b'`') => self.push(escaped),
                    other => {
                        self.push(b'\\');
                        self.push(other);
                    }
                },
                byte => self.push(byte),
            }
        }
    }

    /// Within `$'..'`.
    fn escaped(&mut self) -> Result<(), Unreadable> {
        let line = self.line;
        self.word.get_or_insert_default();
        loop {
            match self.take().ok_or_else(|| open(line))? {
                b'\'' => return Ok(()),
                b'\\' => {
                    let escaped = self.take().ok_or_else(|| open(line))?;
                    self.escape(escaped);
                }
                byte => self.push(byte),
            }
        }
    }

    fn escape(&mut self, escaped: u8) {
        let byte = match escaped {
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'x' => self.number(16, 2, 0).to_le_bytes()[0],
            // Firefox writes `!` like this.
            b'0'..=b'7' => self.number(8, 2, u32::from(escaped - b'0')).to_le_bytes()[0],
            b'u' | b'U' => {
                let most = if escaped == b'u' { 4 } else { 8 };
                let c =
                    char::from_u32(self.number(16, most, 0)).unwrap_or(char::REPLACEMENT_CHARACTER);
                for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                    self.push(byte);
                }
                return;
            }
            byte => byte,
        };
        self.push(byte);
    }

    /// A number that goes on with so many digits at most.
    fn number(&mut self, radix: u32, most: usize, begun: u32) -> u32 {
        let mut number = begun;
        for _ in 0..most {
            let digit = self
                .rest
                .first()
                .and_then(|&byte| char::from(byte).to_digit(radix));
            let Some(digit) = digit else { break };
            number = number * radix + digit;
            self.take();
        }
        number
    }
}

fn open(line: usize) -> Unreadable {
    Unreadable::numbered(line, b"", Problem::OpenQuote)
}
