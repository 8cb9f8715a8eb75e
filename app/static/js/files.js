// Chosen files are listed with a picture; where the page gives an address they are sent at once, with progress:
// in pieces that outlive a broken line (data-resume), or whole (data-upload).
import { hold } from "./held.js";
import { waiting } from "./pending.js";
import { newItem, Sending } from "./resumable.js";
import { shrink } from "./shrink.js";

const show = (bytes) => (bytes < 1048576 ? `${Math.ceil(bytes / 1024)} kB` : `${(bytes / 1048576).toFixed(1).replace(".", ",")} MB`);

function row(list, file) {
  const item = document.createElement("li");
  const picture = document.createElement(file.type.startsWith("image/") ? "img" : "span");
  if (picture.tagName === "IMG") {
    picture.src = URL.createObjectURL(file);
    picture.alt = "";
    picture.addEventListener("load", () => URL.revokeObjectURL(picture.src), { once: true });
  }
  const name = document.createElement("span");
  name.textContent = `${file.name} (${show(file.size)})`;
  const state = document.createElement("span");
  item.append(picture, name, state);
  list.append(item);
  return { item, state };
}

export function send(file, address, field, token, onProgress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    if (token) request.setRequestHeader("X-CSRFToken", token);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => event.lengthComputable && onProgress(event.loaded, event.total));
    request.addEventListener("load", () => {
      let answer = {};
      try { answer = JSON.parse(request.responseText); } catch (notJson) { /* an error page: its status says enough */ }
      request.status < 300 ? resolve(answer) : reject(new Error(answer.message || ""));
    });
    request.addEventListener("error", () => reject(new Error("")));
    const body = new FormData();
    body.append(field, file);
    request.send(body);
  });
}

const bar = (item, name, total) => {
  const made = document.createElement("progress");
  made.max = total || 1;
  made.value = 0;
  made.setAttribute("aria-label", name);
  item.append(made);
  return made;
};

function control(word, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn btn-small";
  made.textContent = word;
  made.addEventListener("click", act);
  return made;
}

// One file after the other: on a poor line two at a time are both late.
let line = Promise.resolve();

function sendInPieces(drop, { item, state }, pending, token) {
  const words = drop.dataset;
  const shown = bar(item, pending.name, pending.blob.size);
  state.className = "cluster";
  const tell = (word, detail) => drop.dispatchEvent(new CustomEvent(word, { bubbles: true, detail }));
  const sending = new Sending(pending, {
    token,
    hold: "hold" in words,
    onProgress: (sent, total) => {
      Object.assign(shown, { max: total, value: sent });
      state.textContent = sent < total ? `${Math.floor((100 * sent) / total)}%` : words.wordChecking;
    },
    onWaiting: () => {
      state.replaceChildren(words.wordWaiting, control(words.wordRetry, () => sending.hurry?.()), control(words.wordDrop, () => sending.giveUp().then(() => item.remove())));
    },
  });
  tell("sending", { pending, giveUp: () => sending.giveUp().then(() => item.remove()) });
  return sending.run()
    .then((answer) => { state.textContent = answer.held ? words.wordHeld : words.wordSent; item.classList.add("is-sent"); tell("sent", answer); })
    .catch((refusal) => { item.classList.add("has-error"); state.textContent = refusal.message || words.wordFailed; tell("unsent", {}); })
    .finally(() => shown.remove());
}

// A second window with the same page leaves a file to the first.
const alone = (key, act) => (navigator.locks ? navigator.locks.request(key, { ifAvailable: true }, (held) => held && act()) : act());

const placeOf = (drop) => drop.dataset.hold || drop.dataset.resume;

function queue(drop, file, token) {
  const shown = row(drop.querySelector(".file-list"), file);
  line = line.then(async () => {
    const ready = await shrink(file, Number(drop.dataset.scalePx || 0));
    if (ready.size > Number(drop.dataset.maxBytes || Infinity)) return tooBig(drop, shown);
    const pending = newItem(drop.dataset.resume, ready, placeOf(drop));
    return alone(pending.key, () => sendInPieces(drop, shown, pending, token));
  });
}

function tooBig(drop, { item, state }) {
  state.textContent = drop.dataset.wordBig;
  item.classList.add("has-error");
}

async function goOn(drop, token) {
  for (const pending of await waiting(placeOf(drop))) {
    line = line.then(() => alone(pending.key, () => {
      const file = new File([pending.blob], pending.name, { type: pending.type });
      return sendInPieces(drop, row(drop.querySelector(".file-list"), file), pending, token);
    }));
  }
}

const tokenOf = (input) => input.form?.querySelector("[name=csrf_token]")?.value;

function take(drop, input, files) {
  const list = drop.querySelector(".file-list");
  const words = drop.dataset;
  const token = tokenOf(input);
  if (words.resume) return files.forEach((file) => queue(drop, file, token));
  const biggest = Number(words.maxBytes || Infinity);
  if (!words.upload) list.replaceChildren();
  for (const file of files) {
    const { item, state } = row(list, file);
    if (file.size > biggest) { tooBig(drop, { item, state }); continue; }
    if (!words.upload) { state.textContent = words.wordReady; continue; }
    const shown = bar(item, file.name, file.size);
    send(file, words.upload, input.name, token, (loaded, total) => Object.assign(shown, { max: total, value: loaded }))
      .then((answer) => { shown.remove(); state.textContent = answer.message || words.wordSent; drop.dispatchEvent(new CustomEvent("sent", { bubbles: true, detail: answer })); })
      .catch((error) => { shown.remove(); item.classList.add("has-error"); state.textContent = error.message || words.wordFailed; });
  }
}

export function start(page) {
  for (const drop of page.querySelectorAll("[data-drop]")) {
    const input = drop.querySelector("input[type=file]:not([data-camera])");
    const camera = drop.querySelector("[data-camera]");
    if ("hold" in drop.dataset) hold(drop, input);
    if (drop.dataset.resume) goOn(drop, tokenOf(input));
    for (const choosing of [input, camera].filter(Boolean)) {
      const chosen = () => {
        take(drop, input, [...choosing.files]);
        if (choosing === camera || drop.dataset.upload) choosing.value = "";
      };
      choosing.addEventListener("change", chosen);
      if (choosing.files.length) chosen();  // on a slow line people are quicker than the script
    }
    drop.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("is-over"); });
    drop.addEventListener("dragleave", () => drop.classList.remove("is-over"));
    drop.addEventListener("drop", (event) => {
      event.preventDefault();
      drop.classList.remove("is-over");
      const files = [...event.dataTransfer.files].slice(0, input.multiple ? undefined : 1);
      if (!drop.dataset.upload) {
        const carried = new DataTransfer();
        for (const file of files) carried.items.add(file);
        input.files = carried.files;
      }
      take(drop, input, files);
    });
  }
}
