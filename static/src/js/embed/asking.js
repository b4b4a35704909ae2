/* What the web component asks of the site that its script comes from: data, words and styles. Nothing about the visitor
   goes along: no cookie, and of the page only the name of its site. */

export const BASE = new URL(".", import.meta.url).href;
const SMALL_ROOT = 14;

/* The child or the family took it back; the message is the sentence that says so. */
export class TakenBack extends Error {}

async function ask(address, signal) {
  const answer = await fetch(address, { signal, credentials: "omit", referrerPolicy: "strict-origin" });
  if (answer.status === 410) throw new TakenBack((await answer.json()).detail);
  if (!answer.ok) throw new Error(`${answer.status} ${address}`);
  return answer;
}

/* JSON from one of our addresses. */
export async function askFor(path, query, signal) {
  const address = new URL(path, BASE);
  address.search = new URLSearchParams(query);
  return (await ask(address.href, signal)).json();
}

/* A stylesheet of ours as a constructed one, which no policy of the host page forbids. */
export async function sheetAt(address, signal, options = {}) {
  const sheet = new CSSStyleSheet(options);
  sheet.replaceSync(atHome(await (await ask(address, signal)).text(), address));
  return sheet;
}

/* A constructed sheet does not know where it lay; and on a page with a tiny root our sizes must not shrink with it. */
function atHome(text, address) {
  const whole = text.replace(/url\("?(\.\/[^")]+)"?\)/g, (_, path) => `url("${new URL(path, address).href}")`);
  const root = parseFloat(getComputedStyle(document.documentElement).fontSize);
  return root < SMALL_ROOT ? whole.replace(/(\d*\.?\d+)rem\b/g, (_, size) => `${size * 16}px`) : whole;
}
