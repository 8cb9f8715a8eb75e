// The judge's sheet beyond what every form does: tabs of the dossier, keys, pictures large, a signature that waits for the
// last save. And the rows of the conflict declaration that open when they are ticked. Without this script all works as forms.
import { openDialog } from "./dialogs.js";
import { units, written } from "./marks.js";

const narrow = matchMedia("(max-width: 56rem)");

function tabsOf(bar) {
  const links = [...bar.querySelectorAll("a")];
  const panels = links.map((link) => document.querySelector(link.hash));
  const show = (chosen) => links.forEach((link, place) => {
    link.toggleAttribute("aria-current", false);
    if (link === chosen) link.setAttribute("aria-current", "true");
    panels[place].hidden = link !== chosen;
  });
  bar.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link) return;
    event.preventDefault();
    show(narrow.matches && link.hasAttribute("aria-current") ? null : link);
  });
  show(narrow.matches ? null : links[0]);
  return (place) => {
    const panel = panels.findIndex((one) => one.contains(place));
    if (panel >= 0 && panels[panel].hidden) show(links[panel]);
  };
}

// Evidence is one press away: the photo large in its place, or the paper's tab opened at the paper.
function evidenceOf(page, reveal) {
  page.addEventListener("click", (event) => {
    const link = event.target.closest("[data-evidence]");
    const place = link && document.querySelector(link.hash);
    if (!place) return;
    event.preventDefault();
    reveal(place);
    const thumb = place.matches("[data-gallery] a");
    if (thumb) place.click();
    (thumb ? place.closest("[data-gallery]") : place).scrollIntoView({ block: "start" });
  });
}

function nudge(input, direction) {
  const step = units(input.dataset.step);
  const now = units(input.value) ?? 0;
  const next = Math.min(Math.max(now + direction * step, 0), units(input.dataset.maximum));
  input.value = written(next);
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

function keysOf(form) {
  const marks = [...form.querySelectorAll("[data-mark]:not([readonly])")];
  addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.ctrlKey) {
      event.preventDefault();
      form.querySelector("[data-dialog=ky-phieu]")?.click();
    } else if (event.altKey && (event.key === "ArrowLeft" || event.key === "ArrowRight")) {
      const link = document.querySelector(`[rel=${event.key === "ArrowLeft" ? "prev" : "next"}]`);
      if (link) { event.preventDefault(); link.click(); }
    } else if ((event.key === "ArrowUp" || event.key === "ArrowDown") && marks.includes(event.target)) {
      event.preventDefault();
      nudge(event.target, event.key === "ArrowUp" ? 1 : -1);
    } else if (event.key === "Enter" && event.target === marks.at(-1)) {
      form.querySelector("#comment")?.focus();
    }
  });
  for (const mark of marks) mark.addEventListener("focus", () => mark.select());
}

// A form that is sent while a save is under way would build on an old version.
async function settled(form) {
  const autosave = form.autosave;
  await new Promise((wake) => setTimeout(wake));  // a form cannot be sent again from within its own submit event
  if (!autosave) return;
  await autosave.flush();
  for (let wait = 0; wait < 50 && (autosave.sending || autosave.pending); wait += 1) {
    await new Promise((wake) => setTimeout(wake, 100));
  }
  form.elements.namedItem("version").value = autosave.version ?? 0;
}

function signingOf(form, dialog) {
  const missing = dialog.querySelector("[data-sign-missing]");
  const act = dialog.querySelector("[data-sign]");
  document.querySelector("[data-dialog=ky-phieu]")?.addEventListener("click", () => {
    const marks = [...form.querySelectorAll("[data-mark]")];
    const lacking = marks.find((mark) => units(mark.value) === null || mark.getAttribute("aria-invalid") === "true");
    missing.hidden = !lacking;
    act.disabled = Boolean(lacking);
    dialog.querySelector("[data-sign-total]").textContent = form.querySelector("[data-total]").firstChild.textContent.trim();
  });
  let ready = false;
  form.addEventListener("submit", async (event) => {
    if (ready) return;
    event.preventDefault();
    form.autosave && (form.autosave.stopped = false);
    act.disabled = true;
    if (event.submitter?.value === "sign" && await form.autosave?.sign?.()) {
      dialog.close();
      act.disabled = false;
      return;
    }
    await settled(form);
    ready = true;
    act.disabled = false;
    form.requestSubmit(event.submitter);
  });
}

// 409 without two versions is no conflict of saves: the sheet was signed, or the phase closed. The page says so itself.
function refusalsOf(form) {
  form.addEventListener("autosave-conflict", (event) => {
    if (event.detail.error?.code !== "stale") location.reload();
  });
  form.addEventListener("autosaved", (event) => {
    form.elements.namedItem("version").value = event.detail.version;
    const draft = document.querySelector("[data-draft-badge]");
    if (draft) {
      draft.previousElementSibling.replaceWith(draft.content);
      draft.remove();
    }
  });
}

function viewerOf(page) {
  const viewer = page.querySelector("[data-viewer]");
  if (!viewer) return;
  const picture = viewer.querySelector("[data-viewer-picture]");
  const enlarge = (address, words) => {
    picture.src = address;
    picture.alt = words;
    openDialog(viewer.id);
  };
  page.addEventListener("click", (event) => {
    const link = event.target.closest("[data-enlarge]");
    const photo = event.target.closest("[data-gallery] > img");
    if (!link && !photo) return;
    event.preventDefault();
    if (link) enlarge(link.href, link.querySelector("img").alt);
    else enlarge(photo.src.replace(/\/lon$/, "/goc"), photo.alt);
  });
}

function revealsOf(page) {
  for (const box of page.querySelectorAll("[data-reveals]")) {
    const more = document.getElementById(box.dataset.reveals);
    const show = () => { more.hidden = !box.checked; };
    box.addEventListener("change", show);
    show();
  }
}

// The page as the server sent it, or the desk without a network after it has put a sheet into its page.
export function start(page) {
  const bar = page.querySelector("[data-sheet-tabs]");
  if (bar) evidenceOf(page, tabsOf(bar));
  const form = page.querySelector("#phieu[data-autosave]");
  if (form) {
    keysOf(form);
    refusalsOf(form);
    signingOf(form, page.getElementById("ky-phieu"));
  }
  viewerOf(page);
  revealsOf(page);
}

if (!document.querySelector("[data-offline-desk]")) start(document);
