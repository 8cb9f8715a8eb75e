// Asks before a page with unsaved changes is left. The browser words the question.
export function start(page) {
  for (const form of page.querySelectorAll("form[data-guard]")) {
    let changed = globalThis.early.touched(form);
    form.addEventListener("input", () => { changed = true; });
    form.addEventListener("submit", () => { changed = false; });
    form.addEventListener("autosaved", () => { changed = false; });
    addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
  }
}
