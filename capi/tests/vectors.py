#!/usr/bin/env python3
"""Writes the test vectors of the role `origin` as lines that a program in C reads without a JSON parser.

    tests/vectors.py [--short] FOLDER > vectors.txt

A vector is some lines of a word and its values, and ends with `run`. Bytes are in hexadecimal, with `-` for none, which
`.` is for no bytes; numbers are decimal. --short leaves out what is longer than 2000 bytes.
"""

import base64
import json
import pathlib
import sys

POLICIES = {"exact-if-modified-since": 1, "weak-if-match": 2, "lenient-entity-tags": 4, "case-insensitive-dates": 8,
            "lenient-dates": 16, "if-range-by-date": 32}
FIELDS = {"if-match": 1, "if-none-match": 2, "if-modified-since": 4, "if-unmodified-since": 8, "if-range": 16,
          "range": 32}
DECISIONS = {"perform": 0, "perform-ignoring-range": 1, "not-modified": 304, "precondition-failed": 412}
RANGE_FLAGS = {"malformed-is-416": 1, "excess-is-416": 2, "empty-is-200": 4, "first-only": 8,
               "spaces-around-hyphen": 16}
WHOLE = {"not-applied": 2, "other-unit": 3, "malformed": 4, "empty": 5, "too-many": 6, "out-of-order": 7,
         "too-long": 8}


def data(value):
    if isinstance(value, str):
        return value.encode("ascii")
    if "base64" in value:
        return base64.b64decode(value["base64"])
    if "repeat" in value:
        return data(value["repeat"]) * value["times"]
    return b"".join(map(data, value["concat"]))


def shown(value):
    return value.hex() or "."


def written(vector):
    state, expected = vector["state"], vector["expected"]
    yield "vector", vector["id"]
    yield "method", shown(vector["method"].encode())
    yield "status", vector["base_status"]
    if state["exists"]:
        yield "exists",
    if state["etag"] is not None:
        yield "etag", shown(data(state["etag"]))
    if state["last_modified"]:
        yield "last-modified", state["last_modified"]["unix"], int(state["last_modified_strong"])
    for tag in state.get("also", []):
        yield "also", shown(data(tag))
    if vector["now"]:
        yield "now", vector["now"]["unix"]
    yield "policy", sum(POLICIES[name] for name in vector.get("policy", []))
    for name, value in vector["fields"]:
        yield "field", shown(data(name)), shown(data(value))
    yield "decision", DECISIONS[expected["decision"]]
    yield "deciding", FIELDS.get(expected["deciding_field"], 0)
    yield "malformed", sum(FIELDS[name] for name in expected["malformed"])
    for name in ("guards_write", "guards_write_strongly", "already_applied_allowed"):
        if name in expected:
            yield name.replace("_", "-"), int(expected[name])
    if ranges := vector.get("range_response"):
        policy = ranges.get("policy", {})
        flags = sum(RANGE_FLAGS[name] for name, value in policy.items() if value is True)
        yield ("range", ranges["complete_length"], flags, policy.get("max-ranges", 16), policy.get("max-reversals", 1),
               policy.get("max-bytes", 2**64 - 1), ranges["status"], WHOLE.get(ranges.get("whole_because"), 0))
        for first, last in ranges.get("parts", []):
            yield "part", first, last
    yield "run",


def main():
    short = sys.argv[1] == "--short"
    for path in sorted(pathlib.Path(sys.argv[-1]).glob("*.json")):
        for vector in json.loads(path.read_text())["vectors"]:
            if vector["role"] != "origin":
                continue
            lines = [" ".join(map(str, line)) for line in written(vector)]
            if not short or max(map(len, lines)) <= 4000:
                print("\n".join(lines))


main()
