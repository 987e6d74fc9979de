// The sheets: renewed when anything about them changes, unless somebody is just filling in a form there.
import { element, follow } from "live";
import { localTimes } from "page";

function busy(now) {
  return now.contains(document.activeElement) && document.activeElement.closest("form, details[open]");
}

async function renew() {
  const now = document.getElementById("renewed");
  if (busy(now)) return setTimeout(renew, 2000);
  const answer = await fetch(location.href);
  if (!answer.ok) return;
  const next = element(await answer.text()).querySelector("#renewed");
  const focused = now.contains(document.activeElement) && document.activeElement.getAttribute("href");
  localTimes(next);
  now.replaceWith(next);
  if (focused) next.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
}

follow(
  () => {
    const { live, version } = document.getElementById("renewed").dataset;
    return `${live}?version=${version}`;
  },
  { changed: renew },
);
