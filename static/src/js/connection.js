/* Says when the connection is gone, and that nothing is lost: a form that is sent meanwhile stays, with what was typed,
   chosen or recorded in it, where the browser would show a page of its own. */

export function watchConnection() {
  const bar = document.querySelector("[data-connection]");
  if (!bar) return;
  followHead();
  const show = () => {
    bar.hidden = navigator.onLine;
  };
  addEventListener("online", show);
  addEventListener("offline", show);
  show();
  document.addEventListener("submit", (event) => {
    if (navigator.onLine) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    show();
    bar.focus();
  }, { capture: true });
}

/* How far the head reaches down where it stays: the bar stands below it, and so does what a link leads to. */
function followHead() {
  const head = document.querySelector(".masthead--child");
  if (!head) return;
  const measure = () => {
    const lower = head.offsetHeight + parseFloat(getComputedStyle(head).top);
    document.documentElement.style.setProperty("--head", `${Math.max(0, lower)}px`);
  };
  new ResizeObserver(measure).observe(head);
  addEventListener("resize", measure);
}
