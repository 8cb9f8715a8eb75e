// The profile form: communes follow the chosen province, a search finds places by old names too, and what
// the rules say of the place stands at once below it. Without this script the form asks the server by a button.
const province = document.querySelector("[data-province]");
const form = province?.form;
const commune = form?.elements.namedItem("commune_id");
const address = province?.dataset.province;

const ask = (url, query) => fetch(`${url}?${new URLSearchParams(query)}`, { headers: { Accept: "application/json" } }).then((answer) => answer.json());

async function fillCommunes(chosen = "") {
  const { places } = province.value ? await ask(address, { tinh: province.value }) : { places: [] };
  commune.replaceChildren(commune.options[0], ...places.map((place) => new Option(place.name, place.id)));
  commune.value = String(chosen);
  await tellRules();
}

async function tellRules() {
  const box = document.querySelector("[data-eligibility]");
  const kind = form.querySelector("[name=kind]:checked")?.value || "";
  const query = { kind, province_id: province.value, commune_id: commune.value };
  if (form.elements.namedItem("in_craft_village").checked) query.in_craft_village = "y";
  const { findings } = await ask(box.dataset.eligibility, query);
  box.replaceChildren();
  if (!findings.length) return;
  const notice = document.createElement("div");
  notice.className = "notice notice-wrong";
  const body = document.createElement("div");
  body.className = "notice-body";
  const title = document.createElement("p");
  title.className = "notice-title";
  title.textContent = box.dataset.title;
  body.append(title);
  for (const finding of findings) {
    const line = document.createElement("p");
    line.textContent = `${finding.text} (${box.dataset.basis}: ${finding.article})`;
    body.append(line);
  }
  notice.append(body);
  box.append(notice);
}

function startSearch(part) {
  const input = part.querySelector("input");
  const list = part.querySelector("[data-place-results]");
  let timer;
  part.hidden = false;
  const pick = (place) => {
    province.value = String(place.province_id);
    list.replaceChildren();
    input.value = "";
    fillCommunes(place.commune_id || "").then(() => (place.commune_id ? commune : province).focus());
  };
  const show = ({ places }) => {
    list.replaceChildren(...places.map((place) => {
      const row = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-quiet";
      button.textContent = place.context ? `${place.name} (${place.context})` : place.name;
      button.addEventListener("click", () => pick(place));
      row.append(button);
      return row;
    }));
    if (!places.length) list.append(Object.assign(document.createElement("li"), { textContent: input.dataset.none }));
  };
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => (input.value.trim().length < 2 ? list.replaceChildren() : ask(part.dataset.url, { q: input.value }).then(show)), 250);
  });
  input.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
}

if (address) {
  province.addEventListener("change", () => fillCommunes());
  form.addEventListener("change", (event) => ["kind", "commune_id", "in_craft_village"].includes(event.target.name) && tellRules());
  document.querySelectorAll("[data-place-search]").forEach(startSearch);
  if (globalThis.early.touched(province)) fillCommunes();  // chosen before this script was there
}
