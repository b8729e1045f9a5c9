// A program of examples/express with a second entrance, by which a test says what there is: POST /state.
//
//     node express.cjs (plain | server) [http_conditional.wasm]

"use strict";

const express = require("express");

const [form, library, guard = "none"] = process.argv.slice(2);
const notes = new Map();
const make = require(`../../examples/express/${form}.js`);
const inner = form === "plain" ? make(notes) : make(library, notes).set("least guard", guard);

const outer = express();
outer.disable("x-powered-by");
outer.post("/state", express.json(), (req, res) => {
  const { exists, etag, lastModified, strongLastModified, also } = req.body;
  notes.clear();
  if (exists || also.length > 0) {
    const content = Buffer.from("0123456789");
    notes.set("it", { exists, content, etag, lastModified, strongLastModified, also });
  }
  res.status(204).end();
});
outer.use(inner);
const listening = outer.listen(0, "127.0.0.1", () => {
  console.log(`listening on http://127.0.0.1:${listening.address().port}`);
});
