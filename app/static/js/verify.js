// Hashes a chosen or dropped file in the browser; the file itself is never sent anywhere.
const hex = (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");

export async function sha256(file) {
  return hex(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
}

async function check(box, file) {
  const words = box.dataset;
  const say = (text, state) => {
    const line = box.querySelector("[data-file-answer]");
    line.textContent = text;
    line.dataset.state = state;
  };
  if (!globalThis.crypto?.subtle) return say(words.wordInsecure, "unreadable");
  say(words.wordReading, "reading");
  let digest;
  try {
    digest = await sha256(file);
  } catch (unreadable) {
    return say(words.wordUnreadable, "unreadable");
  }
  if (!words.sha256) return location.assign(`${words.lookup}?q=${digest}`);
  const same = words.sha256.split(" ").includes(digest);
  say(`${file.name}: ${same ? words.wordSame : words.wordOther}`, same ? "same" : "other");
}

export function start(page) {
  for (const box of page.querySelectorAll("[data-file-check]")) {
    const input = box.querySelector("input[type=file]");
    const chosen = () => input.files[0] && check(box, input.files[0]);
    input.addEventListener("change", chosen);
    chosen();  // on a slow line people are quicker than the script
    box.addEventListener("dragover", (event) => {
      event.preventDefault();
      box.classList.add("is-over");
    });
    box.addEventListener("dragleave", () => box.classList.remove("is-over"));
    box.addEventListener("drop", (event) => {
      event.preventDefault();
      box.classList.remove("is-over");
      if (event.dataTransfer.files[0]) check(box, event.dataTransfer.files[0]);
    });
  }
}

start(document);
