#!/usr/bin/env python3
"""Drives the firmware in QEMU, over its serial line, with curl: drive.py FIRMWARE"""

import pathlib
import re
import sys

sys.path.append(str(pathlib.Path(__file__).parents[2] / "tests" / "firmware"))
from device import Device, Rows  # noqa: E402

rows = Rows()


def ask(method, *lines, content=None, path="/note"):
    arguments = ["-I"] if method == "HEAD" else ["-X", method]
    for line in lines:
        # curl sends a field without a value where it ends with a semicolon.
        arguments += ["-H", line if not line.endswith(": ") else line[:-2] + ";"]
    if content is not None:
        arguments += ["--data-binary", content, "-H", "Content-Type: text/plain"]
    status, fields, content = device.curl(*arguments, path=path)
    return status, fields, content.decode()


def row(what, seen, right):
    rows.row(what, right, seen)


def drive():
    status, fields, content = ask("GET")
    row("GET", (status, content), (200, "The first note.\n"))
    tag = fields["etag"]
    row("its tag", re.fullmatch(r'"[0-9a-f]{24}"', tag) is not None, True)
    for what, lines, right in [
        ("its tag", [f"If-None-Match: {tag}"], 304),
        ("a list of weak tags", [f'If-None-Match: W/"x", "a,b", W/{tag}'], 304),
        ("two lines", ['If-None-Match: "x"', f"If-None-Match: {tag}"], 304),
        ("any", ["If-None-Match: *"], 304),
        ("another tag", ['If-None-Match: "x"'], 200),
        ("no quotes", [f"If-None-Match: {tag[1:-1]}"], 200),
        ("another If-Match", ['If-Match: "x"'], 412),
        ("an empty If-Match", ["If-Match: "], 412),
        ("a weak If-Match", [f"If-Match: W/{tag}"], 412),
        ("If-Match, then If-None-Match", [f"If-Match: {tag}", f"If-None-Match: {tag}"], 304),
        ("a date, where there is none", ["If-Unmodified-Since: Sun, 06 Nov 1994 08:49:37 GMT"], 200),
        ("a long line", ["X: " + "x" * 1000], 431),
    ]:
        row(f"GET with {what}", ask("GET", *lines)[0], right)
    status, fields, content = ask("GET", f"If-None-Match: {tag}")
    row("the fields of a 304", sorted(fields), ["accept-ranges", "cache-control", "etag", "vary"])
    row("HEAD", ask("HEAD", f"If-None-Match: {tag}")[0], 304)
    status, fields, content = ask("GET", "Range: bytes=4-8")
    row("a part", (status, content, fields.get("content-range")), (206, "first", "bytes 4-8/16"))
    status, fields, content = ask("GET", "Range: bytes=4-8", f"If-Range: {tag}")
    row("a part by If-Range", (status, content, "content-type" in fields), (206, "first", False))
    row("the whole by another If-Range", ask("GET", "Range: bytes=4-8", 'If-Range: "x"')[0], 200)
    row("several parts: the whole", ask("GET", "Range: bytes=0-1,4-8")[0], 200)
    status, fields, content = ask("GET", "Range: bytes=16-")
    row("a 416", (status, fields.get("content-range")), (416, "bytes */16"))
    row("HEAD ignores Range", ask("HEAD", "Range: bytes=16-")[0], 200)

    status, fields, content = ask("PUT", content="New.")
    row("PUT without a guard", (status, fields.get("etag")), (428, tag))
    row("PUT to create only", ask("PUT", "If-None-Match: *", content="New.")[0], 412)
    row("PUT of another version", ask("PUT", 'If-Match: "x"', content="New.")[0], 412)
    chunked = "Transfer-Encoding: chunked"
    row("PUT in chunks", ask("PUT", f"If-Match: {tag}", chunked, content="New.")[0], 411)
    for what, lengths, right in [
        ("two lengths", ["Content-Length: 4", "Content-Length: 5"], 400),
        ("a length that is no number", ["Content-Length: 4x"], 400),
        ("a length in a line that is too long", ["Content-Length: " + " " * 300 + "4"], 431),
    ]:
        row(f"PUT of {what}", ask("PUT", f"If-Match: {tag}", *lengths, content="New.")[0], right)
    row("nothing was changed", ask("GET")[2], "The first note.\n")
    status, fields, content = ask("PUT", f"If-Match: {tag}", content="New.")
    second = fields.get("etag")
    row("PUT of what was seen", (status, second not in (None, tag)), (204, True))
    row("PUT that comes too late", ask("PUT", f"If-Match: {tag}", content="Late.")[0], 412)
    row("it is there", ask("GET")[2], "New.")
    row("PUT of too much", ask("PUT", "If-Match: *", "Expect: ", content="x" * 300)[0], 413)
    row("another path", ask("GET", path="/other")[0], 404)
    row("a path in upper case", ask("GET", path="/NOTE")[0], 404)
    status, fields, content = ask("DELETE")
    row("another method", (status, fields.get("allow")), (405, "GET, HEAD, PUT"))
    row("a method in lower case", ask("get", f"If-None-Match: {second}")[0], 405)
    return tag, second


with Device("mps2-an385", sys.argv[1]) as device:
    first, second = drive()
with Device("mps2-an385", sys.argv[1]) as device:
    row("after a reset, the tag of the first note again", ask("GET")[1]["etag"], first)
    status, fields, content = ask("PUT", f"If-Match: {first}", content="Another.")
    row("and not the tag of another note", (status, fields["etag"] != second), (204, True))
rows.end("a firmware in C")
