// The design editor: tab key and line numbers, fields inserted at the caret, and a picture of the page that follows
// the text. A new picture breaks the old one off, here and on the server.
const PAUSE_MS = 700;
const CHECK_AFTER_MS = 1500;
const form = document.querySelector("[data-design-editor]");
const words = form.dataset;
const token = form.querySelector("[name=csrf_token]").value;
const find = (selector) => form.querySelector(selector);
let last = find("#html");

// Typed through the browser's own editing, so that undo knows it.
function put(area, text) {
  area.focus();
  if (!document.execCommand?.("insertText", false, text)) area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

function indent(area, back) {
  const { value, selectionStart: from, selectionEnd: to } = area;
  if (from === to && !back) return put(area, "  ");
  const start = value.lastIndexOf("\n", from - 1) + 1;
  const lines = value.slice(start, to).split("\n").map((line) => (back ? line.replace(/^ {1,2}/, "") : `  ${line}`)).join("\n");
  area.setSelectionRange(start, to);
  put(area, lines);
  area.setSelectionRange(start, start + lines.length);
}

function number(area) {
  const gutter = find(`[data-lines-of="${area.id}"]`);
  const count = area.value.split("\n").length;
  if (gutter.dataset.count !== String(count)) {
    gutter.dataset.count = count;
    gutter.textContent = Array.from({ length: count }, (_, line) => line + 1).join("\n");
  }
  gutter.scrollTop = area.scrollTop;
}

for (const area of form.querySelectorAll("[data-code]")) {
  let leaving = false;  // Escape, then Tab: the keyboard gets out of the box
  area.addEventListener("keydown", (event) => {
    if (event.key === "Tab" && !leaving && !event.altKey && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      indent(area, event.shiftKey);
    }
    if (event.key !== "Shift") leaving = event.key === "Escape";
  });
  area.addEventListener("focus", () => { last = area; });
  area.addEventListener("input", () => number(area));
  area.addEventListener("scroll", () => number(area));
  number(area);
}

form.addEventListener("click", (event) => {
  const button = event.target.closest("[data-insert]");
  if (button) put(last.id === "html" ? last : find("#html"), `${button.dataset.insert}\n`);
});

const state = (text) => { find("[data-look-state]").textContent = text; };
const body = () => {
  const sent = new FormData(form);
  sent.delete("file");
  return sent;
};
const ask = (address, signal) =>
  fetch(address, { method: "POST", body: body(), signal, headers: { "X-CSRFToken": token, Accept: "application/json" } });

function fault(text) {
  const line = find("[data-look-fault]");
  line.textContent = text;
  line.hidden = !text;
  find("[data-look]").classList.toggle("is-old", Boolean(text));
}

function findings({ errors = [], warnings = [] }) {
  const told = [...errors.map((text) => ["wrong", text]), ...warnings.map((text) => ["wait", text])];
  if (!told.length) told.push(["done", words.wordFine]);
  find("[data-findings]").replaceChildren(...told.map(([tone, text]) => {
    const line = document.createElement("p");
    line.className = `notice notice-${tone}`;
    line.textContent = text;
    return line;
  }));
}

let running;
let timer;
let checking;

async function look() {
  running?.abort();
  clearTimeout(checking);
  const mine = (running = new AbortController());
  state(words.wordDrawing);
  try {
    const answer = await ask(words.picture, mine.signal);
    if (mine !== running || answer.status === 409) return;
    if (!answer.ok) {
      const told = await answer.json();
      fault(told.message || told.error?.message || words.wordFailed);
      find("[data-findings]").replaceChildren();
      return state("");
    }
    const picture = find("[data-look]");
    const old = picture.src;
    picture.src = URL.createObjectURL(await answer.blob());
    picture.hidden = false;
    if (old.startsWith("blob:")) URL.revokeObjectURL(old);
    fault("");
    state(words.wordDrawn);
    checking = setTimeout(() => check(mine), CHECK_AFTER_MS);
  } catch (lost) {
    if (lost.name !== "AbortError") { fault(words.wordFailed); state(""); }
  }
}

async function check(mine) {
  state(words.wordChecking);
  try {
    const answer = await ask(words.check, mine.signal);
    if (mine !== running || answer.status === 409) return;
    if (answer.ok) findings(await answer.json());
    state(words.wordDrawn);
  } catch (lost) {
    if (lost.name !== "AbortError") state("");
  }
}

const soon = () => {
  clearTimeout(timer);
  timer = setTimeout(look, PAUSE_MS);
};

form.addEventListener("input", (event) => { if (!["file", "label"].includes(event.target.name)) soon(); });
form.addEventListener("change", (event) => { if (event.target.name === "sample") { clearTimeout(timer); look(); } });
form.addEventListener("submit", () => { running?.abort(); clearTimeout(timer); clearTimeout(checking); });

function keep({ name, token: value }) {
  const list = find("[data-pictures]");
  [...list.children].find((item) => item.querySelector("code").textContent === name)?.remove();
  const item = document.createElement("li");
  const label = document.createElement("label");
  label.className = "choice";
  const box = Object.assign(document.createElement("input"), { type: "checkbox", name: "asset", value, checked: true });
  const shown = document.createElement("span");
  shown.append(Object.assign(document.createElement("code"), { textContent: name }));
  label.append(box, shown);
  const insert = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-small", textContent: words.wordInsert });
  insert.dataset.insert = `<img class="${name.split(".")[0]}" src="${name}" alt="">`;
  item.append(label, insert);
  list.append(item);
}

async function upload(target) {
  const line = find("[data-upload-state]");
  const sent = new FormData();
  if (!target.files.length) return;
  sent.append("file", target.files[0]);
  line.textContent = words.wordSending;
  try {
    const answer = await fetch(words.upload, { method: "POST", body: sent, headers: { "X-CSRFToken": token, Accept: "application/json" } });
    const told = await answer.json();
    line.textContent = told.message || told.error?.message || words.wordFailed;
    if (answer.ok) { keep(told); soon(); }
  } catch (lost) {
    line.textContent = words.wordFailed;
  }
  target.value = "";
}

find("#file").addEventListener("change", ({ target }) => upload(target));
upload(find("#file"));  // chosen before this script was there
look();
