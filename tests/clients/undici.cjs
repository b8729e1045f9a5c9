// Requests what it reads, a URL and perhaps a Cache-Control a line, through undici's cache interceptor.

const { createInterface } = require("node:readline");
const { Agent, interceptors, request } = require("undici");

const dispatcher = new Agent().compose(interceptors.cache());

async function main() {
  for await (const line of createInterface({ input: process.stdin })) {
    const [url, directive] = line.split(" ");
    const headers = directive ? { "cache-control": directive } : {};
    const { statusCode, body } = await request(url, { dispatcher, headers });
    console.log(`${statusCode} ${await body.text()}`);
  }
}
main();
