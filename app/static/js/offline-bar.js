// On every page of a judge: says what waits to be sent and sends it, puts the worker in place, and wipes at sign-out.
import { openDialog } from "./dialogs.js";
import { contact, sync } from "./offline-outbox.js";
import { exists, isAble, listen, owner, unsentSheets, wipe } from "./offline-store.js";

const FIRST_MS = 5000;
const LONGEST_MS = 300000;
let wait = FIRST_MS;
let timer = null;

export async function showUnsent(bar) {
  const [found, count] = [await owner(), await unsentSheets()];
  const isMine = !found || bar.dataset.carry === "" || String(found.user.id) === bar.dataset.carry;
  const words = isMine ? bar.dataset.wordUnsent : bar.dataset.wordOther;
  bar.querySelector("[data-carry-text]").textContent = words.replace("{n}", count).replace("{name}", found?.user.name ?? "");
  bar.hidden = count === 0;
  return count;
}

// Tries at once when the network is back, otherwise later and later.
export async function keepSending(bar) {
  clearTimeout(timer);
  timer = null;  // or what is queued while nothing is planned would wait for nothing
  const met = await sync();
  const left = await showUnsent(bar);
  bar.dataset.met = met.state;
  bar.dispatchEvent(new CustomEvent("carry-met", { detail: met }));
  if (left === 0 || met.state !== "offline") {
    wait = FIRST_MS;
    return;
  }
  clearTimeout(timer);  // two calls may have shared one attempt
  timer = setTimeout(() => keepSending(bar), wait);
  wait = Math.min(wait * 2, LONGEST_MS);
}

export function watchNetwork(bar) {
  addEventListener("online", () => { wait = FIRST_MS; keepSending(bar); });
  listen((what) => {
    showUnsent(bar);
    if (what === "queued" && !timer) timer = setTimeout(() => keepSending(bar), FIRST_MS);
  });
  bar.querySelector("[data-carry-send]")?.addEventListener("click", () => keepSending(bar));
}

export const install = () => navigator.serviceWorker.register("/giam-khao/sw.js", { type: "module", scope: "/giam-khao/" });

function signOut(bar) {
  let leaving = false;
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (leaving || form.getAttribute("action") !== bar.dataset.signOut) return;
    event.preventDefault();
    const unsent = await exists() ? await unsentSheets() : 0;
    const go = async () => {
      await wipe().catch(() => null);
      leaving = true;
      form.submit();
    };
    if (unsent === 0) return go();
    await sync();
    if (await unsentSheets() === 0) return go();
    const dialog = openDialog("con-phieu");
    dialog.querySelector("[data-carry-drop]").addEventListener("click", go, { once: true });
  });
}

export async function start(page) {
  const bar = page.querySelector("[data-carry]");
  if (!isAble() || page.querySelector("[data-offline-desk]")) return;
  signOut(bar);
  if (!await exists()) return;
  const found = await owner();
  if (!found) return;
  install().catch(() => null);
  watchNetwork(bar);
  // Nothing in the page waits for the network.
  if (String(found.user.id) === bar.dataset.carry) keepSending(bar);
  else contact().then(() => showUnsent(bar));  // somebody else's copy: only whether it was ended is asked
}
