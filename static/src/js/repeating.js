/* What is sent to the server is sent again after a connection was lost, less and less often. */

const FIRST_WAIT = 1500;
const LONGEST_WAIT = 30_000;
const WORTH_REPEATING = new Set([0, 408, 425, 429, 500, 502, 503, 504]);

/* Whether an answer with this status (0: there was none) may be another one later. */
export function isWorthRepeating(status) {
  return WORTH_REPEATING.has(status);
}

/* Milliseconds before the next try, after so many; never the same for everybody at once. */
export function waitAfter(tries) {
  return Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** tries) * (0.75 + Math.random() / 2);
}

/* The JSON of an answer; null where it is something else. */
export function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
