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
];

for (const [selector, address] of parts) {
  if (document.querySelector(selector)) import(address).then((part) => part.start?.(document));
}

document.querySelector("[data-error-summary]")?.focus();

const here = document.querySelector(".site-nav [aria-current]");
if (here) here.parentElement.scrollLeft = here.offsetLeft - here.parentElement.clientWidth / 3;
