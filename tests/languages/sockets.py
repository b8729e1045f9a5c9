#!/usr/bin/env python3
"""Drives a program over a socket, with the test vectors and with what they do not say: fields, locks and 428.

    python sockets.py (cases | all) PROGRAM ARGUMENT...      the names of the vectors that fail
    python sockets.py rules PROGRAM ARGUMENT...              the rest

`cases` are the vectors of cases.json: the 25 cases where servers disagree. `all` are all vectors that the programs can be
asked: whose fields any parser of HTTP takes, and that need no clock and no policy.
"""

import base64
import json
import pathlib
import re
import socket
import subprocess
import sys
import threading

HERE = pathlib.Path(__file__).parent

METHODS = {"GET", "HEAD", "PUT", "QUERY"}
# Nothing else that a year of two digits is in.
TWO_DIGITS = re.compile(rb"\d-[A-Za-z]{3}-\d\d ")


def data(value):
    if isinstance(value, str):
        return value.encode("latin-1")
    if "base64" in value:
        return base64.b64decode(value["base64"])
    if "repeat" in value:
        return data(value["repeat"]) * value["times"]
    return b"".join(map(data, value["concat"]))


class Program:
    def __init__(self, arguments):
        self.process = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        self.port = int(line.rsplit(":", 1)[1])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


class Client:
    """One connection, kept as long as the program keeps it."""

    def __init__(self, program):
        self.program = program
        self.stream = self.file = None

    def close(self):
        if self.stream:
            self.file.close()
            self.stream.close()
        self.stream = self.file = None

    def send(self, method, path, lines, content=None):
        head = [f"{method} {path} HTTP/1.1".encode(), b"Host: example.com"]
        head += [name + b": " + value for name, value in lines]
        if content is not None:
            head.append(b"Content-Length: %d" % len(content))
        if not self.stream:
            self.stream = socket.create_connection(("127.0.0.1", self.program.port), timeout=30)
            self.file = self.stream.makefile("rb")
        self.method = method
        self.stream.sendall(b"\r\n".join(head) + b"\r\n\r\n" + (content or b""))

    def receive(self):
        line = self.file.readline()
        if not line:
            raise ConnectionError("closed")
        status = int(line.split()[1])
        fields = []
        while (line := self.file.readline()) not in (b"\r\n", b""):
            name, _, value = line.decode("latin-1").partition(":")
            fields.append((name.lower(), value.strip()))
        known = dict(fields)
        content = b""
        if self.method != "HEAD" and status not in (204, 304):
            if "content-length" in known:
                content = self.file.read(int(known["content-length"]))
            elif known.get("transfer-encoding") == "chunked":
                while size := int(self.file.readline(), 16):
                    content += self.file.read(size)
                    self.file.readline()
                self.file.readline()
            else:
                content = self.file.read()
                self.close()
        if known.get("connection", "").lower() == "close":
            self.close()
        return status, fields, content

    def ask(self, method, path, lines, content=None):
        kept = self.stream is not None
        try:
            self.send(method, path, lines, content)
            return self.receive()
        except ConnectionError:
            self.close()
            if not kept:
                raise
            # It was about to close the connection.
            self.send(method, path, lines, content)
            return self.receive()

    def state(self, exists=True, etag='"v1"', last_modified=None, strong=False, also=()):
        said = {"exists": exists, "etag": etag, "lastModified": last_modified, "strongLastModified": strong,
                "also": list(also)}
        status, _, _ = self.ask("POST", "/state", [(b"Content-Type", b"application/json")], json.dumps(said).encode())
        assert status == 204, status


def fits(vector):
    """Whether a program can be asked this: see above."""
    state = vector["state"]
    missing = not state["exists"] and vector["base_status"] == 404
    values = [data(value) for line in vector["fields"] for value in line]
    texts = [data(tag) for tag in [state["etag"], *state.get("also", [])] if tag is not None]
    return (vector["role"] == "origin" and vector["method"] in METHODS and not vector.get("policy")
            and vector["now"] is None and "policy" not in vector.get("range_response", {})
            and (vector["base_status"] == 200 and (state["exists"] or vector["method"] == "PUT") or missing)
            and not (vector["method"] != "PUT" and not state["exists"] and (not missing or state.get("also")))
            # What parsers of HTTP answer by themselves.
            and not any(data(name).lower() == b"expect" for name, _ in vector["fields"])
            and vector.get("range_response", {}).get("complete_length", 10) == 10
            and all(re.fullmatch(rb"[\t\x20-\x7e\x80-\xff]*", value) for value in values)
            and all(re.fullmatch(rb"[!#-'*+.^_`|~0-9A-Za-z-]+", data(name)) for name, _ in vector["fields"])
            and not any(TWO_DIGITS.search(value) for value in values)
            and sum(map(len, values)) < 12000
            and all(re.fullmatch(rb"[\x20-\x7e]*", text) and len(text) < 4000 for text in texts))


