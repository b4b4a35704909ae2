/* Stories of the API as elements, the same as the macros of templates/macros/story.html make them on our pages. No
   text is ever read as HTML. */

const EXCERPT = 150;

/* An element; attributes without a value are left out. */
export function make(name, attributes, ...content) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value || value === 0 || key === "alt") element.setAttribute(key, value);
  element.append(...content);
  return element;
}

/* An address of ours, in the language that the site chose, if it chose one. */
export function inTongue(address, words) {
  const led = new URL(address);
  if (words.chosen) led.searchParams.set("lang", words.chosen);
  return led.href;
}

/* One piece on a wall. */
export function piece(story, words) {
  const face = make("div", { class: "tile__piece" }, ...faceOf(story, words));
  const title = make("h3", { class: "tile__title", lang: story.language }, titleOf(story, words));
  const label = make("div", { class: "tile__label" }, title, ...otherTitle(story, words, "tile__other"), labelOf(story, words));
  const tile = make("a", { class: "tile", href: inTongue(story.url, words), target: "_blank", rel: "noopener" }, face, label);
  return make("li", { class: "wall__piece" }, tile);
}

function faceOf(story, words) {
  const note = inLanguage(story.notes, words);
  if (note.text) return [make("span", { class: "tile__note" }, make("span", { dir: "auto", lang: note.lang }, note.text))];
  if (story.images.length) {
    const sizes = "(min-width: 40rem) 19rem, 88vw";
    return [make("span", { class: "tile__picture" }, picture(story.images[0], alt(story.images[0], story, words), sizes))];
  }
  const told = [story.text, ...story.unheard.map((each) => wordsOf(toldIn(each, story.language)))].find((text) => text.trim());
  if (told) {
    const text = told.length > EXCERPT ? `${told.slice(0, EXCERPT)}…` : told;
    return [make("span", { class: "tile__page", lang: story.language, dir: "auto" }, make("span", { class: "tile__words" }, text))];
  }
  return story.sounds.slice(0, 1).map((sound) => make("span", { class: "tile__voice" }, `${words.recording} ${length(sound)}`));
}

/* A story with everything in it, and what stands under it. */
export function whole(story, words, foot) {
  const title = make("h2", { class: "embed-title", lang: story.language }, titleOf(story, words));
  const translation = translated(story.translations, story, words);
  const body = [
    ...story.images.map((image) => make("div", { class: "embed-story__picture" }, picture(image, alt(image, story, words), "(min-width: 46rem) 44rem, 92vw", true))),
    ...story.sounds.map((sound) => player(sound, story, words)),
    ...story.unheard.filter((each) => each.length).flatMap((each) => [make("p", { class: "reading-note" }, words.aloud), ...said(each, story, words)]),
  ];
  if (story.text) body.push(...besideEachOther(story.text, translation?.text, story, words));
  const head = make("header", {}, title, ...otherTitle(story, words, "story__other"), labelOf(story, words));
  return make("article", { class: "embed-story" }, head, ...behindNote(inLanguage(story.notes, words), body, words), foot);
}

/* `{text, lang}`: in the page's language where somebody wrote it in that, which needs no `lang`; else as our pages do. */
export function inLanguage(values, words) {
  const code = [words.code, "en", ...Object.keys(values)].find((each) => values[each]);
  return { text: values[code] ?? "", lang: code === words.code ? "" : code };
}

function behindNote(note, body, words) {
  if (!note.text) return body;
  const said = make("span", { class: "noted__words" }, make("span", { dir: "auto", lang: note.lang }, note.text), make("b", {}, words.open));
  return [make("details", { class: "noted" }, make("summary", {}, said), make("div", { class: "noted__inside" }, ...body))];
}

/* What is said in a recording, written down in the language it was told in, or else in the first there is. */
function toldIn(transcripts, language) {
  return transcripts.find((each) => each.language === language) ?? transcripts[0];
}

function wordsOf(transcript) {
  return (transcript?.cues ?? []).map((cue) => cue.text).join(transcript?.language === "zh" ? "" : " ");
}

