/* One file in the list under its box: a small picture, its name, how it is getting on, and a button that takes it out. */

import { newId } from "./older.js";

const SIDE = 128;

export class FileRow {
  constructor(list, file, words, forget) {
    this.words = words;
    this.element = document.createElement("li");
    this.element.className = "file";
    this.picture = this.append("span", "file__picture");
    const text = this.append("span", "file__words");
    const name = document.createElement("bdi");
    name.id = `${newId()}-name`;
    name.textContent = file.name.replace(/\.[^.]+$/, "");
    this.state = document.createElement("small");
    text.append(name, this.state);
    this.bar = this.append("progress", "");
    this.bar.max = 1;
    this.bar.setAttribute("aria-labelledby", name.id);
    this.takeOut = list.closest(".upload").querySelector("[data-take-out]").content.firstElementChild.cloneNode(true);
    this.takeOut.setAttribute("aria-describedby", name.id);
    this.takeOut.addEventListener("click", () => {
      if (this.takeOut.type === "submit") return;
      this.element.remove();
      forget();
      list.closest(".upload").querySelector("input[type=file]").focus();
    });
    this.element.append(this.takeOut);
    list.append(this.element);
    preview(this.picture, file);
  }

  append(tag, name) {
    const element = document.createElement(tag);
    element.className = name;
    this.element.append(element);
    return element;
  }

  say(words) {
    this.state.textContent = words;
  }

  sending() {
    this.again?.remove();
    this.bar.hidden = false;
    this.say(this.words.sending);
  }

  progress(part) {
    this.bar.value = part;
  }

  wait(goOn) {
    this.bar.removeAttribute("value");
    this.say(this.words.waiting);
    this.again?.remove();
    this.again = this.append("button", "button button--small");
    this.again.type = "button";
    this.again.textContent = this.words.again;
    this.again.addEventListener("click", goOn);
  }

  /* From now on the server takes it out, with the form, so that nothing that was typed is lost. */
  arrived(removal) {
    this.bar.remove();
    this.say(this.words.sent);
    this.takeOut.type = "submit";
    this.takeOut.formAction = removal;
    this.takeOut.formNoValidate = true;
  }

  refuse(sentence) {
    this.bar.remove();
    this.element.classList.add("file--refused");
    delete this.takeOut.dataset.sure; // nothing is lost with it
    this.say(sentence);
  }
}

/* Drawn on a canvas: no address of the picture is made that could be opened elsewhere. */
async function preview(place, file) {
  const drawing = place.closest(".upload").querySelector(":scope > .icon").cloneNode(true);
  place.append(drawing);
  if (!file.type.startsWith("image/")) return;
  try {
    const image = await createImageBitmap(file);
    const scale = SIDE / Math.min(image.width, image.height);
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = SIDE;
    const width = image.width * scale;
    const height = image.height * scale;
    canvas.getContext("2d").drawImage(image, (SIDE - width) / 2, (SIDE - height) / 2, width, height);
    image.close();
    drawing.replaceWith(canvas);
  } catch {
    // a kind of picture this browser cannot draw (HEIC, TIFF): the drawing of a pencil stays
  }
}
