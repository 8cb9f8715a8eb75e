// Saves a sheet that was taken along: first to this device, then to the server when there is a network. The page cannot be closed
// or killed between the two and lose a value. Shows the same corner and asks the same question at a conflict as autosave.js.
import { Autosave, fieldsOf, operationId } from "./autosave.js";
import { queueSave, queueSign, remember, settle, sync } from "./offline-outbox.js";
import { deeds, listen, owner, sheetOf, unsentSheets } from "./offline-store.js";
import { clock, showSaved } from "./saved.js";

export class QueuedAutosave extends Autosave {
  constructor(form, assignment, { pause = 400, away = false, seen = undefined } = {}) {
    super(form, { address: "", pause });
    this.assignment = assignment;
    this.seen = seen;
    this.away = away;  // on the device's own desk: a signature is queued, never sent as a form
    listen((what) => { if (what !== "queued") this.show(); });
    addEventListener("pagehide", () => this.flush());
  }

  async flush() {
    clearTimeout(this.timer);
    if (this.sending || this.stopped || !this.dirty) return;
    this.dirty = false;
    this.sending = true;
    showSaved("saving");
    try {
      const total = this.form.querySelector("[data-total]")?.firstChild?.textContent.trim();
      const { stamp, other } = await queueSave(this.assignment, fieldsOf(this.form), total, this.seen);
      if (other) return this.twoWindows(other);
      this.seen = stamp;
      this.form.dispatchEvent(new CustomEvent("autosave-stored"));
    } catch (full) {
      this.dirty = true;
      showSaved("error");
      return;
    } finally {
      this.sending = false;
    }
    sync();
    if (this.dirty) this.later();
  }

  // What became of the last deeds of this sheet.
  async show() {
    if (this.dirty || this.asking) return;
    const mine = await deeds(this.assignment);
    const [first] = mine;
    if (!first) return this.settledAs(await sheetOf(this.assignment));
    if (first.state === "conflict") return this.conflict({ ...first.answer, mine: mineOf(this.form, first.answer) });
    if (first.state === "refused") return this.refused(first.answer);
    showSaved("unsent", await unsentSheets());
  }

  settledAs(sheet) {
    if (!sheet?.saved_at || this.version === sheet.version) {
      if (sheet?.saved_at) showSaved("saved", clock(new Date(sheet.saved_at)));
      return;
    }
    this.kept({ version: sheet.version, saved_at: sheet.saved_at });
  }

  refused(answer) {
    this.markErrors(answer.errors || {});
    showSaved("error");
    this.form.dispatchEvent(new CustomEvent("autosave-refused", { bubbles: true, detail: answer }));
  }

  // Another window of this device wrote meanwhile: the same question as for another device.
  twoWindows(other) {
    this.local = other;
    this.conflict({ version: other.version, mine: typed(fieldsOf(this.form)), theirs: typed(other.values), error: { code: "stale" } });
  }

  conflict(body) {
    this.asking = true;
    super.conflict(body);
  }

  async resolve(dialog, version, values) {
    if (this.local) this.seen = this.local.stamp;
    else await settle(this.assignment, version, values);
    this.local = null;
    this.asking = false;
    this.dirty = true;
    super.resolve(dialog, version, values);
  }

  // True when the signature was dealt with here; false when the page may send its form as usual.
  async sign() {
    if (this.sending) await new Promise((wake) => setTimeout(wake, 200));
    await this.flush();
    if (!this.away) {
      await sync();
      const left = await deeds(this.assignment);
      if (left.length === 0) {
        this.form.elements.namedItem("version").value = this.version ?? 0;
        return false;
      }
      if (left.some((deed) => deed.state !== "waiting")) {
        await this.show();
        return true;
      }
    }
    await queueSign(this.assignment);
    await sync();
    this.form.dispatchEvent(new CustomEvent("sheet-signed-here", { bubbles: true }));
    return true;
  }
}

// What a judge gives, without the form's own hidden fields.
const typed = (fields) => Object.fromEntries(Object.entries(fields).filter(([name]) => name === "comment" || name.startsWith("points-")));

// Both sides name the same fields, so that they can be compared line by line.
function mineOf(form, { mine, theirs }) {
  const own = Object.keys(mine || {}).length > 0 ? mine : fieldsOf(form);
  return Object.fromEntries(Object.keys(theirs).map((name) => [name, own[name] ?? ""]));
}

// For a page of the server: this one where the sheet was taken along by this person, otherwise nothing.
export async function carriedAutosave(form) {
  const assignment = Number(form.dataset.sheetOf);
  const found = await owner();
  if (!found || found.user.id !== Number(form.dataset.person) || !await sheetOf(assignment)) return null;
  if ((await deeds(assignment)).length > 0) {
    await sync();
    const left = await deeds(assignment);
    // The page shows what the server has; what waits is shown on the device's own desk.
    location.replace(left.length > 0 ? `/giam-khao/mang-theo?phieu=${assignment}` : location.href);
    return new QueuedAutosave(form, assignment);
  }
  const [version, sheet] = [Number(form.dataset.version), await sheetOf(assignment)];
  const seen = sheet.version === version ? sheet.stamp : operationId();
  await remember(assignment, { version, values: fieldsOf(form), stamp: seen });
  return new QueuedAutosave(form, assignment, { seen });
}
