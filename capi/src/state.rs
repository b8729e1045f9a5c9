//! One evaluation, in memory that the caller owns (RFC 9110 section 13).

use core::ffi::c_int;
use core::fmt::Write as _;
use core::mem::{MaybeUninit, align_of, size_of};

use http_conditional::{Decision, Field, Fields, Guard, Method, Preconditions, Representation};

use crate::error::{Error, answer};
use crate::memory;
use crate::resource::Resource;
use crate::text::Text;

/// What the memory of an `hcond_state` holds.
#[repr(C)]
pub struct State {
    /// [`MARK`] once a state has begun. With any other value, the rest means nothing.
    mark: u32,
    /// 1 for a GET, HEAD or QUERY, else 0. Not a `bool`, because the memory may hold any byte.
    is_retrieval: u8,
    /// 1 for a write to something that exists, else 0.
    can_lose: u8,
    preconditions: MaybeUninit<Preconditions<'static>>,
}

/// Marks a state that has begun: a number that is hardly ever in memory by chance.
const MARK: u32 = 0x4863_1301;

/// The size of a state in the header, in words of 8 bytes.
pub const STATE_WORDS: usize = if size_of::<usize>() == 8 { 16 } else { 12 };

const _: () = assert!(size_of::<State>() <= STATE_WORDS * 8);
const _: () = assert!(align_of::<State>() <= align_of::<u64>());

pub(crate) const PERFORM: c_int = 0;
pub(crate) const PERFORM_IGNORING_RANGE: c_int = 1;
pub(crate) const NOT_MODIFIED: c_int = 304;
pub(crate) const PRECONDITION_FAILED: c_int = 412;
pub(crate) const PRECONDITION_REQUIRED: c_int = 428;

pub(crate) const GUARD_NONE: c_int = 0;
pub(crate) const GUARD_DATE: c_int = 1;
pub(crate) const GUARD_STRONG: c_int = 2;

impl State {
    /// The evaluation that was begun at `state`.
    ///
    /// # Safety
    ///
    /// If `state` is not null, it points to the memory of a state, and nothing else uses that during `'a`.
    pub(crate) unsafe fn preconditions<'a>(
        state: *const Self,
    ) -> Result<&'a Preconditions<'static>, Error> {
        // SAFETY: as promised; and all fields are numbers but `preconditions`, which may hold any bytes.
        let state: &'a Self = unsafe { memory::item(state) }?;
        if state.mark != MARK {
            return Err(Error::State);
        }
        // SAFETY: it is written together with the mark, and only this library writes to it.
        Ok(unsafe { state.preconditions.assume_init_ref() })
    }
}

impl core::fmt::Debug for State {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("State").finish_non_exhaustive()
    }
}

/// See the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hcond_begin(
    state: *mut State,
    state_size: usize,
    method: *const u8,
    method_length: usize,
    resource: *const Resource,
    resource_size: usize,
) -> c_int {
    // SAFETY: the header requires it of the caller.
    answer((|| unsafe {
        memory::check(state)?;
        if state_size < size_of::<State>() {
            return Err(Error::Size);
        }
        // An evaluation that was begun here before ends now, even if this call fails.
        (&raw mut (*state).mark).write(0);
        let method = Method::from_bytes(memory::bytes(method, method_length)?);
        memory::check(resource)?;
        if resource_size != size_of::<Resource>() {
            return Err(Error::Size);
        }
        let resource = memory::item(resource)?;
        let selected: Representation<'static> = resource.representation()?;
        let mut preconditions = Preconditions::with_policy(method, selected, resource.policy()?);
        match u16::try_from(resource.status) {
            Ok(0) => {}
            Ok(status @ 100..=999) => preconditions = preconditions.unconditional_status(status),
            _ => return Err(Error::Argument),
        }
        let exists = selected.exists() || !selected.brothers().is_empty();
        state.write(State {
            mark: MARK,
            is_retrieval: matches!(method, Method::Get | Method::Head | Method::Query).into(),
            can_lose: (method == Method::Other && exists).into(),
            preconditions: MaybeUninit::new(preconditions),
        });
        Ok(0)
    })())
}

