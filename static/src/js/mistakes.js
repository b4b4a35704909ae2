/* After a mistake the page begins where it is explained. */

export function showMistakes() {
  document.querySelector("[data-error-summary]")?.focus();
}
