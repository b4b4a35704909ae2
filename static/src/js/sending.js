/* Sends a form with a recording or a photo in it (`<form data-sends-file>`) from the page: where the connection breaks on
   the way, the browser would put a page of its own in this one's place, and the recording would be gone. Here it stays,
   and is sent again until it arrives.

   The server answers `{go}`, the address that comes next, or what is wrong: `{errors}` by field, or one `{sentence}`.
   Anything else is a page, which the browser then asks for itself: what was sent twice is kept once. */
import { explainMistakes, forgetMistakes } from "./explaining.js";
import { isWorthRepeating, parse, waitAfter } from "./repeating.js";

const TRIES = 12;

export function sendFiles() {
  for (const form of document.querySelectorAll("form[data-sends-file]")) new Sending(form);
}

/* Whose page this is; nobody's for a guardian. */
function whose(page) {
  return page.querySelector("[data-me]")?.dataset.me;
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

  files() {
    return [...this.form.querySelectorAll("input[type=file]")];
  }

  hasFile() {
    return this.files().some((input) => input.files.length > 0);
  }

  begin(event) {
    if (event.defaultPrevented || !this.hasFile()) return;
    event.preventDefault();
    if (this.isOnItsWay) return;
    const heavy = this.files().find((input) => input.files[0]?.size > Number(input.closest("[data-max-bytes]")?.dataset.maxBytes));
    if (heavy) return this.tell({ [heavy.name]: heavy.closest("[data-max-bytes]").dataset.tooBig });
    this.tries = 0;
    this.isRenewed = false;
    this.send();
  }

  send() {
    clearTimeout(this.pause);
    forgetMistakes();
    this.show(this.words.sending, { bar: true });
    this.isOnItsWay = true;
    const request = new XMLHttpRequest();
    this.request = request;
    request.open("POST", this.form.action);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) this.bar.value = event.loaded / event.total;
    });
    request.addEventListener("loadend", () => this.heard(request));
    request.send(new FormData(this.form));
  }

  heard({ status, responseText }) {
    if (this.isThrough) return;
    if (isWorthRepeating(status)) return this.tryLater();
    const answer = parse(responseText);
    if (answer?.code === "stale_form" && !this.isRenewed) return this.renew();
    if (answer?.errors || answer?.sentence) return this.tell(answer.errors ?? { "": answer.sentence });
    this.isThrough = true;
    if (answer?.go) location.assign(answer.go);
    else this.form.submit();
  }

  /* A form is good for one log-in; whoever logged in again in another tab has another one. Only they: what somebody
     recorded is not handed in by somebody else. */
  async renew() {
    this.isRenewed = true;
    try {
      const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
      if (this.isThrough) return;
      if (whose(page) !== whose(document)) return this.tell({ "": this.words.whose });
      this.form.elements.csrf_token.value = page.querySelector("[name=csrf_token]").value;
    } catch {
      return this.tryLater();
    }
    this.send();
  }

  tryLater() {
    this.show(this.words.waiting, { again: true });
    this.isOnItsWay = false;
    this.tries += 1;
    if (this.tries < TRIES) this.pause = setTimeout(() => this.send(), waitAfter(this.tries));
  }

  tell(errors) {
    this.isOnItsWay = false;
    forgetMistakes();
    if (explainMistakes(this.form, errors)) return this.show("", {});
    this.show(Object.values(errors).join("\n"), { wrong: true });
    this.status.focus();
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
