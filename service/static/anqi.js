// Small helpers; every page also works without them.
(function () {
  "use strict";
  document.documentElement.classList.replace("no-js", "js");

  // A button that shows and hides what it names: data-toggles="id".
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-toggles]");
    if (button) {
      var open = button.getAttribute("aria-expanded") !== "true";
      button.setAttribute("aria-expanded", String(open));
      document.getElementById(button.dataset.toggles).classList.toggle("open", open);
    }
    document.querySelectorAll("details.menu[open]").forEach(function (menu) {
      if (!menu.contains(event.target)) { menu.open = false; }
    });
    var printer = event.target.closest("[data-print]");
    if (printer) { window.print(); }
    var remover = event.target.closest("[data-removes]");
    if (remover) { remove(remover); }
  });

  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") {
      document.querySelectorAll("details.menu[open]").forEach(function (menu) {
        menu.open = false;
        menu.querySelector("summary").focus();
      });
    }
    // Enter in a one-line field of a long form never submits by accident.
    var field = event.target;
    if (event.key === "Enter" && field.matches && field.matches("form[data-careful] input:not([type=submit])")) {
      event.preventDefault();
    }
  });

  // A row that a button takes away: data-removes=".row" is looked for around the button.
  function remove(button) {
    var row = button.closest(button.dataset.removes);
    var next = row.nextElementSibling || row.previousElementSibling;
    row.remove();
    var field = next && next.querySelector("input, select, button");
    if (field) { field.focus(); }
  }

  // Final actions ask once: data-confirm on the form.
  document.addEventListener("submit", function (event) {
    var question = event.target.dataset.confirm;
    if (question && !window.confirm(question)) { event.preventDefault(); return; }
    if (event.target.hasAttribute("data-once")) {
      event.target.querySelectorAll("button[type=submit]").forEach(function (button) {
        window.setTimeout(function () { button.disabled = true; }, 0);
      });
    }
  }, true);

  // What went wrong gets the focus: the error summary.
  function focusSummary(root) {
    var summary = root.querySelector && root.querySelector("[data-focus]");
    if (summary) { summary.focus(); }
  }
  document.addEventListener("DOMContentLoaded", function () { focusSummary(document); });
  document.addEventListener("htmx:after:swap", function (event) { focusSummary(event.target); });
})();
