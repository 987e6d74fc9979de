// The packing bench. One box takes everything a wedge scanner types; the server alone says what is right.
// Without a connection scans are kept in this browser, in order, and nothing is called right until it is back.
import { element } from "live";
import { localTimes } from "page";

const AGAIN_MS = 3000;
const LONGEST_MS = 8000;
const GO_MS = 2500;
const UNDO_MS = 10000;
const NEXT_MS = 20000;

const bench = document.getElementById("bench");
const { base, csrf, mayClear } = bench.dataset;
const box = document.getElementById("scan");
const said = document.getElementById("said");
const verdict = document.getElementById("verdict");
const station = document.getElementById("station");
const brand = document.getElementById("brand");
const undo = document.getElementById("undo");
const forget = document.getElementById("forget");
const link = document.getElementById("link");

// What outlives a reload: scans that were not sent, and the half of a pair that waits for the other.
const kept = {
  read: (name, otherwise) => JSON.parse(localStorage.getItem(`tipin.bench.${name}`) ?? "null") ?? otherwise,
  write: (name, value) => localStorage.setItem(`tipin.bench.${name}`, JSON.stringify(value)),
};
let queue = kept.read("queue", []);
let held = kept.read("held", "");
let sending = false;
let connected = true;
let clearable = "";
let fading = null;
let undoable = null;

// Sounds of our own: two rising tones for right, a low double buzz for wrong, a tick for half a pair.
const TONES = {
  go: [[660, 0, 0.12, "sine"], [990, 0.12, 0.22, "sine"]],
  stop: [[170, 0, 0.28, "square"], [170, 0.36, 0.42, "square"]],
  hold: [[880, 0, 0.06, "sine"]],
  ask: [[440, 0, 0.12, "triangle"], [330, 0.14, 0.18, "triangle"]],
  kept: [[300, 0, 0.08, "sine"], [300, 0.14, 0.08, "sine"]],
};
let sound = null;

function play(tone) {
  sound ??= new AudioContext();
  sound.resume();
  for (const [pitch, after, lasts, shape] of TONES[tone]) {
    const wave = new OscillatorNode(sound, { type: shape, frequency: pitch });
    const loud = new GainNode(sound, { gain: 0 });
    const from = sound.currentTime + after;
    loud.gain.setTargetAtTime(0.25, from, 0.005);
    loud.gain.setTargetAtTime(0, from + lasts, 0.02);
    wave.connect(loud).connect(sound.destination);
    wave.start(from);
    wave.stop(from + lasts + 0.2);
  }
}

function newId() {
  // randomUUID is for secure contexts only, and many plants reach this page over plain HTTP.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `${station.value}-${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`.slice(-64);
}

// An order's number is never broken at its hyphen: from two metres FW-12 would be read as FW.
function whole(text) {
  return text.split(/(\S*-\S*)/).map((part, odd) => {
    if (odd % 2 === 0) return part;
    const word = document.createElement("span");
    word.className = "whole";
    word.textContent = part;
    return word;
  });
}

function setText(root, words) {
  for (const [name, text] of Object.entries(words)) root.querySelector(`.${name}`).replaceChildren(...whole(text));
}

function hold(text) {
  held = text;
  kept.write("held", held);
  forget.hidden = !held;
}

function setPicture(image, path) {
  image.hidden = !path;
  if (path) image.src = base + path;
  else image.removeAttribute("src");
}

function red() {
  return !verdict.hidden && verdict.dataset.tone === "stop";
}

function close() {
  clearTimeout(fading);
  verdict.hidden = true;
  clearable = "";
  verdict.querySelector(".deaf").textContent = "";
  box.focus();
  drain();
}

function offerUndo(id) {
  clearTimeout(undoable?.timer);
  undoable = id ? { id, timer: setTimeout(() => offerUndo(""), UNDO_MS) } : null;
  undo.hidden = !id;
}

function showVerdict(shown) {
  clearTimeout(fading);
  verdict.dataset.tone = shown.tone;
  setText(verdict, { word: shown.word, headline: shown.headline, advice: shown.advice });
  const figure = verdict.querySelector("figure");
  figure.hidden = !shown.picture;
  setPicture(figure.querySelector("img"), shown.picture);
  figure.querySelector("figcaption").textContent = shown.caption;
  clearable = mayClear ? shown.clear : "";
  verdict.querySelector(".clearing").hidden = !clearable;
  verdict.querySelector("#acknowledge span").textContent = shown.clear ? "Seen, it stays blocked" : "Seen";
  verdict.querySelector("#acknowledge").hidden = shown.tone === "go";
  verdict.hidden = false;
  if (shown.tone === "go") fading = setTimeout(close, GO_MS);
}

function show(shown) {
  hold(shown.held);
  play(shown.tone);
  said.dataset.tone = shown.tone;
  setText(said, { headline: shown.headline, advice: shown.advice });
  setPicture(said.querySelector("img"), shown.picture);
  if (shown.undo || shown.tone === "stop") offerUndo(shown.undo);
  if (shown.tone === "go" || shown.tone === "stop") {
    showVerdict(shown);
    renewNext();
  } else if (!verdict.hidden) {
    clearTimeout(fading);
    verdict.hidden = true;
  }
}

function tellLink() {
  const waits = queue.length === 1 ? "1 scan is kept" : `${queue.length} scans are kept`;
  link.classList.toggle("lost", !connected);
  link.textContent = connected ? (queue.length > 1 ? `Sending: ${waits}` : "Connected") : `No connection: ${waits}`;
  if (connected || !queue.length) return;
  said.dataset.tone = "kept";
  setText(said, {
    headline: `No connection. ${waits}, nothing is checked.`,
    advice: "Lay these parcels aside unclosed: the scans are sent in order once the connection is back.",
  });
  setPicture(said.querySelector("img"), "");
}

