// Saves a form while it is being filled in.
//
// POST JSON {fields, version, operation_id} to data-autosave, X-CSRFToken beside it. The same operation id is sent again after a
// broken line, so the server can answer a repeat with the first answer. Answers understood:
//   200 {version, saved_at?}            kept; version is what the next save builds on
//   409 {version, mine, theirs}         somebody saved meanwhile: both are shown, the person decides
//   422 {errors: {field: sentence}}     not kept; the sentences stand at the fields
// Events on the form: autosaved, autosave-conflict (detail: the answer), autosave-failed.
import { clock, showSaved } from "./saved.js";

const PAUSE_MS = 1200;
const RETRY_MS = 5000;

export function fieldsOf(form) {
  const fields = {};
  for (const [name, value] of new FormData(form)) {
    if (name === "csrf_token" || value instanceof File) continue;
    if (name in fields) fields[name] = [].concat(fields[name], value);
    else fields[name] = value;
  }
  return fields;
}

// randomUUID() exists on secure addresses only; a hall's local network may be plain http.
export function operationId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

export class Autosave {
  constructor(form, { address = form.dataset.autosave, pause = PAUSE_MS } = {}) {
    this.form = form;
    this.address = address;
    this.pause = pause;
    this.version = form.dataset.version === "" ? null : Number(form.dataset.version);
    this.pending = null;   // the operation under way or to be sent again
    this.dirty = false;
    this.stopped = false;
    form.addEventListener("input", () => this.later());
    form.addEventListener("change", () => this.later());
    form.addEventListener("submit", () => { clearTimeout(this.timer); this.stopped = true; });
    addEventListener("online", () => this.flush());
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.flush(); });
  }

  later() {
    if (this.stopped) return;
    this.dirty = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), this.pause);
  }

  async flush() {
    clearTimeout(this.timer);
    if (this.sending || this.stopped || (!this.dirty && !this.pending)) return;
    if (!this.pending) {
      this.dirty = false;
      this.pending = { fields: fieldsOf(this.form), version: this.version, operation_id: operationId() };
    }
    this.sending = true;
    showSaved("saving");
    try {
      await this.answer(await this.post());
    } catch (offline) {
      showSaved("unsent", 1);
      this.timer = setTimeout(() => this.flush(), RETRY_MS);
    } finally {
      this.sending = false;
    }
    if (this.dirty && !this.pending && !this.stopped) this.later();
  }

  post() {
    const token = this.form.querySelector("[name=csrf_token]")?.value || "";
    return fetch(this.address, {
      method: "POST",
      keepalive: document.hidden,  // the browser refuses bodies over 64 kB that outlive their page
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token },
      body: JSON.stringify(this.pending),
    });
  }

  async answer(response) {
    if (response.status >= 500) throw new Error("server");
    const body = await response.json().catch(() => ({}));
    this.pending = null;
    if (response.ok) return this.kept(body);
    if (response.status === 409) return this.conflict(body);
    this.markErrors(body.errors || {});
    showSaved("error");
    this.form.dispatchEvent(new CustomEvent("autosave-failed", { detail: body }));
  }

  kept(body) {
    if (body.version !== undefined) this.version = body.version;
    this.markErrors({});
    showSaved("saved", clock(body.saved_at ? new Date(body.saved_at) : undefined));
    this.form.dispatchEvent(new CustomEvent("autosaved", { detail: body }));
  }

  markErrors(errors) {
    for (const control of this.form.elements) {
      if (!control.name || control.type === "hidden") continue;
      control.toggleAttribute("aria-invalid", false);
      if (errors[control.name]) control.setAttribute("aria-invalid", "true");
      control.setCustomValidity?.(errors[control.name] || "");
    }
  }

  conflict(body) {
    this.stopped = true;
    showSaved("conflict");
    this.form.dispatchEvent(new CustomEvent("autosave-conflict", { bubbles: true, detail: body }));
    const dialog = document.querySelector("dialog[data-conflict]");
    if (!dialog) return;
    fillSide(dialog.querySelector("[data-side=mine]"), body.mine, this.form);
    fillSide(dialog.querySelector("[data-side=theirs]"), body.theirs, this.form);
    dialog.showModal();
    dialog.querySelector("[data-keep=mine]")?.addEventListener("click", () => this.resolve(dialog, body.version, null), { once: true });
    dialog.querySelector("[data-keep=theirs]")?.addEventListener("click", () => this.resolve(dialog, body.version, body.theirs), { once: true });
  }

  resolve(dialog, version, values) {
    dialog.close();
    this.version = version;
    this.stopped = false;
    for (const [name, value] of Object.entries(values || {})) {
      const control = this.form.elements.namedItem(name);
      if (control) control.value = value ?? "";
    }
    this.form.dispatchEvent(new CustomEvent("autosave-resolved"));
    this.later();
  }
}

function fillSide(list, values, form) {
  if (!list || !values) return;
  list.replaceChildren();
  const order = [...form.elements].map((control) => control.name);
  const sorted = Object.entries(values).sort(([one], [two]) => order.indexOf(one) - order.indexOf(two));
  for (const [name, value] of sorted) {
    const control = form.elements.namedItem(name);
    const term = document.createElement("dt");
    term.textContent = control?.labels?.[0]?.textContent.trim() || name;
    const text = document.createElement("dd");
    text.textContent = value ?? "–";
    list.append(term, text);
  }
}

// A sheet that was taken along is saved to the device first.
async function carried(form) {
  if (!form.dataset.sheetOf || !globalThis.isSecureContext) return null;
  const { exists } = await import("./offline-store.js");
  if (!await exists().catch(() => false)) return null;
  return (await import("./offline-autosave.js")).carriedAutosave(form).catch(() => null);
}

export async function start(page) {
  for (const form of page.querySelectorAll("form[data-autosave]")) {
    const before = JSON.stringify(fieldsOf(form));
    form.autosave = await carried(form) ?? new Autosave(form);
    // Typed before this script was there, or while the device was asked.
    if (globalThis.early?.touched(form) || JSON.stringify(fieldsOf(form)) !== before) form.autosave.later();
    form.dataset.autosaving = "on";
  }
}
