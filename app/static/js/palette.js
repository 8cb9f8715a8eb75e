// Ctrl+K or "/" opens one box for things and places. Focus stays in the box; the chosen line is told by aria-activedescendant.
const WAIT_MS = 150;
const TYPING = "input, textarea, select, [contenteditable]";

export function start(page) {
  const dialog = page.querySelector("[data-palette]");
  const box = dialog.querySelector("[role=combobox]");
  const list = dialog.querySelector("[role=listbox]");
  const status = dialog.querySelector("[role=status]");
  let timer = 0;
  let asked = 0;
  let chosen = -1;

  const choose = (place) => {
    const lines = [...list.children];
    chosen = lines.length ? (place + lines.length) % lines.length : -1;
    lines.forEach((line, index) => line.setAttribute("aria-selected", String(index === chosen)));
    if (chosen < 0) return box.removeAttribute("aria-activedescendant");
    box.setAttribute("aria-activedescendant", lines[chosen].id);
    lines[chosen].scrollIntoView({ block: "nearest" });
  };

  const write = (lines) => {
    list.replaceChildren(...lines.map((line, index) => {
      const item = document.createElement("li");
      item.id = `palette-${index}`;
      item.role = "option";
      item.dataset.href = line.href;
      for (const [css, text] of [["palette-kind", line.kind], ["palette-title", line.title], ["palette-detail", line.detail]]) {
        const part = document.createElement("span");
        part.className = css;
        part.textContent = text;
        item.append(part, " ");
      }
      return item;
    }));
    box.setAttribute("aria-expanded", String(lines.length > 0));
    status.textContent = lines.length ? status.dataset.some.replace("{n}", lines.length) : status.dataset.none;
    choose(lines.length ? 0 : -1);
  };

  const ask = async () => {
    const mine = ++asked;
    try {
      const answer = await fetch(`${dialog.dataset.palette}?q=${encodeURIComponent(box.value)}`, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const found = await answer.json();
      if (mine === asked) write(found.lines);
    } catch {
      if (mine === asked) status.textContent = status.dataset.fault;
    }
  };

  const open = () => {
    if (dialog.open) return;
    box.value = "";
    dialog.showModal();
    box.focus();
    ask();
  };

  document.addEventListener("keydown", (event) => {
    const combined = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey);
    const slash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !event.target.closest(TYPING);
    if ((!combined && !slash) || (!dialog.open && page.querySelector("dialog[open]"))) return;
    event.preventDefault();
    open();
  });
  box.addEventListener("input", () => { clearTimeout(timer); asked += 1; write([]); status.textContent = ""; timer = setTimeout(ask, WAIT_MS); });
  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(chosen + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && chosen >= 0) {
      event.preventDefault();
      location.assign(list.children[chosen].dataset.href);
    }
  });
  list.addEventListener("click", (event) => {
    const line = event.target.closest("[data-href]");
    if (line) location.assign(line.dataset.href);
  });
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
}
