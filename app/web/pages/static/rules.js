// A rule is written here: a tree of conditions as nested groups, its words, its place. What the page holds is one
// JSON document, which the service says in words and tries on past orders while it is being written.
import { element } from "live";
import { localTimes } from "page";

const form = document.getElementById("rule");
const material = JSON.parse(document.getElementById("material").textContent);
const facts = new Map(material.facts.map((fact) => [fact.name, fact]));
const MODES = [
  ["all", "All of these hold"],
  ["any", "Any of these holds"],
  ["none", "None of these holds"],
  ["not-all", "Not all of these hold"],
];
const OPS = {
  number: { "=": "is", "!=": "is not", "<": "is less than", "<=": "is at most", ">": "is more than", ">=": "is at least", in: "is one of", not_in: "is none of" },
  text: { "=": "is", "!=": "is not", in: "is one of", not_in: "is none of" },
  codes: { has: "has", has_any: "has any of", has_all: "has all of" },
  flag: { "=": "is so", "!=": "is not so" },
  time: { "=": "is", "!=": "is not", "<": "is before", "<=": "is by", ">": "is after", ">=": "is from" },
};
OPS.money = OPS.number;
OPS.date = OPS.moment = OPS.time;
const LISTS = new Set(["in", "not_in", "has_any", "has_all"]);
const WAIT = 350;

