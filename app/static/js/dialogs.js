// Questions before an act. Without scripts the link opens the dialog by :target.
export function openDialog(id) {
  const dialog = document.getElementById(id);
  if (dialog && !dialog.open) dialog.showModal();
  return dialog;
}

function checkTyped(input) {
  const button = input.form.querySelector("[type=submit]");
  const same = input.value.normalize("NFC").trim() === input.dataset.typed.normalize("NFC");
  button.disabled = !same;
}

export function start(page) {
  page.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    if (opener) {
      event.preventDefault();
      opener.closest("details.menu")?.removeAttribute("open");
      openDialog(opener.dataset.dialog);
    }
    const closer = event.target.closest("[data-close]");
    if (closer) {
      event.preventDefault();
      closer.closest("dialog").close();
    }
  });
  for (const opener of page.querySelectorAll("a[data-dialog]")) {
    opener.setAttribute("role", "button");
    opener.addEventListener("keydown", (event) => { if (event.key === " ") { event.preventDefault(); opener.click(); } });
  }
  for (const input of page.querySelectorAll("[data-typed]")) {
    checkTyped(input);
    input.addEventListener("input", () => checkTyped(input));
  }
}
