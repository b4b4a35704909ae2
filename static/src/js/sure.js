/* A button whose press cannot be undone asks for a second one, and a moment later it has forgotten the first. */

const MOMENT = 6000;

export function askTwice() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-sure]");
    if (!button || button.dataset.asked) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const words = button.lastChild;
    const before = words.textContent;
    words.textContent = button.dataset.sure;
    button.dataset.asked = "once";
    setTimeout(() => {
      words.textContent = before;
      delete button.dataset.asked;
    }, MOMENT);
  }, { capture: true });
}
