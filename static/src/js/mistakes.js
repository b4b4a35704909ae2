/* After a mistake the page begins where it is explained, and after anything else with what became of it: a screen reader
   says neither by itself on a page that was just loaded. And the place in the browser's history of whatever answers a form
   is that of the page, not of the form: going back to it, or loading it anew, asks for nothing to be sent again. What was
   typed into a draft is kept, and of a form `data-settled` nothing would be missed, so that is so at once; any other form
   keeps what it holds until it is left. */

export function showMistakes() {
  const mistakes = document.querySelector("[data-error-summary]");
  if (mistakes) mistakes.focus();
  else afterJump(sayWhatBecame);
  const again = document.body.dataset.page;
  if (!again) return;
  const settle = () => history.replaceState(history.state, "", again);
  if (document.querySelector("form[data-draft], form[data-settled]")) settle();
  else for (const leaving of ["submit", "click"]) document.addEventListener(leaving, (event) => leaves(event) && settle());
}

function sayWhatBecame() {
  if (document.activeElement !== document.body) return; // somebody is at something already
  document.querySelector(".notices")?.focus({ preventScroll: true });
}

/* Where an address leads to a part of its page, the browser takes the focus away when it jumps there. */
function afterJump(act) {
  if (!location.hash) act();
  else addEventListener("load", () => requestAnimationFrame(() => setTimeout(act)));
}

function leaves(event) {
  if (event.defaultPrevented) return false;
  return event.type === "submit" || event.target.closest("a[href]:not([href^='#'], [target])") !== null;
}
