// Questions that hang on another answer are shown when it fits; the version that autosave got is what the button sends.
const form = document.querySelector("form[data-version]");

function follow() {
  for (const part of document.querySelectorAll("[data-depends]")) {
    const chosen = document.querySelector(`[name="q_${part.dataset.depends}"]:checked`)?.value;
    part.hidden = !part.dataset.values.split(" ").includes(chosen);
  }
}

function takeVersion(of, version) {
  const field = of.querySelector("[data-version-field]");
  if (field && version != null) field.value = version;
}

document.addEventListener("change", follow);
document.addEventListener("autosaved", (event) => takeVersion(event.target, event.detail.version), true);
form?.addEventListener("autosave-resolved", follow);
if (form?.autosave) takeVersion(form, form.autosave.version);  // saved before this script was there
follow();
