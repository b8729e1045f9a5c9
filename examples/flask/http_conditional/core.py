"""The C interface of http-conditional over ctypes: what http_conditional.h documents, with bytes and text.

Text stands for bytes as WSGI has it: one character for each byte.
"""

import ctypes
from ctypes import POINTER, Structure, byref, c_char_p, c_int, c_int64, c_size_t, c_uint32, c_uint64, c_void_p
from dataclasses import dataclass, field

FIELDS = {"if-match": 1, "if-none-match": 2, "if-modified-since": 4, "if-unmodified-since": 8, "if-range": 16,
          "range": 32}
POLICIES = {"exact-if-modified-since": 1, "weak-if-match": 2, "lenient-entity-tags": 4, "case-insensitive-dates": 8,
            "lenient-dates": 16, "if-range-by-date": 32}
RANGE_POLICIES = {"malformed-is-416": 1, "excess-is-416": 2, "empty-is-200": 4, "first-only": 8,
                  "spaces-around-hyphen": 16}
DECISIONS = {0: "perform", 1: "perform-ignoring-range", 304: "not-modified", 412: "precondition-failed"}
GUARDS = ["none", "date", "strong"]
WHOLE = [None, "no-range", "not-applied", "other-unit", "malformed", "empty", "too-many", "out-of-order", "too-long",
         "no-room"]
CARRIES = ["omitted", "own", "allowed", "required"]
ERRORS = {-1: "a null pointer", -2: "a pointer that is not aligned", -3: "a wrong size", -4: "no state",
          -5: "an argument without a meaning", -6: "not an entity tag", -7: "not a date", -8: "too long",
          -9: "built without dates"}


class Bytes(Structure):
    _fields_ = [("data", c_char_p), ("length", c_size_t)]


class TagRoom(Structure):
    _fields_ = [("opaque", c_size_t * 3)]


class Resource(Structure):
    _fields_ = [("flags", c_uint32), ("policy", c_uint32), ("status", c_uint32), ("reserved", c_uint32),
                ("last_modified", c_int64), ("now", c_int64), ("etag", Bytes), ("also", POINTER(Bytes)),
                ("also_count", c_size_t), ("also_room", POINTER(TagRoom))]


class RangePolicy(Structure):
    _fields_ = [("flags", c_uint32), ("max_ranges", c_uint32), ("max_reversals", c_uint32), ("reserved", c_uint32),
                ("max_bytes", c_uint64)]


class ByteRange(Structure):
    _fields_ = [("first", c_uint64), ("last", c_uint64)]


@dataclass(frozen=True)
class Current:
    """What is there now: the values of ETag and of Last-Modified, the latter in seconds since 1970."""

    etag: str | None = None
    last_modified: int | None = None
    strong_last_modified: bool = False
    also: tuple = ()
    exists: bool = True


@dataclass(frozen=True)
class Evaluation:
    """What a request comes to."""

    decision: str
    # 304 or 412, or None where the method is performed.
    status: int | None
    deciding_field: str | None
    present: list
    malformed: list
    guard: str
    already_applied_allowed: bool
    explanation: str
    # 200, 206 or 416, for content of that length.
    range_status: int | None = None
    parts: list = field(default_factory=list)
    whole_because: str | None = None
    content_range: str | None = None
    # 0, 412 or 428, by the weakest guard that will do.
    admitted: tuple = ()

    def admits(self, least="none"):
        return self.admitted[GUARDS.index(least)]


def as_bytes(text):
    return text.encode("latin-1") if isinstance(text, str) else bytes(text)


def checked(result):
    if result < 0:
        raise ValueError(f"http-conditional: {ERRORS[result]}")
    return result


def named(bits):
    return [name for name, bit in FIELDS.items() if bits & bit]


