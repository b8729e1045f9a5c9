// The C interface of http-conditional over WebAssembly: what http_conditional.h documents, with buffers and strings.
//
// The module has a memory and no allocator. What a call needs is put behind the module's own data, from __heap_base on,
// and is gone with the next call: no function of the library keeps a pointer for longer than one evaluation, and an
// evaluation here is one call.

"use strict";

const fs = require("node:fs");

const FIELDS = {
  "if-match": 1, "if-none-match": 2, "if-modified-since": 4, "if-unmodified-since": 8, "if-range": 16, "range": 32,
};
const POLICIES = {
  exactIfModifiedSince: 1, weakIfMatch: 2, lenientEntityTags: 4, caseInsensitiveDates: 8, lenientDates: 16,
  ifRangeByDate: 32,
};
const RANGE_POLICIES = {
  malformedIs416: 1, excessIs416: 2, emptyIs200: 4, firstOnly: 8, spacesAroundHyphen: 16,
};
const DECISIONS = {
  0: "perform", 1: "perform-ignoring-range", 304: "not-modified", 412: "precondition-failed",
};
const GUARDS = ["none", "date", "strong"];
const WHOLE = [
  undefined, "no-range", "not-applied", "other-unit", "malformed", "empty", "too-many", "out-of-order", "too-long",
  "no-room",
];
const CARRIES = ["omitted", "own", "allowed", "required"];
const ERRORS = {
  [-1]: "a null pointer", [-2]: "a pointer that is not aligned", [-3]: "a wrong size", [-4]: "no state",
  [-5]: "an argument without a meaning", [-6]: "not an entity tag", [-7]: "not a date", [-8]: "too long",
  [-9]: "built without dates",
};

const flags = (named, wanted) =>
  Object.entries(wanted).reduce((all, [name, on]) => (on === true ? all | (named[name] ?? 0) : all), 0);
const names = (bits) => Object.keys(FIELDS).filter((name) => bits & FIELDS[name]);
// Node.js hands over the bytes of a field value as the characters of the same numbers.
const bytes = (text) => (typeof text === "string" ? Buffer.from(text, "latin1") : text);

class Core {
  constructor(source) {
    const module = new WebAssembly.Module(source);
    this.library = new WebAssembly.Instance(module).exports;
    this.start = this.library.__heap_base.value;
    if (this.library.hcond_version() !== 0x200) {
      throw new Error("this loader is for version 0.2.0 of http-conditional");
    }
  }

