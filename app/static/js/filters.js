// A filter chosen from a list applies at once; typed text waits for Enter or the button.
export function start(page) {
  for (const form of page.querySelectorAll("form[data-auto-submit]")) {
    form.addEventListener("change", (event) => { if (event.target.tagName === "SELECT") form.requestSubmit(); });
    form.addEventListener("submit", () => {
      for (const control of form.elements) if (control.name && control.value === "") control.disabled = true;
    });
    if ([...form.querySelectorAll("select")].some(globalThis.early.touched)) form.requestSubmit();
  }
}