/* What somebody wrote in the page's language, where that is not the one the story is told in. */
function translated(written, story, words) {
  return words.code === story.language ? undefined : written?.find((each) => each.language === words.code);
}

function said(transcripts, story, words) {
  const original = toldIn(transcripts, story.language);
  if (original?.language !== story.language) return [text(wordsOf(original), original?.language)];
  return besideEachOther(wordsOf(original), wordsOf(translated(transcripts, story, words)), story, words);
}

/* As it was told, and beside it in the page's language where there is such a text. */
function besideEachOther(original, other, story, words) {
  if (!other) return [text(original, story.language)];
  const column = (words_, language, kind) => make("div", { class: "twofold__one" },
    make("p", { class: "twofold__name" }, ownName(language), make("small", {}, kind ?? "")), text(words_, language));
  return [make("div", { class: "twofold" }, column(original, story.language, words.told), column(other, words.code, words.translation))];
}

function ownName(language) {
  return make("span", { lang: language }, new Intl.DisplayNames([language], { type: "language" }).of(language));
}

function text(words, language) {
  return make("div", { class: "story__text", lang: language, dir: "auto" }, words);
}

function titleOf(story, words) {
  return make("bdi", {}, story.title || words.untitled);
}

/* Below it, where there is one: the title in the page's language. */
function otherTitle(story, words, classes) {
  const title = translated(story.translations, story, words)?.title;
  return title ? [make("p", { class: classes, lang: words.language }, make("bdi", {}, title))] : [];
}

function labelOf(story, words) {
  const label = make("p", { class: "label" }, make("bdi", { class: "label__name" }, story.name || words.child));
  for (const said of [words.ages[story.age], countryOf(story, words)]) if (said) label.append(make("span", {}, said));
  return label;
}

function countryOf(story, words) {
  return story.country && new Intl.DisplayNames([words.language], { type: "region" }).of(story.country);
}

/* A checked caption, with its language where that is not the page's; else a sentence of ours. */
function alt(image, story, words) {
  const said = inLanguage(image.captions, words);
  return said.text ? said : { text: words.drawing.replace("{name}", story.name || words.child), lang: "" };
}

function picture(image, said, sizes, large = false) {
  const of = (type) => image.pictures.filter((each) => each.media_type === type).sort((a, b) => a.width - b.width);
  const set = (pictures) => pictures.map((each) => `${each.url} ${each.width}w`).join(", ");
  const plain = of("image/jpeg").length ? of("image/jpeg") : image.pictures;
  const sources = ["image/avif", "image/webp"].filter((type) => of(type).length).map((type) => make("source", {
    type, sizes, srcset: set(of(type)), ...(large && type === "image/avif" && { media: "(max-width: 40rem)" }),
  }));
  const img = make("img", {
    alt: said.text, lang: said.lang, width: image.width, height: image.height, loading: "lazy", decoding: "async",
    sizes, srcset: set(plain), src: plain[plain.length - 1].url,
  });
  const tall = image.height > 1.9 * image.width ? " picture--tower" : image.height > 1.05 * image.width ? " picture--tall" : "";
  return make("span", { class: `picture${tall}` }, make("picture", {}, ...sources, img));
}

function player(sound, story, words) {
  const sources = sound.recordings.map((each) => make("source", { src: each.url, type: each.media_type }));
  const title = words.listen.replace("{name}", story.name || words.child);
  const heard = make("figcaption", { class: "player__title" }, `${title} ${length(sound)}`);
  const audio = make("audio", { controls: "controls", preload: "none", "aria-label": title }, ...sources);
  const below = wordsOf(toldIn(sound.transcripts, story.language)).trim()
    ? [make("details", { class: "transcript" }, make("summary", {}, words.said), ...said(sound.transcripts, story, words))] : [];
  return make("figure", { class: "player" }, heard, audio, ...below);
}

function length(sound) {
  const seconds = Math.floor(sound.seconds);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
