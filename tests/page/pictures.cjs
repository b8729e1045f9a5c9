// The pictures of the README: `node pictures.cjs DEMO REPORT FOLDER`, with `serve` running and the report of a `check` in
// a file. Each is made once for light and once for dark.

const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { chromium } = require("playwright-core");

const [origin, report, folder] = process.argv.slice(2);
const PATIENCE = 120_000;

/** A report as a terminal shows it. */
function terminal(dark, text) {
  const [paper, ink] = dark ? ["#16181d", "#e6e6e6"] : ["#ffffff", "#1c1c1c"];
  const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<style>body { margin: 0; background: ${paper} } pre { margin: 0; padding: 16px 20px; display: inline-block;
    color: ${ink}; font: 15px/1.35 monospace }</style><pre>${escaped}</pre>`;
}

async function main() {
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", timeout: PATIENCE,
    args: ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"] });
  try {
    for (const colorScheme of ["light", "dark"]) {
      const context = await browser.newContext({ viewport: { width: 1000, height: 960 }, colorScheme });
      context.setDefaultTimeout(PATIENCE);
      const page = await context.newPage();
      await page.goto(origin);
      await page.waitForFunction(() => document.querySelector("#etag").value !== "");
      await page.selectOption("#preset", "causes/200-suffix");
      await page.click("#send");
      await page.locator("#why .decided").first().waitFor();
      await page.evaluate(() => scrollTo(0, 0));
      await page.screenshot({ path: join(folder, `page-${colorScheme}.png`) });

      // Another page: the first lets no style in.
      const beside = await context.newPage();
      await beside.setContent(terminal(colorScheme === "dark", readFileSync(report, "utf8")));
      await beside.locator("pre").screenshot({ path: join(folder, `check-${colorScheme}.png`) });
      await context.close();
    }
  } finally {
    await browser.close();
  }
}

main();
