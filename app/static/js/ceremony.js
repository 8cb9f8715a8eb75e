// The order of turns by drag or by arrow keys, and the check-off page that follows what others hand over.
function renumber(body) {
  const first = Number(body.closest("[data-order]").dataset.first);
  body.querySelectorAll("[data-position]").forEach((input, index) => { input.value = first + index; });
  body.querySelector("[data-position]")?.dispatchEvent(new Event("input", { bubbles: true }));
}

function move(row, target, after) {
  if (!target || target === row) return;
  if (after) target.after(row); else target.before(row);
  renumber(row.parentElement);
}

function prepareOrder(frame) {
  const body = frame.querySelector("tbody");
  const said = document.querySelector("[data-order-said]");
  const tell = (row) => { said.textContent = frame.dataset.order.replace("{n}", row.querySelector("[data-position]").value); };
  for (const grip of body.querySelectorAll("[data-grip]")) {
    const row = grip.closest("tr");
    grip.addEventListener("keydown", (event) => {
      const up = event.key === "ArrowUp";
      if (!up && event.key !== "ArrowDown") return;
      event.preventDefault();
      move(row, up ? row.previousElementSibling : row.nextElementSibling, !up);
      grip.focus();
      tell(row);
    });
    grip.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      grip.focus();
      grip.setPointerCapture(event.pointerId);
      row.classList.add("dragged");
      const follow = (now) => {
        const over = document.elementFromPoint(now.clientX, now.clientY)?.closest("[data-turn]");
        if (!over || over.parentElement !== body) return;
        const box = over.getBoundingClientRect();
        move(row, over, now.clientY > box.top + box.height / 2);
      };
      const end = () => {
        grip.removeEventListener("pointermove", follow);
        row.classList.remove("dragged");
        tell(row);
      };
      grip.addEventListener("pointermove", follow);
      grip.addEventListener("pointerup", end, { once: true });
      grip.addEventListener("pointercancel", end, { once: true });
    });
  }
}

const EVERY_MS = 3000;

function follow(page) {
  const tick = async () => {
    try {
      const answer = await fetch(page.dataset.handOver, { headers: { Accept: "application/json" } });
      if (answer.ok) show(page, await answer.json());
    } catch { /* the next tick tries again */ }
    setTimeout(tick, EVERY_MS);
  };
  setTimeout(tick, EVERY_MS);
}

function show(page, state) {
  let done = 0;
  for (const row of page.querySelectorAll("[data-row]")) {
    const told = state.turns[row.dataset.row] ?? "";
    const here = row.querySelector("[data-told]");
    if (told) done += 1;
    // The button must fit the state: a row that changed elsewhere is loaded anew with the page.
    if (Boolean(told) !== Boolean(here.textContent.trim()) && !row.classList.contains("behind")) {
      row.classList.add("behind");
      here.textContent = told;
      row.querySelector("button")?.remove();
    }
  }
  page.querySelector("[data-done]").textContent = done;
  page.querySelector("[data-bar]").value = done;
}

async function scan(button, view, input) {
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  view.srcObject = stream;
  view.hidden = false;
  await view.play();
  const look = async () => {
    const [found] = await detector.detect(view).catch(() => []);
    if (!found) return requestAnimationFrame(look);
    stream.getTracks().forEach((track) => track.stop());
    view.hidden = true;
    input.value = found.rawValue;
    input.form.requestSubmit();
  };
  look();
}

document.querySelectorAll("[data-order]").forEach(prepareOrder);
const page = document.querySelector("[data-hand-over]");
if (page) follow(page);
const button = document.querySelector("[data-scan]");
if (button && "BarcodeDetector" in window && navigator.mediaDevices) {
  button.hidden = false;
  button.addEventListener("click", () => {
    scan(button, page.querySelector("[data-scan-view]"), page.querySelector("[data-code]")).catch(() => { button.hidden = true; });
  });
}
