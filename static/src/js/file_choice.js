/* The browser's own file box speaks its own language and cuts its words off: a button of ours stands for it. The box stays
   where the keyboard finds it, and what was chosen is named beside the button. */

export function dressFileBoxes() {
  for (const button of document.querySelectorAll("[data-file-choice]")) dress(button, document.getElementById(button.htmlFor));
}

function dress(button, input) {
  const chosen = document.createElement("output");
  chosen.className = "file-choice__names";
  chosen.htmlFor = input.id;
  input.classList.add("visually-hidden");
  button.hidden = false;
  button.after(chosen);
  input.addEventListener("change", () => {
    chosen.textContent = [...input.files].map((file) => file.name).join(", ");
  });
}
