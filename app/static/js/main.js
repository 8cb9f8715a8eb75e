// Loads only the modules that the page at hand has use for.
const parts = [
  ["[data-dialog], dialog", "./dialogs.js"],
  ["[data-flash], [data-flashes]", "./toasts.js"],
  ["[data-bulk-table]", "./tables.js"],
  ["[data-counter]", "./counters.js"],
  ["[data-drop]", "./files.js"],
  ["[data-theme-choice]", "./theme.js"],
  ["form[data-guard]", "./leave.js"],
  ["form[data-autosave]", "./autosave.js"],
  ["[data-job]", "./progress.js"],
  ["details.menu", "./menu.js"],
  ["[data-palette]", "./palette.js"],
  ["[data-gallery]", "./gallery.js"],
  ["[data-mark]", "./marks.js"],
  ["form[data-auto-submit]", "./filters.js"],
  ["[data-carry]", "./offline-bar.js"],
  ["[data-take-along]", "./offline-card.js"],
  ["[data-offline-desk]", "./offline-desk.js"],
];
// Without early.js (its line broke) nothing was noted, and everything else works.
globalThis.early ??= { touched: () => false, release() {} };
globalThis.early.isHeard = true;
// A script that neither comes nor fails keeps no press for longer.
const LONGEST_MS = 10000;

// Each for itself: one that fails to load or to start is told in the console and keeps no other from starting.
async function begin([, address]) {
  try {
    await (await import(address)).start?.(document);
  } catch (fault) {
    reportError(fault);
  }
}

// The scripts that a page names itself have run when the document is ready. The mark is for whoever looks from outside
// (tests, monitoring); nothing in a page hangs on it.
async function beginAll() {
  setTimeout(() => globalThis.early.release(), LONGEST_MS);
  const isReady = new Promise((done) => addEventListener("DOMContentLoaded", done, { once: true }));
  await Promise.all([isReady, ...parts.filter(([selector]) => document.querySelector(selector)).map(begin)]);
  globalThis.early.release();
  document.documentElement.dataset.started = "";
}

beginAll();

document.querySelector("[data-error-summary]")?.focus();

const here = document.querySelector(".site-nav [aria-current]");
if (here) here.parentElement.scrollLeft = here.offsetLeft - here.parentElement.clientWidth / 3;
