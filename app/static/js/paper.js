// Keying in from paper: Enter from field to field, Ctrl+Enter saves, + and - enlarge the picture, Page Up and Down move it.
// Without this script the form and the picture are there all the same.
const WIDTHS = ["is-fit", "is-150", "is-200", "is-300"];

function enlarging(pane) {
  const box = pane.querySelector("[data-paper-scroll]");
  let level = 0;
  const zoom = (step) => {
    const before = level;
    level = Math.min(Math.max(level + step, 0), WIDTHS.length - 1);
    if (before === level) return;
    const middle = [(box.scrollLeft + box.clientWidth / 2) / box.scrollWidth, (box.scrollTop + box.clientHeight / 2) / box.scrollHeight];
    box.classList.remove(...WIDTHS);
    box.classList.add(WIDTHS[level]);
    box.scrollLeft = middle[0] * box.scrollWidth - box.clientWidth / 2;
    box.scrollTop = middle[1] * box.scrollHeight - box.clientHeight / 2;
  };
  for (const button of pane.querySelectorAll("[data-zoom]")) button.addEventListener("click", () => zoom(Number(button.dataset.zoom)));
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.matches?.("textarea, input[name=reason], input[name=note]")) return;
    if (event.key === "+" || event.key === "=") { event.preventDefault(); zoom(1); }
    else if (event.key === "-") { event.preventDefault(); zoom(-1); }
    else if (event.key === "PageDown" || event.key === "PageUp") {
      event.preventDefault();
      box.scrollBy({ top: (event.key === "PageDown" ? 0.8 : -0.8) * box.clientHeight });
    }
  });
}

function walking(form) {
  const fields = [...form.querySelectorAll("[data-mark]:not([readonly]), #total, #comment, #signature, #reason")];
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    if (event.ctrlKey) { event.preventDefault(); form.requestSubmit(); return; }
    if (event.shiftKey || !fields.includes(event.target)) return;
    event.preventDefault();
    event.stopPropagation();
    const following = fields[fields.indexOf(event.target) + 1];
    if (!following) form.requestSubmit();
    else { following.focus(); following.select?.(); }
  }, true);
  for (const field of fields) field.addEventListener("focus", () => field.matches(".mark") && field.select());
  const wrong = form.querySelector("[aria-invalid=true]:not([readonly])");
  const empty = fields.find((field) => field.value === "");
  if (!fields.includes(document.activeElement)) (wrong ?? empty ?? fields[0])?.focus({ preventScroll: true });
}

for (const pane of document.querySelectorAll("[data-paper-pane]")) enlarging(pane);
for (const form of document.querySelectorAll("[data-paper-form]")) walking(form);
