// Figures that keep themselves true: asks [data-live] every ten seconds while the page is looked at.
// The answer is {cells: {key: [done, total]}, gaps}.
const PAUSE_MS = 10000;

function show(answer) {
  for (const cell of document.querySelectorAll("[data-live-cell]")) {
    const [done, total] = answer.cells[cell.dataset.liveCell] ?? [];
    const bar = cell.querySelector("progress");
    if (total === undefined || !bar) continue;
    bar.value = done;
    bar.max = total || 1;
    cell.querySelector("[data-live-text]").textContent = `${done} / ${total}`;
  }
  const gaps = document.querySelector("[data-live-gaps]");
  const writing = [...document.querySelectorAll("main input:not([type=hidden]), main textarea")].some((one) => (one.type === "checkbox" ? one.checked : one.value !== ""));
  // What somebody is writing is worth more than a fresh list.
  if (gaps && gaps.textContent !== String(answer.gaps) && !writing) location.reload();
}

async function watch(address) {
  for (;;) {
    await new Promise((wake) => setTimeout(wake, PAUSE_MS));
    if (document.hidden) continue;
    const response = await fetch(address, { headers: { Accept: "application/json" }, credentials: "same-origin" }).catch(() => null);
    if (response?.ok) show(await response.json());
  }
}

const box = document.querySelector("[data-live]");
if (box) watch(box.dataset.live);
