/* A page in somebody's frame says how high it is; nothing else, so anybody may hear it. */
import { HEIGHT } from "./heights.js";

if (parent !== window) {
  const page = document.documentElement;
  new ResizeObserver(() => {
    parent.postMessage({ type: HEIGHT, height: Math.ceil(page.getBoundingClientRect().height) }, "*");
  }).observe(page);
}
