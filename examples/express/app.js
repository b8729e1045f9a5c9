// What the usual tutorial makes of ETag and If-None-Match in Express. It is wrong, and is here to be looked at
// through `http-conditional proxy`: docs/programs.md has what that says.

const crypto = require("node:crypto");
const express = require("express");

const app = express();
let config = { theme: "dark", language: "en", pageSize: 20 };

app.all("/api/config", express.json(), (req, res) => {
  const body = JSON.stringify(config);
  const etag = crypto.createHash("sha256").update(body).digest("hex");
  if (req.headers["if-none-match"] === etag) return res.status(304).end();
  if (req.method === "PUT") {
    config = req.body;
    return res.status(204).end();
  }
  res.set("ETag", etag).type("json").end(body);
});

const server = app.listen(Number(process.argv[2] ?? 3000), "127.0.0.1", () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});
