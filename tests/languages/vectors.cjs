// Runs the test vectors of the role `origin` through the Express example's loader of the WebAssembly.
//
//     node vectors.cjs http_conditional.wasm

"use strict";

const fs = require("node:fs");
const path = require("node:path");
const { isDeepStrictEqual } = require("node:util");
const { load } = require("../../examples/express/http-conditional/core.js");

const folder = path.join(__dirname, "../vectors");
const core = load(process.argv[2]);

function bytes(value) {
  if (typeof value === "string") return Buffer.from(value, "latin1");
  if ("base64" in value) return Buffer.from(value.base64, "base64");
  if ("repeat" in value) {
    const once = bytes(value.repeat);
    return Buffer.alloc(once.length * value.times, once);
  }
  return Buffer.concat(value.concat.map(bytes));
}

const camel = (name) => name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
const switches = (names) => Object.fromEntries(names.map((name) => [camel(name), true]));

function run(vector) {
  const { state, expected, range_response: ranges } = vector;
  const also = (state.also ?? []).map(bytes);
  const current = state.exists || also.length > 0 ? {
    exists: state.exists,
    etag: state.etag === null ? null : bytes(state.etag),
    lastModified: state.last_modified?.unix,
    strongLastModified: state.last_modified_strong,
    also,
  } : null;
  const lines = vector.fields.map((line) => line.map(bytes));
  const options = {
    now: vector.now?.unix, status: vector.base_status, policy: switches(vector.policy ?? []), explain: true,
  };
  if (ranges) {
    const entries = Object.entries(ranges.policy ?? {}).map(([name, value]) => [camel(name), value]);
    Object.assign(options, {
      completeLength: ranges.complete_length, parts: 1024, rangePolicy: Object.fromEntries(entries),
    });
  }
  const seen = core.evaluate(vector.method, lines, current, options);
  const guards = { guards_write: seen.guard !== "none", guards_write_strongly: seen.guard === "strong" };
  const checks = [
    [seen.decision, expected.decision],
    [seen.decidingField ?? null, expected.deciding_field],
    [seen.malformed.toSorted?.() ?? [...seen.malformed].sort(), expected.malformed],
    [seen.explanation.startsWith(String(seen.status ?? "")), true],
    ...Object.entries(guards).filter(([name]) => name in expected).map(([name, value]) => [value, expected[name]]),
    ..."already_applied_allowed" in expected ? [[seen.alreadyAppliedAllowed, expected.already_applied_allowed]] : [],
    ...ranges ? [
      [seen.range.status, ranges.status],
      [seen.range.parts.map((part) => part.map(Number)), ranges.parts ?? []],
      [seen.range.wholeBecause, ranges.whole_because],
    ] : [],
  ];
  const wrong = checks.filter(([one, other]) => !isDeepStrictEqual(one, other));
  for (const [one, other] of wrong) console.log(vector.id, one, "and not", other);
  return wrong.length === 0;
}

const files = fs.readdirSync(folder).filter((name) => name.endsWith(".json")).sort();
const all = files.flatMap((name) => JSON.parse(fs.readFileSync(path.join(folder, name), "utf8")).vectors);
const vectors = all.filter(({ role }) => role === "origin");
const passed = vectors.filter(run).length;
console.log(`${vectors.length} vectors through Node.js, ${vectors.length - passed} failures`);
process.exitCode = passed === vectors.length && passed >= 1600 ? 0 : 1;