/** An element with properties and children; text is never read as HTML. */
function make(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function choices(pairs, chosen) {
  return pairs.map(([value, text]) => make("option", { value, textContent: text, selected: value === chosen }));
}

// The tree

function groupOf(node) {
  if ("all" in node) return ["all", node.all];
  if ("any" in node) return ["any", node.any];
  if ("not" in node) {
    const part = node.not;
    if ("any" in part) return ["none", part.any];
    if ("all" in part) return ["not-all", part.all];
    return ["none", [part]];
  }
  return null;
}

function group(node, outermost = false) {
  const [mode, parts] = groupOf(node);
  const select = make("select", { ariaLabel: "How the conditions below go together" }, ...choices(MODES, mode));
  const list = make("ol", { className: "parts" });
  const box = make("fieldset", { className: "group" }, make("legend", { className: "unseen", textContent: outermost ? "Conditions" : "Group of conditions" }));
  const head = make("div", { className: "group-head" }, select);
  if (!outermost) head.append(remover(box, "this group"));
  const add = make("button", { type: "button", textContent: "Add a condition" });
  const nest = make("button", { type: "button", className: "plain", textContent: "Add a group" });
  add.addEventListener("click", () => place(list, condition({ fact: "nth_ever", op: "=", value: 3 })));
  nest.addEventListener("click", () => place(list, group({ any: [{ fact: "gift", op: "=", value: false }] })));
  for (const part of parts) list.append(make("li", {}, groupOf(part) ? group(part) : condition(part)));
  box.append(head, list, make("div", { className: "group-foot" }, add, nest));
  box.read = () => {
    const inner = [...list.children].map((item) => item.firstElementChild.read());
    if (select.value === "all" || select.value === "any") return { [select.value]: inner };
    if (select.value === "not-all") return { not: { all: inner } };
    return { not: inner.length === 1 ? inner[0] : { any: inner } };
  };
  return box;
}

function place(list, part) {
  list.append(make("li", {}, part));
  part.querySelector("select").focus();
  changed();
}

function remover(part, what) {
  const button = make("button", { type: "button", className: "remove", ariaLabel: `Remove ${what}` }, "×");
  button.addEventListener("click", () => {
    const item = part.parentElement;
    const foot = item.closest(".group").querySelector(":scope > .group-foot button");
    item.remove();
    foot.focus();
    changed();
  });
  return button;
}

function condition(node) {
  const box = make("div", { className: "condition" });
  const labels = material.facts.map((fact) => [fact.name, fact.label]);
  const name = make("select", { ariaLabel: "Fact" }, ...choices(labels, node.fact));
  const rest = make("span", { className: "rest" });
  const meaning = make("p", { className: "meaning quiet" });
  const draw = (op, value) => {
    const fact = facts.get(name.value);
    meaning.textContent = fact.meaning[0].toUpperCase() + fact.meaning.slice(1) + (fact.needs_history ? "; needs the whole history." : ".");
    const ops = make("select", { ariaLabel: "Comparison" }, ...choices(fact.ops.map((one) => [one, OPS[fact.type][one]]), op));
    const field = make("span", { className: "value" });
    const fill = (given) => field.replaceChildren(...valueOf(fact, ops.value, given, box));
    ops.addEventListener("change", () => fill(undefined));
    fill(value);
    rest.replaceChildren(ops, field);
    box.readOp = () => ops.value;
  };
  name.addEventListener("change", () => draw(undefined, undefined));
  draw(node.op, node.value);
  box.append(name, rest, remover(box, "this condition"), meaning);
  box.read = () => ({ fact: name.value, op: box.readOp(), value: box.readValue() });
  return box;
}

/** The field or fields of a value; `box.readValue` gives what they say as JSON. */
function valueOf(fact, op, value, box) {
  if (fact.type === "flag") {
    // "is so" and "is not so" say it all: the value is always true, and a false one turns the operator round.
    box.readValue = () => true;
    return [];
  }
  const alike = LISTS.has(op) || op === "has" ? [] : material.facts.filter((other) => other.type === fact.type && other.unit === fact.unit && other !== fact);
  const plain = input(fact, op, value?.fact ? undefined : value);
  if (!alike.length) {
    box.readValue = plain.read;
    return plain.shown;
  }
  const against = make("select", { ariaLabel: "Compared with" }, make("option", { value: "", textContent: "a value" }), ...choices(alike.map((other) => [other.name, other.label]), value?.fact));
  const holder = make("span", { className: "plain-value", hidden: Boolean(against.value) }, ...plain.shown);
  against.addEventListener("change", () => (holder.hidden = Boolean(against.value)));
  box.readValue = () => (against.value ? { fact: against.value } : plain.read());
  return [against, holder];
}

function input(fact, op, value) {
  const field = make("input", { ariaLabel: `${fact.label}: value`, autocomplete: "off" });
  const unit = make("span", { className: "unit quiet" });
  const split = () => field.value.split(",").map((part) => part.trim()).filter(Boolean);
  if (fact.type === "number" && !LISTS.has(op)) {
    Object.assign(field, { type: "number", step: "1", value: value ?? 1 });
    unit.textContent = fact.unit;
    return { shown: [field, unit], read: () => Number(field.value || "0") };
  }
  if (fact.type === "number") {
    field.value = (value ?? []).join(", ");
    field.placeholder = "10, 25, 50";
    unit.textContent = fact.unit;
    return { shown: [field, unit], read: () => split().map(Number) };
  }
  if (fact.type === "money") {
    const scale = 10 ** material.digits;
    Object.assign(field, { type: "number", step: 1 / scale, value: ((value ?? 50 * scale) / scale).toFixed(material.digits) });
    unit.textContent = fact.unit;
    return { shown: [field, unit], read: () => Math.round(Number(field.value || "0") * scale) };
  }
  if (fact.type === "date") {
    Object.assign(field, { type: "date", value: value ?? "" });
    return { shown: [field], read: () => field.value };
  }
  if (fact.type === "moment") {
    const local = value ? new Date(new Date(value) - new Date(value).getTimezoneOffset() * 60_000).toISOString().slice(0, 16) : "";
    Object.assign(field, { type: "datetime-local", value: local });
    return { shown: [field, make("span", { className: "unit quiet", textContent: "your time" })], read: () => (field.value ? new Date(field.value).toISOString() : "") };
  }
  field.value = [value ?? ""].flat().join(", ");
  if (fact.name.endsWith("categories")) field.setAttribute("list", "categories");
  if (fact.name === "country") field.placeholder = LISTS.has(op) ? "DE, AT" : "DE";
  if (fact.name === "birthday") field.placeholder = "02-29";
  if (LISTS.has(op)) field.placeholder ||= "several, with commas";
  return { shown: [field], read: () => (LISTS.has(op) ? split() : field.value.trim()) };
}

/** "is not so" is a plain flag with the operator turned round; a stored `= false` is shown as that. */
function upright(node) {
  if ("fact" in node) {
    const turned = facts.get(node.fact)?.type === "flag" && node.value === false;
    return turned ? { ...node, op: node.op === "=" ? "!=" : "=", value: true } : node;
  }
  if ("not" in node) return { not: upright(node.not) };
  const [mode] = Object.keys(node);
  return { [mode]: node[mode].map(upright) };
}

// Its own words

function ownWords(given) {
  const holder = document.getElementById("own");
  holder.append(make("p", { className: "quiet", textContent: `You may use ${material.slots.map((slot) => `{${slot}}`).join(" ")}. Plurals and ordinals are written as in ICU MessageFormat.` }));
  for (const language of material.languages) {
    const name = new Intl.DisplayNames(undefined, { type: "language" }).of(language);
    const list = make("ol", { className: "wordings", lang: language });
    const add = make("button", { type: "button", textContent: `Add a wording in ${name}` });
    add.addEventListener("click", () => {
      list.append(wording({}, language, list));
      list.lastElementChild.querySelector("input").focus();
      changed();
    });
    for (const one of given?.[language] ?? []) list.append(wording(one, language, list));
    holder.append(make("fieldset", { className: "language" }, make("legend", { textContent: name }), list, add));
    list.dataset.language = language;
  }
}

function wording(given, language, list) {
  const right = ["ar", "fa", "he", "ur"].includes(language) ? "rtl" : "ltr";
  const headline = make("input", { maxLength: 120, value: given.headline ?? "", dir: right });
  const message = make("textarea", { maxLength: 1200, rows: 4, value: given.message ?? "", dir: right });
  const remove = make("button", { type: "button", className: "remove", ariaLabel: "Remove this wording" }, "×");
  const item = make("li", {}, make("label", {}, "Headline", headline), make("label", {}, "Message", message), remove);
  remove.addEventListener("click", () => {
    item.remove();
    list.parentElement.querySelector(":scope > button").focus();
    changed();
  });
  // The greetings, which this page does not show, stay as they were written.
  item.read = () => ({ ...given, headline: headline.value, message: message.value });
  return item;
}

// The whole document

const part = Object.fromEntries(["title", "name", "occasion", "intent", "side", "neighbour", "since", "until", "own", "days"].map((id) => [id, document.getElementById(id)]));
const checked = (name) => form.querySelector(`[name=${name}]:checked`).value;

function read() {
  const own = checked("words") === "own";
  const words = { occasion: part.occasion.value };
  if (own) {
    words.own = {};
    for (const list of part.own.querySelectorAll(".wordings")) {
      const said = [...list.children].map((item) => item.read());
      if (said.length) words.own[list.dataset.language] = said;
    }
  }
  const rule = { name: part.name.value, title: part.title.value, when: tree.read(), kind: checked("kind"), words };
  rule.intent = own ? part.intent.value : "note";
  if (part.side.value) rule.place = { [part.side.value]: part.neighbour.value };
  if (part.since.value) rule.since = part.since.value;
  if (part.until.value) rule.until = part.until.value;
  return rule;
}

function show(rule) {
  part.title.value = rule.title ?? "";
  part.name.value = rule.name ?? "";
  part.occasion.append(...choices(material.words.map((one) => [one.code, one.title]), rule.words?.occasion ?? "generic"));
  part.neighbour.append(...choices(material.priorities.map((one) => [one.code, one.title]), rule.place?.after ?? rule.place?.before));
  part.side.value = rule.place?.after ? "after" : rule.place?.before ? "before" : "";
  part.intent.value = rule.intent ?? "note";
  part.since.value = rule.since ?? "";
  part.until.value = rule.until ?? "";
  form.querySelector(`[name=words][value=${rule.words?.own ? "own" : "card"}]`).checked = true;
  form.querySelector(`[name=kind][value=${rule.kind ?? "soft"}]`).checked = true;
  ownWords(rule.words?.own);
}

function follow() {
  const own = checked("words") === "own";
  part.own.hidden = !own;
  document.getElementById("intent-field").hidden = !own;
  document.getElementById("occasion-label").textContent = own ? "Picture of" : "Words for";
  part.neighbour.disabled = !part.side.value;
}

// In words, and tried

let asked = new AbortController();
let timer = 0;
const sentence = document.getElementById("sentence");
const faults = document.getElementById("faults");
const simulation = document.getElementById("simulation");
const progress = document.getElementById("progress");

function body(more = {}) {
  return new URLSearchParams({ csrf: form.csrf.value, document: JSON.stringify(read()), ...more });
}

/** The part of the rule that a pointer leads to, in a word: "/words/own/en/0/headline" is "Headline". */
function where(pointer) {
  const word = pointer.split("/").findLast((part) => /[a-z]/.test(part)) ?? "rule";
  return word[0].toUpperCase() + word.slice(1).replaceAll("_", " ") + ":";
}

async function check(signal) {
  const answer = await fetch(form.dataset.check, { method: "POST", body: body(), signal });
  if (!answer.ok) return false;
  const { sentence: said, problems = [], warnings = [] } = await answer.json();
  sentence.textContent = said ?? "Not a whole rule yet:";
  faults.replaceChildren(...[...problems, ...warnings].map((one) => make("li", {}, make("strong", { textContent: `${where(one.pointer)} ${one.detail}.` }), ` ${one.mend}`)));
  faults.classList.toggle("warned", !problems.length);
  return !problems.length;
}

async function simulate(signal) {
  const answer = await fetch(form.dataset.simulate, { method: "POST", body: body({ days: part.days.value }), signal });
  if (!answer.ok) return;
  simulation.ariaBusy = "true";
  progress.hidden = false;
  let rest = "";
  for await (const text of answer.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop();
    const last = lines.at(-1);
    if (!last) continue;
    const { done, of, html } = JSON.parse(last);
    Object.assign(progress, { max: Math.max(of, 1), value: done });
    simulation.replaceChildren(element(html));
    localTimes(simulation);
  }
  progress.hidden = true;
  simulation.ariaBusy = "false";
}

async function ask() {
  asked.abort();
  asked = new AbortController();
  const { signal } = asked;
  try {
    if (await check(signal)) await simulate(signal);
    else simulation.replaceChildren(make("p", { className: "quiet", textContent: "Once the rule can be used, you see here whom it would have reached." }));
  } catch (error) {
    if (error.name !== "AbortError") sentence.textContent = "The service does not answer; what you wrote is still here.";
  }
}

function changed() {
  follow();
  document.getElementById("unsaved")?.removeAttribute("hidden");
  clearTimeout(timer);
  timer = setTimeout(ask, WAIT);
}

show(material.rule);
const start = upright(material.rule.when);
const tree = group(groupOf(start) ? start : { all: [start] }, true);
document.getElementById("tree").append(tree);
document.body.append(make("datalist", { id: "categories" }, ...material.categories.map((value) => make("option", { value }))));

if (!part.name.readOnly) {
  part.title.addEventListener("input", () => {
    part.name.value = part.title.value.normalize("NFKD").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 40).replace(/-+$/, "");
  });
}
form.addEventListener("input", changed);
form.addEventListener("change", changed);
part.days.addEventListener("change", ask);
form.addEventListener("submit", () => (form.elements.namedItem("document").value = JSON.stringify(read())));
follow();
ask();
