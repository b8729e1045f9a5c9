// A headless Chromium that does what it reads, a command a line, and answers each with the status
// as it was on the wire, which is not what a page gets to see, and with the text of the page.

const { createInterface } = require("node:readline");
const { chromium } = require("playwright-core");

const launched = chromium.launch({
  executablePath: process.argv[2],
  chromiumSandbox: false, // which root cannot have
  handleSIGINT: false,
  handleSIGTERM: false,
});
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, async () => {
    await (await launched).close();
    process.exit();
  });
}

async function main() {
  const page = await (await launched).newPage();
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  const commands = {
    load: (url) => session.send("Page.navigate", { url }),
    reload: () => session.send("Page.reload"),
    "hard-reload": () => session.send("Page.reload", { ignoreCache: true }),
  };
  for await (const line of createInterface({ input: process.stdin })) {
    const [command, argument] = line.split(" ");
    const responded = new Promise((resolve) => {
      session.once("Network.responseReceivedExtraInfo", resolve);
    });
    const loaded = page.waitForEvent("load");
    await commands[command](argument);
    const [{ statusCode }] = await Promise.all([responded, loaded]);
    console.log(`${statusCode} ${await page.innerText("body")}`);
  }
}
main();
