/* The exhibition of a campaign on a screen: one slide after the other, by itself, for days.

   Every half minute it asks for its own page again and takes over what has changed, so a story that was taken back is
   gone within a minute. When nobody has answered for three minutes, nothing is shown until somebody does. */
import { drawWave } from "./player.js";

const ASK_EVERY = 30_000;
const TRUSTED = 180_000;
const LOOK_EVERY = 5_000;
const ANSWERED = 20_000;
const IDLE = 4_000;
const AFTER_SOUND = 1_500;
const STUCK = 20_000;

class Exhibition {
  constructor(list) {
    this.list = list;
    this.rest = document.querySelector("[data-rest]");
    this.tools = document.querySelector("[data-tools]");
    this.paused = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.loud = false;
    this.dark = false;
    this.seen = this.asked = Date.now();
    this.written = new Map(this.slides.map((slide) => [slide.id, slide.outerHTML]));
    document.body.classList.add("is-running");
    this.tools.hidden = false;
    this.connect();
    this.sayWhether();
    const wanted = this.slides.findIndex((slide) => slide.id === location.hash.slice(1));
    this.show(Math.max(wanted, 0));
    setInterval(() => this.look(), LOOK_EVERY);
  }

  get slides() {
    return [...this.list.querySelectorAll("[data-slide]")];
  }

  /* Buttons, keys, and what hides them while nobody touches anything. */
  connect() {
    for (const button of this.tools.querySelectorAll("[data-step]")) {
      button.addEventListener("click", () => this.step(Number(button.dataset.step)));
    }
    this.tools.querySelector("[data-play]").addEventListener("click", () => this.pause(!this.paused));
    this.tools.querySelector("[data-sound]").addEventListener("click", () => this.sound(!this.loud));
    const full = this.tools.querySelector("[data-full]");
    full.hidden = !document.fullscreenEnabled;
    full.addEventListener("click", () => fill());
    document.addEventListener("keydown", (event) => this.key(event));
    for (const sign of ["pointermove", "pointerdown", "keydown", "focusin"]) {
      document.addEventListener(sign, () => this.wake());
    }
    document.addEventListener("visibilitychange", () => document.hidden || (stayAwake(), this.look()));
    stayAwake();
    this.wake();
  }

