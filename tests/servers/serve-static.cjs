// As its README has it.
const finalhandler = require('finalhandler');
const http = require('http');
const serveStatic = require('serve-static');

const serve = serveStatic(process.argv[3]);
http
  .createServer((req, res) => serve(req, res, finalhandler(req, res)))
  .listen(Number(process.argv[2]), '127.0.0.1');
