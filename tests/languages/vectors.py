#!/usr/bin/env python3
"""Runs the test vectors of the role `origin` through the Flask example's bindings by ctypes.

    python vectors.py libhttp_conditional.so
"""

import base64
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE / "../../examples/flask"))

from http_conditional.core import Core, Current  # noqa: E402  (the path has to be there first)


def data(value):
    if isinstance(value, str):
        return value.encode("latin-1")
    if "base64" in value:
        return base64.b64decode(value["base64"])
    if "repeat" in value:
        return data(value["repeat"]) * value["times"]
    return b"".join(map(data, value["concat"]))


def unix(date):
    return None if date is None else date["unix"]


def current(state):
    also = tuple(data(tag) for tag in state.get("also", []))
    if not state["exists"] and not also:
        return None
    etag = None if state["etag"] is None else data(state["etag"])
    return Current(etag, unix(state["last_modified"]), state["last_modified_strong"], also, state["exists"])


def run(core, vector):
    expected, ranges = vector["expected"], vector.get("range_response")
    options = {}
    if ranges:
        options = {"complete_length": ranges["complete_length"], "parts": 1024, "range_policy": ranges.get("policy")}
    seen = core.evaluate(vector["method"], [(data(name), data(value)) for name, value in vector["fields"]],
                         current(vector["state"]), now=unix(vector["now"]), policy=vector.get("policy", ()),
                         status=vector["base_status"], **options)
    checks = [(seen.decision, expected["decision"]), (seen.deciding_field, expected["deciding_field"]),
              (sorted(seen.malformed), expected["malformed"]),
              (seen.explanation.startswith(str(seen.status or "")), True)]
    for name, value in [("guards_write", seen.guard != "none"), ("guards_write_strongly", seen.guard == "strong"),
                        ("already_applied_allowed", seen.already_applied_allowed)]:
        if name in expected:
            checks.append((value, expected[name]))
    if ranges:
        checks += [(seen.range_status, ranges["status"]), (seen.whole_because, ranges.get("whole_because")),
                   ([list(part) for part in seen.parts], ranges.get("parts", []))]
    wrong = [f"{one!r} and not {other!r}" for one, other in checks if one != other]
    for what in wrong:
        print(vector["id"], what)
    return not wrong


def main():
    core = Core(sys.argv[1])
    files = sorted((HERE / "../vectors").glob("*.json"))
    vectors = [vector for path in files for vector in json.loads(path.read_text())["vectors"]
               if vector["role"] == "origin"]
    passed = sum(run(core, vector) for vector in vectors)
    print(f"{len(vectors)} vectors through Python, {len(vectors) - passed} failures")
    sys.exit(passed != len(vectors) or passed < 1600)


main()
