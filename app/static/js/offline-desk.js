// The desk and the sheet from what was taken along. The same sheet, marks, keys and pictures as the server's page.
import { keepSending, showUnsent, watchNetwork } from "./offline-bar.js";
import { showSheet } from "./offline-sheet.js";
import { allSheets, deeds, isAble, listen, owner } from "./offline-store.js";

const desk = document.querySelector("[data-offline-desk]");
const bar = document.querySelector("[data-carry]");

export const say = (name, yes = true) => { document.querySelector(`[data-say="${name}"]`).hidden = !yes; };

export function place(name) {
  for (const part of document.querySelectorAll("[data-place]:not([data-place=notices])")) part.hidden = part.dataset.place !== name;
  for (const part of document.querySelectorAll("[data-bar]")) part.hidden = part.dataset.bar !== (name === "sheet" ? "sheet" : "desk");
}

export const badgeOf = (key) => document.querySelector(`template[data-badge="${key}"]`).content.cloneNode(true);

// What a sheet is at, with what waits for it: the key of its badge and of its section.
export function stateOf(sheet, mine) {
  const problem = mine.find((deed) => deed.state !== "waiting");
  if (problem) return [problem.state, "problem"];
  if (mine.some((deed) => deed.kind === "sign")) return ["queued", "queued"];
  if (mine.length > 0) return ["unsent", "draft"];
  if (sheet.state === "signed") return ["signed", "signed"];
  return sheet.state === "draft" ? ["draft", "draft"] : ["fresh", "fresh"];
}

function row(sheet, badge) {
  const line = document.querySelector("template[data-row]").content.cloneNode(true);
  line.querySelector("a").href = `${desk.dataset.desk}?phieu=${sheet.assignment_id}`;
  line.querySelector("strong").textContent = sheet.code;
  line.querySelector("a > span").textContent = sheet.product;
  line.querySelector("[data-cell=group]").textContent = sheet.group;
  line.querySelector("[data-cell=state]").replaceChildren(badgeOf(badge));
  line.querySelector("[data-cell=total]").textContent = sheet.total ?? "–";
  return line;
}

export async function showDesk() {
  const [found, sheets, waiting] = [await owner(), await allSheets(), await deeds()];
  if (!found) return place("none");
  place("desk");
  document.querySelector("[data-desk-facts]").replaceChildren(...Object.values(found.rounds ?? {}).map((round) => factsLine(found, round)));
  const parts = new Map();
  for (const sheet of sheets.sort((one, two) => one.code.localeCompare(two.code, "vi"))) {
    const [badge, section] = stateOf(sheet, waiting.filter((deed) => deed.assignment_id === sheet.assignment_id));
    parts.set(section, [...parts.get(section) ?? [], row(sheet, badge)]);
  }
  const sections = [...document.querySelectorAll("template[data-section]")].filter((part) => parts.has(part.dataset.section));
  document.querySelector("[data-sections]").replaceChildren(...sections.map((part) => {
    const made = part.content.cloneNode(true);
    const rows = parts.get(part.dataset.section);
    made.querySelector("[data-count]").textContent = rows.length;
    made.querySelector("tbody").replaceChildren(...rows);
    return made;
  }));
}

function factsLine(found, round) {
  const line = document.createElement("span");
  const at = new Intl.DateTimeFormat("vi-VN", { dateStyle: "short", timeStyle: "short" }).format(new Date(round.at));
  const size = (round.bytes / 1e6).toLocaleString("vi-VN", { maximumFractionDigits: 1, minimumFractionDigits: 1 });
  const values = { name: found.user.name, round: round.name, sheets: round.sheets, size, at };
  line.textContent = desk.dataset.wordFacts.replace(/\{(\w+)\}/g, (whole, name) => values[name]);
  return line;
}

const wanted = () => Number(new URLSearchParams(location.search).get("phieu") || location.pathname.match(/\/giam-khao\/phieu\/(\d+)/)?.[1] || 0);

async function show() {
  const id = wanted();
  if (id && await showSheet(id)) return;
  if (id && await owner()) say("missing");
  const signed = new URLSearchParams(location.search).get("da-ky");
  if (signed) {
    document.querySelector("[data-signed-title]").textContent = desk.dataset.wordSigned.replace("{code}", signed);
    say("signed");
  }
  await showDesk();
  listen(showDesk);
}

function met({ detail: { state } }) {
  for (const part of document.querySelectorAll("[data-net]")) part.hidden = (part.dataset.net === "off") !== (state === "offline");
  for (const name of ["out", "other", "ended"]) say(name, state === name);
  if (state === "ended") {
    document.querySelector("[data-place=sheet]").replaceChildren();
    place("none");
  }
}

if (isAble()) {
  bar.addEventListener("carry-met", met);
  await show();
  watchNetwork(bar);
  await showUnsent(bar);
  if (await owner()) keepSending(bar);
} else {
  say("unable");
  place("none");
}
