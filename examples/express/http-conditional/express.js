// A middleware for Express: `res.conditional` answers a GET, HEAD or QUERY, and `res.admit` says before a write whether
// it may be performed.
//
//     app.use(conditional("http_conditional.wasm"));
//     app.get("/notes/:name", (req, res) => {
//       const note = notes.get(req.params.name);
//       if (!note) return res.sendStatus(404);
//       res.set("Cache-Control", "no-cache").type("text");
//       res.conditional(note.content, { etag: note.etag, lastModified: note.lastModified });
//     });

"use strict";

const { load } = require("./core.js");

// source: the file of the library, or its bytes. options: policy and rangePolicy, as core.js has them.
module.exports = function conditional(source, options = {}) {
  const core = load(source);
  return (req, res, next) => {
    res.conditional = (content, current) => reply(core, options, req, res, content, current);
    res.admit = (current, least) => admit(core, options, req, res, current, least);
    next();
  };
};
module.exports.load = load;

// The field lines as they came: req.headers has lost some of them.
function lines(req) {
  const { rawHeaders } = req;
  return Array.from({ length: rawHeaders.length / 2 }, (_, place) => rawHeaders.slice(2 * place, 2 * place + 2));
}

const now = () => Math.floor(Date.now() / 1000);

function validators(core, res, current) {
  if (current?.etag != null) res.set("ETag", current.etag);
  if (current?.lastModified != null) res.set("Last-Modified", core.formatDate(current.lastModified));
}

// Ends the response with this content. Not res.send, which would evaluate conditions by itself and in its own way.
function end(res, status, content) {
  res.status(status);
  if (status !== 304) res.set("Content-Length", String(content.length));
  res.end(content);
}

// The whole response to a GET, HEAD or QUERY, made of the 200: its fields are set already, `content` is all of its
// content, and `current` has its validators.
function reply(core, options, req, res, content, current = {}) {
  const whole = Buffer.isBuffer(content) ? content : Buffer.from(content);
  validators(core, res, current);
  if (!res.get("Content-Type")) res.type("application/octet-stream");
  res.set("Accept-Ranges", "bytes");
  const evaluation = core.evaluate(req.method, lines(req), current, {
    ...options, now: now(), completeLength: whole.length,
  });
  const { range } = evaluation;
  const status = evaluation.status ?? range.status;
  if (status === 200) return end(res, 200, whole);

  const known = { hasEtag: current.etag != null, ifRange: evaluation.present.includes("if-range") };
  for (const name of res.getHeaderNames()) {
    if (!["required", "allowed"].includes(core.carries(status, name, known))) res.removeHeader(name);
  }
  if (status === 206) {
    const [[first, last]] = range.parts;
    res.set("Content-Range", range.contentRange);
    return end(res, 206, whole.subarray(Number(first), Number(last) + 1));
  }
  if (status === 416) res.set("Content-Range", range.contentRange);
  if (status === 304) return end(res, 304);
  res.type("text/plain");
  return end(res, status, status === 416 ? "No such range.\n" : "It is not what the request expects.\n");
}

// Whether a write may be performed; where not, the answer has been given: 412, or 428 where a guard is asked for.
//
// current: undefined or null where nothing exists. least: the weakest guard that will do, "none", "date" or "strong".
// Ask it when the content has arrived, and write before anything else can: without an `await` between, or with a lock
// held.
function admit(core, options, req, res, current, least = "none") {
  const { policy } = options;
  const status = core.evaluate(req.method, lines(req), current, { policy, now: now() }).admits(least);
  if (status === 0) return true;
  validators(core, res, current);
  res.type("text/plain");
  end(res, status, status === 428
    ? "Nothing was changed: send If-Match with the entity tag of the version that you replace.\n"
    : "Nothing was changed: the state is not the one that the request expects.\n");
  return false;
}
