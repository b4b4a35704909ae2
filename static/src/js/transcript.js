/* Writing a transcript: moments are taken from the player, rows stand as bands below its waveform. */

const SVG = "http://www.w3.org/2000/svg";
const KEYS = { KeyP: "toggle", KeyJ: "start", KeyK: "end" };

export function connectTranscripts() {
  for (const editor of document.querySelectorAll("[data-transcript]")) connect(editor);
}

function connect(editor) {
  const audio = editor.querySelector("audio");
  const list = editor.querySelector("[data-cue-rows]");
  const acts = { toggle, start: (row) => take(row, "[data-start]"), end, play };
  let last = list.querySelector("[data-cue-row]");

  function take(row, field) {
    row.querySelector(field).value = clock(audio.currentTime * 1000);
    draw();
  }

  /* This row ends here, and the next one begins. */
  function end(row) {
    take(row, "[data-end]");
    const next = row.nextElementSibling ?? add(row);
    if (!next.querySelector("[data-start]").value) take(next, "[data-start]");
    next.querySelector("[data-cue]").focus();
  }

  function play(row) {
    audio.currentTime = (read(row.querySelector("[data-start]").value) ?? 0) / 1000;
    audio.play();
  }

  function toggle() {
    if (audio.paused) audio.play();
    else audio.pause();
  }

  function add(row) {
    const copy = row.cloneNode(true);
    for (const error of copy.querySelectorAll(".field__error, bdi")) error.remove();
    for (const input of copy.querySelectorAll("input")) {
      input.value = "";
      input.removeAttribute("id");
      input.removeAttribute("aria-invalid");
      input.removeAttribute("aria-describedby");
    }
    copy.classList.remove("field--wrong", "is-current");
    list.append(copy);
    return copy;
  }

  function rows() {
    return [...list.querySelectorAll("[data-cue-row]")];
  }

  const bands = editor.querySelector("[data-bands]");

  function draw() {
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", `0 0 ${editor.dataset.transcript || 1} 10`);
    svg.setAttribute("preserveAspectRatio", "none");
    for (const row of rows()) {
      const [from, to] = span(row);
      if (from === null || to === null || to <= from) continue;
      const band = document.createElementNS(SVG, "rect");
      band.setAttribute("x", from);
      band.setAttribute("width", to - from);
      band.setAttribute("height", 10);
      band.classList.toggle("is-current", row === last);
      band.addEventListener("click", () => {
        row.querySelector("[data-cue]").focus();
        play(row);
      });
      svg.append(band);
    }
    bands.replaceChildren(svg);
  }

  function follow() {
    const now = audio.currentTime * 1000;
    for (const row of rows()) {
      const [from, to] = span(row);
      row.classList.toggle("is-current", from !== null && to !== null && now >= from && now < to);
    }
  }

  for (const hidden of editor.querySelectorAll("[data-cue-acts], [data-keys]")) hidden.hidden = false;
  list.addEventListener("focusin", (event) => {
    last = event.target.closest("[data-cue-row]");
    draw();
  });
  list.addEventListener("input", draw);
  list.addEventListener("click", (event) => {
    const act = event.target.closest("[data-mark]")?.dataset.mark;
    if (act) acts[act](event.target.closest("[data-cue-row]"));
  });
  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey || !(event.code in KEYS)) return;
    event.preventDefault();
    acts[KEYS[event.code]](last);
  });
  audio.addEventListener("timeupdate", follow);
  draw();
}

function span(row) {
  return [read(row.querySelector("[data-start]").value), read(row.querySelector("[data-end]").value)];
}

/* Milliseconds of 1:02.5; null for what is no time. */
function read(typed) {
  const found = /^(?:(?:(\d{1,2}):)?(\d{1,3}):)?(\d{1,5})(?:[.,](\d{1,3}))?$/.exec(typed.trim());
  if (!found) return null;
  const [, hours = 0, minutes = 0, seconds, part = "0"] = found;
  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 + Number(part.padEnd(3, "0"));
}

function clock(ms) {
  const whole = Math.round(ms);
  const seconds = String(Math.floor(whole / 1000) % 60).padStart(2, "0");
  return `${Math.floor(whole / 60_000)}:${seconds}.${String(whole % 1000).padStart(3, "0")}`;
}
