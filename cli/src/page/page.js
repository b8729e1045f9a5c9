// The page of http-conditional. What comes from requests and answers gets into the document as
// text only.

const byId = (id) => document.getElementById(id);
const KIND = document.documentElement.dataset.kind;

/** An element with properties, and with elements and texts in it. */
function element(name, properties = {}, ...content) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...content);
  return made;
}

/** The JSON that the server answers with; an error with a sentence for people where it does not. */
async function ask(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Error("The server does not answer. Is it still running?");
  }
  if (!response.ok) throw new Error((await response.text()).trim());
  return response.json();
}

// Views: one section at a time, by the fragment of the address. Behind a question mark it has what
// is tried: #try?method=GET&etag=..&field=If-None-Match: "v1"

const sections = [...document.querySelectorAll("main > section")];
const view = () => location.hash.split("?")[0];

function show() {
  const first = KIND === "demo" ? "#try" : "#requests";
  const shown = sections.find(({ id }) => `#${id}` === (view() || first)) ?? sections[0];
  for (const section of sections) {
    section.hidden = section !== shown;
    const link = document.querySelector(`nav a[href^="#${section.id}"]`);
    if (section === shown) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  return shown;
}

window.addEventListener("hashchange", () => {
  show().querySelector("h2").focus();
  watch();
  fromAddress();
});

// What there is to say: the same in every view, as the server says it.

/** The step to look at is marked, and said to be it. */
function steps(finding) {
  const marks = { decides: "decides", kept: "prevented a 304" };
  const items = finding.steps.map(({ text, remark, mark }) => {
    const item = element("li", { className: mark ? "decided" : "" }, text);
    item.classList.toggle("absent", text.endsWith(": absent"));
    if (mark) item.append(element("span", { className: "decides" }, marks[mark]));
    if (remark) item.append(element("span", { className: "remark" }, remark));
    return item;
  });
  return items.length ? [element("h3", {}, "The steps"), element("ol", { className: "steps" }, ...items)] : [];
}

function sentences(title, texts, className = "") {
  if (!texts.length) return [];
  const items = texts.map((text) => element("li", {}, text));
  return [element("h3", {}, title), element("ul", { className: `sentences ${className}` }, ...items)];
}

function why(finding) {
  return [
    ...sentences("Why", finding.because),
    ...sentences("What to do", finding.advice, "advice"),
    ...steps(finding),
  ];
}

function status(code, reason) {
  const kinds = { 2: "good", 4: "bad", 5: "bad" };
  const kind = code === 304 ? "same" : kinds[Math.floor(code / 100)] ?? "other";
  return element("strong", { className: `status ${kind}` }, `${code} ${reason}`);
}

// Trying: from a description of the resource and the request to what came of it.

const form = byId("request");

function addField(name, value) {
  const row = byId("field").content.firstElementChild.cloneNode(true);
  const [select, input, button] = row.children;
  const label = () => {
    input.ariaLabel = `Value of ${select.value}`;
    button.ariaLabel = `Remove ${select.value}`;
  };
  select.value = name;
  input.value = value;
  label();
  select.addEventListener("change", label);
  button.addEventListener("click", () => {
    row.remove();
    own();
    byId("add").focus();
  });
  byId("fields").append(row);
  return select;
}

/** Where there is no representation there are no validators. */
function showValidators() {
  byId("validators").hidden = byId("state").value !== "";
}

/** What is tried is not a preset any more. */
function own() {
  byId("preset").value = "";
}

function forget() {
  byId("complaint").textContent = "";
  byId("verdict").replaceChildren();
  byId("outcome").hidden = true;
  byId("invitation").hidden = false;
}

function fillIn({ method, fields, state = "", etag = "", lastModified = "", strong = false }) {
  byId("state").value = state;
  byId("etag").value = etag;
  byId("last-modified").value = lastModified;
  byId("strong").checked = strong;
  byId("method").value = method;
  byId("fields").replaceChildren();
  for (const [name, value] of fields) addField(name, value);
  showValidators();
}

/** The state of the resource, as the query of the playground's path. */
function query() {
  if (byId("state").value) return byId("state").value;
  const date = byId("strong").checked ? "strong-last-modified" : "last-modified";
  const members = [["etag", byId("etag").value], [date, byId("last-modified").value]];
  return members
    .filter(([, value]) => value)
    // Commas and colons may stand in a query, and dates can be read with them.
    .map(([name, value]) => `${name}=${encodeURIComponent(value).replace(/%2C|%3A/g, decodeURIComponent)}`)
    .join("&");
}

function described() {
  const fields = [...byId("fields").children].map(({ children: [name, value] }) => [name.value, value.value]);
  return { method: byId("method").value, query: query(), fields };
}

/** The whole case, as a part of the address. */
function address({ method, query, fields }) {
  const said = new URLSearchParams(query);
  said.set("method", method);
  for (const [name, value] of fields) said.append("field", `${name}: ${value}`);
  return `#try?${said}`;
}

/** Fills in and sends what the address says, if it says something else than is shown. */
function fromAddress() {
  if (view() !== "#try" || !location.hash.includes("?") || location.hash === address(described())) return;
  const said = new URLSearchParams(location.hash.slice("#try?".length));
  const strong = said.get("strong-last-modified");
  own();
  fillIn({
    method: said.get("method") ?? "GET",
    fields: said.getAll("field").map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon), line.slice(colon + 1).trimStart()];
    }),
    state: ["missing", "moved"].find((state) => said.has(state)),
    etag: said.get("etag") ?? "",
    lastModified: strong ?? said.get("last-modified") ?? "",
    strong: strong !== null,
  });
  send();
}

