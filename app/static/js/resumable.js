// Sends a file in pieces, each with its SHA-256, and goes on where the line broke: after seconds, or after a reload.
//
//   POST   address            {name, bytes, slot}     201 {id, offset, chunk, largest}
//   GET    address/id                           {offset} or {done}
//   PATCH  address/id         the piece; Upload-Offset, Upload-Digest     {offset}; 409 {offset}: go on from there
//   POST   address/id/xong    {sha256}          {done}; 422 {message}: refused, nothing was kept
//   DELETE address/id                           given up
import { operationId } from "./autosave.js";
import { forget, keep } from "./pending.js";

const PAUSES_MS = [500, 1000, 2000, 4000, 8000, 15000, 30000];
const PIECE_TIMEOUT_MS = 60000;
const QUICK_MS = 2000;
const SLOW_MS = 8000;
const SMALLEST = 16 * 1024;

export class Refused extends Error {}

const wake = () => new Promise((done) => addEventListener("online", done, { once: true }));
const after = (time) => new Promise((done) => setTimeout(done, time));

// Digests exist on secure addresses only; elsewhere the lengths alone are compared.
async function sha256(blob) {
  if (!crypto.subtle) return null;
  const digest = await crypto.subtle.digest("SHA-256", await blob.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// `place` tells the fields of one page apart that send to the same address.
export function newItem(address, file, place = address) {
  return { key: operationId(), address, place, name: file.name, type: file.type, blob: file, id: null, at: Date.now() };
}

export class Sending {
  // With `hold` the pieces are sent and kept, and a form that is saved later completes them.
  constructor(item, { token, hold = false, onProgress = () => {}, onWaiting = () => {} }) {
    Object.assign(this, { item, token, hold, onProgress, onWaiting, failures: 0, piece: 64 * 1024, largest: 1024 * 1024 });
  }

  // Resolves with the server's answer; rejects with Refused, whose message is for the person.
  async run() {
    await keep(this.item);
    for (;;) {
      try {
        const answer = await this.attempt();
        if (!answer.held) await forget(this.item);
        return answer;
      } catch (fault) {
        if (fault instanceof Refused) { await forget(this.item); throw fault; }
        await this.pause();
      }
    }
  }

  stop() { this.stopped = true; this.controller?.abort(); }

  async attempt() {
    let offset = this.item.id ? await this.standing() : 0;
    if (!this.item.id) offset = await this.begin();
    while (offset < this.item.blob.size) offset = await this.append(offset);
    this.onProgress(offset, this.item.blob.size);
    if (this.done || !this.hold) return this.complete();
    return { held: true, id: this.item.id, sha256: await sha256(this.item.blob) };
  }

  async begin() {
    const answer = await this.ask("POST", "", JSON.stringify({ name: this.item.name, bytes: this.item.blob.size, slot: this.hold ? "paper" : "photo" }));
    Object.assign(this, { piece: answer.chunk, largest: answer.largest });
    this.item.id = answer.id;
    await keep(this.item);
    return answer.offset;
  }

  // Where to go on. What the server no longer knows is begun again.
  async standing() {
    const answer = await this.ask("GET", `/${this.item.id}`);
    this.done = Boolean(answer.done);
    if (answer.done) return this.item.blob.size;
    if (answer.unknown) { this.item.id = null; return 0; }
    return answer.offset;
  }

  async append(offset) {
    const piece = this.item.blob.slice(offset, offset + this.piece);
    const began = performance.now();
    const answer = await this.ask("PATCH", `/${this.item.id}`, piece, {
      "Content-Type": "application/octet-stream",
      "Upload-Offset": String(offset),
      ...(crypto.subtle ? { "Upload-Digest": await sha256(piece) } : {}),
    });
    if (answer.unknown) { this.item.id = null; throw new Error("begin again"); }
    this.follow(performance.now() - began);
    this.failures = 0;
    this.onProgress(answer.offset, this.item.blob.size);
    return answer.offset;
  }

  // Pieces that a good line takes quickly grow; a piece that took long is halved, so that a break costs little.
  follow(time) {
    if (time < QUICK_MS) this.piece = Math.min(this.piece * 2, this.largest);
    else if (time > SLOW_MS) this.piece = Math.max(this.piece / 2, SMALLEST);
  }

  async complete() {
    const answer = await this.ask("POST", `/${this.item.id}/xong`, JSON.stringify({ sha256: await sha256(this.item.blob) }));
    if (answer.unknown) { this.item.id = null; throw new Error("begin again"); }
    return answer;
  }

  async ask(method, path, body, headers = { "Content-Type": "application/json" }) {
    if (this.stopped) throw new Refused("");
    this.controller = new AbortController();
    const timer = setTimeout(() => this.controller.abort(), PIECE_TIMEOUT_MS);
    try {
      const response = await fetch(this.item.address + path, {
        method,
        body,
        credentials: "same-origin",
        signal: this.controller.signal,
        headers: { Accept: "application/json", "X-CSRFToken": this.token, ...headers },
      });
      return await this.understood(response);
    } finally {
      clearTimeout(timer);
    }
  }

  async understood(response) {
    const answer = await response.json().catch(() => ({}));
    // Signed out meanwhile: the file waits here until the person is back.
    if (response.redirected || response.status === 401 || answer.error?.code === "csrf") throw new Error("signed out");
    if (response.ok) return answer;
    if (response.status === 409 && answer.offset !== undefined) return answer;
    if (response.status === 404 && answer.code === "partial_unknown") return { unknown: true };
    if (response.status >= 500 || response.status === 429 || response.status === 408) throw new Error(String(response.status));
    if (answer.code === "digest_mismatch") throw new Error("spoilt on its way");
    throw new Refused(answer.message || answer.error?.message || "");
  }

  async pause() {
    if (this.stopped) { await forget(this.item); throw new Refused(""); }
    const step = Math.min(this.failures, PAUSES_MS.length - 1);
    this.failures += 1;
    this.onWaiting(this.failures);
    // Half of the pause is left to chance, so that a village whose mast comes back does not ask at the same instant.
    await Promise.race([wake(), after(PAUSES_MS[step] * (0.5 + Math.random() / 2)), new Promise((now) => { this.hurry = now; })]);
  }

  async giveUp() {
    this.stop();
    await forget(this.item);
    if (this.item.id) await fetch(`${this.item.address}/${this.item.id}`, { method: "DELETE", headers: { Accept: "application/json", "X-CSRFToken": this.token } }).catch(() => null);
    this.hurry?.();
  }
}
