// Runs before the first paint: the chosen theme never flashes, and the style sheet learns that scripts run. Then, until main.js
// says that the page's modules have started, on a slow line long after the page is seen: what was touched is noted, and a press
// that only a module understands waits for it.
(function () {
  var root = document.documentElement;
  var touched = [];
  var kept = null;
  var over = false;

  root.classList.add("js");
  try {
    var chosen = localStorage.getItem("theme");
    if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;
  } catch (refused) { /* storage is switched off: the system's choice stands */ }

  function note(event) {
    if (!over) touched.push(event.target);
  }

  // The last press is done again once somebody listens; the same press twice is one.
  function keep(event, again) {
    event.preventDefault();
    event.stopImmediatePropagation();
    kept = again;
  }

  function press(event) {
    var target = !over && event.target.closest("button[type=button], [data-dialog]");
    if (target) keep(event, function () { if (target.isConnected) target.click(); });
  }

  // Signing out wipes what a tablet took along, which is a module's work.
  function leave(event) {
    var bar = !over && document.querySelector("[data-carry]");
    var form = event.target;
    if (bar && form.getAttribute("action") === bar.dataset.signOut) keep(event, function () { form.requestSubmit(event.submitter); });
  }

  // Enter goes from mark to mark, from the first moment: it would send the form otherwise.
  function walk(event) {
    if (event.key !== "Enter" || !event.target.matches("[data-mark]")) return;
    event.preventDefault();
    var marks = Array.prototype.slice.call(document.querySelectorAll("[data-mark]:not([readonly])"));
    var next = marks[marks.indexOf(event.target) + 1];
    if (next) next.select();
  }

  function release() {
    over = true;
    if (kept) kept();
    kept = null;
  }

  addEventListener("input", note, true);
  addEventListener("change", note, true);
  addEventListener("click", press, true);
  addEventListener("submit", leave, true);
  addEventListener("keydown", walk);
  // Where main.js did not come, nothing shall wait for it.
  addEventListener("load", function () { if (!globalThis.early.isHeard) release(); });
  // `touched(part)`: was anything in this part (or the part itself) changed by hand before the modules started?
  globalThis.early = {
    isHeard: false,
    touched: function (part) { return touched.some(function (one) { return part.contains(one) || one.form === part; }); },
    release: release,
  };
})();
