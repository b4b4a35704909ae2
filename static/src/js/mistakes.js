/* After a mistake the page begins where it is explained. And the place in the browser's history of whatever answers a form
   is that of the page, not of the form: going back to it, or loading it anew, asks for nothing to be sent again. What was
   typed into a draft is kept, and of a form `data-settled` nothing would be missed, so that is so at once; any other form
   keeps what it holds until it is left. */

export function showMistakes() {
  const mistakes = document.querySelector("[data-error-summary]");
  mistakes?.focus();
  const again = document.body.dataset.page;
  if (!again) return;
  const settle = () => history.replaceState(history.state, "", again);
  if (document.querySelector("form[data-draft], form[data-settled]")) settle();
  else for (const leaving of ["submit", "click"]) document.addEventListener(leaving, (event) => leaves(event) && settle());
}

function leaves(event) {
  if (event.defaultPrevented) return false;
  return event.type === "submit" || event.target.closest("a[href]:not([href^='#'], [target])") !== null;
}
