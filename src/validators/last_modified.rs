//! The modification date of a representation (RFC 9110 section 8.8.2).

use super::{HttpDate, PackedDate, Representation};

impl Representation<'_> {
    /// Its modification date: the value of `Last-Modified` in a 200 response, in whole seconds,
    /// and no later than the response's `Date`.
    ///
    /// The date counts as a weak validator, which is the default of section 8.8.2.2: an If-Range
    /// with a date then never lets the Range apply.
    pub const fn last_modified(self, date: HttpDate) -> Self {
        Self {
            last_modified: PackedDate(Some(date)),
            strong_date: false,
            exists: true,
            ..self
        }
    }

    /// Its modification date, with your promise that it is a strong validator (section 8.8.2.2):
    /// you know that the representation did not change twice in that second, for example because it
    /// never changes or has one revision a day.
    ///
    /// It is not enough that the date is in the past: a client may have the first of two versions
    /// made within that second.
    pub const fn strong_last_modified(self, date: HttpDate) -> Self {
        Self {
            strong_date: true,
            ..self.last_modified(date)
        }
    }

    /// Like [`last_modified`](Self::last_modified), if there is a date.
    pub const fn maybe_last_modified(self, date: Option<HttpDate>) -> Self {
        match date {
            Some(date) => self.last_modified(date),
            None => self,
        }
    }

    /// The modification date, if there is one, strong or weak.
    #[must_use]
    pub const fn modified(self) -> Option<HttpDate> {
        self.last_modified.0
    }

    /// The modification date, if there is one and it is a strong validator.
    #[must_use]
    pub const fn strongly_modified(self) -> Option<HttpDate> {
        if self.strong_date {
            self.last_modified.0
        } else {
            None
        }
    }
}
