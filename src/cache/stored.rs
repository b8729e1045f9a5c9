//! The stored responses that a request to the origin server is about, borrowed from the cache.

use core::iter;
use core::option;
use core::slice;

use crate::cache::response::Response;

/// One response, or several. Each has its place, counted from zero.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stored<'a> {
    one: Option<Response<'a>>,
    several: &'a [Response<'a>],
}

pub(super) type Each<'a> =
    iter::Chain<option::IntoIter<Response<'a>>, iter::Copied<slice::Iter<'a, Response<'a>>>>;

impl<'a> Stored<'a> {
    pub(super) const fn one(response: Response<'a>) -> Self {
        Self {
            one: Some(response),
            several: &[],
        }
    }

    pub(super) const fn several(responses: &'a [Response<'a>]) -> Self {
        Self {
            one: None,
            several: responses,
        }
    }

    pub(super) fn each(self) -> Each<'a> {
        let several = self.several.iter().copied();
        self.one.into_iter().chain(several)
    }
}

/// The only one of them, where there is just one.
pub(super) fn only<T>(mut all: impl Iterator<Item = T>) -> Option<T> {
    let only = all.next()?;
    match all.next() {
        Some(_) => None,
        None => Some(only),
    }
}
