// The worker of the judge's part. It keeps the empty desk and its scripts, never a page of anybody: a page is always the server's,
// and only where there is no network the desk on this device takes its place.
import { contact, sync } from "./offline-outbox.js";

const KEPT = "tieubieu-";

async function install({ version, files }) {
  const cache = await caches.open(KEPT + version);
  await cache.addAll(files.map((file) => new Request(file, { cache: "no-cache" })));
  await self.skipWaiting();
}

async function activate({ version }) {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(KEPT) && name !== KEPT + version).map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function page(event, { desk }) {
  try {
    const answer = await fetch(event.request);
    // Sent to sign in: perhaps the organiser ended the session, and then what was taken along must go.
    if (answer.type === "opaqueredirect" || answer.status === 401) event.waitUntil(contact());
    return answer;
  } catch (offline) {
    if (event.request.method !== "GET") return Response.redirect(event.request.url, 303);
    const kept = await caches.match(desk);
    if (!kept) throw offline;
    return kept;
  }
}

export function start(told) {
  const files = new Set(told.files);
  self.addEventListener("install", (event) => event.waitUntil(install(told)));
  self.addEventListener("activate", (event) => event.waitUntil(activate(told)));
  self.addEventListener("sync", (event) => {
    if (event.tag === "tieubieu-gui") event.waitUntil(sync().then(({ state }) => { if (state === "offline") throw new Error("offline"); }));
  });
  self.addEventListener("fetch", (event) => {
    const { pathname } = new URL(event.request.url);
    if (event.request.mode === "navigate") {
      if (pathname.startsWith("/giam-khao/")) event.respondWith(page(event, told));
    } else if (files.has(pathname) && pathname !== told.desk) {
      event.respondWith(caches.match(pathname).then((kept) => kept ?? fetch(event.request)));
    }
  });
}
