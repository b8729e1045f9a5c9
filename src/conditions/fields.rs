//! Sets of the fields that make a request conditional (RFC 9110 section 13.1).

use core::array;
use core::fmt;

use super::Field;
use crate::padded::pad;

/// A set of [`Field`]s.
///
/// ```
/// use http_conditional::{Field, Fields};
///
/// let fields: Fields = [Field::Range, Field::IfMatch].into_iter().collect();
/// assert!(fields.contains(Field::IfMatch) && !fields.contains(Field::IfRange));
/// assert_eq!(fields.to_string(), "If-Match, Range");
/// assert!(fields.into_iter().eq([Field::IfMatch, Field::Range]));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
// A bit each: there are six fields.
pub struct Fields(u8);

impl Fields {
    /// Whether `field` is one of them.
    #[must_use]
    pub const fn contains(self, field: Field) -> bool {
        self.0 & (1 << field as u8) != 0
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Each of them, in the order of the sections that define them.
    pub fn iter(self) -> FieldsIter {
        FieldsIter {
            fields: self,
            rest: Field::ALL.into_iter(),
        }
    }

    pub(crate) const EMPTY: Self = Self(0);

    pub(crate) fn insert(&mut self, field: Field) {
        self.0 |= 1 << field as u8;
    }
}

impl FromIterator<Field> for Fields {
    fn from_iter<I: IntoIterator<Item = Field>>(fields: I) -> Self {
        let mut set = Self::EMPTY;
        set.extend(fields);
        set
    }
}

impl Extend<Field> for Fields {
    fn extend<I: IntoIterator<Item = Field>>(&mut self, fields: I) {
        for field in fields {
            self.insert(field);
        }
    }
}

impl IntoIterator for Fields {
    type Item = Field;
    type IntoIter = FieldsIter;

    fn into_iter(self) -> FieldsIter {
        self.iter()
    }
}

/// The fields of a set, one by one; made by [`Fields::iter`].
#[derive(Clone, Debug)]
#[must_use = "iterators do nothing unless they are consumed"]
pub struct FieldsIter {
    fields: Fields,
    rest: array::IntoIter<Field, 6>,
}

impl Iterator for FieldsIter {
    type Item = Field;

    fn next(&mut self) -> Option<Field> {
        let fields = self.fields;
        self.rest.find(|&field| fields.contains(field))
    }
}

/// Writes the names, separated by a comma and a space.
impl fmt::Display for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        pad(f, |f| {
            for (place, field) in self.iter().enumerate() {
                f.write_str(if place == 0 { "" } else { ", " })?;
                f.write_str(field.name())?;
            }
            Ok(())
        })
    }
}

impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}
