// Sums and bands as marks are typed: a convenience, the server counts again. Marks are kept as whole units of the step,
// so 0,1 + 0,2 is never off by a hair.
const UNIT = 1000;

export function units(text) {
  const plain = String(text).trim().replace(",", ".");
  return /^\d+(\.\d{1,3})?$/.test(plain) ? Math.round(Number(plain) * UNIT) : null;
}

export const written = (amount, decimals = 0) => {
  const plain = String(amount / UNIT);
  const after = plain.includes(".") ? plain.split(".")[1].length : 0;
  return (after < decimals ? (amount / UNIT).toFixed(decimals) : plain).replace(".", ",");
};

function fits(input) {
  const amount = units(input.value);
  if (amount === null) return input.value.trim() === "";
  return amount <= units(input.dataset.maximum) && amount % units(input.dataset.step) === 0;
}

function showBands(criterion, amount) {
  for (const band of criterion.querySelectorAll("[data-bands] > li")) {
    band.classList.toggle("is-on", amount !== null && amount >= units(band.dataset.low) && amount <= units(band.dataset.high));
  }
}

function showCriterion(criterion) {
  const [head, ...subs] = criterion.querySelectorAll("[data-mark]");
  for (const input of [head, ...subs]) input.setAttribute("aria-invalid", String(!fits(input)));
  if (subs.length > 0 && head.readOnly) {
    const amounts = subs.map((sub) => units(sub.value)).filter((amount) => amount !== null);
    head.value = amounts.length > 0 ? written(amounts.reduce((sum, amount) => sum + amount, 0)) : "";
  }
  const amount = units(head.value);
  showBands(criterion, amount);
  return amount;
}

export function start(page) {
  const criteria = [...page.querySelectorAll("[data-criterion]")];
  const total = page.querySelector("[data-total]");
  const step = page.querySelector("[data-mark]").dataset.step;
  const decimals = step.includes(",") ? step.split(",")[1].length : 0;
  const show = () => {
    const amounts = criteria.map(showCriterion).filter((amount) => amount !== null);
    if (total?.firstChild) total.firstChild.textContent = `${amounts.length > 0 ? written(amounts.reduce((sum, amount) => sum + amount, 0), decimals) : "–"} `;
  };
  for (const criterion of criteria) criterion.addEventListener("input", show);
  page.addEventListener("autosave-resolved", show, true);
  if (criteria.length > 0) show();
}
