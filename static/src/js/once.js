/* A double press sends a form once: the second press is seldom meant, and its answer would say that somebody was faster. */

const MOMENT = 1000;

export function sendOnce() {
  let form = null;
  let sentAt = 0;
  addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    const now = performance.now();
    if (event.target === form && now - sentAt < MOMENT) return event.preventDefault();
    form = event.target;
    sentAt = now;
  });
}