class Core:
    """The library at this path."""

    def __init__(self, path):
        self.library = library = ctypes.CDLL(str(path))
        text = [c_char_p, c_size_t]
        written = [c_void_p, c_size_t]
        for name, result, arguments in [
            ("version", c_uint32, []), ("state_size", c_size_t, []), ("resource_size", c_size_t, []),
            ("range_policy_size", c_size_t, []),
            ("begin", c_int, [c_void_p, c_size_t, *text, POINTER(Resource), c_size_t]),
            ("field", c_int, [c_void_p, *text, *text]),
            ("decide", c_int, [c_void_p]), ("admit", c_int, [c_void_p, c_int]), ("guards_write", c_int, [c_void_p]),
            ("present", c_int, [c_void_p]), ("malformed", c_int, [c_void_p]), ("deciding_field", c_int, [c_void_p]),
            ("already_applied", c_int, [c_void_p]), ("explain", c_int, [c_void_p, *written]),
            ("range", c_int, [c_void_p, *text, c_uint64, POINTER(RangePolicy), c_size_t, POINTER(ByteRange), c_size_t,
                              POINTER(c_size_t), POINTER(c_int)]),
            ("content_range", c_int, [c_uint64, c_uint64, c_uint64, *written]),
            ("content_range_unsatisfied", c_int, [c_uint64, *written]),
            ("carries", c_int, [c_int, c_uint32, *text]),
            ("tag_from_digest", c_int, [*text, *written]),
            ("date_parse", c_int, [*text, POINTER(c_int64), POINTER(c_int64)]),
            ("date_write", c_int, [c_int64, *written]),
        ]:
            function = getattr(library, f"hcond_{name}")
            function.restype, function.argtypes = result, arguments
            setattr(self, f"_{name}", function)
        if (self._version() != 0x200 or self._resource_size() != ctypes.sizeof(Resource)
                or self._range_policy_size() != ctypes.sizeof(RangePolicy)):
            raise ImportError("this module is for version 0.2.0 of http-conditional")

    @staticmethod
    def _text(write):
        """What is written as snprintf does: asked for its length first."""
        room = ctypes.create_string_buffer(checked(write(None, 0)) + 1)
        write(room, len(room))
        return room.value.decode("latin-1")

    def evaluate(self, method, lines, current=None, *, now=None, policy=(), status=0, complete_length=None, parts=1,
                 range_policy=None):
        """Evaluates a request: its method, its field lines as pairs, and what is there now, None for nothing."""
        resource = Resource(policy=sum(POLICIES[name] for name in policy), status=status)
        # Everything that the state points to stays in here until the end of this call.
        kept = []
        if current is not None:
            resource.flags |= 1 if current.exists else 0
            if current.etag is not None:
                kept.append(as_bytes(current.etag))
                resource.etag = Bytes(kept[-1], len(kept[-1]))
            if current.last_modified is not None:
                resource.flags |= 6 if current.strong_last_modified else 2
                resource.last_modified = current.last_modified
            also = [as_bytes(tag) for tag in current.also]
            if also:
                values = (Bytes * len(also))(*(Bytes(tag, len(tag)) for tag in also))
                room = (TagRoom * len(also))()
                resource.also, resource.also_count, resource.also_room = values, len(also), room
                kept += [also, values, room]
        if now is not None:
            resource.flags |= 8
            resource.now = now
        size = self._state_size()
        state = (c_uint64 * ((size + 7) // 8))()
        method = as_bytes(method)
        checked(self._begin(state, size, method, len(method), byref(resource), ctypes.sizeof(resource)))
        wanted = None
        for name, value in lines:
            name, value = as_bytes(name), as_bytes(value)
            if name.lower() == b"range":
                wanted = value
            checked(self._field(state, name, len(name), value, len(value)))
        decision = checked(self._decide(state))
        evaluation = {
            "decision": DECISIONS[decision],
            "status": decision if decision > 1 else None,
            "deciding_field": next(iter(named(self._deciding_field(state))), None),
            "present": named(self._present(state)),
            "malformed": named(self._malformed(state)),
            "guard": GUARDS[self._guards_write(state)],
            "already_applied_allowed": self._already_applied(state) == 1,
            "explanation": self._text(lambda room, size: self._explain(state, room, size)),
            "admitted": tuple(self._admit(state, guard) for guard in range(len(GUARDS))),
        }
        if complete_length is not None:
            evaluation |= self._ranges(state, wanted, complete_length, parts, range_policy or {})
        return Evaluation(**evaluation)

    def _ranges(self, state, value, length, capacity, asked):
        policy = RangePolicy(sum(bit for name, bit in RANGE_POLICIES.items() if asked.get(name)),
                             asked.get("max-ranges", 16), asked.get("max-reversals", 1), 0,
                             asked.get("max-bytes", 2**64 - 1))
        room, count, why = (ByteRange * capacity)(), c_size_t(), c_int()
        status = checked(self._range(state, value, len(value or b""), length, byref(policy), ctypes.sizeof(policy), room,
                                     capacity, byref(count), byref(why)))
        parts = [(part.first, part.last) for part in room[:count.value]]
        content_range = None
        if status == 416:
            content_range = self._text(lambda to, size: self._content_range_unsatisfied(length, to, size))
        elif len(parts) == 1:
            content_range = self._text(lambda to, size: self._content_range(*parts[0], length, to, size))
        return {"range_status": status, "parts": parts, "whole_because": WHOLE[why.value],
                "content_range": content_range}

    def carries(self, status, name, *, has_etag=False, if_range=False, several_parts=False):
        """What becomes of a field of the 200: "required", "allowed", "own" or "omitted"."""
        name = as_bytes(name)
        return CARRIES[checked(self._carries(status, has_etag + 2 * if_range + 4 * several_parts, name, len(name)))]

    def tag_of_digest(self, digest):
        """A strong entity tag of a digest of the content, as it is sent."""
        return self._text(lambda room, size: self._tag_from_digest(digest, len(digest), room, size))

    def parse_date(self, value):
        """Seconds since 1970, or None where it is no date."""
        value, seconds = as_bytes(value), c_int64()
        result = self._date_parse(value, len(value), None, byref(seconds))
        return seconds.value if result == 0 else None

    def format_date(self, seconds):
        return self._text(lambda room, size: self._date_write(seconds, room, size))
