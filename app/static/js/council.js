// Votes in place: the row and the head are taken from the answered page, the rest stays where it is.
async function send(form, button) {
  const body = new FormData(form);
  body.set("choice", button.value);
  const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const row = form.closest("[data-live]");
  const fresh = page.getElementById(row.id);
  if (!answer.ok || !fresh) throw new Error("refused");
  for (const part of document.querySelectorAll("[data-live]")) {
    const other = page.getElementById(part.id);
    if (other) part.replaceWith(document.importNode(other, true));
  }
  document.getElementById(row.id)?.querySelector(`button[value="${button.value}"]`)?.focus();
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-vote]");
  if (!form || !event.submitter || !form.closest("tr[data-live]")) return;
  event.preventDefault();
  send(form, event.submitter).catch(() => {
    const kept = document.createElement("input");
    kept.type = "hidden";
    kept.name = "choice";
    kept.value = event.submitter.value;
    form.append(kept);
    form.submit();
  });
});
