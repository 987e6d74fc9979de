// The list of orders: rows renewed in place, news counted without moving anything, J and K to go through it.
import { element, follow } from "live";
import { keysOn, localTimes, typing } from "page";

const MOST_COUNTED = 100;
const list = document.getElementById("rows");
const fresh = document.getElementById("fresh");
const title = document.title;

function rows() {
  return [...document.querySelectorAll(".row[data-id]")];
}

function address() {
  const shown = new Map(rows().map((row) => [row.dataset.id, row.dataset.version]));
  const asked = new URLSearchParams({ rows: [...shown].map((pair) => pair.join(":")).join(",") });
  if (list.dataset.newest) asked.set("newest", list.dataset.newest);
  const url = list.dataset.live;
  return `${url}${url.includes("?") ? "&" : "?"}${asked}`;
}

function renew({ id, html }) {
  for (const row of document.querySelectorAll(`.row[data-id="${CSS.escape(id)}"]`)) {
    const focused = row.contains(document.activeElement);
    const renewed = element(html).querySelector(".row");
    localTimes(renewed);
    renewed.classList.add("renewed");
    row.replaceWith(renewed);
    if (focused) renewed.querySelector(".open").focus();
  }
}

function count({ attention, newer = 0 }) {
  if (newer && !fresh) location.reload();
  document.title = attention ? `(${attention}) ${title}` : title;
  if (!fresh) return;
  const many = newer >= MOST_COUNTED ? `${MOST_COUNTED} or more` : newer;
  fresh.hidden = !newer;
  fresh.querySelector("span").textContent = newer === 1 ? "1 new order" : `${many} new orders`;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !keysOn() || typing(event.target)) return;
  const step = { j: 1, k: -1 }[event.key.toLowerCase()];
  if (!step) return;
  const all = rows();
  const at = all.findIndex((row) => row.contains(document.activeElement));
  const next = at < 0 ? 0 : Math.min(Math.max(at + step, 0), all.length - 1);
  const link = all[next]?.querySelector(".open");
  link?.focus();
  link?.closest(".row").scrollIntoView({ block: "nearest" });
});

for (const select of document.querySelectorAll(".sift select")) {
  select.addEventListener("change", () => select.form.requestSubmit());
}
if (list) follow(address, { row: renew, counts: count });
