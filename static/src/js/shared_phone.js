/* A phone that other people use too. After some quiet minutes it asks whether anybody is there, counts down, then wipes
   what this browser kept and closes everything. Recording, listening and sending count as being there. While somebody
   is there, the server is told now and then. */

import { wipe } from "./quick_exit.js";

const QUIET = 5 * 60_000;
const WARNING = 30_000;
const TELL_EVERY = 60_000;
const TOUCHES = ["pointerdown", "keydown", "input", "wheel"];
const BUSY = ".recorder.is-recording, .file progress[value]";

export function watchSharedPhone() {
  const note = document.querySelector("[data-shared-phone]");
  if (note) new Watch(note);
}

class Watch {
  constructor(note) {
    this.note = note;
    this.leaveForm = note.querySelector("form");
    this.warning = note.querySelector("[data-warning]");
    this.seconds = note.querySelector("[data-seconds]");
    this.touched = this.told = Date.now();
    for (const kind of TOUCHES) addEventListener(kind, () => this.touch(), { passive: true, capture: true });
    addEventListener("timeupdate", () => this.touch(), true);
    note.querySelector("[data-here]").addEventListener("click", () => this.goOn());
    this.leaveForm.addEventListener("submit", () => this.forget());
    addEventListener("submit", () => this.asking?.abort(), true);
    this.looking = setInterval(() => this.look(), 1000);
  }

  touch(really = false) {
    if (!this.warning.hidden && !really) return; // the question is answered by its button alone
    this.touched = Date.now();
    this.warning.hidden = true;
  }

  look() {
    if (document.querySelector(BUSY)) this.touch();
    const quiet = Date.now() - this.touched;
    if (quiet >= QUIET + WARNING) return this.leave();
    if (quiet >= QUIET) return this.warn(Math.ceil((QUIET + WARNING - quiet) / 1000));
    if (this.touched > this.told && Date.now() - this.told >= TELL_EVERY) this.tell();
  }

  warn(left) {
    this.seconds.textContent = left;
    if (!this.warning.hidden) return;
    this.warning.hidden = false;
    this.before = document.activeElement;
    this.warning.querySelector("button").focus();
  }

  goOn() {
    this.touch(true);
    this.before?.focus();
  }

  tell() {
    this.told = Date.now();
    this.asking = new AbortController();
    fetch(this.note.dataset.sharedPhone, { signal: this.asking.signal }).catch(() => {});
  }

  forget() {
    dispatchEvent(new Event("eyes:leave"));
    wipe();
  }

  leave() {
    clearInterval(this.looking); // once: a second time there would be no session to end
    this.forget();
    document.body.hidden = true;
    document.title = "";
    this.leaveForm.submit();
  }
}
