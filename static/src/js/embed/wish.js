/* What an element asks for, from its attributes. Values that do not exist are left out, as the server leaves them out. */

const LOOKS = { theme: /^(light|dark)$/, accent: /^#?([0-9a-f]{6})$/i, columns: /^[1-4]$/, lang: /^[a-z]{2}\b/i };
const NARROWED = ["theme", "country", "language", "medium", "age", "count"];
const ID = /^[\w-]{1,80}$/;

/* `{kind, value, theme, accent, columns, lang}`; none where the element names nothing that can be shown. */
export function wishOf(element) {
  const kind = ["campaign", "story", "selection"].find((name) => element.hasAttribute(name));
  const value = element.getAttribute(kind ?? "") ?? "";
  if (!kind || (kind !== "selection" && !ID.test(value))) return null;
  const wish = { kind, value };
  for (const [name, pattern] of Object.entries(LOOKS)) {
    const said = name === "lang" ? element.closest("[lang]")?.lang : element.getAttribute(name);
    const found = pattern.exec(said ?? "");
    wish[name] = (found?.[1] ?? found?.[0] ?? "").toLowerCase();
  }
  return wish;
}

/* What a selection is narrowed by. */
export function narrowing(wish) {
  return [...new URLSearchParams(wish.value)].filter(([name, value]) => NARROWED.includes(name) && value);
}

/* Where the frame leads that shows the same. */
export function frameAddress(wish, base) {
  const path = { campaign: `campaigns/${wish.value}`, story: `stories/${wish.value}`, selection: "stories" }[wish.kind];
  const address = new URL(`embed/${path}`, base);
  const look = { look: wish.theme, accent: wish.accent, columns: wish.columns, lang: wish.lang };
  const query = [...(wish.kind === "selection" ? narrowing(wish) : []), ...Object.entries(look)];
  address.search = new URLSearchParams(query.filter(([, value]) => value));
  return address.href;
}
