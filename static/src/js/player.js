/* Draws a recording's waveform above the browser's own controls; tapping it goes to that moment. */

const SVG = "http://www.w3.org/2000/svg";
const HEIGHT = 100;
const PIXELS_FOR_A_BAR = 6;

export function connectPlayers() {
  for (const player of document.querySelectorAll("[data-player]")) {
    draw(player).catch(() => {
      player.removeAttribute("data-player"); // no room for a waveform, then: the controls play the sound all the same
    });
  }
}

async function draw(player) {
  await drawWave(player, player.dataset.player);
}

/* The waveform whose peaks lie at `address`, in the player's `[data-wave]`, as wide as that is at this moment. */
export async function drawWave(player, address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(answer.statusText);
  const { peaks, duration_ms: length } = await answer.json();
  const audio = player.querySelector("audio");
  const wave = player.querySelector("[data-wave]");
  const bars = heights(peaks, Math.floor(wave.clientWidth / PIXELS_FOR_A_BAR));
  const whole = stroke(bars);
  const heard = stroke([]);
  heard.classList.add("is-heard");
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${bars.length} ${HEIGHT}`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.append(whole, heard);
  wave.append(svg);
  const seconds = () => (Number.isFinite(audio.duration) ? audio.duration : length / 1000);
  audio.addEventListener("timeupdate", () => {
    heard.setAttribute("d", outline(bars.slice(0, (bars.length * audio.currentTime) / seconds())));
  });
  wave.addEventListener("click", (event) => {
    const box = wave.getBoundingClientRect();
    audio.currentTime = (seconds() * (event.clientX - box.left)) / box.width;
    audio.play();
  });
}

/* As many bars as there is room for, each the mean of the moments it stands for, the tallest filling the height. */
function heights(peaks, count) {
  const all = Math.max(1, Math.min(count, peaks.length));
  const means = Array.from({ length: all }, (_, bar) => {
    const from = Math.floor((bar * peaks.length) / all);
    const moments = peaks.slice(from, Math.max(from + 1, Math.floor(((bar + 1) * peaks.length) / all)));
    return moments.reduce((sum, peak) => sum + peak, 0) / moments.length;
  });
  const tallest = Math.max(...means, 1);
  return means.map((mean) => Math.max(4, (mean / tallest) * (HEIGHT - 8)));
}

function stroke(bars) {
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", outline(bars));
  return path;
}

function outline(bars) {
  return bars.map((tall, bar) => `M${bar + 0.5} ${(HEIGHT - tall) / 2}v${tall}`).join("");
}
