/* How many signs are left, once few of them are. The words come from the page: "{left} signs left". */

const NEARLY_FULL = 0.8;

export function connectCounters() {
  for (const area of document.querySelectorAll("[data-counter]")) {
    const counter = document.getElementById(area.dataset.counter);
    const show = () => {
      const left = area.maxLength - area.value.length;
      counter.hidden = area.value.length < area.maxLength * NEARLY_FULL;
      counter.textContent = counter.dataset.words.replace("{left}", left.toLocaleString(document.documentElement.lang));
    };
    area.addEventListener("input", show);
    show();
  }
}
