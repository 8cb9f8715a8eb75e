// Files on their way, kept by the browser until the server has them: a reload or an empty battery loses nothing.
// Where the browser keeps nothing (private windows), sending works all the same, without that.
const LIFETIME_MS = 24 * 3600 * 1000;  // as long as the server keeps the other half

let opened;

function open() {
  opened ||= new Promise((resolve) => {
    const request = indexedDB.open("tieubieu-uploads", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("files", { keyPath: "key" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => resolve(null);
  });
  return opened;
}

async function files(mode, ask) {
  const base = await open();
  if (!base) return null;
  return new Promise((resolve) => {
    const deal = base.transaction("files", mode);
    const request = ask(deal.objectStore("files"));
    deal.oncomplete = () => resolve(request.result);
    deal.onerror = deal.onabort = () => resolve(null);
  });
}

export const keep = (item) => files("readwrite", (all) => all.put(item));
export const forget = (item) => files("readwrite", (all) => all.delete(item.key));

// What waits for a place of a page; anything too old goes, whichever page it was for.
export async function waiting(place) {
  const all = (await files("readonly", (store) => store.getAll())) || [];
  for (const item of all) if (Date.now() - item.at > LIFETIME_MS) await forget(item);
  return all.filter((item) => (item.place || item.address) === place && Date.now() - item.at <= LIFETIME_MS);
}
