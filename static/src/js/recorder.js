/* A plain recorder: one large button, the time, how loud it is; then listen, try again, or use it. A form that is sent
   takes the recording with it, used or not; who leaves the page otherwise is asked first. */
import { sendBy, submitterOf } from "./older.js";
import { handIn } from "./upload.js";

const KINDS = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"];
const ENDINGS = { "audio/webm": "webm", "audio/ogg": "ogg", "audio/mp4": "m4a" };
const BITS_PER_SECOND = 64_000;
const SAID_BEFORE = 120;

export function connectRecorders() {
  if (!navigator.mediaDevices?.getUserMedia || typeof MediaRecorder === "undefined") return;
  for (const element of document.querySelectorAll("[data-recorder]")) new Recorder(element);
}

class Recorder {
  constructor(element) {
    this.element = element;
    this.words = element.dataset;
    for (const part of ["record", "time", "level", "after", "listen", "again", "use", "status"]) {
      this[`${part}Part`] = element.querySelector(`[data-${part}]`);
    }
    this.recordWords = this.recordPart.querySelector("[data-words-record]");
    this.listenWords = this.listenPart.querySelector("span");
    this.recordPart.addEventListener("click", () => (this.recorder ? this.stop() : this.start()));
    this.listenPart.addEventListener("click", () => this.listen());
    this.againPart.addEventListener("click", () => this.start());
    this.usePart.addEventListener("click", () => this.use());
    this.form = element.closest("form");
    this.form.addEventListener("submit", (event) => this.goAlong(event), { capture: true });
    addEventListener("beforeunload", (event) => {
      if (this.recorder || this.taken) event.preventDefault();
    });
    addEventListener("eyes:leave", () => {
      this.left = true;
      this.drop();
    });
    element.hidden = false;
  }

  /* What was recorded before stays until there is something in its place. */
  async start() {
    if (this.starting) return;
    this.starting = true;
    this.silence();
    this.say("");
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: false, noiseSuppression: true } });
    } catch (refusal) {
      this.say(refusal.name === "NotFoundError" ? this.words.missing : this.words.denied);
      return;
    } finally {
      this.starting = false;
    }
    if (this.left) return this.rest();
    this.silence();
    this.offer(false);
    const mimeType = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
    this.pieces = [];
    this.recorder = new MediaRecorder(this.stream, { mimeType, audioBitsPerSecond: BITS_PER_SECOND });
    this.recorder.addEventListener("dataavailable", (event) => this.pieces.push(event.data));
    this.recorder.addEventListener("stop", () => this.finish());
    this.recorder.start(1000);
    this.began = performance.now();
    this.show(true);
    this.measure();
  }

  /* The level and the clock, as long as it records. */
  measure() {
    const context = new AudioContext();
    const ear = context.createAnalyser();
    ear.fftSize = 1024;
    context.createMediaStreamSource(this.stream).connect(ear);
    const samples = new Float32Array(ear.fftSize);
    const limit = Number(this.words.maxSeconds);
    let isWarned = false;
    let aMinute = 0;
    this.ticking = setInterval(() => {
      ear.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      this.levelPart.value = Math.min(1, Math.sqrt(power) * 4);
      const seconds = (performance.now() - this.began) / 1000;
      this.tick(seconds);
      if (seconds > aMinute) {
        aMinute += 60;
        this.element.dispatchEvent(new Event("input", { bubbles: true })); // somebody is there
      }
      if (!isWarned && seconds > limit - SAID_BEFORE) {
        isWarned = true;
        this.say(this.words.soon);
      }
      if (seconds < limit) return;
      this.say(this.words.full);
      this.stop();
    }, 80);
    this.endMeasuring = () => {
      clearInterval(this.ticking);
      context.close();
      this.levelPart.value = 0;
    };
  }

  /* Written once a second: whoever hears the page read would hear every change. */
  tick(seconds) {
    const words = asClock(seconds);
    if (this.timePart.textContent !== words) this.timePart.textContent = words;
  }

  stop() {
    if (this.recorder?.state === "recording") this.recorder.stop();
  }

  finish() {
    if (!this.recorder) return;
    const type = this.recorder.mimeType.split(";")[0];
    const name = `${this.element.closest(".upload").dataset.recording}.${ENDINGS[type] ?? "webm"}`;
    this.rest();
    if (this.pieces.some((piece) => piece.size > 0)) this.taken = new File(this.pieces, name, { type });
    this.show(false);
    if (this.taken && this.statusPart.textContent !== this.words.full) {
      this.say(this.words.ended.replace("TIME", this.timePart.textContent));
    }
    if (this.submitter) return this.sendAlong();
    this.offer(Boolean(this.taken));
    (this.taken ? this.listenPart : this.recordPart).focus();
  }

  /* Before anything else hears that the form is sent: what was recorded is handed in, after its end where it still runs. */
  goAlong(event) {
    if (this.recorder) {
      event.preventDefault();
      event.stopImmediatePropagation();
      this.submitter = submitterOf(event);
      this.stop();
    } else if (this.taken) {
      this.use();
    }
  }

  sendAlong() {
    const submitter = this.submitter;
    this.submitter = null;
    if (this.taken) this.use();
    sendBy(this.form, submitter);
  }

  /* Either there is something to listen to, or something can be recorded. */
  offer(isTaken) {
    this.afterPart.hidden = !isTaken;
    this.recordPart.hidden = isTaken;
  }

  rest() {
    this.endMeasuring?.();
    this.endMeasuring = null;
    this.stream?.getTracks().forEach((track) => track.stop());
    this.recorder = null;
  }

  listen() {
    if (this.playing) return this.silence();
    this.playing = new Audio(URL.createObjectURL(this.taken));
    this.playing.addEventListener("ended", () => this.silence());
    this.playing.play();
    this.listenWords.textContent = this.listenPart.dataset.wordsStop;
  }

  silence() {
    if (!this.playing) return;
    this.playing.pause();
    URL.revokeObjectURL(this.playing.src);
    this.playing = null;
    this.listenWords.textContent = this.listenPart.dataset.wordsPlay;
  }

  use() {
    this.silence();
    this.say("");
    handIn(this.element.closest(".upload"), this.taken);
    this.taken = null;
    this.offer(false);
    this.tick(0);
    this.recordPart.focus();
  }

  drop() {
    this.silence();
    const recorder = this.recorder;
    this.rest();
    if (recorder?.state === "recording") recorder.stop();
    this.offer(false);
    this.taken = null;
  }

  say(words) {
    this.statusPart.textContent = words;
  }

  show(recording) {
    this.element.classList.toggle("is-recording", recording);
    this.recordWords.textContent = recording ? this.recordWords.dataset.wordsStop : this.recordWords.dataset.wordsRecord;
  }
}

function asClock(seconds) {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