/// See the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hcond_field(
    state: *mut State,
    name: *const u8,
    name_length: usize,
    value: *const u8,
    value_length: usize,
) -> c_int {
    // SAFETY: the header requires it of the caller.
    answer((|| unsafe {
        State::preconditions(state)?;
        let name = memory::bytes(name, name_length)?;
        let value = memory::bytes(value, value_length)?;
        (*state).preconditions.assume_init_mut().field(name, value);
        Ok(0)
    })())
}

/// See the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hcond_decide(state: *const State) -> c_int {
    // SAFETY: the header requires it of the caller.
    answer(
        unsafe { State::preconditions(state) }.map(|it| match it.decide() {
            Decision::Perform => PERFORM,
            Decision::PerformIgnoringRange => PERFORM_IGNORING_RANGE,
            Decision::NotModified => NOT_MODIFIED,
            Decision::PreconditionFailed => PRECONDITION_FAILED,
        }),
    )
}

/// See the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hcond_admit(state: *const State, least_guard: c_int) -> c_int {
    // SAFETY: the header requires it of the caller.
    answer((|| unsafe {
        let preconditions = State::preconditions(state)?;
        if !matches!(least_guard, GUARD_NONE | GUARD_DATE | GUARD_STRONG) {
            return Err(Error::Argument);
        }
        let state = memory::item(state)?;
        if state.is_retrieval != 0 {
            return Ok(PERFORM);
        }
        Ok(match preconditions.decide() {
            Decision::NotModified | Decision::PreconditionFailed => PRECONDITION_FAILED,
            // What does not exist cannot be lost.
            Decision::Perform | Decision::PerformIgnoringRange
                if state.can_lose != 0 && guard(preconditions) < least_guard =>
            {
                PRECONDITION_REQUIRED
            }
            Decision::Perform | Decision::PerformIgnoringRange => PERFORM,
        })
    })())
}

fn guard(preconditions: &Preconditions<'_>) -> c_int {
    match preconditions.guards_write() {
        Guard::None => GUARD_NONE,
        Guard::Date => GUARD_DATE,
        Guard::Strong => GUARD_STRONG,
    }
}

/// See the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hcond_guards_write(state: *const State) -> c_int {
    // SAFETY: the header requires it of the caller.
    answer(unsafe { State::preconditions(state) }.map(guard))
}

pub(crate) const fn bit(field: Field) -> c_int {
    match field {
        Field::IfMatch => 1,
        Field::IfNoneMatch => 2,
        Field::IfModifiedSince => 4,
        Field::IfUnmodifiedSince => 8,
        Field::IfRange => 16,
        Field::Range => 32,
        _ => 0,
    }
}

fn bits(fields: Fields) -> c_int {
    fields.iter().fold(0, |bits, field| bits | bit(field))
}

/// See the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hcond_present(state: *const State) -> c_int {
    // SAFETY: the header requires it of the caller.
    answer(unsafe { State::preconditions(state) }.map(|it| bits(it.present())))
}

/// See the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hcond_malformed(state: *const State) -> c_int {
    // SAFETY: the header requires it of the caller.
    answer(unsafe { State::preconditions(state) }.map(|it| bits(it.malformed())))
}

/// See the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hcond_deciding_field(state: *const State) -> c_int {
    // SAFETY: the header requires it of the caller.
    answer(unsafe { State::preconditions(state) }.map(|it| it.explain().field().map_or(0, bit)))
}

/// See the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hcond_already_applied(state: *const State) -> c_int {
    // SAFETY: the header requires it of the caller.
    answer(
        unsafe { State::preconditions(state) }
            .map(|it| it.explain().allows_already_applied().into()),
    )
}

/// See the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hcond_explain(state: *const State, buffer: *mut u8, size: usize) -> c_int {
    // SAFETY: the header requires it of the caller.
    answer((|| unsafe {
        let preconditions = State::preconditions(state)?;
        let mut text = Text::new(buffer, size)?;
        // Writing to a Text never fails.
        let _ = write!(text, "{}", preconditions.explain());
        text.end()
    })())
}

/// See the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hcond_end(state: *mut State) {
    if memory::check(state).is_ok() {
        // SAFETY: the header requires the memory of a state of the caller.
        unsafe { (&raw mut (*state).mark).write(0) };
    }
}

/// See the header.
#[unsafe(no_mangle)]
pub extern "C" fn hcond_state_size() -> usize {
    size_of::<State>()
}

/// See the header.
#[unsafe(no_mangle)]
pub extern "C" fn hcond_state_alignment() -> usize {
    align_of::<State>()
}
