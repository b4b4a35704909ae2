/* Every page for the public, children and guardians. Nothing here is needed to read or to answer. */
import { connectCopying } from "./copy.js";
import { connectCues } from "./cues.js";
import { connectMenus } from "./menu.js";
import { sendOnce } from "./once.js";
import { connectPlayers } from "./player.js";
import { connectPrinting } from "./printing.js";
import { connectWayBack } from "./way_back.js";
import { connectZoom } from "./zoom.js";

connectMenus();
connectZoom();
connectPlayers();
connectCues();
connectCopying();
connectPrinting();
sendOnce();
connectWayBack();
