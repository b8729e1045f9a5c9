"""The program of the usual tutorial on ETag and 304: the hash of the content, without quotes,
compared with the whole If-None-Match. And what Flask has itself: conditional responses and files."""

import hashlib
import json
import sys

from flask import Flask, jsonify, make_response, request

app = Flask(__name__, static_folder=sys.argv[2], static_url_path="/static")
CONFIG = {"theme": "dark", "language": "en", "pageSize": 20}


@app.get("/api/config")
def config():
    etag = hashlib.md5(json.dumps(CONFIG).encode()).hexdigest()
    if request.headers.get("If-None-Match") == etag:
        return "", 304
    response = jsonify(CONFIG)
    response.headers["ETag"] = etag
    return response


@app.get("/own")
def own():
    response = make_response(jsonify(CONFIG))
    response.add_etag()
    return response.make_conditional(request)


app.run("127.0.0.1", int(sys.argv[1]))