  key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest("audio")) return;
    const pressing = event.target.closest("button, a") && [" ", "Enter"].includes(event.key);
    const acts = {
      ArrowRight: () => this.step(document.dir === "rtl" ? -1 : 1),
      ArrowLeft: () => this.step(document.dir === "rtl" ? 1 : -1),
      ArrowDown: () => this.read(1),
      ArrowUp: () => this.read(-1),
      PageDown: () => this.read(1),
      PageUp: () => this.read(-1),
      Home: () => this.show(0),
      " ": () => this.pause(!this.paused),
      s: () => this.sound(!this.loud),
      f: () => fill(),
      Escape: () => document.fullscreenElement ? document.exitFullscreen() : this.tools.querySelector("[data-leave]").click(),
    };
    if (pressing || !(event.key in acts)) return;
    event.preventDefault();
    acts[event.key]();
  }

  wake() {
    document.body.classList.remove("is-idle");
    clearTimeout(this.idle);
    this.idle = setTimeout(() => document.body.classList.add("is-idle"), IDLE);
  }

  pause(paused) {
    this.paused = paused;
    this.sayWhether();
    this.begin();
  }

  sound(loud) {
    this.loud = loud;
    this.sayWhether();
    this.begin();
  }

  sayWhether() {
    for (const words of this.tools.querySelectorAll("[data-when]")) {
      words.hidden = (words.dataset.when === "paused") !== this.paused;
    }
    this.tools.querySelector("[data-sound]").setAttribute("aria-pressed", String(this.loud));
    this.list.setAttribute("aria-live", this.paused ? "polite" : "off");
  }

  step(by) {
    const count = this.slides.length;
    this.show((this.at + by + count) % count);
  }

  /* A slide that is longer than the screen is read to its end first. */
  read(by) {
    const { now } = this;
    const before = now.scrollTop;
    now.scrollBy(0, by * 0.8 * now.clientHeight);
    if (now.scrollTop === before) this.step(by);
  }

  /* By itself: what was just heard to its end is not read as well. */
  goOn() {
    const { slides, now, at } = this;
    const heard = (slide) => this.heard && slide.dataset.saidIn === now.id;
    let next = at + 1;
    while (next < slides.length && heard(slides[next])) next += 1;
    this.show(next % slides.length);
  }

  show(at) {
    const { slides } = this;
    this.at = at;
    for (const slide of slides) {
      slide.classList.toggle("is-now", slide === slides[at]);
      if (slide !== slides[at]) slide.querySelector("audio")?.pause();
    }
    this.now = slides[at];
    this.now.scrollTop = 0;
    this.heard = false;
    for (const image of slides[(at + 1) % slides.length].querySelectorAll("img")) image.loading = "eager";
    this.begin();
  }

  /* A recording is played when somebody wanted sound; anything else has its time. */
  begin() {
    const audio = this.now.querySelector("audio");
    const place = this.now.querySelector("[data-peaks]");
    if (place) {
      drawWave(place, place.dataset.peaks).catch(() => {});
      place.removeAttribute("data-peaks"); // it is drawn once
    }
    if (audio) {
      audio.onplay = () => (this.subtitles(true), this.wait());
      audio.onended = () => ((this.heard = true), this.wait(AFTER_SOUND));
      audio.ontimeupdate = () => subtitle(this.now, 1000 * audio.currentTime);
      this.subtitles(this.loud);
      audio.querySelector("source:last-of-type").onerror = () => this.giveUp(audio);
      if (this.loud && !this.paused && !this.dark) this.play(audio);
      else audio.pause();
    }
    this.wait();
  }

  subtitles(shown) {
    for (const lines of this.now.querySelectorAll("[data-cues]")) lines.hidden = !shown;
  }

  play(audio) {
    if (audio.networkState === HTMLMediaElement.NETWORK_NO_SOURCE) audio.load(); // it could not be had last time
    audio.play().catch(() => this.giveUp(audio));
  }

  /* A browser that may not or cannot play it: the slide has its time all the same. */
  giveUp(audio) {
    audio.pause();
    this.wait();
  }

  /* While a recording plays its end is waited for; one that got stuck is not waited for much longer. */
  wait(time = 1000 * Number(this.now.dataset.seconds)) {
    clearTimeout(this.turn);
    if (this.paused || this.dark) return;
    const audio = this.now.querySelector("audio");
    const plays = audio && !audio.paused && !audio.ended;
    const rest = plays && Number.isFinite(audio.duration) ? 1000 * (audio.duration - audio.currentTime) : 0;
    this.turn = setTimeout(() => this.goOn(), plays ? rest + STUCK : time);
  }

  /* Whether it is time to ask, and whether the last answer is still to be believed. */
  look() {
    if (since(this.seen) > TRUSTED) this.darken(true);
    if (since(this.asked) >= ASK_EVERY || this.dark) this.ask();
  }

  /* One at a time: an answer that was long on its way would be about what is gone. */
  async ask() {
    if (this.asking) return;
    this.asking = true;
    const asked = (this.asked = Date.now());
    try {
      const signal = AbortSignal.timeout(ANSWERED);
      const answer = await fetch(location.pathname + location.search, { cache: "no-cache", signal });
      if (!answer.ok && answer.status !== 404 && answer.status !== 410) return;
      const page = answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
      const slides = page ? [...page.querySelectorAll("[data-slides] > [data-slide]")] : [];
      if (page && !slides.length) return; // somebody else's page: a hotel's log-in, a proxy's excuse
      this.take(slides);
      this.seen = asked;
      this.darken(false);
    } catch {
      // no connection; `look` sees to it
    } finally {
      this.asking = false;
    }
  }

  /* Put these slides in place of what is shown, and leave those alone that are the same. */
  take(slides) {
    const wanted = slides.length ? slides : [this.list.firstElementChild];
    const before = new Map(this.slides.map((slide) => [slide.id, slide]));
    const kept = wanted.map((slide) => {
      const same = slides.length ? this.written.get(slide.id) === slide.outerHTML : true;
      return same ? before.get(slide.id) ?? slide : document.importNode(slide, true);
    });
    if (slides.length) this.written = new Map(slides.map((slide) => [slide.id, slide.outerHTML]));
    else this.written.clear();
    for (const slide of before.values()) {
      if (kept.includes(slide)) continue;
      slide.querySelector("audio")?.pause();
      slide.remove();
    }
    kept.forEach((slide, at) => {
      if (this.list.children[at] !== slide) this.list.insertBefore(slide, this.list.children[at] ?? null);
    });
    if (this.now.isConnected) this.at = kept.indexOf(this.now);
    else this.show(Math.min(this.at, kept.length - 1));
  }

  darken(dark) {
    if (dark === this.dark) return;
    this.dark = dark;
    this.list.hidden = dark;
    this.rest.hidden = !dark;
    this.rest.classList.toggle("is-now", dark);
    this.begin();
  }
}

/* Milliseconds; where the clock was set back nobody knows, so it counts as long as it was set back. */
function since(moment) {
  return Math.abs(Date.now() - moment);
}

/* The line that is said at this moment stands under the waveform, in each language that it was written down in. */
function subtitle(slide, now) {
  for (const line of slide.querySelectorAll("[data-cue-start]")) {
    line.hidden = now < Number(line.dataset.cueStart) || now >= Number(line.dataset.cueEnd);
  }
}

function fill() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen?.().catch(() => {});
}

/* A screen in a hall should not fall asleep; where the browser cannot promise that, it may. */
function stayAwake() {
  navigator.wakeLock?.request("screen").catch(() => {});
}

const list = document.querySelector("[data-slides]");
if (list) new Exhibition(list);
