/* Draws a recording's waveform above the browser's own controls; tapping it goes to that moment. */

const SVG = "http://www.w3.org/2000/svg";
const BARS = 96;
const HEIGHT = 100;

export function connectPlayers() {
  for (const player of document.querySelectorAll("[data-player]")) {
    draw(player).catch(() => {
      // no waveform, then: the controls play the sound all the same
    });
  }
}

async function draw(player) {
  const answer = await fetch(player.dataset.player);
  if (!answer.ok) return;
  const { peaks, duration_ms: length } = await answer.json();
  const audio = player.querySelector("audio");
  const wave = player.querySelector("[data-wave]");
  const whole = bars(peaks);
  const heard = bars(peaks);
  heard.classList.add("is-heard");
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${BARS} ${HEIGHT}`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.append(whole, heard);
  wave.append(svg);
  const seconds = () => (Number.isFinite(audio.duration) ? audio.duration : length / 1000);
  const show = () => heard.setAttribute("d", outline(peaks, audio.currentTime / seconds()));
  audio.addEventListener("timeupdate", show);
  wave.addEventListener("click", (event) => {
    const box = wave.getBoundingClientRect();
    const part = (event.clientX - box.left) / box.width;
    audio.currentTime = seconds() * part;
    audio.play();
  });
  show();
}

function bars(peaks) {
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", outline(peaks, 1));
  return path;
}

/* Upright strokes, as many as fit, each as tall as the loudest moment it stands for. */
function outline(peaks, part) {
  const strokes = [];
  for (let bar = 0; bar < BARS * part; bar += 1) {
    const from = Math.floor((bar * peaks.length) / BARS);
    const to = Math.max(from + 1, Math.floor(((bar + 1) * peaks.length) / BARS));
    const half = Math.max(2, (Math.max(...peaks.slice(from, to)) * (HEIGHT - 12)) / 200);
    strokes.push(`M${bar + 0.5} ${HEIGHT / 2 - half}V${HEIGHT / 2 + half}`);
  }
  return strokes.join("");
}
