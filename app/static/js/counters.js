// How many letters are left. Counts as the server does: code points of the NFC form.
export const letters = (text) => [...text.normalize("NFC")].length;

export function start(page) {
  for (const control of page.querySelectorAll("[data-counter]")) {
    const line = page.getElementById(`${control.id}-counter`);
    if (!line) continue;
    const show = () => {
      const left = Number(control.dataset.counter) - letters(control.value);
      line.classList.toggle("over", left < 0);
      line.textContent = (left < 0 ? line.dataset.wordOver : line.dataset.wordLeft).replace("{n}", String(Math.abs(left)));
    };
    control.addEventListener("input", show);
    show();
  }
}
