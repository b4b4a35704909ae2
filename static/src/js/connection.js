/* Says when the connection is gone, and that nothing is lost: a form that is sent meanwhile stays, with what was typed,
   chosen or recorded in it, where the browser would show a page of its own. */

export function watchConnection() {
  const bar = document.querySelector("[data-connection]");
  if (!bar) return;
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