function present({ method, query, fields }, { request, response, finding }) {
  const [, code, reason] = response.match(/^HTTP\/1\.1 (\d+) (.*)/) ?? [];
  byId("verdict").replaceChildren(
    code ? status(Number(code), reason) : "The connection was closed without an answer. ",
    finding ? `${finding.summary}.` : "Nothing was evaluated: this is no proper request.",
  );
  byId("why").replaceChildren(...(finding ? why(finding) : []));
  const marked = finding?.steps.find(({ mark }) => mark)?.text.match(/[A-Z][A-Za-z-]+/)[0];
  const lines = request.trimEnd().split("\r\n").map((line) =>
    line.startsWith(`${marked}:`) ? element("mark", {}, line) : line);
  byId("sent").replaceChildren(...lines.flatMap((line) => [line, "\n"]));
  byId("received").textContent = response.replaceAll("\r\n", "\n").trimEnd();
  byId("command").textContent = command(method, query, fields);
  byId("outcome").hidden = false;
  byId("invitation").hidden = true;
  // On a phone that is below the form: all of it should be visible.
  const [{ top }, { bottom }] = [byId("verdict"), byId("received")].map((shown) => shown.getBoundingClientRect());
  if (top < 0 || bottom > innerHeight) byId("verdict").scrollIntoView();
}

function command(method, query, fields) {
  const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
  const options = {
    GET: "",
    HEAD: " -I",
    PUT: " -X PUT -d 'Something new.'",
    POST: " -d 'Something new.'",
    PATCH: " -X PATCH -d 'Something new.'",
  };
  const lines = fields.map(([name, value]) =>
    // A field without a value is taken out by curl, unless it is written like this.
    ` \\\n  -H ${quoted(value ? `${name}: ${value}` : `${name};`)}`);
  const target = `${new URL("try", location.href.split("#")[0])}${query && "?"}${query}`;
  return `curl -i${options[method] ?? ` -X ${method}`} ${quoted(target)}${lines.join("")}`;
}

async function send() {
  forget();
  const description = described();
  history.replaceState(null, "", address(description));
  try {
    const exchange = await ask("send", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(description),
    });
    present(description, exchange);
  } catch ({ message }) {
    byId("complaint").textContent = message;
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});
byId("add").addEventListener("click", () => {
  own();
  addField("If-None-Match", "").focus();
});
byId("state").addEventListener("change", showValidators);

async function loadPresets() {
  const [{ groups }, cases] = await Promise.all([ask("causes.json"), ask("cases.json")]);
  const presets = new Map();
  for (const { title, vectors } of [...groups, cases]) {
    const options = vectors.map((vector) => {
      presets.set(vector.id, vector);
      const number = vector.id.match(/^cases\/0?(\d+)/);
      const text = number ? `${number[1]}. ${vector.description}` : vector.description;
      return element("option", { value: vector.id }, text);
    });
    byId("preset").append(element("optgroup", { label: title }, ...options));
  }
  const choose = () => {
    const preset = presets.get(byId("preset").value);
    forget();
    if (!preset) return;
    const { method, fields, state, base_status: base } = preset;
    fillIn({
      method,
      fields,
      state: base === 301 ? "moved" : state.exists ? "" : "missing",
      etag: state.etag ?? "",
      lastModified: state.last_modified?.http_date ?? "",
      strong: state.last_modified_strong,
    });
  };
  form.addEventListener("input", ({ target }) => {
    if (target !== byId("preset")) return own();
    choose();
    if (byId("preset").value) send();
  });
  if (view() === "#try" && location.hash.includes("?")) return fromAddress();
  byId("preset").value = groups[1].vectors[0].id;
  choose();
}

