// A paper is sent while its number and dates are typed, and saved with them: the form carries the id of what was sent
// in place of the file. Saved too early, the form waits for the last piece and then goes by itself.
import { forget } from "./pending.js";

export function hold(drop, input) {
  const { form } = input;
  const [id, digest] = [form.elements.upload_id, form.elements.upload_sha256];
  let current = null;
  let wanted = false;

  drop.addEventListener("sending", ({ detail }) => {
    current?.giveUp();  // another file was chosen instead
    current = detail;
    id.value = digest.value = "";
    drop.querySelector("[data-held]")?.remove();
  });
  drop.addEventListener("sent", ({ detail }) => {
    if (!detail.held) return;
    current = { ...current, sent: true };
    id.value = detail.id;
    digest.value = detail.sha256 || "";
    input.value = "";
    if (wanted) form.requestSubmit();
  });
  drop.addEventListener("unsent", () => {
    current = null;
    wanted = false;
    input.value = "";
  });
  form.addEventListener("submit", (event) => {
    if (!current) return;
    if (current.sent) { forget(current.pending); return; }
    event.preventDefault();
    wanted = true;
  });
}
