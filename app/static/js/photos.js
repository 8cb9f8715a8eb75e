// The list of photos follows what was sent, and photos can be dragged; the buttons do the same by keyboard.
import { toast } from "./toasts.js";

const token = () => document.querySelector("[name=csrf_token]")?.value || "";
let dragged = null;
let timer;

async function renew() {
  const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
  document.querySelector("[data-photo-list]").replaceChildren(...page.querySelector("[data-photo-list]").childNodes);
  document.querySelector(".phases")?.replaceWith(page.querySelector(".phases"));
}

async function moveTo(item, position) {
  try {
    const answer = await fetch(item.dataset.move, {
      method: "POST",
      headers: { Accept: "application/json", "X-CSRFToken": token() },
      body: new URLSearchParams({ position }),
    });
    if (!answer.ok) throw new Error(String(answer.status));
    await renew();
  } catch (lost) {
    toast(document.querySelector("[data-photo-list]").dataset.wordFailed, "wrong");
  }
}

// The buttons move a photo without a new page, and the keyboard stays where it was.
async function moveByButton(form) {
  const item = form.closest("[data-move]");
  const word = form.querySelector("button").textContent.trim();
  await moveTo(item, form.elements.position.value);
  const buttons = [...document.querySelectorAll(`#${item.id} form:has([name=position]) button`)];
  (buttons.find((button) => button.textContent.trim() === word) || buttons[0])?.focus();
}

document.addEventListener("submit", (event) => {
  if (!event.target.elements.position || !event.target.closest("[data-move]")) return;
  event.preventDefault();
  moveByButton(event.target);
});
function soon() {
  clearTimeout(timer);
  timer = setTimeout(renew, 400);
}

document.addEventListener("sent", soon);
if (document.querySelector(".file-list .is-sent")) soon();  // sent before this script was there
document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-move]");
});
function point(target) {
  document.querySelectorAll("[data-move].is-over").forEach((item) => item.classList.remove("is-over"));
  if (target && target !== dragged) target.classList.add("is-over");
}
document.addEventListener("dragover", (event) => {
  if (!dragged || !event.target.closest?.("[data-sortable]")) return;
  event.preventDefault();
  point(event.target.closest("[data-move]"));
});
document.addEventListener("dragend", () => {
  point(null);
  dragged = null;
});
document.addEventListener("drop", (event) => {
  const target = event.target.closest?.("[data-move]");
  if (!dragged || !target) return;
  event.preventDefault();
  point(null);
  moveTo(dragged, [...target.parentElement.children].indexOf(target));
  dragged = null;
});
