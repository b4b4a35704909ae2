/* "Leave quickly": what this browser kept is wiped, the page goes blank at once, and its address is replaced, so that
   the Back button does not return to it. */

export function connectQuickExit() {
  for (const link of document.querySelectorAll("[data-quick-exit]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      dispatchEvent(new Event("eyes:leave"));
      wipe();
      document.body.hidden = true;
      document.title = "";
      location.replace(link.href);
    });
  }
}

export function wipe() {
  for (const kept of [() => localStorage, () => sessionStorage]) {
    try {
      kept().clear();
    } catch {
      // a browser that forbids storage has nothing to wipe
    }
  }
}
