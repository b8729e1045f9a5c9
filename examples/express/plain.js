// Notes at /notes/NAME to GET, HEAD and PUT, with what Express has itself. README.md says what stays wrong.
//
//     node plain.js [PORT]

"use strict";

const { createHash } = require("node:crypto");
const express = require("express");

module.exports = function app(notes) {
  const server = express();

  server.get("/notes/:name", (req, res) => {
    const note = notes.get(req.params.name);
    if (!note) return res.sendStatus(404);
    res.set({ "Cache-Control": "no-cache", Vary: "Accept-Encoding" }).type("text");
    // The corrected lines: a tag with its quotes, and `res.send`, which compares it with If-None-Match by itself.
    if (note.etag) res.set("ETag", note.etag);
    if (note.lastModified != null) res.set("Last-Modified", new Date(note.lastModified * 1000).toUTCString());
    res.send(note.content);
  });

  server.put("/notes/:name", express.raw({ type: () => true, limit: "1mb" }), (req, res) => {
    const note = notes.get(req.params.name);
    // And before a write: Express compares nothing there.
    const names = (field) => (req.get(field) ?? "").split(",").map((tag) => tag.trim());
    const isNamed = (field) => note && names(field).some((tag) => tag === "*" || tag === note.etag);
    if (req.get("If-Match") !== undefined && !isNamed("If-Match")) return res.sendStatus(412);
    if (req.get("If-None-Match") !== undefined && isNamed("If-None-Match")) return res.sendStatus(412);

    const content = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0);
    const etag = `"${createHash("sha256").update(content).digest("hex")}"`;
    notes.set(req.params.name, { content, etag, lastModified: Math.floor(Date.now() / 1000) });
    res.set("ETag", etag).status(note ? 204 : 201).end();
  });
  return server;
};

if (require.main === module) {
  const content = Buffer.from("The first note.\n");
  const etag = `"${createHash("sha256").update(content).digest("hex")}"`;
  const first = { content, etag, lastModified: Math.floor(Date.now() / 1000) };
  const server = module.exports(new Map([["first", first]]));
  const listening = server.listen(Number(process.argv[2] ?? 3000), "127.0.0.1", () => {
    console.log(`listening on http://127.0.0.1:${listening.address().port}`);
  });
}
