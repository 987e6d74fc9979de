// Server-sent events for the page in view. A browser allows six connections a host, so hidden tabs let go.

const policy = window.trustedTypes?.createPolicy("tipin", { createHTML: (html) => html });

/** Turn HTML that our own server drew into an element. */
export function element(html) {
  const holder = document.createElement("template");
  holder.innerHTML = policy ? policy.createHTML(html) : html;
  return holder.content;
}

/** Follow `address()` while the page is visible; `handlers` maps an event's name to what it does. */
export function follow(address, handlers) {
  const status = document.getElementById("live");
  let source = null;

  function say(text, lost) {
    status.hidden = false;
    status.classList.toggle("lost", lost);
    if (status.textContent !== text) status.textContent = text;
  }

  function open() {
    source = new EventSource(address());
    source.onopen = () => say("Live", false);
    source.onerror = () => say("No connection: what you see may be old", true);
    source.addEventListener("signed-out", () => location.reload());
    for (const [name, handle] of Object.entries(handlers)) {
      source.addEventListener(name, (event) => handle(JSON.parse(event.data)));
    }
  }

  function close() {
    source?.close();
    source = null;
  }

  document.addEventListener("visibilitychange", () => (document.hidden ? close() : source ?? open()));
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", () => document.hidden || source || open());
  if (!document.hidden) open();
}
