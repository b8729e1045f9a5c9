#!/usr/bin/env python3
"""Drives the thermostat in QEMU, over its serial line, with curl: drive.py FIRMWARE

Prints a row for each request, and fails where one is not as expected. The last row but one says how
much of its stack the device has ever used.
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import time

sys.path.append(str(pathlib.Path(__file__).parents[1]))
from device import Device, Rows  # noqa: E402

LONG_AGO = "Sat, 05 Nov 1994 08:49:37 GMT"
# What memory.x has for the stack, and what of it has to be left.
STACK, LEFT = 2048, 128

rows = Rows(quiet=os.environ.get("QUIET") == "1")
row = rows.row


def curl(*lines, path="/target", method=None, content=None, more=()):
    """The answer to a request with these field lines."""
    arguments = list(more) if method is None else ["-I"] if method == "HEAD" else ["-X", method, *more]
    for line in lines:
        arguments += ["-H", line]
    if content is not None:
        arguments += ["--data-binary", content]
    return device.curl(*arguments, path=path)


def reads():
    status, fields, page = curl(path="/")
    row("GET /", (200, str(len(page))), (status, fields.get("content-length")))
    row("  without a clock it has no Date and no Last-Modified", False, "date" in fields or "last-modified" in fields)
    tag = fields.get("etag", "")
    row("  its tag, If-None-Match", 304, curl(f"If-None-Match: {tag}", path="/").status)
    fields = curl(f"If-None-Match: {tag}", path="/").fields
    row("  the fields of the 304", ["cache-control", "content-length", "etag"], sorted(fields))
    with tempfile.NamedTemporaryFile() as file:
        curl(path="/", more=["--etag-save", file.name])
        row("  curl --etag-compare", 304, curl(path="/", more=["--etag-compare", file.name]).status)
    for what, expected, lines in [
        ("another tag", 200, ['If-None-Match: "x"']),
        ("a list of tags on two lines, one of them weak", 304, ['If-None-Match: "x", "a,b"', f"If-None-Match: W/{tag}"]),
        ("any", 304, ["If-None-Match: *"]),
        ("what is no tag", 200, ["If-None-Match: 1"]),
        ("its If-Match", 200, [f"If-Match: {tag}"]),
        ("another If-Match", 412, ['If-Match: "x"']),
        ("a weak If-Match", 412, [f"If-Match: W/{tag}"]),
        ("If-Modified-Since: it has no modification date", 200, ["If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT"]),
        ("If-Unmodified-Since: the same", 200, [f"If-Unmodified-Since: {LONG_AGO}"]),
        ("a date beside its tag", 304, [f"If-None-Match: {tag}", f"If-Modified-Since: {LONG_AGO}"]),
    ]:
        row(f"GET / with {what}", expected, curl(*lines, path="/").status)
    row("curl -z", 200, curl(path="/", more=["-z", "Fri, 01 Jan 2100 00:00:00 GMT"]).status)
    status, fields, _ = curl(path="/", method="HEAD")
    row("HEAD /", (200, str(len(page))), (status, fields.get("content-length")))
    row("HEAD /, If-None-Match", 304, curl(f"If-None-Match: {tag}", path="/", method="HEAD").status)

    status, fields, content = curl("Range: bytes=2-8", path="/")
    row("a part", (206, page[2:9], f"bytes 2-8/{len(page)}"), (status, content, fields.get("content-range")))
    status, fields, content = curl("Range: bytes=-6", f"If-Range: {tag}", path="/")
    row("the end, by If-Range", (206, page[-6:], False), (status, content, "content-type" in fields))
    row("  of another version: the whole", (200, page), curl("Range: bytes=2-8", 'If-Range: "x"', path="/")[::2])
    row("  of a date: the whole", 200, curl("Range: bytes=2-8", f"If-Range: {LONG_AGO}", path="/").status)
    status, fields, _ = curl("Range: bytes=99999-", path="/")
    row("behind the end", (416, f"bytes */{len(page)}"), (status, fields.get("content-range")))
    row("several parts: the whole", 200, curl("Range: bytes=0-1,4-5", path="/").status)
    row("a part of what is known already", 304, curl("Range: bytes=0-1", f"If-None-Match: {tag}", path="/").status)
    with tempfile.NamedTemporaryFile() as file:
        file.write(page[:1000])
        file.flush()
        subprocess.run(["curl", "-sS", "--max-time", "60", "-C", "-", "-o", file.name,
                        f"http://127.0.0.1:{device.port}/"], check=False)
        with open(file.name, "rb") as whole:
            row("curl -C -, a download that broke off", True, whole.read() == page)


def writes():
    answer = curl()
    tag = answer.fields.get("etag", "")
    row("GET /target", b"20.5\n", answer.content)
    refused = curl(method="PUT", content="19")
    row("PUT without a guard", (428, tag), (refused.status, refused.fields.get("etag")))
    row("  a date is none", 428, curl(f"If-Unmodified-Since: {LONG_AGO}", method="PUT", content="19").status)
    row("PUT to create only", 412, curl("If-None-Match: *", method="PUT", content="19").status)
    refused = curl('If-Match: "x"', method="PUT", content="19")
    row("PUT of another version", (412, tag), (refused.status, refused.fields.get("etag")))
    row("  nothing was changed", b"20.5\n", curl().content)
    # Two clients have read the same, and set it.
    first = curl(f"If-Match: {tag}", method="PUT", content="21")
    row("two clients set it: the first", (204, True), (first.status, first.fields.get("etag", tag) != tag))
    row("two clients set it: the second, whose update is too late", 412,
        curl(f"If-Match: {tag}", method="PUT", content="18").status)
    row("  the first is there", b"21", curl().content)
    row("  and its tag came with the 204", 304, curl(f"If-None-Match: {first.fields.get('etag')}").status)
    row("PUT of what was set before has another tag", (204, 412), (
        curl("If-Match: *", method="PUT", content="20.5\n").status,
        curl(f"If-Match: {tag}", method="PUT", content="18").status))
    row("PUT, Expect: 100-continue", 204,
        curl("If-Match: *", "Expect: 100-continue", method="PUT", content="22").status)
    row("  a false condition is answered instead", 412,
        curl('If-Match: "x"', "Expect: 100-continue", method="PUT", content="23").status)
    after_silence()
    row("  nothing was changed", b"22", curl().content)
    row("PUT of nothing", (204, b""), (
        curl("If-Match: *", method="PUT", content="").status, curl().content))
    row("PUT of as much as fits", (204, 64), (
        curl("If-Match: *", method="PUT", content="x" * 64).status, len(curl().content)))
    row("PUT of too much", 413, curl("If-Match: *", method="PUT", content="x" * 65).status)
    row("PUT of far too much", 413, curl("If-Match: *", method="PUT", content="x" * 9000).status)
    after_silence()
    row("PUT in chunks", 411, curl("If-Match: *", "Transfer-Encoding: chunked", method="PUT", content="x").status)
    after_silence()
    row("  nothing was changed", 64, len(curl().content))
    row("the other setting is as it was", b"Hall\n", curl(path="/name").content)
    row("PUT of the page", (405, "GET, HEAD, PUT"), (
        (answer := curl("If-Match: *", path="/", method="PUT", content="x")).status, answer.fields.get("allow")))
    row("DELETE", 405, curl("If-Match: *", method="DELETE").status)
    row("HTTP/1.0", 200, curl(more=["-0"]).status)
    row("another path", 404, curl("If-Match: *", path="/other").status)


def hostile():
    tag = curl(path="/name").fields.get("etag", "")
    row("a cookie of 60 KB", 304, curl(f"Cookie: {'x' * 60000}", f"If-None-Match: {tag}", path="/name").status)
    row("300 other lines", 304, curl(
        *(f"X-{number}: {number}" for number in range(300)), f"If-None-Match: {tag}", path="/name").status)
    others = '"x", '
    row("a list of 400 bytes", 304, curl(f"If-None-Match: {others * 75}{tag}", path="/name").status)
    row("a list of 60 KB", 431, curl(f"If-None-Match: {others * 12000}{tag}", path="/name").status)
    row("a Range of 2 KB", 431, curl(f"Range: bytes={'0-1,' * 500}", path="/name").status)
    # One line more than there are places for, of the guard: it is lost, and nothing is written.
    row("nine If-Match lines", 412, curl(
        *([f"If-Match: {tag}"] * 9), path="/name", method="PUT", content="x").status)
    row("eight", 204, curl(*([f"If-Match: {tag}"] * 8), path="/name", method="PUT", content="Attic\n").status)
    row("a path of 1000 bytes", 414, curl(path="/" + "x" * 1000).status)
    host = b"Host: device\r\n"
    for what, request in [
        ("no Host", b"GET /name HTTP/1.1\r\n\r\n"),
        ("two of them", b"GET /name HTTP/1.1\r\n" + host + host + b"\r\n"),
        ("a length that is none", b"PUT /name HTTP/1.1\r\n" + host + b"Content-Length: -1\r\n\r\nx"),
        ("two lengths", b"PUT /name HTTP/1.1\r\n" + host + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx"),
        ("a folded line", b"GET /name HTTP/1.1\r\n" + host + b"X: y\r\n If-None-Match: *\r\n\r\n"),
        ("white space before the colon", b"GET /name HTTP/1.1\r\n" + host + b"If-None-Match : *\r\n\r\n"),
        ("no version", b"GET /name\r\n" + host + b"\r\n"),
        ("all bytes there are", bytes(byte for byte in range(256) if byte != 10) + b"\r\n\r\n"),
    ]:
        with device.connect() as client:
            client.sendall(request)
            row(what, "HTTP/1.1 400 Bad Request\r\n", client.makefile(newline="\n").readline())
        after_silence()
    with device.connect() as client:
        client.sendall(b"PUT /name HTTP/1.1\r\n" + host + b"If-Match: *\r\nContent-Length: 9\r\n\r\nhalf")
    time.sleep(4)  # what comes too early would be the other half
    row("a client that hangs up in the middle changes nothing", b"Attic\n", curl(path="/name").content)


def after_silence():
    """Where the end of a request is not known, what comes within a second is not the next one."""
    for _ in range(20):
        time.sleep(1.2)
        if curl(path="/stack", more=["--max-time", "5"]).status:
            return


def stack():
    used = int(curl(path="/stack").content or STACK)
    row(f"the stack: no more than {used} bytes of {STACK} were used", True, 256 < used <= STACK - LEFT)
    print(f"stack used: {used}")


with Device("microbit", sys.argv[1]) as device:
    reads()
    writes()
    hostile()
    stack()
rows.end("thermostat on microbit")
