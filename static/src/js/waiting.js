/* A screen that waits for a new story card: `<form data-waits-for="address">` is sent by itself once the address says that
   it is ready. The button in the form does the same. */

import { sendBy } from "./older.js";

const EVERY = 4000;

export function waitForCard() {
  const form = document.querySelector("form[data-waits-for]");
  if (!form) return;
  const asking = setInterval(async () => {
    try {
      const answer = await fetch(form.dataset.waitsFor, { headers: { Accept: "application/json" } });
      if (!(await answer.json()).ready) return;
    } catch {
      return; // no connection right now, or the time is over: the button says what is so
    }
    clearInterval(asking);
    sendBy(form);
  }, EVERY);
}