def expected(vector):
    """The statuses that are right."""
    ranged = any(data(name).lower() == b"range" for name, _ in vector["fields"])
    method, length = vector["method"], vector.get("range_response")
    if vector["base_status"] == 404:
        performed = {404}
    elif method == "PUT":
        performed = {204 if vector["state"]["exists"] or vector["state"].get("also") else 201}
    elif ranged and method != "HEAD":
        performed = {length["status"]} if length else {200, 206, 416}
        # The programs send no more than one part.
        if length and len(length.get("parts", [])) > 1:
            performed = {200}
    else:
        performed = {200}
    statuses = {"perform": performed, "perform-ignoring-range": performed if method == "PUT" else {200},
                "not-modified": {304}, "precondition-failed": {412}, "reject": {400}}
    decisions = [vector["expected"]["decision"]]
    decisions += [other["decision"] for other in vector.get("alternatives", [])]
    return set().union(*(statuses[decision] for decision in decisions))


def fails(client, vector):
    state = vector["state"]
    date = state["last_modified"]
    client.state(state["exists"], None if state["etag"] is None else data(state["etag"]).decode(),
                 None if date is None else date["unix"], state["last_modified_strong"],
                 [data(tag).decode() for tag in state.get("also", [])])
    lines = [(data(name), data(value)) for name, value in vector["fields"]]
    content = b"New." if vector["method"] == "PUT" else b"" if vector["method"] == "QUERY" else None
    status, _, sent = client.ask(vector["method"], "/notes/it", lines, content)
    right = expected(vector)
    # A part is one that was asked for, and the whole is whole.
    wrong_content = vector["method"] == "GET" and (
        status == 200 and sent != b"0123456789" or status == 206 and sent not in b"0123456789")
    if status not in right or wrong_content:
        print(f"{vector['id']}: {status}, and not {' or '.join(map(str, sorted(right)))}", file=sys.stderr)
        return True
    return False


def vectors(client, which):
    names = "cases.json" if which == "cases" else "*.json"
    all_vectors = [vector for path in sorted((HERE / "../vectors").glob(names))
                   for vector in json.loads(path.read_text())["vectors"]]
    asked = [vector for vector in all_vectors if fits(vector)]
    assert len(asked) >= (35 if which == "cases" else 500), len(asked)
    wrong = [vector["id"] for vector in asked if fails(client, vector)]
    print("\n".join(wrong))
    print(f"{len(asked)} of {len(all_vectors)} vectors asked over a socket, {len(wrong)} failures", file=sys.stderr)
    return 0


failures = 0


def row(what, seen, right):
    global failures
    if seen != right:
        failures += 1
        print(f"FAILED  {what}: {seen}, and not {right}")
    else:
        print(f"ok      {what}")


DATE = (b"If-Unmodified-Since", b"Sat, 29 Oct 1994 19:43:31 GMT")


