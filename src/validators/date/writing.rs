//! Writing an HTTP-date (RFC 9110 section 5.6.7), in the one format that may be sent.

use core::fmt;

use super::HttpDate;
use super::calendar::{Civil, weekday};
use super::words::{DAY_NAME_WORDS, Form, Month};

impl HttpDate {
    /// The date as IMF-fixdate, the one format that may be sent: 29 bytes of ASCII.
    ///
    /// ```
    /// use http_conditional::HttpDate;
    ///
    /// let date = HttpDate::from_unix(784_111_777)?;
    /// assert_eq!(&date.encode(), b"Sun, 06 Nov 1994 08:49:37 GMT");
    /// # Ok::<(), http_conditional::OutOfRange>(())
    /// ```
    #[must_use]
    pub const fn encode(self) -> [u8; 29] {
        let days = self.days();
        let civil = Civil::on(days, self.second_of_day());
        let date = Form::DATE.write([civil.day, civil.century, civil.year]);
        let time = Form::TIME.write([civil.hour, civil.minute, civil.second]);
        // Neither remainder changes anything: they only spare the check that the place exists.
        let day_name = DAY_NAME_WORDS[(weekday(days) % 8) as usize];
        let month_name = Month::NAMES[(civil.month % 16) as usize];
        let mut out = *b"Sun, 00 Jan 0000 00:00:00 GMT";
        [out[0], out[1], out[2], out[3]] = day_name.to_le_bytes();
        [_, out[5], out[6], _, out[12], out[13], out[14], out[15]] = date;
        [out[8], out[9], out[10], out[11]] = month_name.to_le_bytes();
        [
            out[17], out[18], out[19], out[20], out[21], out[22], out[23], out[24],
        ] = time;
        out
    }
}

/// Writes IMF-fixdate, as [`HttpDate::encode`] does.
impl fmt::Display for HttpDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(core::str::from_utf8(&self.encode()).unwrap_or_default())
    }
}
