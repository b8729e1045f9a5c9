"""Notes at /notes/NAME to GET, HEAD, QUERY and PUT, on http-conditional.

    python server.py libhttp_conditional.so [PORT [GUARD]]
"""

import hashlib
import sys
import threading
import time

from flask import Flask, Response, abort, request

from http_conditional import Current
from http_conditional.flask import Conditional


def make_app(library, notes, guard="none"):
    app = Flask(__name__)
    conditional = Conditional(library)
    # One for all notes. Where they are in a database, it has to be a transaction, or an UPDATE that compares the tag.
    lock = threading.Lock()

    @app.route("/notes/<name>", methods=["GET", "QUERY"])  # and HEAD, which comes with GET
    @conditional
    def show(name):
        with lock:
            note = notes.get(name)
        if note is None:
            abort(404)
        content, current = note
        response = Response(content, mimetype="text/plain")
        response.headers["Cache-Control"] = "no-cache"
        response.headers["Vary"] = "Accept-Encoding"
        return response, current

    @app.route("/notes/<name>", methods=["PUT"])
    def write(name):
        # Before the lock is taken: the client may be slow.
        content = request.get_data()
        with lock:
            _, current = notes.get(name, (None, None))
            if (refusal := conditional.admit(current, guard)) is not None:
                return refusal
            etag = conditional.core.tag_of_digest(hashlib.sha256(content).digest())
            notes[name] = (content, Current(etag, int(time.time())))
        return "", 201 if current is None else 204, {"ETag": etag}

    return app


def main():
    library = sys.argv[1]
    port, guard = (sys.argv[2:] + ["5000", "none"][len(sys.argv) - 2:])[:2]
    content = b"The first note.\n"
    etag = f'"{hashlib.sha256(content).hexdigest()}"'
    first = (content, Current(etag, int(time.time())))
    make_app(library, {"first": first}, guard).run("127.0.0.1", int(port))


if __name__ == "__main__":
    main()
