// Runs before the first paint, so that a chosen theme never flashes; also tells the style sheet that scripts run.
(function () {
  var root = document.documentElement;
  root.classList.add("js");
  try {
    var chosen = localStorage.getItem("theme");
    if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;
  } catch (refused) { /* storage is switched off: the system's choice stands */ }
})();
