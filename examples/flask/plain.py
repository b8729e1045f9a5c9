"""Notes at /notes/NAME to GET, HEAD and PUT, with what Flask has itself. README.md says what stays wrong.

    python plain.py [PORT]
"""

import hashlib
import sys
import threading
import time
from email.utils import formatdate

from flask import Flask, Response, abort, request


def make_app(notes):
    app = Flask(__name__)
    lock = threading.Lock()

    @app.route("/notes/<name>")
    def show(name):
        with lock:
            note = notes.get(name)
        if note is None:
            abort(404)
        content, etag, last_modified = note
        response = Response(content, mimetype="text/plain")
        response.headers["Cache-Control"] = "no-cache"
        response.headers["Vary"] = "Accept-Encoding"
        # The corrected lines: a tag with its quotes, and werkzeug's comparison in the place of ==.
        if etag is not None:
            response.headers["ETag"] = etag
        if last_modified is not None:
            response.headers["Last-Modified"] = formatdate(last_modified, usegmt=True)
        return response.make_conditional(request, accept_ranges=True, complete_length=len(content))

    @app.route("/notes/<name>", methods=["PUT"])
    def write(name):
        content = request.get_data()
        with lock:
            _, etag, _ = notes.get(name, (None, None, None))
            # And before a write, under the lock: the parsed lists, which have the two comparisons.
            exists, bare = name in notes, (etag or "").strip('"')
            if "If-Match" in request.headers and not (exists and request.if_match.contains(bare)):
                return "", 412
            if "If-None-Match" in request.headers and exists and request.if_none_match.contains_weak(bare):
                return "", 412
            etag = f'"{hashlib.sha256(content).hexdigest()}"'
            notes[name] = (content, etag, int(time.time()))
        return "", 204 if exists else 201, {"ETag": etag}

    return app


if __name__ == "__main__":
    text = b"The first note.\n"
    first = (text, f'"{hashlib.sha256(text).hexdigest()}"', int(time.time()))
    make_app({"first": first}).run("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 5000)
