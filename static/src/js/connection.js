/* Says when the connection is gone, and that nothing is lost. */

export function watchConnection() {
  const bar = document.querySelector("[data-connection]");
  if (!bar) return;
  const show = () => {
    bar.hidden = navigator.onLine;
  };
  addEventListener("online", show);
  addEventListener("offline", show);
  show();
}
