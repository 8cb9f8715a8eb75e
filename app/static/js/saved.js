// The corner that says whether work is kept.
export const clock = (time = new Date()) => new Intl.DateTimeFormat("vi-VN", { hour: "2-digit", minute: "2-digit" }).format(time);

export function showSaved(state, detail = "") {
  for (const corner of document.querySelectorAll("[data-saved]")) {
    corner.dataset.state = state;
    for (const one of corner.querySelectorAll("[data-icon]")) one.hidden = one.dataset.icon !== state;
    const word = corner.dataset[`word${state[0].toUpperCase()}${state.slice(1)}`] || "";
    const text = state === "unsent" ? word.replace("{n}", String(detail)) : `${word} ${detail}`.trim();
    corner.querySelector("[data-saved-text]").textContent = text;
  }
}
