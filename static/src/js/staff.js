/* The staff's pages; site.js runs there too. */
import { connectCounters } from "./counter.js";
import { dressFileBoxes } from "./file_choice.js";
import { keepDrafts } from "./draft.js";
import { showMistakes } from "./mistakes.js";
import { connectOrdering } from "./ordering.js";
import { connectRecorders } from "./recorder.js";
import { sendFiles } from "./sending.js";
import { stayLoggedIn } from "./still_here.js";
import { connectTranscripts } from "./transcript.js";

keepDrafts({ ofTeam: true });
stayLoggedIn();
connectCounters();
connectRecorders();
sendFiles();
connectOrdering();
connectTranscripts();
showMistakes();
dressFileBoxes();
