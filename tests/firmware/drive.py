#!/usr/bin/env python3
"""Drives `serve` in QEMU, over its serial line, with curl and with raw sockets.

    drive.py MACHINE FIRMWARE [no-dates]

Prints a row for each request, and fails where one is not as expected.
"""

import os
import re
import subprocess
import sys
import tempfile
import time

from device import Device, Rows

machine, firmware = sys.argv[1:3]
has_dates = sys.argv[3:] != ["no-dates"]
rows = Rows(quiet=os.environ.get("QUIET") == "1")
row = rows.row


class Connection:
    """A client that says what it likes."""

    def __init__(self, timeout=60):
        self.socket = device.connect(timeout)
        self.received = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, *parts):
        for part in parts:
            self.socket.sendall(part if isinstance(part, bytes) else part.encode("latin-1"))

    def _until(self, enough):
        while not enough():
            more = self.socket.recv(4096)
            if not more:
                raise EOFError(self.received)
            self.received += more

    def answer(self, to_head=False):
        """Status, fields and content of the next answer."""
        self._until(lambda: b"\r\n\r\n" in self.received)
        head, self.received = self.received.split(b"\r\n\r\n", 1)
        first, *lines = head.decode("latin-1").split("\r\n")
        fields = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
        length = 0 if to_head else int(fields.get("content-length", 0))
        self._until(lambda: len(self.received) >= length)
        text, self.received = self.received[:length], self.received[length:]
        return int(first.split()[1]), fields, text

    def ask(self, method, path, *lines, text=""):
        """The status of the answer to a request with these field lines."""
        self.send(f"{method} {path} HTTP/1.1\r\nHost: device\r\n",
                  *(line + "\r\n" if isinstance(line, str) else line + b"\r\n" for line in lines),
                  "\r\n", text)
        return self.answer(to_head=method == "HEAD")[0]


def ask_after_silence(tag):
    """What the next client is told after a request that was not read to its end. A UART knows no
    end of a connection: what comes before the device has heard nothing for a while is dropped."""
    for _ in range(20):
        time.sleep(0.15)
        with Connection(timeout=5) as client:
            try:
                return client.ask("GET", "/", f"If-None-Match: {tag}")
            except TimeoutError:
                continue
    return None


