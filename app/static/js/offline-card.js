// The card on the judge's queue: takes the dossiers along, says what is on this device, wipes it.
import { install } from "./offline-bar.js";
import { takeAlong } from "./offline-pack.js";
import { exists, isAble, owner, unsentSheets, wipe } from "./offline-store.js";

const megabytes = (bytes) => (bytes / 1e6).toLocaleString("vi-VN", { maximumFractionDigits: 1, minimumFractionDigits: 1 });
const filled = (words, values) => words.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

class Card {
  constructor(card) {
    this.card = card;
    this.progress = card.querySelector("progress");
    this.line = card.querySelector("[data-take-line]");
    card.querySelector("[data-take]").addEventListener("click", () => this.take());
    card.querySelector("[data-take-wipe]").addEventListener("click", () => this.clear());
  }

  part(name) { return this.card.querySelector(`[data-take-${name}]`); }

  async show() {
    const found = await exists() ? await owner() : null;
    const isOther = Boolean(found && String(found.user.id) !== this.card.dataset.person);
    const had = found?.rounds?.[this.card.dataset.takeAlong];
    this.part("other").hidden = !isOther;
    this.card.querySelector("[data-take]").hidden = isOther;
    this.part("have").hidden = isOther || !had;
    this.part("wipe").hidden = !found;
    if (had) this.part("facts").textContent = this.facts(had);
    this.part("lasting").hidden = !had || had.lasting;
    this.card.querySelector("[data-take-word]").textContent = had ? this.card.dataset.wordAgain : this.card.dataset.wordTake;
  }

  facts(had) {
    const at = new Intl.DateTimeFormat("vi-VN", { dateStyle: "short", timeStyle: "short" }).format(new Date(had.at));
    const seconds = had.seconds.toLocaleString("vi-VN", { maximumFractionDigits: 1 });
    return filled(this.card.dataset.wordFacts, { ...had, size: megabytes(had.bytes), seconds, at });
  }

  async take() {
    const button = this.card.querySelector("[data-take]");
    button.setAttribute("aria-disabled", "true");
    this.part("progress").hidden = false;
    this.part("failed").hidden = true;
    try {
      await install();
      await navigator.serviceWorker.ready;
      await takeAlong(this.card.dataset.list, (count) => this.step(count));
    } catch (fault) {
      this.part("failed").hidden = false;
    }
    this.part("progress").hidden = true;
    button.removeAttribute("aria-disabled");
    await this.show();
    this.card.dataset.state = this.part("failed").hidden ? "taken" : "failed";
  }

  step({ done, total, bytes }) {
    this.progress.max = total || 1;
    this.progress.value = done;
    this.line.textContent = filled(this.card.dataset.wordStep, { done, total, size: megabytes(bytes) });
  }

  async clear() {
    if (await unsentSheets() > 0 && !window.confirm(this.card.dataset.wordDrop)) return;
    await wipe();
    delete this.card.dataset.state;
    await this.show();
  }
}

export async function start(page) {
  for (const card of page.querySelectorAll("[data-take-along]")) {
    if (!isAble()) {
      card.querySelector("[data-take-unable]").hidden = false;
      card.querySelector("[data-take]").hidden = true;
      continue;
    }
    await new Card(card).show();
  }
}
