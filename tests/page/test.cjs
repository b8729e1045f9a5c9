// The page of http-conditional in Chromium: `node test.cjs DEMO DIRECTORY PROXY TUTORIAL [PICTURE]`, with `serve`, with
// `serve --dir` of a directory that has notes.txt, and with `proxy` in front of that and of examples/express running
// there. Prints a row for each check, and fails where one is not as expected. The last one may leave a picture.

const { execFileSync } = require("node:child_process");
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { chromium } = require("playwright-core");
const axe = require("axe-core");

const [origin, directory, proxy, tutorial, picture] = process.argv.slice(2);
const ASIDE = "/_http-conditional/";
const root = join(__dirname, "../..");
const read = (path) => JSON.parse(readFileSync(join(root, path), "utf8"));
const causes = read("cli/src/page/causes.json").groups.flatMap(({ vectors }) => vectors);
const presets = [...causes, ...read("tests/vectors/cases.json").vectors];

const SIZES = { desktop: { width: 1280, height: 900 }, phone: { width: 375, height: 812 } };
const SCHEMES = ["light", "dark"];
// Where other things run too, what is waited for may be long in coming: no failure is said to be one before that.
const PATIENCE = 300_000;
// What Chromium would do by itself on the network.
const QUIET = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];

let passed = 0;
let failed = 0;

function row(what, how, expected, seen) {
  const [wanted, got] = [expected, seen].map((value) => (typeof value === "string" ? value : JSON.stringify(value)));
  const right = wanted === got;
  if (right) passed += 1;
  else failed += 1;
  console.log(`${what.padEnd(46)} ${how.padEnd(14)} ${wanted.padEnd(46)} ${got} ${right ? "ok" : "WRONG"}`);
}

/** The status that a preset should get, and the field that should decide. */
function expectation({ status, method, fields, base_status, expected }) {
  const { decision, deciding_field } = expected;
  const has = (wanted) => fields.some(([name]) => name === wanted);
  const performed = { PUT: 204, GET: has("Range") ? 206 : 200 }[method];
  const code = status
    ?? { "not-modified": 304, "precondition-failed": 412, "perform-ignoring-range": 200 }[decision]
    ?? (base_status === 200 ? performed : base_status);
  return `${code} ${deciding_field ?? "no field"}`;
}

/** What the page shows of what it was told. */
function outcome(page) {
  return page.evaluate(() => {
    const code = document.querySelector("#verdict .status").textContent.split(" ")[0];
    const decided = [...document.querySelectorAll("#why .decided")].filter((step) =>
      step.querySelector(".decides").textContent === "decides");
    const marks = decided.map(({ textContent: text }) => (/^\d\. ([\w-]+):/.exec(text)?.[1] ?? text).toLowerCase());
    return `${code} ${marks.join() || "no field"}`;
  });
}

async function send(page) {
  await page.click("#send");
  await page.waitForSelector("#outcome:not([hidden])");
}