def with_curl():
    curl = device.curl
    status, fields, _ = curl()
    tag = fields.get("etag", "")
    row("curl /", 200, status)
    row("  it has a strong entity tag", True, bool(re.fullmatch(r'"[0-9a-f]{16}"', tag)))
    row("  without a clock it has no Date and no Last-Modified", False,
        "date" in fields or "last-modified" in fields)
    row("curl, If-None-Match", 304, curl("-H", f"If-None-Match: {tag}").status)
    row("  with the entity tag", tag, curl("-H", f"If-None-Match: {tag}").fields.get("etag"))
    with tempfile.NamedTemporaryFile() as file:
        curl("--etag-save", file.name)
        row("curl --etag-save, --etag-compare", 304, curl("--etag-compare", file.name).status)
    row("curl, If-None-Match of another", 200, curl("-H", 'If-None-Match: "other"').status)
    row("curl, If-Modified-Since without a clock is ignored", 200,
        curl("-z", "Wed, 01 Jan 2020 00:00:00 GMT").status)
    row("curl, If-Match of another", 412, curl("-H", 'If-Match: "other"').status)
    row("curl -I", 200, curl("-I").status)
    row("curl -X OPTIONS, conditions or not", 204, curl("-X", "OPTIONS", "-H", 'If-Match: "x"').status)
    row("curl /missing", 404, curl(path="/missing").status)
    row("curl /missing, If-Match: *", 404, curl("-H", "If-Match: *", path="/missing").status)

    put = ["-X", "PUT", "--data-binary"]
    row("curl -X PUT, create only", 201, curl(*put, "one", "-H", "If-None-Match: *", path="/a").status)
    row("curl -X PUT, create only, again", 412, curl(*put, "two", "-H", "If-None-Match: *", path="/a").status)
    row("  what was created is there", b"one", curl(path="/a").content)
    # Two clients have read the same, and save it.
    tag = curl(path="/a").fields["etag"]
    status, fields, _ = curl(*put, "first", "-H", f"If-Match: {tag}", path="/a")
    row("two clients save: the first", 204, status)
    row("two clients save: the second, whose update would be lost", 412,
        curl(*put, "second", "-H", f"If-Match: {tag}", path="/a").status)
    row("  what the first saved is there", b"first", curl(path="/a").content)
    row("  and the second saves after reading again", 204,
        curl(*put, "both", "-H", f"If-Match: {fields['etag']}", path="/a").status)
    row("curl -X DELETE, If-Match of an old version", 412,
        curl("-X", "DELETE", "-H", f"If-Match: {tag}", path="/a").status)
    row("curl -X PUT, Transfer-Encoding: chunked", 204,
        curl(*put, "x" * 700, "-H", "Transfer-Encoding: chunked", path="/a").status)
    row("  all of it is there", b"x" * 700, curl(path="/a").content)
    row("curl -X PUT, Expect: 100-continue", 204,
        curl(*put, "y" * 700, "-H", "Expect: 100-continue", path="/a").status)
    row("  a false condition is answered instead", 412,
        curl(*put, "z" * 700, "-H", "Expect: 100-continue", "-H", "If-None-Match: *", path="/a").status)
    time.sleep(0.2)  # that connection was closed: a pause ends it
    row("curl -X PUT, too large", 413, curl(*put, "z" * 5000, path="/a").status)
    row("curl -X PUT, too large and chunked", 413,
        curl(*put, "z" * 5000, "-H", "Transfer-Encoding: chunked", path="/a").status)
    row("  nothing of them is stored", b"y" * 700, curl(path="/a").content)
    row("curl -X DELETE", 204, curl("-X", "DELETE", path="/a").status)
    row("curl -X DELETE of what is not there", 404, curl("-X", "DELETE", path="/a").status)
    row("curl -X POST", 405, curl("-d", "x").status)

    row("curl, two URLs on one connection", "200200", "".join(re.findall(r"\d+", subprocess.run(
        ["curl", "-sS", "--max-time", "20", "-o", "/dev/null", "-o", "/dev/null", "-w", "%{http_code}\n",
         f"http://127.0.0.1:{device.port}/", f"http://127.0.0.1:{device.port}/"],
        capture_output=True, text=True).stdout)))


def with_a_clock():
    curl, put = device.curl, ["-X", "PUT", "--data-binary"]
    date = "Sun, 06 Nov 1994 08:49:37 GMT"
    row("curl -X PUT /clock, no date", 422, curl(*put, "noon", path="/clock").status)
    row("curl -X PUT /clock", 204, curl(*put, date, path="/clock").status)
    row("curl -X PUT, dated", 201, curl(*put, "dated", path="/dated").status)
    _, fields, _ = curl(path="/dated")
    modified = fields.get("last-modified", "")
    row("  it has a Date and a Last-Modified now", True, "date" in fields and modified > "Sun, 06 Nov")
    row("curl -z, its date", 304, curl("-z", modified, path="/dated").status)
    row("curl -z, a day before", 200, curl("-z", "Sat, 05 Nov 1994 08:49:37 GMT", path="/dated").status)
    row("curl, If-Modified-Since with a two-digit year", 304,
        curl("-H", "If-Modified-Since: Monday, 07-Nov-94 08:49:37 GMT", path="/dated").status)
    row("curl -X PUT, If-Unmodified-Since a day before", 412,
        curl(*put, "x", "-H", "If-Unmodified-Since: Sat, 05 Nov 1994 08:49:37 GMT", path="/dated").status)
    row("curl -X DELETE, If-Unmodified-Since its date", 204,
        curl("-X", "DELETE", "-H", f"If-Unmodified-Since: {modified}", path="/dated").status)


def without_dates():
    """Nothing has a date, so there are none to compare (sections 13.1.3 and 13.1.4)."""
    curl, put = device.curl, ["-X", "PUT", "--data-binary"]
    long_ago = "Sat, 05 Nov 1994 08:49:37 GMT"
    row("curl /clock: there is none to be set", 404, curl(path="/clock").status)
    row("curl -X PUT, undated", 201, curl(*put, "undated", path="/undated").status)
    fields = curl(path="/undated").fields
    row("  it has no Date and no Last-Modified", False, "date" in fields or "last-modified" in fields)
    row("curl -z, a date in the future", 200, curl("-z", "Fri, 01 Jan 2100 00:00:00 GMT", path="/undated").status)
    row("curl -X PUT, If-Unmodified-Since long ago", 204,
        curl(*put, "new", "-H", f"If-Unmodified-Since: {long_ago}", path="/undated").status)
    row("curl -X PUT, If-Unmodified-Since and another If-Match", 412, curl(
        *put, "x", "-H", f"If-Unmodified-Since: {long_ago}", "-H", 'If-Match: "x"', path="/undated").status)
    row("curl -X DELETE, If-Unmodified-Since what is no date", 204,
        curl("-X", "DELETE", "-H", "If-Unmodified-Since: yesterday", path="/undated").status)


