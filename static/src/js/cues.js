/* What is said in a recording: each line plays from its moment, and the one that is heard is marked. */

export function connectCues() {
  for (const figure of document.querySelectorAll(".player")) {
    const audio = figure.querySelector("audio");
    const cues = [...figure.querySelectorAll("[data-cue-start]")];
    if (audio && cues.length) connect(audio, cues);
  }
}

function connect(audio, cues) {
  for (const cue of cues) makePlayable(audio, cue);
  audio.addEventListener("timeupdate", () => mark(audio, cues));
}

function makePlayable(audio, cue) {
  const time = cue.querySelector(".cue__time");
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = time.textContent;
  button.addEventListener("click", () => {
    audio.currentTime = cue.dataset.cueStart / 1000;
    audio.play();
  });
  time.replaceChildren(button);
}

function mark(audio, cues) {
  const now = audio.currentTime * 1000;
  for (const cue of cues) {
    const isHeard = now >= cue.dataset.cueStart && now < cue.dataset.cueEnd;
    if (isHeard === cue.hasAttribute("aria-current")) continue;
    if (isHeard) {
      cue.setAttribute("aria-current", "true");
      show(cue);
    } else {
      cue.removeAttribute("aria-current");
    }
  }
}

/* Scrolls the list and never the page. */
function show(cue) {
  const list = cue.parentElement;
  const above = cue.offsetTop - list.offsetTop;
  if (above < list.scrollTop || above + cue.offsetHeight > list.scrollTop + list.clientHeight) {
    list.scrollTop = above - list.clientHeight / 3;
  }
}
