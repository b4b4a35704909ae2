/* What the newest browsers have of their own, and some that are cared for (`tools/build_assets.py`) have not. */

/* A random id in the form of RFC 9562, version 4; as `crypto.randomUUID`, which also needs a secure connection. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/* By which button a form is sent; as `event.submitter`, but for a form that is sent by its first one where none was
   pressed. */
export function submitterOf(event) {
  return event.submitter ?? firstButton(event.target);
}

function firstButton(form) {
  return form.querySelector("[type=submit], button:not([type])");
}

/* Send a form as if its button was pressed; as `form.requestSubmit`. */
export function sendBy(form, button = firstButton(form)) {
  if (form.requestSubmit) form.requestSubmit(button);
  else button.click();
}