def with_raw_sockets():
    with Connection() as client:
        row("keep-alive: GET", 200, client.ask("GET", "/"))
        client.send("GET / HTTP/1.1\r\nHost: device\r\n\r\n")
        tag = client.answer()[1]["etag"]
        row("keep-alive: 304", 304, client.ask("GET", "/", f"If-None-Match: {tag}"))
        row("keep-alive: HEAD, 304", 304, client.ask("HEAD", "/", f"If-None-Match: {tag}"))
        row("keep-alive: HEAD", 200, client.ask("HEAD", "/"))
        row("three If-None-Match lines, the last one matches", 304, client.ask(
            "GET", "/", 'If-None-Match: "1"', 'if-none-match: "2"', f"IF-NONE-MATCH:{tag}"))
        row("If-None-Match before If-Modified-Since, which is off", 200, client.ask(
            "GET", "/", 'If-None-Match: "1"', "If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT"))
        row("PUT with a false If-Match: the content is read over", 412, client.ask(
            "PUT", "/", 'If-Match: "1"', "Content-Length: 34",
            text="GET /missing HTTP/1.1\r\nHost: a\r\n\r\n"))
        row("  and the connection is kept", 304, client.ask("GET", "/", f"If-None-Match: {tag}"))
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\nHEAD /none HTTP/1.1\r\nHost: a\r\n\r\n"
                    f"GET / HTTP/1.1\r\nHost: a\r\nIf-None-Match: {tag}\r\n\r\n")
        row("three requests in one segment", [200, 404, 304],
            [client.answer()[0], client.answer(to_head=True)[0], client.answer()[0]])
        for place in range(0, 60, 7):
            request = f"GET / HTTP/1.1\r\nHost: device\r\nIf-None-Match: {tag}\r\n\r\n"
            client.send(request[:place])
            time.sleep(0.01)
            client.send(request[place:])
            if (status := client.answer()[0]) != 304:
                break
        row("a request in two segments, cut anywhere", 304, status)

        # Header sections that no small buffer would hold.
        hostile = ", ".join(f'"{number:08x}"' for number in range(1, 5500))
        row("If-None-Match of 64 KiB, the last tag matches", 304, client.ask(
            "GET", "/", f"If-None-Match: {hostile}, {tag}"))
        row("a field of 64 KiB that is not conditional", 304, client.ask(
            "GET", "/", f"Cookie: {'x' * 65536}", f"If-None-Match: {tag}"))
        row("64 KiB of commas, and a tag", 304, client.ask(
            "GET", "/", f"If-None-Match: {',' * 65536}{tag}"))
        row("an If-Range of 64 KiB, and content", 431, client.ask(
            "PUT", "/", f"If-Range: {'x' * 65536}", "Content-Length: 5", text="12345"))
        long = hostile[:3598]
        row("If-None-Match of 4 KB, none matches", 200, client.ask("GET", "/", f"If-None-Match: {long}"))
        row("If-None-Match of 4 KB, malformed at the end, GET", 200, client.ask(
            "GET", "/", f"If-None-Match: {tag}, {long}, x"))
        row("If-Match of 4 KB, the last tag matches", 200, client.ask(
            "GET", "/", f"If-Match: {long}, {tag}"))
        row("If-Match of 4 KB, malformed at the end", 412, client.ask(
            "GET", "/", f"If-Match: {tag}, {long}, x"))
        row("If-None-Match of 4 KB, * at the end, PUT", 412, client.ask(
            "PUT", "/", f"If-None-Match: {long}, *", "Content-Length: 0"))
        row("200 If-None-Match lines, the last one matches", 304, client.ask(
            "GET", "/", *(f'If-None-Match: "{number:08x}"' for number in range(200)),
            f"If-None-Match: {tag}"))
        row("300 other lines before it", 304, client.ask(
            "GET", "/", *(f"X-Field-{number}: {number}" for number in range(300)),
            f"If-None-Match: {tag}"))
        # Each of these is cut elsewhere; the commas in the first tag are no place for it.
        lengths = [*range(12), *range(100, 109), *range(240, 260)]
        seen = [client.ask("GET", "/", f'If-None-Match: "{("c,d" * 100)[:length]}","tttttt", "", W/"t,t",'
                           f'{" " * (length % 5)},"{"t" * 200}"\t, {tag}') for length in lengths]
        row("lists of 500 bytes, cut at every place, commas in the tags",
            [304 if length < 253 else 431 for length in lengths], seen)
        row("a tag of 1000 bytes", 431, client.ask("GET", "/", f'If-None-Match: "{"x" * 1000}"'))
        row("  the connection is kept", 304, client.ask("GET", "/", f"If-None-Match: {tag}"))
        row("an If-Modified-Since of 1000 bytes", 431, client.ask(
            "GET", "/", f"If-Modified-Since: {'x' * 1000}"))
        row("a Range of 4 KB", 200, client.ask("GET", "/", f"Range: bytes={'0-1,' * 1000}"))
        row("a field name of 4 KB", 304, client.ask(
            "GET", "/", f"{'x' * 4000}: y", f"If-None-Match: {tag}"))
        row("bytes of all sorts in an If-None-Match", 200, client.ask(
            "GET", "/", b"If-None-Match: " + bytes(byte for byte in range(256) if byte not in b"\0\r\n")))
        row("4 KB of empty tags", 200, client.ask("GET", "/", "If-None-Match: " + '"",' * 1300))
        row("4 KB of quotes", 431, client.ask("GET", "/", "If-None-Match: " + '"' * 4000))
        row("after all that, GET", 200, client.ask("GET", "/"))

        row("a path of 1000 bytes", 414, client.ask("GET", "/" + "x" * 1000))
        row("PUT without a length", 411, client.ask("PUT", "/"))
        row("PUT of too much", 413, client.ask("PUT", "/", "Content-Length: 2000", text="x" * 2000))
        row("no Host", 400, (client.send("GET / HTTP/1.1\r\n\r\n"), client.answer()[0])[1])
        row("HTTP/1.0", 200, (client.send("GET / HTTP/1.0\r\n\r\n"), client.answer()[0])[1])
        row("PUT into a full store", [201, 201, 201, 507], [
            client.ask("PUT", f"/{name}", "Content-Length: 1", text="x") for name in "bcde"])
        row("DELETE makes room", [204, 201], [
            client.ask("DELETE", "/b"), client.ask("PUT", "/e", "Content-Length: 1", text="x")])
        row("the first is as it was", 304, client.ask("GET", "/", f"If-None-Match: {tag}"))

    # Where the end of a request is not known, the connection ends, and the next one is a new one.
    for what, status, request in [
        ("two lengths", 400, "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx"),
        ("a length that is none", 400, "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\nx"),
        ("a length of 10 GB", 413, "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 10000000000\r\n\r\nx"),
        ("a length and chunks", 400,
         "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        ("another transfer coding", 411, "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\nx"),
        ("a chunk without a size", 400,
         "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nno size\r\n"),
        ("a folded line", 400, "GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n If-None-Match: *\r\n\r\n"),
        ("white space before the colon", 400, "GET / HTTP/1.1\r\nHost: a\r\nIf-None-Match : *\r\n\r\n"),
        ("no colon", 400, "GET / HTTP/1.1\r\nHost: a\r\nIf-None-Match\r\n\r\n"),
    ]:
        with Connection() as client:
            client.send(request)
            seen, fields, _ = client.answer()
            row(f"{what}, and the connection is closed", [status, "close"], [seen, fields.get("connection")])
        if (seen := ask_after_silence(tag)) != 304:
            row("  the next one is served", 304, seen)
    with Connection() as client:
        client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf of it")
    time.sleep(1.5)
    row("a client that hangs up in the middle changes nothing", 304, ask_after_silence(tag))


with Device(machine, firmware) as device:
    with_curl()
    (with_a_clock if has_dates else without_dates)()
    with_raw_sockets()
rows.end(f"serve on {machine}{'' if has_dates else ', without dates'}")