def rules(client):
    """With a guard required: what no vector says."""
    modified = 783459811

    def ask(method, *lines, content=None):
        return client.ask(method, "/notes/it", lines, content)

    def names(fields):
        return {name for name, _ in fields}

    client.state(last_modified=modified)
    status, ok, content = ask("GET")
    row("a GET", (status, content), (200, b"0123456789"))
    known = dict(ok)
    status, fields, content = ask("HEAD")
    row("a HEAD has the fields of the GET, and no content",
        (status, content, {name: dict(fields)[name] for name in known if name != "date"}),
        (200, b"", {name: value for name, value in known.items() if name != "date"}))
    status, fields, content = ask("QUERY", content=b"")
    row("a QUERY", (status, content), (200, b"0123456789"))
    for method in ["GET", "HEAD", "QUERY"]:
        content = b"" if method == "QUERY" else None
        status, fields, content = ask(method, (b"If-None-Match", b'W/"v1"'), content=content)
        row(f"a 304 to {method}", (status, content), (304, b""))
        for name in ["cache-control", "etag", "vary"]:
            row(f"  its {name}", dict(fields).get(name), known[name])
        row("  its date", "date" in names(fields), True)
        left_out = names(fields) & {"content-type", "last-modified", "transfer-encoding", "content-encoding",
                                    "content-range"}
        row("  nothing of the content", left_out, set())
        row("  no length but that of the 200", dict(fields).get("content-length", "10"), "10")
    status, fields, content = ask("GET", (b"If-Match", b'"x"'))
    row("a 412 to GET", status, 412)
    row("  no freshness", names(fields) & {"cache-control", "expires"}, set())
    row("  its tag", dict(fields).get("etag"), '"v1"')
    status, fields, content = ask("GET", (b"Range", b"bytes=2-4"))
    row("a part", (status, content, dict(fields).get("content-range")), (206, b"234", "bytes 2-4/10"))
    row("  its type", dict(fields).get("content-type"), known["content-type"])
    status, fields, content = ask("GET", (b"Range", b"bytes=2-4"), (b"If-Range", b'"v1"'))
    row("a part by If-Range", (status, content), (206, b"234"))
    row("  no metadata again", names(fields) & {"content-type", "last-modified"}, set())
    status, fields, content = ask("GET", (b"Range", b"bytes=2-4"), (b"If-Range", b'W/"v1"'))
    row("the whole by a weak If-Range", (status, content), (200, b"0123456789"))
    status, fields, content = ask("GET", (b"Range", b"bytes=10-"))
    row("a 416", (status, dict(fields).get("content-range")), (416, "bytes */10"))
    row("  no freshness", "cache-control" in names(fields), False)
    status, fields, content = ask("GET", (b"Range", b"bytes=0-1,4-5"))
    row("several ranges: the whole", (status, content), (200, b"0123456789"))
    client.state(exists=False, etag=None)
    row("what is not there", ask("GET", (b"If-Match", b"*"))[0], 404)

    # Writes, where a strong guard is asked for.
    client.state(last_modified=modified)
    for what, lines, right in [
        ("without a guard", (), 428),
        ("with a date only", (DATE,), 428),
        ("with an If-None-Match that is no guard", ((b"If-None-Match", b'"x"'),), 428),
        ("of another version", ((b"If-Match", b'"x"'),), 412),
        ("of a weak tag", ((b"If-Match", b'W/"v1"'),), 412),
        ("with a malformed guard", ((b"If-Match", b"v1"),), 412),
        ("to create only", ((b"If-None-Match", b"*"),), 412),
    ]:
        status, fields, content = ask("PUT", *lines, content=b"New.")
        row(f"a PUT {what}", status, right)
        row("  the tag of what is there", dict(fields).get("etag"), '"v1"')
        row("  why", content.startswith(b"Nothing was changed"), True)
    row("nothing was changed", ask("GET")[2], b"0123456789")
    status, fields, _ = ask("PUT", (b"If-Match", b'"v1"'), content=b"New.")
    row("a PUT of what the client has seen", status, 204)
    status, other, content = ask("GET")
    row("  it is there", (content, dict(other)["etag"]), (b"New.", dict(fields)["etag"]))
    row("  the client that comes too late", ask("PUT", (b"If-Match", b'"v1"'), content=b"Late.")[0], 412)
    client.state(exists=False, etag=None)
    row("a PUT of what is not there needs no guard", ask("PUT", content=b"New.")[0], 201)
    client.state(exists=False, etag=None)
    row("a PUT to change what is not there", ask("PUT", (b"If-Match", b"*"), content=b"New.")[0], 412)

    # The note that counts is the one at the end of the content.
    client.state()
    slow = Client(client.program)
    slow.send("PUT", "/notes/it", [(b"If-Match", b'"v1"'), (b"Content-Length", b"4")])
    slow.stream.sendall(b"Sl")
    row("a fast PUT beside a slow one", ask("PUT", (b"If-Match", b'"v1"'), content=b"Fast.")[0], 204)
    slow.stream.sendall(b"ow")
    row("the slow one", slow.receive()[0], 412)
    slow.close()

    # Of clients that have seen the same note, one updates it.
    for turn in range(10):
        client.state()
        start, seen = threading.Barrier(4), []

        def write(number):
            one = Client(client.program)
            start.wait()
            seen.append((one.ask("PUT", "/notes/it", [(b"If-Match", b'"v1"')], b"%d" % number)[0], number))
            one.close()

        writers = [threading.Thread(target=write, args=(number,)) for number in range(4)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        won = [number for status, number in seen if status == 204]
        right = sorted(status for status, _ in seen) == [204, 412, 412, 412] and ask("GET")[2] == b"%d" % won[0]
        if not right or turn == 9:
            row("one of four writers wins, each of ten times", right, True)
    print(f"{failures} failures")
    return failures != 0


def main():
    what, *arguments = sys.argv[1:]
    with Program(arguments) as program:
        client = Client(program)
        status = rules(client) if what == "rules" else vectors(client, what)
        client.close()
    sys.exit(status)


main()
