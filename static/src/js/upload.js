/* Sends each file by itself, as soon as it is chosen, and tries again after a lost connection.

   A box is `<div class="upload" data-upload="address/ID" data-kind="image">` with a file input. Each file is the body of
   its request, encrypted as it arrives, and gets an id made here, so that sending it twice makes one file. XMLHttpRequest, because fetch cannot tell how much was sent. */
import { FileRow } from "./file_row.js";
import { newId, sendBy, submitterOf } from "./older.js";
import { isWorthRepeating, parse, waitAfter } from "./repeating.js";

const boxes = new Map();

export function connectUploads() {
  for (const element of document.querySelectorAll("[data-upload]")) boxes.set(element, new Box(element));
  for (const form of new Set([...boxes.keys()].map((element) => element.closest("form")))) holdBack(form);
  addEventListener("beforeunload", (event) => {
    if (isBusy()) event.preventDefault();
  });
  addEventListener("eyes:leave", () => boxes.forEach((box) => box.stop()));
}

/* A recording goes the way of any file; without an upload address it is put into the plain form. */
export function handIn(element, file) {
  const box = boxes.get(element);
  if (box) return box.add(file);
  const carrier = new DataTransfer();
  carrier.items.add(file);
  const input = element.querySelector("input[type=file]");
  input.files = carrier.files;
  input.dispatchEvent(new Event("change"));
}

function isBusy(form) {
  return [...boxes.values()].some((box) => box.waiting.length > 0 && (!form || form.contains(box.element)));
}

/* A form that is sent while a file is on its way waits for the file, then goes on by itself. */
function holdBack(form) {
  let held = null;
  form.addEventListener("submit", (event) => {
    if (!isBusy(form)) return;
    event.preventDefault();
    held = submitterOf(event);
    form.classList.add("is-held");
    for (const [element, box] of boxes) if (form.contains(element)) box.sayHold();
  });
  form.addEventListener("eyes:sent", () => {
    if (!held || isBusy(form)) return;
    const submitter = held;
    held = null;
    sendBy(form, submitter);
  });
}

class Box {
  constructor(element) {
    this.element = element;
    this.words = element.dataset;
    this.input = element.querySelector("input[type=file]");
    this.list = element.querySelector("[data-files]");
    this.form = element.closest("form");
    this.waiting = [];
    this.request = null;
    this.input.addEventListener("change", () => {
      for (const file of this.input.files) this.add(file);
      this.input.value = "";
    });
    addEventListener("online", () => this.goOn());
    this.takeDrops();
  }

  takeDrops() {
    for (const kind of ["dragover", "dragleave", "drop"]) {
      this.element.addEventListener(kind, (event) => {
        event.preventDefault();
        this.element.classList.toggle("is-over", kind === "dragover");
        if (kind === "drop") for (const file of event.dataTransfer.files) this.add(file);
      });
    }
  }

  add(file) {
    const id = newId();
    const row = new FileRow(this.list, file, this.words, () => this.forget(id));
    if (file.size > Number(this.words.maxBytes)) return row.refuse(this.words.tooBig);
    this.waiting.push({ id, file, row, tries: 0, isOut: false, mayBeThere: false });
    if (this.waiting.length === 1) this.send();
  }

  send() {
    clearTimeout(this.pause);
    const item = this.waiting[0];
    if (!item || this.request) return;
    if (item.isOut) return this.takeOut(item);
    this.request = new XMLHttpRequest();
    this.request.open("PUT", `${this.address(item)}?kind=${this.words.kind}`);
    this.request.setRequestHeader("Accept", "application/json");
    this.request.setRequestHeader("Content-Type", "application/octet-stream");
    this.request.setRequestHeader("X-CSRFToken", this.form.elements.csrf_token?.value ?? "");
    this.request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) item.row.progress(event.loaded / event.total);
    });
    this.request.upload.addEventListener("load", () => (item.mayBeThere = true));
    this.request.addEventListener("loadend", () => this.heard(item));
    item.row.sending();
    this.request.send(item.file);
  }

  /* A file that the server does not have yet, or never took. Where all of it was sent, and the answer is on its way or
     was lost, the server may have it: it is told, and the form waits until it knows. */
  forget(id) {
    const item = this.waiting.find((one) => one.id === id);
    if (item?.mayBeThere) {
      item.isOut = true;
      return this.send();
    }
    const isFirst = this.waiting[0]?.id === id;
    this.waiting = this.waiting.filter((one) => one.id !== id);
    if (isFirst) this.next();
  }

  takeOut(item) {
    this.request = new XMLHttpRequest();
    this.request.isRemoval = true;
    this.request.open("POST", `${this.address(item)}/remove`);
    this.request.addEventListener("loadend", () => this.heard(item));
    this.request.send(new FormData(this.form));
  }

  address(item) {
    return this.words.upload.replace("ID", item.id);
  }

  next() {
    this.request?.abort();
    this.request = null;
    this.form.dispatchEvent(new Event("eyes:sent"));
    this.send();
  }

  heard(item) {
    if (item !== this.waiting[0]) return;
    const { status, responseText, isRemoval } = this.request;
    this.request = null;
    if (item.isOut && !isRemoval) return this.send();
    if (isWorthRepeating(status)) return this.tryLater(item);
    if (!isRemoval) this.tell(item, status, parse(responseText) ?? {});
    this.waiting.shift();
    this.next();
  }

  tell(item, status, answer) {
    const taken = status >= 200 && status < 300;
    if (taken) item.row.arrived(`${this.address(item)}/remove`);
    if (!taken || answer.state === "refused") {
      item.row.refuse(answer.message || answer.sentence || this.words.refused);
    }
  }

  tryLater(item) {
    item.tries += 1;
    item.mayBeThere = true; // something on the way answered, or nobody
    item.row.wait(() => this.goOn());
    this.pause = setTimeout(() => this.send(), waitAfter(item.tries));
  }

  goOn() {
    this.send();
  }

  sayHold() {
    this.waiting[0]?.row.say(this.words.hold);
  }

  stop() {
    this.waiting = [];
    this.request?.abort();
  }
}
