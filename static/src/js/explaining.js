/* What is wrong with a form that was sent from the page, said as on a page of the server: all of it above the form, where
   each sentence leads to its field, and once more beside the field. `on_its_way()` (macros/upload.html) has the markup. */

/* Whether all of it could be said so; `errors` are sentences by the names of fields. */
export function explainMistakes(form, errors) {
  const found = Object.entries(errors).map(([name, words]) => [form.querySelector(`[name="${name}"]`), words]);
  if (found.some(([input]) => !input)) return false;
  const summary = copy(form, "[data-summary]");
  for (const [input, words] of found) {
    summary.querySelector("ul").append(lineAbout(input, words));
    markAsWrong(form, input, words);
  }
  form.before(summary);
  found[0][0].focus();
  summary.scrollIntoView({ block: "nearest" });
  return true;
}

export function forgetMistakes() {
  document.querySelectorAll("[data-error-summary], .field__error").forEach((old) => old.remove());
  document.querySelectorAll(".field--wrong").forEach((field) => field.classList.remove("field--wrong"));
  document.querySelectorAll("[aria-invalid]").forEach((input) => {
    input.removeAttribute("aria-invalid");
    describe(input, (ids) => ids.filter((id) => id !== errorId(input)));
  });
}

function lineAbout(input, words) {
  const link = document.createElement("a");
  link.href = `#${input.id}`;
  link.textContent = words;
  const line = document.createElement("li");
  line.append(link);
  return line;
}

function markAsWrong(form, input, words) {
  const field = input.closest(".field");
  const said = copy(form, "[data-mistake]");
  said.id = errorId(input);
  said.append(words);
  field.classList.add("field--wrong");
  (field.querySelector(".field__hint") ?? field.querySelector(".field__label")).after(said);
  input.setAttribute("aria-invalid", "true");
  describe(input, (ids) => [...ids, said.id]);
}

function describe(input, change) {
  const ids = change((input.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean));
  if (ids.length) input.setAttribute("aria-describedby", ids.join(" "));
  else input.removeAttribute("aria-describedby");
}

function errorId(input) {
  return `${input.id}-error`;
}

function copy(form, template) {
  return form.querySelector(template).content.firstElementChild.cloneNode(true);
}
