"""A decorator for views of Flask, and what says before a write whether it may be performed.

    conditional = Conditional("libhttp_conditional.so")

    @app.route("/notes/<name>", methods=["GET", "QUERY"])
    @conditional
    def show(name):
        note = notes.get(name)
        if note is None:
            abort(404)
        response = Response(note.content, mimetype="text/plain", headers={"Cache-Control": "no-cache"})
        return response, Current(note.etag, note.last_modified)
"""

import time
from functools import wraps

from flask import Response, make_response, request

from .core import Core, Current

# Flask hands over the request as WSGI does: the lines of one name joined by a comma. So two lines of a field that may
# have one only are seen as one that is malformed, which is what they are.
NAMES = {"HTTP_IF_MATCH": "If-Match", "HTTP_IF_NONE_MATCH": "If-None-Match",
         "HTTP_IF_MODIFIED_SINCE": "If-Modified-Since", "HTTP_IF_UNMODIFIED_SINCE": "If-Unmodified-Since",
         "HTTP_IF_RANGE": "If-Range", "HTTP_RANGE": "Range"}


def lines():
    return [(name, request.environ[key]) for key, name in NAMES.items() if key in request.environ]


class Conditional:
    """The library at this path. `policy` and `range_policy` are as `Core.evaluate` takes them."""

    def __init__(self, path, *, policy=(), range_policy=None):
        self.core = path if isinstance(path, Core) else Core(path)
        self.policy = policy
        self.range_policy = range_policy

    def __call__(self, view):
        """For a view that answers GET, HEAD or QUERY with its 200 and a `Current`, or with any other response."""

        @wraps(view)
        def answer(*arguments, **named):
            made = view(*arguments, **named)
            if not (isinstance(made, tuple) and len(made) == 2 and isinstance(made[1], Current)):
                return made
            return self._reply(make_response(made[0]), made[1])

        return answer

    def _validators(self, response, current):
        if current is not None and current.etag is not None:
            response.headers["ETag"] = current.etag
        if current is not None and current.last_modified is not None:
            response.headers["Last-Modified"] = self.core.format_date(current.last_modified)

    def _reply(self, response, current):
        content = response.get_data()
        self._validators(response, current)
        response.headers["Accept-Ranges"] = "bytes"
        evaluation = self.core.evaluate(request.method, lines(), current, now=int(time.time()), policy=self.policy,
                                        complete_length=len(content), range_policy=self.range_policy)
        status = evaluation.status or evaluation.range_status
        if status == 200:
            return response
        known = {"has_etag": current.etag is not None, "if_range": "if-range" in evaluation.present}
        for name in {name for name, _ in response.headers}:
            if self.core.carries(status, name, **known) not in ("required", "allowed"):
                del response.headers[name]
        response.status_code = status
        if status == 206:
            [(first, last)] = evaluation.parts
            response.set_data(content[first:last + 1])
        elif status == 304:
            # Not set_data, which would write a Content-Length of 0.
            response.response = []
        else:
            response.set_data("No such range.\n" if status == 416 else "It is not what the request expects.\n")
            response.headers["Content-Type"] = "text/plain; charset=utf-8"
        if evaluation.content_range and status in (206, 416):
            response.headers["Content-Range"] = evaluation.content_range
        return response

    def admit(self, current, least="none"):
        """None where a write may be performed, else the response: 412, or 428 where a guard is asked for.

        `current` is None where nothing exists, and `least` the weakest guard that will do, "none", "date" or "strong".
        Ask it with the lock held under which the write will happen.
        """
        evaluation = self.core.evaluate(request.method, lines(), current, now=int(time.time()), policy=self.policy)
        status = evaluation.admits(least)
        if status == 0:
            return None
        text = ("send If-Match with the entity tag of the version that you replace." if status == 428
                else "it is not what the request expects.")
        response = Response(f"Nothing was changed: {text}\n", status, mimetype="text/plain")
        self._validators(response, current)
        return response
