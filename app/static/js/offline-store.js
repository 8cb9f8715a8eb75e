// What a judge takes along lives here: one database on the device, every record sealed with AES-GCM under a key that no script
// can read out. Whoever destroys the key (sign-out, a session ended by the organiser) destroys all of it. Also used by the worker.
const NAME = "tieubieu-mang-theo";
const STORES = { meta: "name", sheets: "assignment_id", files: "url", outbox: "seq" };
const encoder = new TextEncoder();
const decoder = new TextDecoder();

export const isAble = () => Boolean(globalThis.isSecureContext && globalThis.crypto?.subtle && globalThis.indexedDB && navigator.serviceWorker);

let opened = null;

function open() {
  opened ??= new Promise((done, fail) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      for (const [name, keyPath] of Object.entries(STORES)) asked.result.createObjectStore(name, { keyPath, autoIncrement: name === "outbox" });
    };
    asked.onsuccess = () => {
      asked.result.onversionchange = () => { asked.result.close(); opened = null; };
      done(asked.result);
    };
    asked.onerror = () => { opened = null; fail(asked.error); };
  });
  return opened;
}

// Runs `work` on the stores and settles when all of it is on disk: "strict" waits for the disk, not only for the system's memory.
async function within(names, mode, work) {
  const base = await open();
  return new Promise((done, fail) => {
    const deal = base.transaction(names, mode, mode === "readwrite" ? { durability: "strict" } : {});
    const asked = work(...[names].flat().map((name) => deal.objectStore(name)));
    deal.oncomplete = () => done(asked?.result);
    deal.onerror = deal.onabort = () => fail(deal.error);
  });
}

const read = (name, key) => within(name, "readonly", (store) => store.get(key));
const readAll = (name) => within(name, "readonly", (store) => store.getAll());

// --- sealing ---------------------------------------------------------------------------------

async function seal(key, bound, bytes) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: encoder.encode(bound) }, key, bytes) };
}

async function unseal(key, bound, { iv, data }) {
  return crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: encoder.encode(bound) }, key, data);
}

const sealText = (key, bound, value) => seal(key, bound, encoder.encode(JSON.stringify(value)));
const unsealText = async (key, bound, sealed) => JSON.parse(decoder.decode(await unseal(key, bound, sealed)));

// --- whose it is -----------------------------------------------------------------------------

// Looks before it opens: a database that was wiped is not made anew by a question.
export const owner = async () => (await exists() ? await read("meta", "owner") ?? null : null);

// Begins or renews what one person carries. Another person's is never taken over: it must be wiped first.
export async function begin({ user, token }) {
  const had = await owner();
  if (had && had.user.id !== user.id) throw new Error("other");
  const key = had?.key ?? await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const now = { ...had, name: "owner", user, token, key };
  await within("meta", "readwrite", (store) => store.put(now));
  return now;
}

export async function note(facts) {
  const had = await owner();
  if (had) await within("meta", "readwrite", (store) => store.put({ ...had, ...facts }));
}

// The key goes first and with everything else in one transaction; then the files of the database.
export async function wipe() {
  await within(Object.keys(STORES), "readwrite", (...stores) => { for (const store of stores) store.clear(); });
  (await open()).close();
  opened = null;
  await new Promise((done) => {
    const asked = indexedDB.deleteDatabase(NAME);
    asked.onsuccess = asked.onerror = asked.onblocked = done;
  });
  tell("wiped");
}

// --- dossiers --------------------------------------------------------------------------------

export async function putSheet(key, sheet) {
  const { assignment_id: id, round_id } = sheet;
  const sealed = await sealText(key, `sheet:${id}`, sheet);
  await within("sheets", "readwrite", (store) => store.put({ assignment_id: id, round_id, sealed }));
}

export async function sheetOf(id) {
  const found = await owner();
  const row = found ? await read("sheets", id) : null;
  return row ? unsealText(found.key, `sheet:${id}`, row.sealed) : null;
}

export async function allSheets() {
  const found = await owner();
  if (!found) return [];
  const rows = await readAll("sheets");
  return Promise.all(rows.map((row) => unsealText(found.key, `sheet:${row.assignment_id}`, row.sealed)));
}

export const sheetIds = () => within("sheets", "readonly", (store) => store.getAllKeys());

export async function dropSheets(ids) {
  const gone = new Set(ids);
  const files = await readAll("files");
  await within(["sheets", "files"], "readwrite", (sheets, pictures) => {
    for (const id of gone) sheets.delete(id);
    for (const file of files) if (gone.has(file.assignment_id)) pictures.delete(file.url);
  });
}

export async function putFile(key, url, assignment_id, type, bytes) {
  const sealed = await seal(key, `file:${url}`, bytes);
  await within("files", "readwrite", (store) => store.put({ url, assignment_id, type, sealed }));
}

export async function fileOf(key, url) {
  const row = await read("files", url);
  return row ? new Blob([await unseal(key, `file:${url}`, row.sealed)], { type: row.type }) : null;
}

// --- the outbox ------------------------------------------------------------------------------

// One deed: {seq, assignment_id, operation_id, kind, fields, version, attempted, state, answer}. Only its number and its sheet are
// readable without the key.
export async function deeds(assignment_id = null) {
  const found = await owner();
  if (!found) return [];
  const rows = (await readAll("outbox")).filter((row) => assignment_id === null || row.assignment_id === assignment_id);
  return Promise.all(rows.map(async (row) => ({ ...await unsealText(found.key, `deed:${row.assignment_id}`, row.sealed), seq: row.seq })));
}

export async function putDeed(deed) {
  const { key } = await owner();
  const { seq, ...rest } = deed;
  const row = { assignment_id: deed.assignment_id, sealed: await sealText(key, `deed:${deed.assignment_id}`, rest) };
  if (seq !== undefined) row.seq = seq;
  return within("outbox", "readwrite", (store) => store.put(row));
}

export async function dropDeeds(seqs) {
  await within("outbox", "readwrite", (store) => { for (const seq of seqs) store.delete(seq); });
}

// How many sheets wait: needs no key, and never makes a database where there was none.
export async function unsentSheets() {
  if (!await exists()) return 0;
  const rows = await readAll("outbox");
  return new Set(rows.map((row) => row.assignment_id)).size;
}

export async function exists() {
  if (opened || !indexedDB.databases) return true;
  return (await indexedDB.databases()).some((base) => base.name === NAME);
}

// --- one at a time, and the word to other windows --------------------------------------------

export const alone = (name, work) => (navigator.locks ? navigator.locks.request(`tieubieu-${name}`, work) : work());

const channel = globalThis.BroadcastChannel ? new BroadcastChannel("tieubieu-mang-theo") : null;
const listeners = new Set();

export function tell(what) {
  channel?.postMessage(what);
  for (const listener of listeners) listener(what);
}

export function listen(listener) {
  if (listeners.size === 0) channel?.addEventListener("message", ({ data }) => { for (const one of listeners) one(data); });
  listeners.add(listener);
}
