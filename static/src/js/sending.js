/* Sends a form with a recording or a photo in it (`<form data-sends-file>`) from the page: where the connection breaks on
   the way, the browser would put a page of its own in this one's place, and the recording would be gone. Here it stays,
   and is sent again until it arrives.

   The server answers `{go}`, the address that comes next, or what is wrong: `{errors}` by field, or one `{sentence}`.
   Anything else is a page, which the browser then asks for itself: what was sent twice is kept once. */
import { isWorthRepeating, parse, waitAfter } from "./repeating.js";

export function sendFiles() {
  for (const form of document.querySelectorAll("form[data-sends-file]")) new Sending(form);
}

class Sending {
  constructor(form) {
    this.form = form;
    this.place = form.querySelector("[data-on-its-way]");
    this.words = this.place.dataset;
    this.status = this.place.querySelector("[role=status]");
    this.bar = this.place.querySelector("progress");
    this.again = this.place.querySelector("button");
    this.again.addEventListener("click", () => this.send());
    form.addEventListener("submit", (event) => this.begin(event));
    addEventListener("online", () => this.isWaiting && this.send());
    addEventListener("beforeunload", (event) => {
      if (this.hasFile() && !this.isThrough) event.preventDefault();
    });
    addEventListener("eyes:leave", () => {
      this.isThrough = true;
      clearTimeout(this.pause);
      this.request?.abort();
    });
  }

  hasFile() {
    return [...this.form.querySelectorAll("input[type=file]")].some((input) => input.files.length > 0);
  }

  begin(event) {
    if (event.defaultPrevented || !this.hasFile()) return;
    event.preventDefault();
    if (this.request) return;
    this.tries = 0;
    this.isRenewed = false;
    this.send();
  }

  send() {
    clearTimeout(this.pause);
    document.querySelectorAll("[data-error-summary], .field__error").forEach((old) => old.remove());
    this.show(this.words.sending, { bar: true });
    this.request = new XMLHttpRequest();
    this.request.open("POST", this.form.action);
    this.request.setRequestHeader("Accept", "application/json");
    this.request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) this.bar.value = event.loaded / event.total;
    });
    this.request.addEventListener("loadend", () => this.heard());
    this.request.send(new FormData(this.form));
  }

  heard() {
    const { status, responseText } = this.request;
    this.request = null;
    if (this.isThrough) return;
    if (isWorthRepeating(status)) return this.tryLater();
    const answer = parse(responseText);
    if (answer?.code === "stale_form" && !this.isRenewed) return this.renew();
    if (answer?.errors || answer?.sentence) return this.tell(answer.errors ?? { "": answer.sentence });
    this.isThrough = true;
    if (answer?.go) location.assign(answer.go);
    else this.form.submit();
  }

  /* A form is good for one log-in; whoever logged in again in another tab has another one. */
  async renew() {
    this.isRenewed = true;
    const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
    this.form.elements.csrf_token.value = page.querySelector("[name=csrf_token]")?.value ?? "";
    this.send();
  }

  tryLater() {
    this.show(this.words.waiting, { again: true });
    this.tries += 1;
    this.pause = setTimeout(() => this.send(), waitAfter(this.tries));
  }

  tell(errors) {
    this.show(Object.values(errors).join("\n"), { wrong: true });
    const [name] = Object.keys(errors);
    const field = this.form.querySelector(`[name="${name}"]`) ?? this.status;
    field.setAttribute("aria-describedby", this.status.id);
    field.focus();
  }

  show(words, { bar = false, again = false, wrong = false }) {
    this.place.classList.toggle("is-wrong", wrong);
    this.status.textContent = words;
    this.bar.hidden = !bar;
    this.bar.removeAttribute("value");
    this.again.hidden = !again;
    this.isWaiting = again;
  }
}
