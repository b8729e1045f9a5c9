// Notes at /notes/NAME to GET, HEAD, QUERY and PUT, on http-conditional.
//
//     node server.js http_conditional.wasm [PORT]

"use strict";

const { createHash } = require("node:crypto");
const express = require("express");
const conditional = require("./http-conditional");

module.exports = function app(library, notes) {
  const core = conditional.load(library);
  const server = express();
  server.disable("x-powered-by");
  server.use(conditional(library));

  const show = (req, res) => {
    const note = notes.get(req.params.name);
    if (!note) return res.sendStatus(404);
    res.set({ "Cache-Control": "no-cache", Vary: "Accept-Encoding" }).type("text");
    res.conditional(note.content, note);
  };
  // HEAD comes to the handler of GET.
  server.get("/notes/:name", show);
  server.query("/notes/:name", express.raw({ type: () => true }), show);

  server.put("/notes/:name", express.raw({ type: () => true, limit: "1mb" }), (req, res) => {
    // From here to notes.set nothing else runs: that is the lock. Where the notes are in a database, it has to be a
    // transaction, or an UPDATE that compares the tag.
    const { name } = req.params;
    const current = notes.get(name);
    if (!res.admit(current, server.get("least guard"))) return;
    const content = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0);
    const etag = core.tagOfDigest(createHash("sha256").update(content).digest());
    notes.set(name, { content, etag, lastModified: Math.floor(Date.now() / 1000) });
    res.set("ETag", etag).status(current ? 204 : 201).end();
  });
  return server;
};

if (require.main === module) {
  const [library, port = "3000", guard = "none"] = process.argv.slice(2);
  const core = conditional.load(library);
  const content = Buffer.from("The first note.\n");
  const etag = core.tagOfDigest(createHash("sha256").update(content).digest());
  const first = { content, etag, lastModified: Math.floor(Date.now() / 1000) };
  const server = module.exports(library, new Map([["first", first]])).set("least guard", guard);
  const listening = server.listen(Number(port), "127.0.0.1", () => {
    console.log(`listening on http://127.0.0.1:${listening.address().port}`);
  });
}
