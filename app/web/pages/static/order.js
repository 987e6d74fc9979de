// One order: renewed as a whole when anything about it changes, with the reader's overlays, size and place kept.
import { element, follow } from "live";
import { localTimes } from "page";

const NARROW = window.matchMedia("(max-width: 480px)");

function choices(order) {
  return [...order.querySelectorAll(".tools input")];
}

function keep(from, to) {
  for (const input of choices(from)) {
    const same = choices(to).find((other) => other.name === input.name && other.value === input.value);
    if (same) same.checked = input.checked;
  }
  const opened = [...from.querySelectorAll("details")].map((details) => details.open);
  [...to.querySelectorAll("details")].forEach((details, at) => (details.open = opened[at] ?? false));
  const key = from.contains(document.activeElement) && document.activeElement.dataset.key;
  return () => key && to.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
}

async function renew() {
  const answer = await fetch(location.href);
  if (!answer.ok) return;
  const now = document.getElementById("order");
  const next = element(await answer.text()).querySelector("#order");
  const focusAgain = keep(now, next);
  localTimes(next);
  now.replaceWith(next);
  focusAgain();
}

document.getElementById("back").addEventListener("click", (event) => {
  // The list's own place and search are in the history; a link would open it anew at its top.
  const list = new URL(event.currentTarget.href).pathname;
  if (!document.referrer || new URL(document.referrer).pathname !== list || history.length < 2) return;
  event.preventDefault();
  history.back();
});

if (NARROW.matches) document.querySelector('.tools [value="fit"]')?.click();
follow(
  () => {
    const { live, version } = document.getElementById("order").dataset;
    return `${live}?version=${version}`;
  },
  { changed: renew },
);
