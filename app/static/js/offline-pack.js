// Takes the dossiers of a round along: each sheet as its page shows it, and the pictures in it.
import { deeds, begin, dropSheets, note, owner, putFile, putSheet, sheetIds, sheetOf } from "./offline-store.js";

const AT_ONCE = 4;

async function fetched(address) {
  const answer = await fetch(address, { credentials: "same-origin", headers: { Accept: "application/json, image/*" } });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer;
}

export function picturesOf(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const found = [...page.querySelectorAll("img[src]")].map((img) => img.getAttribute("src"));
  found.push(...[...page.querySelectorAll("[data-gallery] a[href], a[data-enlarge]")].map((link) => link.getAttribute("href")));
  return [...new Set(found)].filter((address) => address.startsWith("/giam-khao/"));
}

async function each(items, work) {
  const left = [...items];
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    while (left.length > 0) await work(left.shift());
  }));
}

// `show({done, total, bytes})` is called as it goes. Resolves to {sheets, pictures, bytes, seconds, lasting}.
export async function takeAlong(listAddress, show) {
  const began = performance.now();
  const list = await (await fetched(listAddress)).json();
  const { key } = await begin(list);
  const lasting = await navigator.storage?.persist?.().catch(() => false) ?? false;
  const count = { done: 0, total: list.sheets.length, bytes: 0, pictures: 0 };
  const step = (bytes) => { count.done += 1; count.bytes += bytes; show(count); };
  show(count);
  const addresses = [];
  await each(list.sheets, async ({ url }) => {
    const text = await (await fetched(url)).text();
    const sheet = JSON.parse(text);
    await keep(key, sheet);
    for (const address of picturesOf(sheet.html)) addresses.push([address, sheet.assignment_id]);
    step(text.length);
  });
  count.total += addresses.length;
  count.pictures = addresses.length;
  await each(addresses, async ([address, id]) => {
    const answer = await fetched(address);
    const bytes = await answer.arrayBuffer();
    await putFile(key, address, id, answer.headers.get("Content-Type"), bytes);
    step(bytes.byteLength);
  });
  await leaveOut(list);
  const facts = { sheets: list.sheets.length, pictures: count.pictures, bytes: count.bytes, seconds: (performance.now() - began) / 1000, lasting };
  const { rounds = {} } = await owner();
  await note({ rounds: { ...rounds, [list.round.id]: { ...list.round, ...facts, at: new Date().toISOString() } } });
  return facts;
}

// What was typed here and is not sent stays what the sheet shows, on the version that it was typed upon.
async function keep(key, sheet) {
  const waiting = await deeds(sheet.assignment_id);
  if (waiting.length > 0) {
    const had = await sheetOf(sheet.assignment_id);
    if (had) Object.assign(sheet, { values: had.values, version: had.version, total: had.total, stamp: had.stamp });
  }
  await putSheet(key, sheet);
}

async function leaveOut(list) {
  const listed = new Set(list.sheets.map((item) => item.assignment_id));
  const waiting = new Set((await deeds()).map((deed) => deed.assignment_id));
  const gone = [];
  for (const id of await sheetIds()) {
    if (listed.has(id) || waiting.has(id)) continue;
    if ((await sheetOf(id)).round_id === list.round.id) gone.push(id);
  }
  await dropSheets(gone);
}