// Pasting: the server reads and explains whatever somebody has.

/** The case of a report in the address of this page, where it can be tried here. */
function trying({ method, fields, etag, last_modified: date, cause }) {
  const state = new URLSearchParams();
  if (cause === "missing") state.set("missing", "");
  if (etag) state.set("etag", etag);
  if (date) state.set("last-modified", date);
  return element("a", { href: address({ method, query: String(state), fields }) }, "Try it with other values");
}

function reported(report, open) {
  const { method, target, answered, summary, faults, assumed } = report;
  const title = element("summary", {}, `${method} ${target} `, element("strong", {}, summary));
  if (answered && answered !== report.status) title.append(` (it was ${answered})`);
  const items = faults.map(({ text }) => element("p", { className: "fault" }, text));
  const notes = assumed ? [element("p", { className: "hint" }, "There is no request line, so the method was taken to be GET.")] : [];
  return element("li", {}, element("details", { open }, title, ...items, ...why(report), ...notes, element("p", {}, trying(report))));
}

byId("pasting").addEventListener("submit", async (event) => {
  event.preventDefault();
  byId("unreadable").textContent = "";
  byId("read").textContent = "";
  byId("reports").replaceChildren();
  try {
    const reports = await ask("explain", { method: "POST", body: byId("pasted").value });
    byId("reports").replaceChildren(...reports.map((report) => reported(report, reports.length === 1)));
    const [{ summary }] = reports;
    byId("read").textContent = reports.length === 1 ? `${summary}.` : `${reports.length} requests.`;
  } catch ({ message }) {
    byId("unreadable").textContent = message;
  }
});
byId("pasted").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) byId("pasting").requestSubmit();
});

// Watching: what has reached the server, asked for every second while it is looked at.

let newest = 0;
let watching = false;

function listed({ time, method, target, fields, status: code, reason, own, finding, faults }) {
  const when = new Date(time);
  const decided = finding?.steps.find(({ mark }) => mark === "decides")?.text.match(/[A-Z][A-Za-z-]+/)[0];
  const summary = element(
    "summary",
    {},
    element("time", { dateTime: when.toISOString() }, when.toLocaleTimeString()),
    `${method} ${target} `,
    status(code, reason),
    decided ? ` ${decided}` : "",
  );
  const wrong = faults.map(({ text }) => element("span", { className: "fault" }, element("br"), `! ${text}`));
  summary.append(...wrong);
  const lines = fields.map(([name, value]) => `${name}: ${value}`).join("\n");
  const said = finding ? [element("p", {}, `${finding.summary}.`), ...why(finding)] : [element("p", {}, "Nothing was evaluated.")];
  const details = lines ? [element("pre", {}, lines), ...said] : said;
  const item = element("li", { hidden: own && !byId("own")?.checked }, element("details", {}, summary, ...details));
  item.dataset.own = own;
  return item;
}

byId("own")?.addEventListener("change", ({ target }) => {
  for (const item of byId("list").children) item.hidden = item.dataset.own === "true" && !target.checked;
});

/** Brings the list up to date, and says what there is to say of it. */
async function update() {
  const [requests, totals] = await Promise.all([
    ask("requests", { cache: "no-cache" }),
    byId("totals") && ask("summary", { cache: "no-cache" }),
  ]);
  if (totals?.totals.requests) byId("totals").textContent = `${totals.sentence}.`;
  const list = byId("list");
  if (!requests.length || requests[0].number < newest) {
    // The server was started again.
    list.replaceChildren();
    newest = 0;
  }
  const fresh = requests.filter(({ number }) => number > newest);
  list.prepend(...fresh.map(listed));
  while (list.children.length > requests.length) list.lastElementChild.remove();
  newest = requests[0]?.number ?? 0;
  const last = requests.find(({ own }) => !own || byId("own")?.checked);
  if (!last) return "There was none so far.";
  const { method, target, status: code, reason } = last;
  return `The last one: ${method} ${target.split("?")[0]}, ${code} ${reason}.`;
}

async function watch() {
  if (watching) return;
  watching = true;
  while (!byId("requests").hidden && !document.hidden) {
    const news = await update().catch(({ message }) => message);
    // What is written again would be read out again.
    if (byId("news").textContent !== news) byId("news").textContent = news;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  watching = false;
}

document.addEventListener("visibilitychange", watch);
show();
watch();
loadPresets();