async function everyPreset(page, how, curl) {
  for (const preset of presets) {
    await page.selectOption("#preset", preset.id);
    await send(page);
    // p6: a 200 or a 412 has one step to look at, and a reason.
    const [code] = (await outcome(page)).split(" ");
    if (["200", "412"].includes(code)) {
      const marked = await page.locator("#why .decided").count();
      const reasons = await page.locator("#why .sentences li").count();
      row("  its step is marked, and why", how, "1 true", `${marked} ${reasons > 0}`);
    }
    const sent = await page.textContent("#sent");
    const lines = preset.fields.map(([name, value]) => `${name}: ${value}`);
    // In their order, and none besides.
    const conditions = sent.split("\n").filter((line) => /^(If-|Range)/.test(line));
    const same = JSON.stringify(conditions) === JSON.stringify(lines);
    row(preset.id, how, expectation(preset), same ? await outcome(page) : `sent ${conditions}`);
    if (curl) {
      const command = await page.textContent("#command");
      const answer = execFileSync("bash", ["-c", command], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
      const statusLine = (text) => text.split(/\r?\n/, 1)[0];
      row("  with curl", how, statusLine(await page.textContent("#received")), statusLine(answer));
    }
  }
}

/** A window as it is on that screen, for which one may have to wait. */
async function window(browser, options) {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(PATIENCE);
  return context;
}

/** The page, with what it says on the console. */
async function open(context, said = [], path = "/") {
  const page = await context.newPage();
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  await page.goto(origin + path);
  await page.waitForFunction(() => document.querySelector("#etag").value !== "");
  return page;
}

/** No rule of axe is violated, and nothing is wider than the window. */
async function accessible(page, what, how) {
  const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
  const complaints = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join()}`);
  row(`${what}: axe`, how, [], complaints);
  const excess = await page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - innerWidth));
  row(`${what}: pixels beyond the window`, how, 0, excess);
}

/** Names and roles, as assistive technology gets them. */
async function names(page, how) {
  for (const [role, name] of [["combobox", "Start from"], ["group", "The resource now"], ["combobox", "State"],
    ["textbox", "ETag"], ["textbox", "Last-Modified"], ["checkbox", "The date is a strong validator"],
    ["group", "The request"], ["combobox", "Method"], ["textbox", "Value of If-None-Match"],
    ["button", "Remove If-None-Match"], ["button", "Send"]]) {
    row(`in the tree: ${role} ${name}`, how, 1, await page.getByRole(role, { name, exact: true }).count());
  }
}

/** All that can be reached is reached in the order of the page, and seen to be. */
async function keyboard(page, how) {
  const reached = [];
  const unseen = [];
  await page.evaluate(() => document.activeElement.blur());
  for (let last = ""; last !== "send" && reached.length < 50; ) {
    await page.keyboard.press("Tab");
    const [name, seen] = await page.evaluate(() => {
      const { activeElement } = document;
      const { outlineStyle, outlineWidth } = getComputedStyle(activeElement);
      const { x, y, width, height } = activeElement.getBoundingClientRect();
      const uncovered = activeElement.contains(document.elementFromPoint(x + width / 2, y + height / 2));
      const name = activeElement.id || activeElement.ariaLabel || activeElement.textContent;
      return [name, uncovered && outlineStyle === "solid" && parseFloat(outlineWidth) >= 3];
    });
    reached.push(name);
    if (!seen) unseen.push(name);
    last = name;
  }
  row("keyboard: order", how, ["Try it", "Paste a request", "Last requests", "With curl", "preset", "method", "Name",
    "Value of If-None-Match", "Remove If-None-Match", "add", "state", "etag", "last-modified", "strong", "send"], reached);
  row("keyboard: focus that cannot be seen", how, [], unseen);

  await page.keyboard.press("Space");
  await page.waitForSelector("#outcome:not([hidden])");
  row("keyboard: Send by the space bar", how, "200 no field", await outcome(page));
  row("  it is announced", how, 1, await page.getByRole("status").filter({ hasText: "200 OK, not 304" }).count());
  await page.focus("#add");
  await page.keyboard.press("Enter");
  row("keyboard: a new field begins with its name", how, "If-None-Match", await page.evaluate(() => document.activeElement.value));
  await page.keyboard.press("Tab");
  await page.keyboard.type("\"v1\"");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelector("#why")?.textContent.includes("2 tags"));
  row("keyboard: Send by Enter, with one more line", how, "304 if-none-match", await outcome(page));
  await page.focus("nav a[href='#requests']");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement.id === "requests-title");
  const shown = await page.$$eval("main > section:not([hidden])", (sections) => sections.map(({ id }) => id));
  row("keyboard: the other view, and the focus in it", how, ["requests"], shown);
  await page.goBack();
  await page.waitForSelector("#outcome:not([hidden])");
  await page.focus("#preset");
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  row("keyboard: the second preset", how, `W/"v1"`, await page.inputValue("#fields input"));
}

/** The request, the answer and the beginning of the reason are on one screen, each of them whole. */
async function oneScreen(page, how) {
  await page.selectOption("#preset", "causes/200-suffix");
  await page.waitForFunction(() => document.querySelector("#why").textContent.includes("content coding"));
  const outside = await page.evaluate(() => ["#verdict", "#sent", "#received", "#why h3"].filter((selector) => {
    const { top, bottom } = document.querySelector(selector).getBoundingClientRect();
    return top < 0 || bottom > innerHeight;
  }));
  row("one screen: what is not on it", how, [], outside);
}

/** The address has the whole case in it. */
async function inTheAddress(context, page, said, how) {
  const address = page.url();
  const expected = await outcome(page);
  const other = await context.newPage();
  other.on("console", (message) => said.push(message.text()));
  await other.goto(address);
  await other.waitForSelector("#outcome:not([hidden])");
  row("the address in another tab", how, expected, await outcome(other));
  row("  the field in it", how, "\"v1-gzip\"", await other.inputValue("#fields input"));
  await other.close();
}

const sample = (name) => readFileSync(join(root, "cli/tests/samples", name), "utf8");

/** Whatever `explain` reads can be pasted, and what it says is the same. */
async function pasted(page, how) {
  await page.click("nav a[href='#paste']");
  const paste = async (text) => {
    await page.fill("#pasted", text);
    await page.focus("#pasted");
    await page.keyboard.press("Control+Enter");
    await page.waitForFunction(() => document.querySelector("#read").textContent !== "");
    return page.textContent("#read");
  };
  row("pasted: curl -v", how, "200 OK, not 304: the ETag of the answer, 113d22a8, is not an entity tag.", await paste(sample("curl-v-bare.txt")));
  row("  it says what the right line is", how, 1, await page.locator("#reports li").filter({ hasText: "The right line is ETag: \"113d22a8\"" }).last().count());
  await accessible(page, "pasted", how);
  row("pasted: a HAR file", how, "4 requests.", await paste(sample("har-short.har")));
  row("pasted: Copy as fetch", how, true, (await paste(sample("fetch-chromium-notes.txt"))).startsWith("200 OK or 304 Not Modified"));
  await paste(sample("fields-both.txt"));
  await page.click("#reports a");
  await page.waitForSelector("#outcome:not([hidden])");
  row("  and tried", how, "200 no field", await outcome(page));
}

/** Beside something else, the page is below a path of its own. */
async function aside(context, server, kind, how) {
  const said = [];
  const page = await context.newPage();
  page.on("console", (message) => said.push(message.text()));
  const notes = await context.newPage();
  const path = `/notes.txt?${how.replace(" ", "-")}`;
  await notes.goto(server + path);
  await notes.reload();
  await notes.close();
  await page.goto(server + ASIDE);
  const entries = page.locator("#list > li").filter({ hasText: `GET ${path} ` });
  await entries.first().waitFor();
  row(`${kind}: the list is what is shown first`, how, `GET ${path} 304 Not Modified If-None-Match`,
    (await entries.first().locator("summary").textContent()).match(/GET.*/)[0]);
  await entries.first().locator("summary").click();
  row("  with its reason", how, 1, await entries.first().locator(".decided").count());
  if (kind === "proxy") row("  and a summary", how, true, / requests?, \d+ answered 304/.test(await page.textContent("#totals")));
  await page.evaluate(axe.source);
  await accessible(page, kind, how);
  await page.click("nav a[href='#try']");
  await page.waitForFunction(() => document.querySelector("#etag").value !== "");
  await page.selectOption("#preset", "causes/304-same-tag");
  await page.waitForSelector("#outcome:not([hidden])");
  row(`${kind}: a preset`, how, "304 if-none-match", await outcome(page));
  row(`${kind}: said on the console`, how, [], said);
}

/** The program of the usual tutorial, through the proxy: what is wrong with it is on one screen. */
async function program(browser) {
  const how = "desktop light";
  const config = `${tutorial}/api/config`;
  const ask = (method, headers, body) => fetch(config, { method, headers, body });
  const tag = (await ask("GET")).headers.get("etag");
  await ask("GET", { "If-None-Match": `"${tag}"` });
  await ask("PUT", { "If-Match": "\"old\"", "Content-Type": "application/json" }, "{\"theme\": \"light\"}");
  const context = await window(browser, { viewport: SIZES.desktop, colorScheme: "light" });
  const page = await context.newPage();
  await page.goto(tutorial + ASIDE);
  const entries = page.locator("#list > li");
  await entries.nth(2).waitFor();
  for (const index of [2, 1, 0]) await entries.nth(index).locator("summary").click();
  for (const [said, index] of [["PUT was performed though its condition is false", 0],
    ["answered 200 with 46 bytes though the client had it", 1], ["is not an entity tag", 2]]) {
    row("the tutorial's program: what is said of it", how, true, (await entries.nth(index).textContent()).includes(said));
  }
  row("  and a summary", how, true, (await page.textContent("#totals")).includes("3 with something wrong"));
  // One of them is enough to show.
  for (const index of [2, 0]) await entries.nth(index).locator("summary").click();
  if (picture) await page.screenshot({ path: picture, fullPage: true });
  await context.close();
}

/** Whatever is written to the server, the page runs its own script only, and nothing else runs beside it. */
async function confined(context) {
  const how = "after PUTs";
  const script = "document.title = 'run'";
  const put = (path, content, type) => fetch(origin + path, { method: "PUT", headers: { "Content-Type": type }, body: content });
  for (const path of ["/", "/page.css", "/page.js", "/causes.json", "/cases.json", "/try", "/requests", "/send", "/explain", "/summary"]) {
    await put(path, script, "text/javascript");
  }
  await put("/evil.js", script, "text/javascript");
  await put("/evil.html", `<!doctype html><title>quiet</title><script>${script}</script><script src=/evil.js></script>`, "text/html");
  await put("/notes.txt", `<script>${script}</script>`, "text/html");
  const page = await open(context);
  const inline = await page.evaluate(() => {
    document.body.append(Object.assign(document.createElement("script"), { textContent: "document.title = 'run'" }));
    return document.title;
  });
  row("the page", how, "Conditional requests", inline);
  await page.selectOption("#preset", "causes/304-same-tag");
  await page.waitForSelector("#outcome:not([hidden])");
  row("  it works", how, "304 if-none-match", await outcome(page));
  await page.goto(`${origin}/evil.html`);
  await page.waitForTimeout(200);
  row("a page that somebody has put", how, "quiet", await page.title());
  await page.goto(`${origin}/notes.txt`);
  row("  in place of another", how, "", await page.title());
}

/** Another tab reloads, and the 304 arrives here, without disturbing what is open. */
async function reloadsElsewhere(context, said, how) {
  const watching = await open(context, said, "/#requests");
  await watching.waitForSelector("#list > li:visible");
  await watching.locator("#list > li:visible summary").nth(2).click();
  // A target of its own for each run of this, as the list goes back further.
  const path = `/notes.txt?${how.replace(" ", "-")}`;
  const other = await context.newPage();
  await other.goto(origin + path);
  await other.reload();
  const entries = watching.locator("#list > li").filter({ hasText: `GET ${path} ` });
  await entries.nth(1).waitFor();
  const [second, first] = await entries.locator("summary").allTextContents();
  row("another tab gets it", how, `GET ${path} 200 OK`, first.match(/GET.*/)[0]);
  row("  and reloads it", how, `GET ${path} 304 Not Modified If-None-Match`, second.match(/GET.*/)[0]);
  const step = await entries.first().locator(".decided").textContent();
  row("  the deciding step is marked", how, "3. If-None-Match", step.split(":")[0]);
  row("  it is announced", how, 1, await watching.getByRole("status").filter({ hasText: /^The last one: GET \// }).count());
  row("  what was open is open", how, 1, await watching.locator("#list details[open]").count());
  await other.close();

  row("  the page's own requests are hidden", how, 0, await watching.locator("#list > li[data-own=true]:visible").count());
  await watching.reload();
  await watching.check("#own");
  await watching.waitForSelector("#list > li[data-own=true]:visible");
  for (const path of ["/", "/page.css", "/page.js"]) {
    const reloaded = watching.locator("#list > li").filter({ hasText: new RegExp(`GET ${path} \\d`) }).first();
    const summary = await reloaded.locator("summary").textContent();
    row(`the page is reloaded: ${path}`, how, `GET ${path} 304 Not Modified If-None-Match`, summary.match(/GET.*/)[0]);
  }
  return watching;
}

/** What looks like markup is text, and no script runs but the page's own. */
async function markup(page, how) {
  const evil = "<img src=/ onerror=document.title=1><b>\"'&";
  await page.fill("#etag", `"<i>${evil.replaceAll("\"", "").replaceAll(" ", "")}"`);
  await page.fill("#fields input", evil);
  await send(page);
  row("markup is text: sent", how, true, (await page.textContent("#sent")).includes(evil));
  await page.click("nav a[href='#requests']");
  await page.waitForFunction((text) => [...document.querySelectorAll("#list pre")].some((pre) => pre.textContent.includes(text)), evil);
  row("markup is text: elements made of it", how, 0, await page.locator("main :is(img, i, b)").count());
}