class Away extends Error {}

// What the server says of a form; throws Away where it cannot be reached, or nobody is signed in any more.
async function ask(path, form) {
  let answer;
  try {
    const body = new URLSearchParams({ csrf, ...form });
    // A radio link that is gone ends nothing by itself: without a limit the page would wait, and look connected.
    answer = await fetch(base + path, { method: "POST", body, signal: AbortSignal.timeout(LONGEST_MS) });
  } catch {
    throw new Away("No connection");
  }
  if (answer.redirected) {
    location.reload();
    throw new Away("Signed out");
  }
  if (answer.status === 409 || answer.status >= 500) throw new Away("Again");
  if (answer.ok) return answer.json();
  const page = element(await answer.text());
  const words = page.querySelector(".sorry p")?.textContent.trim();
  return { tone: "stop", word: "Stop", headline: words || "tipin could not take this scan.", advice: "Scan both again.", held: "", picture: "", caption: "", undo: "", clear: "" };
}

// Sends what is kept, one after the other; a red verdict stops it until somebody has seen it.
async function drain() {
  if (sending || red()) return;
  sending = true;
  try {
    while (queue.length && !red()) {
      const { text, ...scan } = queue[0];
      const shown = await ask("/bench/scan", { ...scan, text, held });
      queue = queue.slice(1);
      kept.write("queue", queue);
      connected = true;
      show(shown);
      tellLink();
    }
  } catch (error) {
    if (!(error instanceof Away)) throw error;
    if (connected) play("kept");
    connected = false;
    tellLink();
    setTimeout(drain, AGAIN_MS);
  } finally {
    sending = false;
  }
}

function take(text) {
  if (!text.trim()) return;
  if (red()) {
    play("stop");
    verdict.querySelector(".deaf").textContent = "That scan was not taken. Press Esc first, then scan again.";
    return;
  }
  clearTimeout(fading);
  const scan = { scan_id: newId(), text, station: station.value, brand: brand?.value ?? "", at: new Date().toISOString() };
  queue = [...queue, scan];
  kept.write("queue", queue);
  if (!connected) {
    play("kept");
    tellLink();
  }
  drain();
}

async function act(path, form) {
  try {
    const shown = await ask(path, form);
    close();
    show(shown);
    renewNext();
  } catch (error) {
    if (!(error instanceof Away)) throw error;
    play("kept");
    verdict.querySelector(".deaf").textContent = "No connection: nothing was changed. Try again.";
  }
}

async function renewNext() {
  try {
    const answer = await fetch(`${base}/bench/next?${new URLSearchParams({ brand: brand?.value ?? "" })}`);
    if (!answer.ok || answer.redirected) return;
    const part = element(await answer.text());
    localTimes(part);
    document.getElementById("next").replaceChildren(part);
  } catch {
    // The list stays as it was; the scan box tells of the lost connection.
  }
}

function submit(event) {
  event?.preventDefault();
  const text = box.value;
  box.value = "";
  take(text);
}

function onKey(event) {
  const digit = event.altKey && /^Digit([1-9])$/.exec(event.code)?.[1];
  if (event.key === "Escape") {
    event.stopImmediatePropagation();
    if (!verdict.hidden) close();
    else hold("");
    box.value = "";
    box.focus();
  } else if (digit) {
    event.preventDefault();
    const row = red() ? ".clearing:not([hidden]) [data-reason]" : "[data-parcel]";
    document.querySelectorAll(row)[digit - 1]?.click();
  } else if (event.altKey && event.code === "KeyZ" && undoable) {
    event.preventDefault();
    undo.click();
  } else if (event.target === box && event.key === "Tab" && box.value) {
    submit(event); // some scanners end with a tab
  } else if (event.target === document.body && event.key.length === 1 && !event.ctrlKey && !event.metaKey) {
    box.focus();
  }
}

document.addEventListener("keydown", onKey, { capture: true });
document.getElementById("scan-form").addEventListener("submit", submit);
document.getElementById("acknowledge").addEventListener("click", close);
undo.addEventListener("click", () => {
  const { id } = undoable;
  offerUndo("");
  act("/bench/undo", { scan_id: id });
});
forget.addEventListener("click", () => {
  hold("");
  box.focus();
});
bench.addEventListener("click", (event) => {
  const parcel = event.target.closest("[data-parcel]")?.dataset.parcel;
  const reason = event.target.closest("[data-reason]")?.dataset.reason;
  if (parcel) take(parcel);
  if (reason) act("/bench/clear", { order: clearable, reason });
  if (parcel || event.target === verdict) box.focus();
});
for (const [name, choice] of Object.entries({ station, brand })) {
  if (!choice) continue;
  choice.value = kept.read(name, choice.value);
  choice.addEventListener("change", () => {
    if (!choice.checkValidity()) choice.value = choice.defaultValue;
    kept.write(name, choice.value);
    renewNext();
    box.focus();
  });
}
window.addEventListener("online", drain);
// A click beside the controls, or another window that was in front, must not leave the scanner without a box.
document.addEventListener("focusout", () => setTimeout(() => document.activeElement === document.body && box.focus()));
window.addEventListener("focus", () => document.activeElement === document.body && box.focus());
setInterval(() => document.hidden || renewNext(), NEXT_MS);

hold(held);
box.focus();
renewNext();
drain();
