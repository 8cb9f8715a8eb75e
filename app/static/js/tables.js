// Picking rows: one, all in sight, or a stretch with Shift; the bar appears with the first.
export function start(page) {
  for (const table of page.querySelectorAll("[data-bulk-table]")) prepare(table);
}

function prepare(table) {
  const boxes = [...table.querySelectorAll("[data-pick]")];
  const all = table.querySelector("[data-pick-all]");
  const bar = boxes[0]?.form;
  let last = null;

  function show() {
    const picked = boxes.filter((box) => box.checked);
    for (const box of boxes) box.closest("tr").classList.toggle("is-picked", box.checked);
    if (all) {
      all.checked = picked.length > 0 && picked.length === boxes.length;
      all.indeterminate = picked.length > 0 && picked.length < boxes.length;
    }
    if (!bar) return;
    bar.classList.toggle("has-picked", picked.length > 0);
    const count = bar.querySelector("[data-bulk-count]");
    if (count) count.textContent = count.dataset.word.replace("{n}", String(picked.length));
  }

  boxes.forEach((box, index) => box.addEventListener("click", (event) => {
    if (event.shiftKey && last !== null) {
      for (const other of boxes.slice(Math.min(last, index), Math.max(last, index) + 1)) other.checked = box.checked;
    }
    last = index;
    show();
  }));
  all?.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    show();
  });
  if (all?.checked && !boxes.some((box) => box.checked)) all.dispatchEvent(new Event("change"));  // ticked before this script was there
  show();
}
