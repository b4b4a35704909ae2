/* The way back from a story leads to the wall as it was: with the words and filters it was found by, and on its page.
   Only a wall tells where from (`referrerpolicy` on its pieces), and only us. */

export function connectWayBack(within = document) {
  const link = within.querySelector("[data-way-back]");
  if (!link || !document.referrer) return;
  const from = new URL(document.referrer);
  if (from.origin === location.origin && from.pathname === link.pathname) link.href = from.href;
}
