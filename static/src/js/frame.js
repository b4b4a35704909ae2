/* A page in somebody's frame says how high it is; nothing else, so anybody may hear it. */
import { HEIGHT } from "./heights.js";

if (parent !== window) {
  const page = document.documentElement;
  const say = () => parent.postMessage({ type: HEIGHT, height: Math.ceil(page.getBoundingClientRect().height) }, "*");
  say(); // a frame that nobody has scrolled to yet is not drawn, and nothing in it is observed
  addEventListener("load", say);
  new ResizeObserver(say).observe(page);
}
