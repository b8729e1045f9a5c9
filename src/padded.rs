//! Text that is written in pieces, padded to the width that `{:>20}` asks for: the standard library
//! pads only what comes in one piece.

use core::fmt::{self, Write as _};

/// Writes the pieces, with what `f` asks for before and after them.
pub(crate) fn pad(
    f: &mut fmt::Formatter<'_>,
    pieces: impl Fn(&mut fmt::Formatter<'_>) -> fmt::Result,
) -> fmt::Result {
    match f.width() {
        None => pieces(f),
        Some(width) => pad_to(width, f, &Pieces(pieces)),
    }
}

struct Pieces<F>(F);

impl<F: Fn(&mut fmt::Formatter<'_>) -> fmt::Result> fmt::Display for Pieces<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (self.0)(f)
    }
}

#[cold]
fn pad_to(width: usize, f: &mut fmt::Formatter<'_>, text: &dyn fmt::Display) -> fmt::Result {
    let mut length = Length(0);
    write!(length, "{text}")?;
    let missing = width.saturating_sub(length.0);
    let before = match f.align() {
        Some(fmt::Alignment::Right) => missing,
        Some(fmt::Alignment::Center) => missing / 2,
        Some(fmt::Alignment::Left) | None => 0,
    };
    let fill = f.fill();
    for _ in 0..before {
        f.write_char(fill)?;
    }
    write!(f, "{text}")?;
    for _ in before..missing {
        f.write_char(fill)?;
    }
    Ok(())
}

/// Counts the characters that are written to it.
struct Length(usize);

impl fmt::Write for Length {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 += text.chars().count();
        Ok(())
    }
}
