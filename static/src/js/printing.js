/* Buttons that print: `<button data-print hidden>` shows itself when there is a script to answer it. */

export function connectPrinting() {
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}
