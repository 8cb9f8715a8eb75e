// Good news floats in the corner for a while; what went wrong stays where it is until it is closed.
const STAY_MS = 8000;

function closeButton() {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "notice-close";
  button.setAttribute("aria-label", document.getElementById("toasts").dataset.closeLabel);
  button.textContent = "×";
  button.addEventListener("click", () => button.closest(".notice").remove());
  return button;
}

function leaveLater(notice) {
  let timer = setTimeout(() => notice.remove(), STAY_MS);
  notice.addEventListener("mouseenter", () => clearTimeout(timer));
  notice.addEventListener("focusin", () => clearTimeout(timer));
  notice.addEventListener("mouseleave", () => { timer = setTimeout(() => notice.remove(), STAY_MS); });
}

export function toast(text, tone = "done") {
  const notice = document.createElement("div");
  notice.className = `notice notice-${tone}`;
  const body = document.createElement("div");
  body.className = "notice-body";
  body.textContent = text;
  notice.append(body, closeButton());
  document.getElementById("toasts").append(notice);
  if (tone === "done" || tone === "info") leaveLater(notice);
  return notice;
}

export function start(page) {
  for (const notice of page.querySelectorAll("[data-flash]")) {
    notice.append(closeButton());
    if (notice.dataset.flash === "done" && notice.closest("[data-flashes]")) {
      notice.removeAttribute("role");
      document.getElementById("toasts").append(notice);
      leaveLater(notice);
    }
  }
}
