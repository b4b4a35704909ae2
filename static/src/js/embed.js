/* What other sites load: `<eyes-on-me campaign="…">`, and frames of ours that are as high as what they hold. */
import { EyesOnMe } from "./embed/element.js";
import { BASE } from "./embed/asking.js";
import { followHeights } from "./heights.js";

if (!customElements.get("eyes-on-me")) {
  followHeights(`${BASE}embed/`);
  customElements.define("eyes-on-me", EyesOnMe);
}
