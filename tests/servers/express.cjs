// The program of the usual tutorial on ETag and 304: the hash of the content, without quotes,
// compared with the whole If-None-Match.
const crypto = require('crypto');
const express = require('express');

const app = express();
const config = { theme: 'dark', language: 'en', pageSize: 20 };

app.get('/api/config', (req, res) => {
  const etag = crypto.createHash('md5').update(JSON.stringify(config)).digest('hex');
  if (req.headers['if-none-match'] === etag) {
    return res.status(304).end();
  }
  res.set('ETag', etag);
  res.json(config);
});

// What Express does by itself.
app.get('/plain', (req, res) => res.json(config));

app.listen(Number(process.argv[2]), '127.0.0.1');
