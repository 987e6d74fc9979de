// Crop handles: a drag, a key or a dial changes the form's numbers; a moment later the server draws what they print.
const form = document.getElementById("crop");
const handle = form.querySelector(".handle");
const flat = document.getElementById("flat");
const says = document.getElementById("handled");
const shares = JSON.parse(form.dataset.shares);
const field = (name) => form.elements.namedItem(name);
const PAUSE = 250;
const STEP = 0.02;
const NEARER = 1.1;
let due = 0;
let asked = 0;

function moved(across, down) {
  // Pixels on the screen → shares of the photo: as much as is seen at this zoom lies across the picture.
  const seen = Number(field("turns").value) % 2 ? shares.sideways : shares.upright;
  const zoom = Number(field("zoom").value);
  const step = [across / (flat.clientWidth * shares.picture[0]), down / (flat.clientHeight * shares.picture[1])];
  ["x", "y"].forEach((name, at) => {
    const half = seen[at] / zoom / 2;
    const now = Math.min(Math.max(Number(field(name).value), half), 1 - half);
    const next = Math.min(Math.max(now - (step[at] * seen[at]) / zoom, half), 1 - half);
    field(name).value = next.toFixed(4);
  });
}

async function draw() {
  const mine = ++asked;
  const wanted = new URLSearchParams();
  for (const name of ["x", "y", "zoom", "turns", "straighten"]) wanted.set(name, field(name).value);
  const address = `${form.dataset.try}?${wanted}`;
  handle.ariaBusy = "true";
  says.textContent = "Drawing …";
  const answer = await fetch(address).catch(() => null);
  if (mine !== asked) return;
  if (answer?.ok) {
    const next = new Image();
    next.src = address;
    await next.decode().catch(() => {});
    if (mine !== asked) return;
    flat.src = address;
    says.textContent = "This is how it would be printed. Nothing is changed until you say “Print it so”.";
  } else {
    const page = answer && new DOMParser().parseFromString(await answer.text(), "text/html");
    says.textContent = page?.querySelector(".sorry p")?.textContent ?? "It cannot be drawn now; try again.";
  }
  flat.style.translate = "";
  handle.ariaBusy = "false";
}

function soon() {
  clearTimeout(due);
  due = setTimeout(draw, PAUSE);
}

handle.addEventListener("pointerdown", (down) => {
  if (down.button !== 0) return;
  handle.setPointerCapture(down.pointerId);
  const slide = (move) => {
    flat.style.translate = `${move.clientX - down.clientX}px ${move.clientY - down.clientY}px`;
  };
  const leave = (up) => {
    handle.removeEventListener("pointermove", slide);
    moved(up.clientX - down.clientX, up.clientY - down.clientY);
    soon();
  };
  handle.addEventListener("pointermove", slide);
  handle.addEventListener("pointerup", leave, { once: true });
});

handle.addEventListener("keydown", (event) => {
  const arrow = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
  const nearer = { "+": NEARER, "=": NEARER, "-": 1 / NEARER }[event.key];
  if (!arrow && !nearer) return;
  event.preventDefault();
  if (arrow) moved(arrow[0] * STEP * flat.clientWidth, arrow[1] * STEP * flat.clientHeight);
  else field("zoom").value = String(Number(field("zoom").value) * nearer);
  soon();
});

handle.addEventListener(
  "wheel",
  (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    field("zoom").value = String(Number(field("zoom").value) * (event.deltaY < 0 ? NEARER : 1 / NEARER));
    soon();
  },
  { passive: false },
);

form.addEventListener("input", soon);
