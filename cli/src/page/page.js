// The page of the example server. What comes from requests and answers gets into the document as
// text only.

const byId = (id) => document.getElementById(id);

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
  if (!response.ok) throw new Error(await response.text());
  return response.json();
}

// Views: one section at a time, by the fragment of the address.

const sections = [...document.querySelectorAll("main > section")];

function show() {
  const shown = sections.find(({ id }) => `#${id}` === location.hash) ?? sections[0];
  for (const section of sections) {
    section.hidden = section !== shown;
    const link = document.querySelector(`nav a[href="#${section.id}"]`);
    if (section === shown) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  return shown;
}

window.addEventListener("hashchange", () => {
  show().querySelector("h2").focus();
  watch();
});

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

/** The validators are of no account where there is no representation. */
function showValidators() {
  byId("validators").hidden = byId("state").value !== "";
}

/** What is tried is not a preset any more. */
function own() {
  byId("preset").value = "";
  byId("preset-says").textContent = "";
}

function forget() {
  byId("complaint").textContent = "";
  byId("verdict").replaceChildren();
  byId("outcome").hidden = true;
  byId("invitation").hidden = false;
}

function fillIn({ method, fields, state, base_status }) {
  byId("state").value = base_status === 301 ? "moved" : state.exists ? "" : "missing";
  byId("etag").value = state.etag ?? "";
  byId("last-modified").value = state.last_modified?.http_date ?? "";
  byId("strong").checked = state.last_modified_strong;
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

/** The deciding step marked, and said to be it. */
function steps(explanation) {
  return explanation.steps.map(({ text, decided }) => {
    const item = element("li", { className: decided ? "decided" : "" }, text);
    item.classList.toggle("absent", text.endsWith(": absent"));
    if (decided) item.append(element("span", { className: "decides" }, "decides"));
    return item;
  });
}

function status(code, reason) {
  const kinds = { 2: "good", 4: "bad", 5: "bad" };
  const kind = code === 304 ? "same" : kinds[Math.floor(code / 100)] ?? "other";
  return element("strong", { className: `status ${kind}` }, `${code} ${reason}`);
}

function present({ method, query, fields }, { request, response, explanation }) {
  const [, code, reason] = response.match(/^HTTP\/1\.1 (\d+) (.*)/) ?? [];
  byId("verdict").replaceChildren(
    code ? status(Number(code), reason) : "The connection was closed without an answer. ",
    explanation ? `The decision: ${explanation.decision}.` : "Nothing was evaluated: this is no proper request.",
  );
  byId("steps").replaceChildren(...(explanation ? steps(explanation) : []));
  const deciding = explanation?.steps.find(({ decided }) => decided)?.text.match(/[A-Z][A-Za-z-]+/)[0];
  const lines = request.trimEnd().split("\r\n").map((line) =>
    line.startsWith(`${deciding}:`) ? element("mark", {}, line) : line);
  byId("sent").replaceChildren(...lines.flatMap((line) => [line, "\n"]));
  byId("received").textContent = response.replaceAll("\r\n", "\n").trimEnd();
  byId("command").textContent = command(method, query, fields);
  byId("outcome").hidden = false;
  byId("invitation").hidden = true;
  const { top, bottom } = byId("verdict").getBoundingClientRect();
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
  const target = `${location.origin}/try${query && "?"}${query}`;
  return `curl -i${options[method] ?? ` -X ${method}`} ${quoted(target)}${lines.join("")}`;
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  forget();
  const description = described();
  try {
    const exchange = await ask("/send", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(description),
    });
    present(description, exchange);
  } catch ({ message }) {
    byId("complaint").textContent = message;
  }
});
byId("add").addEventListener("click", () => {
  own();
  addField("If-None-Match", "").focus();
});
byId("state").addEventListener("change", showValidators);

async function loadPresets() {
  const [{ groups }, cases] = await Promise.all([ask("/causes.json"), ask("/cases.json")]);
  const presets = new Map();
  for (const { title, vectors } of [...groups, cases]) {
    const options = vectors.map((vector) => {
      const says = `${title}${title.endsWith("?") ? "" : ":"} ${vector.description}`;
      presets.set(vector.id, { ...vector, says });
      const number = vector.id.match(/^cases\/0?(\d+)/);
      const text = number ? `${number[1]}. ${vector.description}` : vector.description;
      return element("option", { value: vector.id }, text);
    });
    byId("preset").append(element("optgroup", { label: title }, ...options));
  }
  const choose = () => {
    const preset = presets.get(byId("preset").value);
    forget();
    byId("preset-says").textContent = preset?.says ?? "";
    if (preset) fillIn(preset);
  };
  form.addEventListener("input", ({ target }) => (target === byId("preset") ? choose() : own()));
  byId("preset").value = groups[0].vectors[0].id;
  choose();
}

// Watching: what has reached the server, asked for every second while it is looked at.

let newest = 0;
let watching = false;

function listed({ time, method, target, fields, status: code, reason, field, explanation }) {
  const when = new Date(time);
  const summary = element(
    "summary",
    {},
    element("time", { dateTime: when.toISOString() }, when.toLocaleTimeString()),
    `${method} ${target} `,
    status(code, reason),
    field ? ` ${field}` : "",
  );
  const lines = fields.map(([name, value]) => `${name}: ${value}`).join("\n");
  const why = explanation
    ? [element("p", {}, `The decision: ${explanation.decision}.`), element("ol", { className: "steps" }, ...steps(explanation))]
    : [element("p", {}, "Nothing was evaluated.")];
  const details = lines ? [element("pre", {}, lines), ...why] : why;
  return element("li", {}, element("details", {}, summary, ...details));
}

/** Brings the list up to date, and says what there is to say of it. */
async function update() {
  const requests = await ask("/requests", { cache: "no-cache" });
  const list = byId("list");
  if (!requests.length || requests[0].number < newest) {
    // The server was started again.
    list.replaceChildren();
    newest = 0;
  }
  const fresh = requests.filter(({ number }) => number > newest);
  list.prepend(...fresh.map(listed));
  while (list.children.length > requests.length) list.lastElementChild.remove();
  if (!requests.length) return "There was none so far.";
  const [{ number, method, target, status: code, reason }] = requests;
  newest = number;
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
