"""What the usual tutorial makes of ETag and If-None-Match in Flask.

It is wrong, and is here to be looked at through `http-conditional proxy`: docs/programs.md has what that says.
"""

import hashlib
import json
import sys

from flask import Flask, request

app = Flask(__name__)
config = {"theme": "dark", "language": "en", "pageSize": 20}


@app.route("/api/config", methods=["GET", "PUT"])
def api_config():
    global config
    body = json.dumps(config)
    etag = hashlib.sha256(body.encode()).hexdigest()
    if request.headers.get("If-None-Match") == etag:
        return "", 304
    if request.method == "PUT":
        config = request.get_json()
        return "", 204
    return body, {"ETag": etag, "Content-Type": "application/json"}


if __name__ == "__main__":
    app.run("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 5000)
