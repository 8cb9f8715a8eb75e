// The list of photos follows what was sent, and photos can be dragged; the buttons do the same by keyboard.
const token = () => document.querySelector("[name=csrf_token]")?.value || "";
let dragged = null;
let timer;

async function renew() {
  const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
  document.querySelector("[data-photo-list]").replaceChildren(...page.querySelector("[data-photo-list]").childNodes);
  document.querySelector(".phases")?.replaceWith(page.querySelector(".phases"));
}

async function moveTo(item, position) {
  await fetch(item.dataset.move, {
    method: "POST",
    headers: { Accept: "application/json", "X-CSRFToken": token() },
    body: new URLSearchParams({ position }),
  });
  await renew();
}

document.addEventListener("sent", () => {
  clearTimeout(timer);
  timer = setTimeout(renew, 400);
});
document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-move]");
});
document.addEventListener("dragover", (event) => {
  if (dragged && event.target.closest?.("[data-sortable]")) event.preventDefault();
});
document.addEventListener("drop", (event) => {
  const target = event.target.closest?.("[data-move]");
  if (!dragged || !target) return;
  event.preventDefault();
  moveTo(dragged, [...target.parentElement.children].indexOf(target));
  dragged = null;
});
