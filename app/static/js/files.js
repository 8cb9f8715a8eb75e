// Chosen files are listed with a picture; where the page gives an address they are sent at once, with progress.
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

function take(drop, input, files) {
  const list = drop.querySelector(".file-list");
  const words = drop.dataset;
  const token = input.form?.querySelector("[name=csrf_token]")?.value;
  const biggest = Number(words.maxBytes || Infinity);
  if (!words.upload) list.replaceChildren();
  for (const file of files) {
    const { item, state } = row(list, file);
    if (file.size > biggest) { state.textContent = words.wordBig; item.classList.add("has-error"); continue; }
    if (!words.upload) { state.textContent = words.wordReady; continue; }
    const bar = document.createElement("progress");
    bar.max = file.size || 1;
    bar.value = 0;
    bar.setAttribute("aria-label", file.name);
    item.append(bar);
    send(file, words.upload, input.name, token, (loaded, total) => { bar.max = total; bar.value = loaded; })
      .then((answer) => { bar.remove(); state.textContent = answer.message || words.wordSent; drop.dispatchEvent(new CustomEvent("sent", { bubbles: true, detail: answer })); })
      .catch((error) => { bar.remove(); item.classList.add("has-error"); state.textContent = error.message || words.wordFailed; });
  }
}

export function start(page) {
  for (const drop of page.querySelectorAll("[data-drop]")) {
    const input = drop.querySelector("input[type=file]");
    input.addEventListener("change", () => {
      take(drop, input, input.files);
      if (drop.dataset.upload) input.value = "";
    });
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
