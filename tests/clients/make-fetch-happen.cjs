// Requests the URLs that it reads, one a line, through make-fetch-happen's cache: npm's client.

const { createInterface } = require("node:readline");
const fetch = require("make-fetch-happen").defaults({ cachePath: process.argv[2] });

async function main() {
  for await (const url of createInterface({ input: process.stdin })) {
    const response = await fetch(url);
    const status = response.headers.get("x-local-cache-status");
    console.log(`${response.status} ${(await response.text()).trim()}, ${status}`);
  }
}
main();
