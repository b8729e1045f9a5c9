"""A program of examples/flask with a second entrance, by which a test says what there is: POST /state.

    python flask_app.py (plain | server) [libhttp_conditional.so]
"""

import logging
import pathlib
import sys

from flask import request
from werkzeug.serving import WSGIRequestHandler, make_server

sys.path.insert(0, str(pathlib.Path(__file__).parent / "../../examples/flask"))

form, *arguments = sys.argv[1:]
notes = {}
if form == "plain":
    from plain import make_app

    app = make_app(notes)
else:
    from http_conditional import Current
    from server import make_app

    app = make_app(arguments[0], notes, *arguments[1:])


@app.post("/state")
def set_state():
    said = request.get_json()
    notes.clear()
    if said["exists"] or said["also"]:
        content = b"0123456789"
        etag, last_modified = said["etag"], said["lastModified"]
        if form == "plain":
            notes["it"] = (content, etag, last_modified)
        else:
            notes["it"] = (content, Current(etag, last_modified, said["strongLastModified"], tuple(said["also"]),
                                            said["exists"]))
    return "", 204


class Handler(WSGIRequestHandler):
    # Connections are kept, as they are behind a server that is no toy.
    protocol_version = "HTTP/1.1"


logging.getLogger("werkzeug").setLevel(logging.ERROR)
server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Handler)
print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
