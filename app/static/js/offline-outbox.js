// The outbox: what a judge did that the server has not yet confirmed, per sheet in order, each deed with an id of its own.
//
// A deed is written down before it is sent ("attempted"), and from then on its words never change, so that the server knows a
// repeat. What is typed meanwhile is a deed of its own that builds on the answer. A deed that is refused (422, signed meanwhile,
// stepped back, phase over) or that meets another version (409) stays, with the server's answer, until the judge decides.
import { operationId } from "./autosave.js";
import { alone, deeds, dropDeeds, dropSheets, note, owner, putDeed, putSheet, sheetIds, sheetOf, tell, wipe } from "./offline-store.js";

const BATCH = 20;
const PATIENCE_MS = 20000;
const CONTACT = "/giam-khao/lien-lac";
const ADDRESS = "/giam-khao/mang-theo/gui";

// --- writing down ----------------------------------------------------------------------------

// `seen` is the stamp of the values that the form was built on: another window that wrote meanwhile is another version.
export async function queueSave(assignment_id, fields, total, seen) {
  const stamp = operationId();
  const other = await alone("outbox", async () => {
    const now = await sheetOf(assignment_id);
    if (now.stamp !== seen) return now;
    const had = await deeds(assignment_id);
    const last = had.at(-1);
    if (last && last.kind === "save" && (!last.attempted || last.state === "refused")) {
      const fresh = last.attempted ? { operation_id: operationId(), attempted: false } : {};
      await putDeed({ ...last, ...fresh, fields, state: last.state === "conflict" ? "conflict" : "waiting", answer: last.state === "conflict" ? last.answer : null });
    } else {
      const sheet = await sheetOf(assignment_id);
      const version = had.length === 0 ? sheet.version : null;
      await putDeed({ assignment_id, kind: "save", operation_id: operationId(), fields, version, attempted: false, state: "waiting", answer: null });
    }
    await remember(assignment_id, { values: fields, total, stamp });
    return null;
  });
  if (other) return { other };
  tell("queued");
  await askBackground();
  return { stamp };
}

export async function queueSign(assignment_id) {
  await alone("outbox", async () => {
    const had = await deeds(assignment_id);
    if (had.some((deed) => deed.kind === "sign")) return;
    const sheet = await sheetOf(assignment_id);
    const version = had.length === 0 ? sheet.version : null;
    await putDeed({ assignment_id, kind: "sign", operation_id: operationId(), fields: {}, version, attempted: false, state: "waiting", answer: null });
  });
  tell("queued");
  await askBackground();
}

// A signature that has not left the device may be taken back; one that may have arrived may not.
export async function takeBackSign(assignment_id) {
  const taken = await alone("outbox", async () => {
    const sign = (await deeds(assignment_id)).find((deed) => deed.kind === "sign");
    if (!sign || (sign.attempted && sign.state === "waiting")) return false;
    await dropDeeds([sign.seq]);
    return true;
  });
  tell("queued");
  return taken;
}

// The judge has looked at both versions. `values` null keeps the device's own, which are then saved on top of the other version.
export async function settle(assignment_id, version, values) {
  await alone("outbox", async () => {
    const had = await deeds(assignment_id);
    await dropDeeds(had.map((deed) => deed.seq));
    await remember(assignment_id, values ? { version, values } : { version });
  });
  tell("queued");
}

export async function discard(assignment_id) {
  await alone("outbox", async () => dropDeeds((await deeds(assignment_id)).map((deed) => deed.seq)));
  tell("queued");
}

export async function remember(assignment_id, facts) {
  const [found, sheet] = [await owner(), await sheetOf(assignment_id)];
  if (found && sheet) await putSheet(found.key, { ...sheet, ...facts });
}

// --- sending ---------------------------------------------------------------------------------

const json = { Accept: "application/json", "Content-Type": "application/json" };

async function ask(address, options) {
  const answer = await fetch(address, { credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS), ...options });
  if (answer.status >= 500) throw new Error("server");
  return answer;
}

// Who is signed in here? "in", "out" (sign in again), "other" (somebody else), "ended" (all is wiped), "offline".
export async function contact() {
  const found = await owner();
  if (!found) return { state: "none" };
  let answer;
  try {
    answer = await ask(CONTACT, { headers: { ...json, "X-Mang-Theo": found.token } });
  } catch {
    return { state: "offline" };
  }
  const body = await answer.json().catch(() => ({}));
  if (body.state === "ended") {
    await wipe();
    return { state: "ended" };
  }
  if (body.state === "out") return { state: "out" };
  if (body.state !== "in") return { state: "offline" };
  if (body.user.id !== found.user.id) return { state: "other" };
  await note({ token: body.token });
  await forget(body.assignments);
  return { state: "in", csrf: body.csrf };
}

// A dossier that is no longer the judge's to see leaves the device, but not what was scored and not sent.
async function forget(open) {
  const mine = new Set(open);
  const gone = (await sheetIds()).filter((id) => !mine.has(id));
  if (gone.length === 0) return;
  const waiting = new Set((await deeds()).map((deed) => deed.assignment_id));
  await dropSheets(gone.filter((id) => !waiting.has(id)));
}

let running = null;
let again = false;

// Sends what waits; many calls at once are one. Resolves to the state of `contact`.
export function sync() {
  if (running) {
    again = true;
    return running;
  }
  running = (async () => {
    let report;
    do {
      again = false;
      report = await alone("sync", sendAll).catch(() => ({ state: "offline" }));
    } while (again && report.state === "in");
    return report;
  })().finally(() => { running = null; });
  return running;
}

async function sendAll() {
  const met = await contact();
  if (met.state === "in") {
    for (let batch = await heads(); batch.length > 0; batch = await heads()) {
      const answer = await ask(ADDRESS, {
        method: "POST", headers: { ...json, "X-CSRFToken": met.csrf },
        body: JSON.stringify({ operations: batch.map(({ assignment_id, kind, operation_id, fields, version }) => ({ assignment_id, kind, operation_id, fields, version })) }),
      });
      if (!answer.ok) throw new Error("refused");
      await taken(batch, (await answer.json()).results);
    }
    await note({ met_at: new Date().toISOString() });
  }
  tell("synced");
  return met;
}

// The first deed of every sheet that waits, its words fixed before they leave.
function heads() {
  return alone("outbox", async () => {
    const first = new Map();
    for (const deed of await deeds()) if (!first.has(deed.assignment_id)) first.set(deed.assignment_id, deed);
    const batch = [...first.values()].filter((deed) => deed.state === "waiting").slice(0, BATCH);
    for (const deed of batch) {
      deed.attempted = true;
      await putDeed(deed);
    }
    return batch;
  });
}

function taken(batch, results) {
  return alone("outbox", async () => {
    for (const [place, deed] of batch.entries()) {
      const result = results[place];
      if (result.status === 200) await kept(deed, result);
      else if (result.status !== 424) await putDeed({ ...deed, state: result.theirs ? "conflict" : "refused", answer: result });
    }
  });
}

async function kept(deed, result) {
  await dropDeeds([deed.seq]);
  const [next] = await deeds(deed.assignment_id);
  if (next && next.version === null) await putDeed({ ...next, version: result.version });
  await remember(deed.assignment_id, { version: result.version, state: result.state, saved_at: result.saved_at });
}

async function askBackground() {
  const installed = await navigator.serviceWorker?.getRegistration?.().catch(() => null);
  await installed?.sync?.register("tieubieu-gui").catch(() => null);
}
