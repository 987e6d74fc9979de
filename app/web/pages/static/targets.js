// The targets: rows are renewed in place as presses and operators change, with what is open and in focus kept.
import { element, follow } from "live";
import { localTimes } from "page";

const targets = document.getElementById("targets");
let last = new Map();

function rowsOf(root) {
  return new Map([...root.querySelectorAll(".row[data-id]")].map((row) => [row.dataset.id, row]));
}

// What has the focus in a row, to be found again in the row that takes its place.
function focusedIn(row) {
  const focused = row.contains(document.activeElement) && document.activeElement;
  if (!focused) return () => {};
  const label = focused.getAttribute("aria-label");
  const same = label ? `[aria-label="${CSS.escape(label)}"]` : focused.localName;
  return (renewed) => (renewed.querySelector(same) ?? renewed.querySelector("button, a, summary"))?.focus();
}

function renew({ version, html }) {
  targets.dataset.version = version;
  const next = element(html);
  const before = rowsOf(targets);
  const drawn = new Map([...rowsOf(next)].map(([id, row]) => [id, row.outerHTML]));
  const again = [];
  for (const [id, row] of rowsOf(next)) {
    const old = before.get(id);
    if (!old) continue;
    const details = row.querySelector("details");
    if (details) details.open = old.querySelector("details")?.open ?? false;
    if (last.size && last.get(id) !== drawn.get(id)) row.classList.add("renewed");
    again.push([focusedIn(old), row]);
  }
  last = drawn;
  localTimes(next);
  targets.replaceChildren(next);
  for (const [focusAgain, row] of again) focusAgain(row);
}

follow(() => `${targets.dataset.live}?version=${targets.dataset.version}`, { rows: renew });
