/* Opens a drawing large: wheel, fingers, buttons or + and - make it larger, dragging or the arrow keys move it. */

const LARGEST = 6;
const STEP = 1.4;
const NUDGE = 60;

export function connectZoom() {
  if (typeof HTMLDialogElement === "undefined") return;
  for (const link of document.querySelectorAll("a[data-zoom]")) {
    link.addEventListener("click", (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      new Zoom(link);
    });
  }
}

class Zoom {
  constructor(link) {
    this.scale = 1;
    this.x = 0;
    this.y = 0;
    this.fingers = new Map();
    this.dialog = document.createElement("dialog");
    this.dialog.className = "zoom";
    this.stage = document.createElement("div");
    this.stage.className = "zoom__stage";
    this.image = document.createElement("img");
    this.image.src = link.href;
    this.image.alt = link.querySelector("picture img")?.alt ?? "";
    this.image.draggable = false;
    this.stage.append(this.image);
    this.dialog.setAttribute("aria-label", this.image.alt);
    this.dialog.append(this.stage, this.tools(link.dataset));
    document.body.append(this.dialog);
    this.listen();
    this.dialog.showModal();
  }

  tools(words) {
    const tools = document.createElement("div");
    tools.className = "zoom__tools";
    tools.append(
      button(words.smaller, () => this.resize(1 / STEP)),
      button(words.larger, () => this.resize(STEP)),
      button(words.close, () => this.dialog.close()),
    );
    return tools;
  }

  listen() {
    this.dialog.addEventListener("close", () => this.dialog.remove());
    this.dialog.addEventListener("keydown", (event) => this.key(event));
    this.stage.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.resize(event.deltaY < 0 ? 1.15 : 1 / 1.15, event);
    }, { passive: false });
    this.stage.addEventListener("dblclick", (event) => this.resize(this.scale > 1 ? 0 : 2.5, event));
    this.stage.addEventListener("pointerdown", (event) => {
      this.stage.setPointerCapture(event.pointerId);
      this.fingers.set(event.pointerId, event);
    });
    this.stage.addEventListener("pointermove", (event) => this.drag(event));
    for (const end of ["pointerup", "pointercancel"]) {
      this.stage.addEventListener(end, (event) => this.fingers.delete(event.pointerId));
    }
  }

  key(event) {
    const moves = { ArrowLeft: [NUDGE, 0], ArrowRight: [-NUDGE, 0], ArrowUp: [0, NUDGE], ArrowDown: [0, -NUDGE] };
    if (event.key === "+" || event.key === "=") this.resize(STEP);
    else if (event.key === "-") this.resize(1 / STEP);
    else if (event.key === "0") this.resize(0);
    else if (event.key in moves) this.move(...moves[event.key]);
    else return;
    event.preventDefault();
  }

  drag(event) {
    const before = this.fingers.get(event.pointerId);
    if (!before) return;
    const others = [...this.fingers.values()].filter((finger) => finger.pointerId !== event.pointerId);
    this.fingers.set(event.pointerId, event);
    if (others.length === 0) return this.move(event.clientX - before.clientX, event.clientY - before.clientY);
    this.resize(apart(event, others[0]) / apart(before, others[0]), event);
  }

  /* Larger or smaller around a point, by a factor; 0 shows the whole again. */
  resize(factor, point) {
    const scale = Math.min(LARGEST, Math.max(1, this.scale * factor));
    const box = this.stage.getBoundingClientRect();
    const x = point ? point.clientX - box.width / 2 : 0;
    const y = point ? point.clientY - box.height / 2 : 0;
    const change = scale / this.scale;
    this.x = x - (x - this.x) * change;
    this.y = y - (y - this.y) * change;
    this.scale = scale;
    this.move(0, 0);
  }

  move(right, down) {
    const limitX = ((this.scale - 1) * this.image.clientWidth) / 2;
    const limitY = ((this.scale - 1) * this.image.clientHeight) / 2;
    this.x = Math.min(limitX, Math.max(-limitX, this.x + right));
    this.y = Math.min(limitY, Math.max(-limitY, this.y + down));
    this.image.style.transform = `translate(${this.x}px, ${this.y}px) scale(${this.scale})`;
  }
}

function button(words, act) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = "button button--small";
  element.textContent = words;
  element.addEventListener("click", act);
  return element;
}

function apart(one, other) {
  return Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY) || 1;
}
