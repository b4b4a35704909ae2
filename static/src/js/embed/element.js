/* `<eyes-on-me>`: a campaign, a story or a selection in the page itself. What stands inside it, links that somebody
   wrote, is shown until ours is there, and wherever ours cannot be. Where the host page's policy lets no data or no
   picture of ours in, a frame is tried. */

import { heightIn } from "../heights.js";
import { BASE, TakenBack } from "./asking.js";
import { compose, sentence } from "./composing.js";
import { frameAddress, wishOf } from "./wish.js";

const PATIENCE = 10_000;

export class EyesOnMe extends HTMLElement {
  static observedAttributes = ["campaign", "story", "selection", "theme", "accent", "columns", "lang"];

  #asking = new AbortController();
  #due = false;

  constructor() {
    super();
    this.attachShadow({ mode: "open" }).append(document.createElement("slot"));
  }

  connectedCallback() {
    this.#refresh();
  }

  disconnectedCallback() {
    this.#asking.abort();
  }

  attributeChangedCallback() {
    if (this.isConnected) this.#refresh();
  }

  /* Once for however many attributes change at a time. */
  #refresh() {
    if (this.#due) return;
    this.#due = true;
    queueMicrotask(() => {
      this.#due = false;
      this.#asking.abort();
      this.#asking = new AbortController();
      if (this.isConnected) this.#show(wishOf(this), this.#asking.signal);
    });
  }

  async #show(wish, signal) {
    if (!wish) return;
    try {
      const { content, sheets } = await compose(wish, signal);
      if (signal.aborted) return;
      content.addEventListener("error", () => this.#hold(wish, signal), { capture: true, once: true });
      this.shadowRoot.adoptedStyleSheets = sheets;
      this.shadowRoot.replaceChildren(content);
    } catch (trouble) {
      if (signal.aborted) return;
      if (trouble instanceof TakenBack) this.shadowRoot.replaceChildren(sentence(trouble.message));
      else this.#hold(wish, signal);
    }
  }

  /* A frame in its place, seen as soon as the page in it says how high it is. */
  #hold(wish, signal) {
    if (signal.aborted) return;
    const until = document.createElement("slot");
    const frame = document.createElement("iframe");
    frame.src = frameAddress(wish, BASE);
    frame.title = this.textContent.trim() || "Eyes on Me";
    frame.referrerPolicy = "strict-origin";
    frame.sandbox = "allow-scripts allow-popups allow-popups-to-escape-sandbox";
    frame.width = "100%";
    frame.height = 0;
    frame.frameBorder = 0;
    const arrived = new AbortController();
    const forget = () => arrived.abort(frame.remove());
    const giveUp = setTimeout(forget, PATIENCE);
    const refused = ({ effectiveDirective, blockedURI }) => {
      if (effectiveDirective === "frame-src" && BASE.startsWith(blockedURI)) forget();
    };
    const listen = (event) => {
      const height = event.source === frame.contentWindow && heightIn(event);
      if (!height) return;
      clearTimeout(giveUp);
      frame.height = height;
      until.remove(); // and not the frame for a moment, which would load anew
    };
    addEventListener("message", listen, { signal: arrived.signal });
    document.addEventListener("securitypolicyviolation", refused, { signal: arrived.signal });
    signal.addEventListener("abort", () => arrived.abort(clearTimeout(giveUp)));
    this.shadowRoot.replaceChildren(until, frame);
  }
}