  // Where the next so many bytes can be put, all zeros.
  #room(size) {
    const place = (this.end + 7) & ~7;
    this.end = place + size;
    const { memory } = this.library;
    const missing = this.end - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / 65536));
    new Uint8Array(memory.buffer, place, size).fill(0);
    return place;
  }

  #put(text) {
    const data = bytes(text);
    const place = this.#room(data.length);
    new Uint8Array(this.library.memory.buffer).set(data, place);
    return [place, data.length];
  }

  #view() {
    return new DataView(this.library.memory.buffer);
  }

  #begin() {
    this.end = this.start;
  }

  #checked(result) {
    if (result < 0) throw new RangeError(`http-conditional: ${ERRORS[result]}`);
    return result;
  }

  // What is written as snprintf does: asked for its length first.
  #text(write) {
    const length = this.#checked(write(0, 0));
    const place = this.#room(length + 1);
    write(place, length + 1);
    return Buffer.from(this.library.memory.buffer, place, length).toString("latin1");
  }

  // Evaluates one request.
  //
  // method: as in the request line. lines: pairs of a name and a value. current: undefined or null where nothing exists,
  // else { etag, lastModified, strongLastModified, also }, dates in seconds since 1970. options: now, policy, status
  // (without conditions), completeLength, parts (how many at most), rangePolicy, explain.
  evaluate(method, lines, current, options = {}) {
    const { library } = this;
    this.#begin();
    const state = this.#room(Number(library.hcond_state_size()));
    const resource = this.#room(library.hcond_resource_size());
    const [methodAt, methodLength] = this.#put(method);
    const tag = current?.etag == null ? [0, 0] : this.#put(current.etag);
    const also = (current?.also ?? []).map((value) => this.#put(value));
    const alsoAt = this.#room(8 * also.length);
    const alsoRoom = this.#room(12 * also.length);
    let view = this.#view();
    also.flat().forEach((word, place) => view.setUint32(alsoAt + 4 * place, word, true));
    let known = current && (current.exists ?? true) ? 1 : 0;
    if (current?.lastModified != null) {
      known |= current.strongLastModified ? 6 : 2;
      view.setBigInt64(resource + 16, BigInt(current.lastModified), true);
    }
    if (options.now != null) {
      known |= 8;
      view.setBigInt64(resource + 24, BigInt(options.now), true);
    }
    view.setUint32(resource, known, true);
    view.setUint32(resource + 4, flags(POLICIES, options.policy ?? {}), true);
    view.setUint32(resource + 8, options.status ?? 0, true);
    [...tag, alsoAt, also.length, alsoRoom].forEach((word, place) => {
      view.setUint32(resource + 32 + 4 * place, word, true);
    });
    this.#checked(library.hcond_begin(state, library.hcond_state_size(), methodAt, methodLength, resource,
      library.hcond_resource_size()));

    // Each line is put where the one before was.
    const behind = this.end;
    let range;
    for (const [name, value] of lines) {
      this.end = behind;
      if (bytes(name).toString("latin1").toLowerCase() === "range") range = value;
      this.#checked(library.hcond_field(state, ...this.#put(name), ...this.#put(value)));
    }
    const decision = this.#checked(library.hcond_decide(state));
    const result = {
      decision: DECISIONS[decision],
      status: decision > 1 ? decision : undefined,
      decidingField: names(library.hcond_deciding_field(state))[0],
      present: names(library.hcond_present(state)),
      malformed: names(library.hcond_malformed(state)),
      guard: GUARDS[library.hcond_guards_write(state)],
      alreadyAppliedAllowed: library.hcond_already_applied(state) === 1,
    };
    const admitted = GUARDS.map((_, least) => library.hcond_admit(state, least));
    // 0, or the status that refuses a write: 412 or 428.
    result.admits = (least = "none") => admitted[GUARDS.indexOf(least)];
    if (options.explain) {
      result.explanation = this.#text((at, size) => library.hcond_explain(state, at, size));
    }
    if (options.completeLength != null) {
      result.range = this.#range(state, range, options);
    }
    return result;
  }

  #range(state, value, { completeLength, parts = 1, rangePolicy = {} }) {
    const { library } = this;
    const size = library.hcond_range_policy_size();
    const policy = this.#room(size);
    const room = this.#room(16 * parts);
    const count = this.#room(8);
    const [at, length] = value == null ? [0, 0] : this.#put(value);
    let view = this.#view();
    view.setUint32(policy, flags(RANGE_POLICIES, rangePolicy), true);
    view.setUint32(policy + 4, rangePolicy.maxRanges ?? 16, true);
    view.setUint32(policy + 8, rangePolicy.maxReversals ?? 1, true);
    view.setBigUint64(policy + 16, BigInt(rangePolicy.maxBytes ?? 2n ** 64n - 1n), true);
    // An empty value is a value: its place must not be null.
    const status = this.#checked(library.hcond_range(state, at, length, BigInt(completeLength), policy, size, room,
      parts, count, count + 4));
    view = this.#view();
    const sent = Array.from({ length: view.getUint32(count, true) }, (_, place) => [
      view.getBigUint64(room + 16 * place, true),
      view.getBigUint64(room + 16 * place + 8, true),
    ]);
    const contentRange = (write) => this.#text(write);
    return {
      status,
      parts: sent,
      wholeBecause: WHOLE[view.getInt32(count + 4, true)],
      contentRange:
        status === 416
          ? contentRange((to, room) => library.hcond_content_range_unsatisfied(BigInt(completeLength), to, room))
          : sent.length === 1
            ? contentRange((to, room) => library.hcond_content_range(...sent[0], BigInt(completeLength), to, room))
            : undefined,
    };
  }

  // What becomes of a field of the 200: "required", "allowed", "own" or "omitted".
  carries(status, name, { hasEtag = false, ifRange = false, severalParts = false } = {}) {
    this.#begin();
    const known = (hasEtag ? 1 : 0) | (ifRange ? 2 : 0) | (severalParts ? 4 : 0);
    return CARRIES[this.#checked(this.library.hcond_carries(status, known, ...this.#put(name)))];
  }

  // A strong entity tag of a digest of the content, as it is sent.
  tagOfDigest(digest) {
    this.#begin();
    const [at, length] = this.#put(digest);
    return this.#text((to, size) => this.library.hcond_tag_from_digest(at, length, to, size));
  }

  // Seconds since 1970, or undefined where it is no date.
  parseDate(value) {
    this.#begin();
    const [at, length] = this.#put(value);
    const seconds = this.#room(8);
    const result = this.library.hcond_date_parse(at, length, 0, seconds);
    return result === 0 ? Number(this.#view().getBigInt64(seconds, true)) : undefined;
  }

  formatDate(seconds) {
    this.#begin();
    return this.#text((to, size) => this.library.hcond_date_write(BigInt(seconds), to, size));
  }
}

// The library from a file, or from its bytes.
const load = (source) => new Core(typeof source === "string" ? fs.readFileSync(source) : source);

module.exports = { load };
