/* From a wish to what stands in the shadow of the element: data, words and styles, asked for side by side. */

import { askFor, BASE, sheetAt } from "./asking.js";
import { inLanguage, inTongue, make, piece, whole } from "./pieces.js";
import { narrowing } from "./wish.js";

const COUNT = 6;
const COUNTS = /^([1-9]|1[0-2])$/;
const MOST = 24;
const LANGUAGES = ["en", "zh", "ro", "it"];

/* `{content, sheets}`. Throws `TakenBack`, and any other error where a frame must do. */
export async function compose(wish, signal) {
  const query = LANGUAGES.includes(wish.lang) ? { lang: wish.lang } : {};
  const [said, content] = await Promise.all([
    askFor("embed/words.json", query, signal),
    SHOWN[wish.kind](wish, query, signal),
  ]);
  const words = { ...said, chosen: query.lang };
  return { content: around(content(words), wish, words), sheets: await sheetsFor(wish, words, signal) };
}

function sheetsFor(wish, words, signal) {
  const night = wish.theme === "dark" ? {} : { media: "(prefers-color-scheme: dark)" };
  return Promise.all([
    sheetAt(words.styles, signal),
    ...(wish.theme === "light" ? [] : [sheetAt(words.night, signal, night)]),
    ...(wish.accent ? [sheetAt(new URL(`embed/accent/${wish.accent}.css`, BASE).href, signal)] : []),
  ]);
}

const SHOWN = {
  async story(wish, query, signal) {
    const story = await askFor(`api/v1/stories/${wish.value}`, query, signal);
    return (words) => [whole(story, words, more(story.url, words))];
  },
  async campaign(wish, query, signal) {
    const path = `api/v1/campaigns/${wish.value}`;
    const [campaign, page] = await Promise.all([
      askFor(path, query, signal),
      askFor(`${path}/stories`, { ...query, limit: MOST }, signal),
    ]);
    return (words) => [
      heading(inLanguage(campaign.title, words)),
      ...paragraphs(inLanguage(campaign.text, words)),
      campaign.over ? sentence(words.over) : wall(page, words),
      more(campaign.url, words),
    ];
  },
  async selection(wish, query, signal) {
    const { count, ...chosen } = Object.fromEntries(narrowing(wish));
    const limit = COUNTS.test(count ?? "") ? count : COUNT;
    const page = await askFor("api/v1/stories", { ...chosen, ...query, limit }, signal);
    const gallery = new URL("gallery", BASE);
    gallery.search = new URLSearchParams(chosen);
    return (words) => [heading({ text: words.stories }), wall(page, words), more(gallery.href, words)];
  },
};

function around(content, wish, words) {
  const main = make("div", { class: "embed-main" }, ...content);
  const foot = words.demo ? [make("p", { class: "embed-foot" }, words.demo)] : [];
  const look = { "data-look": "embed", "data-theme": wish.theme, "data-columns": wish.columns };
  return make("div", { ...look, lang: words.language, dir: words.direction }, main, ...foot);
}

function heading({ text, lang }) {
  return make("h2", { class: "embed-title", lang, dir: "auto" }, text);
}

function paragraphs({ text, lang }) {
  return text.split("\n\n").filter((each) => each.trim()).map((each) => make("p", { lang, dir: "auto" }, each));
}

function wall(page, words) {
  if (!page.items.length) return make("p", {}, page.too_few ? words.few : words.nothing);
  return make("ul", { class: "wall", role: "list" }, ...page.items.map((story) => piece(story, words)));
}

function more(address, words) {
  return make("p", {}, make("a", { href: inTongue(address, words), target: "_blank", rel: "noopener" }, words.more));
}

/* One sentence, in the type of the host page. */
export function sentence(words) {
  return make("p", {}, words);
}
