/* The pages where a child or a guardian writes, hands in and answers. */
import { watchConnection } from "./connection.js";
import { connectCounters } from "./counter.js";
import { keepDrafts } from "./draft.js";
import { connectQuickExit } from "./quick_exit.js";
import { connectRecorders } from "./recorder.js";
import { showMistakes } from "./mistakes.js";
import { connectUploads } from "./upload.js";

connectQuickExit();
watchConnection();
keepDrafts();
connectCounters();
connectUploads();
connectRecorders();
showMistakes();
