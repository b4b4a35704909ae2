/* The pages where a child or a guardian writes, hands in and answers. */
import { watchConnection } from "./connection.js";
import { connectCounters } from "./counter.js";
import { dressFileBoxes } from "./file_choice.js";
import { keepDrafts } from "./draft.js";
import { connectQuickExit } from "./quick_exit.js";
import { connectRecorders } from "./recorder.js";
import { showMistakes } from "./mistakes.js";
import { sendFiles } from "./sending.js";
import { watchSharedPhone } from "./shared_phone.js";
import { askTwice } from "./sure.js";
import { connectUploads } from "./upload.js";
import { waitForCard } from "./waiting.js";

connectQuickExit();
askTwice();
watchConnection();
keepDrafts();
connectCounters();
connectUploads();
dressFileBoxes();
connectRecorders();
sendFiles();
showMistakes();
watchSharedPhone();
waitForCard();
