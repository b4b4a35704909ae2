/* Keeps what is typed into `<form data-draft="key">` in this browser until the server has it: after a reload, a lost
   connection or a crash it is there again. A draft is forgotten a day later, on "Leave quickly", when another story is
   begun or somebody logs out (`<form data-ends-drafts>`), and when the page after the form shows that the server took it.
   On a phone that other people use (`[data-shared-phone]`) it lives no longer than the tab, and nowhere does what a child
   writes to us (`data-draft="tab.key"`).

   Every key ends with whose the words are, and a page says who is there (`[data-me]`): the story that is being told, the
   child whose card was shown, or somebody of the team. Whoever comes next finds none of anybody else's.

   The drafts of the team, too, live no longer than the tab. Where the page after the form has the same form, it says in
   words that the server took it, and the team's say so always. What a form was `data-filled-in` with is what was sent,
   newer than any draft; what it has nothing of comes from the draft. */

const PREFIX = "eyes.draft.";
const SENT = "eyes.sent";
const OF_THE_TAB = `${PREFIX}tab.`;
const A_DAY = 24 * 60 * 60 * 1000;
const NEVER_KEPT = new Set(["hidden", "file", "password", "submit", "button"]);

let leaving = false;
let kept = null;
let isTeam = false;

export function keepDrafts({ ofTeam = false } = {}) {
  if (!storageWorks()) return;
  const isShared = document.querySelector("[data-shared-phone]") !== null;
  kept = isShared || ofTeam ? sessionStorage : localStorage;
  isTeam = ofTeam;
  const mine = document.querySelector("[data-me]")?.dataset.me.split(" ");
  if (mine) for (const key of drafts()) if (!mine.some((mark) => key.endsWith(`-${mark}`))) forget(key);
  if (isShared) for (const key of draftsIn(localStorage)) localStorage.removeItem(key);
  forgetOld();
  const forms = [...document.querySelectorAll("form[data-draft]")];
  forgetAccepted(forms);
  for (const form of forms) {
    restore(form);
    if ("filledIn" in form.dataset) save(form);
    form.addEventListener("input", () => save(form));
    form.addEventListener("submit", (event) => goesBack(event) || sessionStorage.setItem(SENT, form.dataset.draft));
  }
  for (const form of document.querySelectorAll("form[data-ends-drafts]")) {
    form.addEventListener("submit", () => drafts().forEach(forget));
  }
  addEventListener("eyes:leave", () => {
    leaving = true;
  });
}

/* Whoever goes back need not have finished: the server takes what is right, and the draft keeps the rest. */
function goesBack(event) {
  return event.submitter?.value === "back";
}

function storageWorks() {
  try {
    localStorage.setItem("eyes.try", "1");
    localStorage.removeItem("eyes.try");
    return true;
  } catch {
    return false;
  }
}

function draftsIn(store) {
  return Object.keys(store).filter((key) => key.startsWith(PREFIX));
}

function drafts() {
  return [...new Set([kept, sessionStorage].flatMap(draftsIn))];
}

function storeOf(key) {
  return key.startsWith(OF_THE_TAB) ? sessionStorage : kept;
}

function forget(key) {
  for (const store of [kept, sessionStorage]) store.removeItem(key);
}

function read(key) {
  try {
    return JSON.parse(storeOf(key).getItem(key)) ?? {};
  } catch {
    return {};
  }
}

function forgetOld() {
  for (const key of drafts()) if (!(Date.now() - read(key).at < A_DAY)) forget(key);
}

/* The form was sent, and the page that answered is neither the same form again nor an error, or says so: the server has it. */
function forgetAccepted(forms) {
  const sent = sessionStorage.getItem(SENT);
  sessionStorage.removeItem(SENT);
  if (!sent || document.body.classList.contains("page-error") || document.querySelector("[data-not-kept]")) return;
  const isHere = isTeam || forms.some((form) => form.dataset.draft === sent);
  if (!isHere || document.querySelector(".notice--good")) forget(PREFIX + sent);
}

function fieldsOf(form) {
  return [...form.elements].filter((field) => field.name && !NEVER_KEPT.has(field.type));
}

function isChoice(field) {
  return field.type === "radio" || field.type === "checkbox";
}

/* What is not on this page, such as the list while somebody else reviews, stays as it was. */
function save(form) {
  if (leaving) return;
  const fields = fieldsOf(form);
  const here = new Set(fields.map((field) => field.name));
  const before = read(PREFIX + form.dataset.draft);
  const [typed, chosen] = [before.typed, before.chosen].map((pairs = []) => pairs.filter(([name]) => !here.has(name)));
  for (const field of fields) {
    if (!isChoice(field)) typed.push([field.name, field.value]);
    else if (field.checked) chosen.push([field.name, field.value]);
  }
  try {
    const key = PREFIX + form.dataset.draft;
    storeOf(key).setItem(key, JSON.stringify({ at: Date.now(), typed, chosen }));
  } catch {
    // the browser's store is full: the form itself still holds everything
  }
}

function restore(form) {
  const { typed, chosen } = read(PREFIX + form.dataset.draft);
  if (!typed) return;
  const isNewer = "filledIn" in form.dataset;
  const fields = fieldsOf(form);
  const given = new Set(fields.filter((field) => (isChoice(field) ? field.checked : field.value)).map((field) => field.name));
  for (const field of fields) {
    if (isNewer && given.has(field.name)) continue;
    if (isChoice(field)) {
      field.checked = chosen.some(([name, value]) => name === field.name && value === field.value);
    } else {
      const kept = typed.find(([name]) => name === field.name);
      if (kept) field.value = kept[1];
    }
  }
}