/** What goes wrong is said. These make Chromium complain on its console, so nothing is recorded. */
async function complaints(context, how) {
  const page = await open(context);
  const complaint = async () => {
    await page.click("#send");
    await page.waitForFunction(() => document.querySelector("#complaint").textContent !== "");
    return page.getByRole("alert").textContent();
  };
  await page.fill("#etag", "v1");
  row("the preset is not a preset any more", how, "", await page.inputValue("#preset"));
  row("complaint: a tag without quotes", how,
    "The ETag is not an entity tag: expected `\"` or `W/\"` at byte 0.", (await complaint()).trim());
  await page.fill("#etag", "");
  await context.setOffline(true);
  row("complaint: no server", how, "The server does not answer. Is it still running?", await complaint());
  await page.click("nav a[href='#requests']");
  const news = (text) => page.getByRole("status").filter({ hasText: text }).waitFor().then(() => true);
  row("complaint: no server, in the other view", how, true, await news("The server does not answer."));
  await context.setOffline(false);
  row("  and it is back", how, true, await news("The last one: GET /"));

  const title = await page.evaluate(() => {
    document.body.append(Object.assign(document.createElement("script"), { textContent: "document.title = 'run'" }));
    return document.title;
  });
  row("an inline script is blocked", how, "Conditional requests", title);
}

