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

// Pictures that are new are waited for, so that the old ones stay until then; one that fails is shown as such.
function loaded(order) {
  const pictures = [...order.querySelectorAll("svg.card image")].map((one) => {
    const picture = new Image();
    picture.src = one.getAttribute("href");
    return picture.decode().catch(() => {});
  });
  return Promise.all(pictures);
}

async function renew() {
  const wanted = location.href;
  const answer = await fetch(wanted);
  if (!answer.ok) return;
  const next = element(await answer.text()).querySelector("#order");
  await loaded(next);
  if (wanted !== location.href) return;
  const now = document.getElementById("order");
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

document.addEventListener("click", (event) => {
  const way = event.target.closest("a[data-view]");
  if (!way || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  history.replaceState(null, "", way.href);
  document.querySelector(".stage").ariaBusy = "true";
  document.querySelector(".seen").textContent = "Drawing …";
  renew();
});

if (NARROW.matches) document.querySelector('.tools [value="fit"]')?.click();
follow(
  () => {
    const { live, version } = document.getElementById("order").dataset;
    return `${live}?version=${version}`;
  },
  { changed: renew },
);
