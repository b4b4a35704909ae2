/* `/embed`: the preview and the lines follow the form while it is filled in. Without this its button does the same. */
import { connectCopying } from "./copy.js";
import { followHeights } from "./heights.js";

const PAUSE = 350;
const form = document.querySelector("[data-live]");
const status = form.querySelector("[data-status]");
let waiting = 0;
let asking = new AbortController();

followHeights(`${location.origin}/embed/`);
form.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(refresh, PAUSE);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(waiting);
  refresh();
});

async function refresh() {
  asking.abort();
  asking = new AbortController();
  const address = new URL(form.action);
  address.search = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
  try {
    const answer = await fetch(address, { signal: asking.signal });
    if (!answer.ok) throw new Error(answer.statusText);
    show(await answer.text());
    history.replaceState(null, "", address);
  } catch (trouble) {
    if (trouble.name !== "AbortError") location.assign(address);
  }
}

function show(text) {
  const page = new DOMParser().parseFromString(text, "text/html");
  const fresh = document.adoptNode(page.querySelector("#result"));
  document.querySelector("#result").replaceWith(fresh);
  connectCopying(fresh);
  status.textContent = status.textContent ? "" : form.dataset.live;
}