async function main() {
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: QUIET, timeout: PATIENCE });
  try {
    await program(browser);
    for (const [size, viewport] of Object.entries(SIZES)) {
      for (const colorScheme of SCHEMES) {
        const how = `${size} ${colorScheme}`;
        const context = await window(browser, { viewport, colorScheme });
        const asked = new Set();
        const said = [];
        context.on("request", (request) => asked.add(new URL(request.url()).origin));
        const page = await open(context, said);
        await page.evaluate(axe.source);
        await accessible(page, "the page", how);
        await names(page, how);
        await keyboard(page, how);
        // Once is enough: the command does not depend on the window.
        await everyPreset(page, how, how === "desktop light");
        await accessible(page, "with an outcome", how);
        await oneScreen(page, how);
        await inTheAddress(context, page, said, how);
        await pasted(page, how);
        const watching = await reloadsElsewhere(context, said, how);
        await watching.evaluate(axe.source);
        await watching.locator("#list > li:visible summary").first().click();
        await accessible(watching, "the last requests", how);
        await watching.click("nav a[href='#curl']");
        await accessible(watching, "with curl", how);
        await markup(page, how);
        row("origins that were asked", how, [origin], [...asked]);
        row("said on the console", how, [], said);
        await context.close();

        const unrecorded = await window(browser, { viewport, colorScheme });
        await complaints(unrecorded, how);
        await unrecorded.close();
        for (const [server, kind] of [[directory, "directory"], [proxy, "proxy"]]) {
          const beside = await window(browser, { viewport, colorScheme });
          await aside(beside, server, kind, how);
          await beside.close();
        }
      }
    }
    const context = await window(browser);
    await confined(context);
    await context.close();
  } finally {
    await browser.close();
  }
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

console.log(`${"preset or check".padEnd(46)} ${"scheme".padEnd(14)} ${"expected".padEnd(46)} seen`);
main();
