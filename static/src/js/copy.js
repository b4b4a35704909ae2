/* Copying. `<button data-copy="#snippet" data-copied="Copied">` copies that element's text; on a link, `data-copy`
   selects nothing and changes nothing without permission: it copies the address when it is tapped. */

export function connectCopying(within = document) {
  if (!navigator.clipboard) return;
  for (const element of within.querySelectorAll("[data-copy]")) {
    element.hidden = false;
    element.addEventListener("click", async (event) => {
      const source = element.dataset.copy ? document.querySelector(element.dataset.copy) : element;
      event.preventDefault();
      await navigator.clipboard.writeText((source.value ?? source.textContent).trim());
      tell(element);
    });
  }
}

function tell(element) {
  const words = element.dataset.copied;
  const place = element.querySelector("span") ?? element;
  element.classList.add("is-copied");
  if (!words) return;
  const before = place.textContent;
  place.textContent = words;
  setTimeout(() => {
    place.textContent = before;
    element.classList.remove("is-copied");
  }, 2500);
}
