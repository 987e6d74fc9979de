// A brand's settings: occasions move by buttons, and what a change would do shows while one types.
import { element } from "live";

const form = document.getElementById("settings");
const places = document.getElementById("places");
const moved = document.getElementById("moved");
let wait = 0;
let asked = 0;

async function look() {
  const mine = ++asked;
  const sent = new URLSearchParams(new FormData(form));
  sent.set("do", "preview");
  const answer = await fetch(form.action, { method: "POST", body: sent });
  if (mine !== asked || ![200, 409, 422].includes(answer.status)) return;
  const page = element(await answer.text());
  const next = page.getElementById("change");
  const faults = page.querySelector(".next.tone-stop");
  if (faults) {
    faults.removeAttribute("role");
    next.prepend(faults);
  }
  document.getElementById("change").replaceChildren(...next.childNodes);
}

function soon() {
  clearTimeout(wait);
  wait = setTimeout(look, 400);
}

function move(place, up) {
  const other = up ? place.previousElementSibling : place.nextElementSibling;
  if (!other) return;
  other[up ? "before" : "after"](place);
  moved.textContent = `${place.dataset.title}: place ${[...places.children].indexOf(place) + 1} of ${places.children.length}`;
  soon();
}

for (const buttons of places.querySelectorAll(".moves")) buttons.hidden = false;
places.addEventListener("click", (event) => {
  const button = event.target.closest("[data-move]");
  if (!button) return;
  move(button.closest(".place"), button.dataset.move === "up");
  button.focus();
});
document.getElementById("look").hidden = true;
form.addEventListener("input", soon);
