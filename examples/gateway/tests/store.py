"""moto's S3, which keeps everything in memory, made fit to be killed and to be raced for.

    python3 store.py JOURNAL

Every request that changes something is written to the journal before it is answered, and a start
plays the journal back. And there is one request at a time: moto compares and writes in two steps.
"""

import base64
import io
import json
import logging
import os
import sys
import threading

try:
    from moto.server import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import make_server
    from werkzeug.test import Client
except ImportError as error:
    sys.exit(f"{error}: the tests need moto, as .ci/gateway installs it (pip install 'moto[server]')")

logging.getLogger("werkzeug").setLevel(logging.ERROR)
moto = DomainDispatcherApplication(create_backend_app)
one_at_a_time = threading.Lock()
journal = open(sys.argv[1], "ab+")


def play_back():
    journal.seek(0)
    played = 0
    for line in journal:
        if not line.endswith(b"\n"):
            break  # killed while it was written, so before it was answered
        request = json.loads(line)
        answer = Client(moto).open(
            request["target"],
            method=request["method"],
            headers=request["fields"],
            data=base64.b64decode(request["content"]),
        )
        assert answer.status_code < 300, (request, answer.status, answer.data)
        played += len(line)
    journal.truncate(played)


def serve(environ, start_response):
    length = int(environ.get("CONTENT_LENGTH") or 0)
    content = environ["wsgi.input"].read(length)
    if len(content) != length:
        start_response("400 Bad Request", [("Content-Length", "0")])
        return [b""]
    environ["wsgi.input"] = io.BytesIO(content)
    seen = {}

    def start(status, fields, _=None):
        seen.update(status=status, fields=fields)

    with one_at_a_time:
        answer = b"".join(moto(environ, start))
        if environ["REQUEST_METHOD"] in ("PUT", "DELETE") and seen["status"].startswith("2"):
            fields = {
                name[5:].replace("_", "-"): value
                for name, value in environ.items()
                # Played back, it is to be done whatever it was done on.
                if name.startswith("HTTP_") and name not in ("HTTP_IF_MATCH", "HTTP_IF_NONE_MATCH")
            }
            if "CONTENT_TYPE" in environ:
                fields["Content-Type"] = environ["CONTENT_TYPE"]
            request = {
                "method": environ["REQUEST_METHOD"],
                "target": environ["RAW_URI"],
                "fields": fields,
                "content": base64.b64encode(content).decode(),
            }
            journal.write(json.dumps(request).encode() + b"\n")
            journal.flush()
            os.fsync(journal.fileno())
    start_response(seen["status"], seen["fields"])
    return [answer]


play_back()
server = make_server("127.0.0.1", 0, serve, threaded=True)
print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
