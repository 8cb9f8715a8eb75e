// Questions that hang on another answer are shown when it fits; the version that autosave got is what the button sends.
const form = document.querySelector("form[data-version]");

function follow() {
  for (const part of document.querySelectorAll("[data-depends]")) {
    const chosen = document.querySelector(`[name="q_${part.dataset.depends}"]:checked`)?.value;
    part.hidden = !part.dataset.values.split(" ").includes(chosen);
  }
}

document.addEventListener("change", follow);
document.addEventListener("autosaved", (event) => {
  const field = event.target.querySelector("[data-version-field]");
  if (field && event.detail.version !== undefined) field.value = event.detail.version;
}, true);
form?.addEventListener("autosave-resolved", follow);
follow();
