/* How high a page of ours in a frame is, as it says itself (frame.js), and frames that follow it. */

export const HEIGHT = "eyes-on-me:height";
const MOST = 30_000;

/* The height that a message tells, 0 for any other message. */
export function heightIn(event) {
  const { type, height } = event.data ?? {};
  return type === HEIGHT && Number.isFinite(height) && height > 0 ? Math.min(Math.ceil(height), MOST) : 0;
}

/* Make each frame of this page that leads to `base` as high as what it holds. */
export function followHeights(base) {
  addEventListener("message", (event) => {
    const height = heightIn(event);
    if (!height) return;
    for (const frame of document.querySelectorAll("iframe")) {
      if (frame.contentWindow === event.source && frame.src.startsWith(base)) frame.height = height;
    }
  });
}
