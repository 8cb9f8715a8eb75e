// One sheet on the device's own desk: the server's words and pictures from the store, the judge's values on top.
import { start as startGallery } from "./gallery.js";
import { start as startMarks } from "./marks.js";
import { QueuedAutosave } from "./offline-autosave.js";
import { badgeOf, place, say, stateOf } from "./offline-desk.js";
import { discard, takeBackSign } from "./offline-outbox.js";
import { allSheets, deeds, fileOf, listen, owner, sheetOf } from "./offline-store.js";
import { start as startSheet } from "./sheet.js";

const desk = document.querySelector("[data-offline-desk]").dataset.desk;
const part = (name) => document.querySelector(`[data-sheet-${name}]`);

// Pictures come from the store; one that is not there is told by its words alone.
async function pictured(content, key) {
  const links = [...content.querySelectorAll("img[src], [data-gallery] a[href], a[data-enlarge]")];
  const made = new Map();
  await Promise.all(links.map(async (one) => {
    const name = one.localName === "img" ? "src" : "href";
    const address = one.getAttribute(name);
    if (!made.has(address)) made.set(address, fileOf(key, address).then((blob) => (blob ? URL.createObjectURL(blob) : null)));
    const local = await made.get(address);
    if (local) one.setAttribute(name, local);
    else one.removeAttribute(name);
    one.removeAttribute("loading");
  }));
}

function fill(form, sheet) {
  form.dataset.version = sheet.version;
  for (const [name, value] of Object.entries(sheet.values)) {
    const control = form.elements.namedItem(name);
    if (control) control.value = value;
  }
}

function lock(form) {
  for (const control of form.querySelectorAll("input, textarea")) control.readOnly = true;
  form.querySelector(".total-bar .btn")?.remove();
  delete form.dataset.autosave;
}

async function neighbours(id) {
  const ids = (await allSheets()).sort((one, two) => one.code.localeCompare(two.code, "vi")).map((sheet) => sheet.assignment_id);
  const here = ids.indexOf(id);
  for (const [rel, other] of [["prev", ids[here - 1]], ["next", ids[here + 1]]]) {
    const link = document.querySelector(`[data-bar=sheet] [rel=${rel}]`);
    link.hidden = other === undefined;
    if (other !== undefined) link.href = `${desk}?phieu=${other}`;
  }
}

function toldOf(form, id, sheet) {
  form.addEventListener("autosave-refused", ({ detail }) => {
    document.querySelector("[data-refused-text]").textContent = [detail.message, ...Object.values(detail.errors || {})].join(" ");
    say("refused");
  });
  form.addEventListener("autosaved", () => say("refused", false));
  form.addEventListener("autosave-stored", () => say("refused", false));
  form.addEventListener("sheet-signed-here", () => location.assign(`${desk}?da-ky=${encodeURIComponent(sheet.code)}`));
  document.querySelector("[data-refused-drop]").addEventListener("click", async () => { await discard(id); location.reload(); });
  document.querySelector("[data-unsign]").addEventListener("click", async () => { await takeBackSign(id); location.reload(); });
}

// True if the sheet was taken along and is shown.
export async function showSheet(id) {
  const [found, sheet, mine] = [await owner(), await sheetOf(id), await deeds(id)];
  if (!found || !sheet) return false;
  // Parsed aside: nothing in it runs, and no picture is asked of the network before it is found in the store.
  const { body } = new DOMParser().parseFromString(sheet.html, "text/html");
  await pictured(body, found.key);
  document.querySelector("[data-place=sheet]").replaceChildren(...body.childNodes);
  document.title = `${sheet.code} · ${sheet.product}`;
  part("code").textContent = sheet.code;
  part("product").textContent = sheet.product;
  const form = document.getElementById("phieu");
  fill(form, sheet);
  const [badge] = stateOf(sheet, mine);
  const isQueued = mine.some((deed) => deed.kind === "sign");
  if (isQueued || sheet.state === "signed") lock(form);
  say("queued-sign", isQueued && badge === "queued");
  say("signed-there", !isQueued && sheet.state === "signed" && sheet.can_edit);
  await neighbours(id);
  place("sheet");  // seen and listened to in one moment
  startGallery(document);
  startMarks(document);
  toldOf(form, id, sheet);
  if (form.dataset.autosave) form.autosave = new QueuedAutosave(form, id, { away: true, seen: sheet.stamp });
  startSheet(document);
  const show = async () => {
    const [now, left] = [await sheetOf(id), await deeds(id)];
    if (now) part("badge").replaceChildren(badgeOf(stateOf(now, left)[0]));
    if (isQueued && left.length === 0 && now?.state === "signed") location.reload();
  };
  listen(show);
  await show();
  if (form.autosave) form.dataset.autosaving = "on";
  if (form.autosave) await form.autosave.show();
  else problemOf(form, mine);
  return true;
}

function problemOf(form, mine) {
  const refused = mine.find((deed) => deed.state === "refused");
  if (refused) form.dispatchEvent(new CustomEvent("autosave-refused", { detail: refused.answer }));
}
