// What every page does once scripts run: times in the reader's own zone, and single keys.
// A key is written on its control (`data-key`), so what is shown and what works cannot differ.

const STORED = "tipin.keys";
const SHORT = { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" };
const thisYear = new Intl.DateTimeFormat(undefined, SHORT);
const anyYear = new Intl.DateTimeFormat(undefined, { ...SHORT, year: "numeric" });

export function localTimes(root = document) {
  for (const time of root.querySelectorAll("time:not([title])")) {
    time.title = time.textContent;
    const moment = new Date(time.dateTime);
    const format = moment.getFullYear() === new Date().getFullYear() ? thisYear : anyYear;
    time.textContent = format.format(moment);
  }
}

function setKeys(on) {
  document.documentElement.classList.toggle("keyed", on);
  for (const hint of document.querySelectorAll(".keyed:not(html)")) hint.hidden = !on;
  const button = document.getElementById("keys");
  if (!button) return;
  button.setAttribute("aria-pressed", on);
  button.textContent = `Single keys: ${on ? "on" : "off"}`;
}

export function keysOn() {
  return localStorage.getItem(STORED) !== "off";
}

export function typing(target) {
  return target.matches("textarea, select, input:not([type=checkbox], [type=radio])") || target.isContentEditable;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || !keysOn()) return;
  if (typing(event.target)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const wanted = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const control = document.querySelector(`[data-key="${CSS.escape(wanted)}"]:not([hidden])`);
  if (!control) return;
  event.preventDefault();
  if (control.matches("input[type=search]")) control.select();
  else control.click();
});

document.getElementById("keys")?.addEventListener("click", () => {
  localStorage.setItem(STORED, keysOn() ? "off" : "on");
  setKeys(keysOn());
});

document.querySelector(".foot")?.removeAttribute("hidden");
setKeys(keysOn());
localTimes();
