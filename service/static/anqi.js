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

  // Before a form is sent: final actions ask once (data-confirm), and a session that has ended
  // in the meantime costs nothing of what was typed.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.hasAttribute("data-checked")) {
      form.removeAttribute("data-checked");
    } else {
      var question = form.dataset.confirm;
      if (form.hasAttribute("data-checking") || (question && !window.confirm(question))) {
        event.preventDefault();
        return;
      }
      if (form.method === "post" && form.closest("main") && document.body.dataset.session) {
        event.preventDefault();
        sendIfLoggedIn(form, event.submitter);
        return;
      }
    }
    if (form.hasAttribute("data-once")) {
      form.querySelectorAll("button[type=submit]").forEach(function (button) {
        window.setTimeout(function () { button.disabled = true; }, 0);
      });
    }
  }, true);

  function sendIfLoggedIn(form, submitter) {
    function send() {
      form.setAttribute("data-checked", "");
      form.requestSubmit(submitter);
    }
    form.setAttribute("data-checking", "");
    whoIsLoggedIn().then(function (found) {
      form.removeAttribute("data-checking");
      if (String(found.user) !== document.body.dataset.user) { sayLoggedOut().focus(); return; }
      useToken(found.csrf);
      send();
    }, function () {
      // Nobody answered: the browser itself says best why.
      form.removeAttribute("data-checking");
      send();
    });
  }

  function whoIsLoggedIn() {
    return fetch(document.body.dataset.session, { cache: "no-store" }).then(function (answer) {
      return answer.json();
    });
  }

  // Logging in again, in another tab, makes a new token for the forms.
  function useToken(token) {
    document.querySelectorAll("input[name=csrf_token]").forEach(function (field) { field.value = token; });
    document.body.setAttribute("hx-headers:inherited", JSON.stringify({ "X-CSRFToken": token }));
  }

  function sayLoggedOut() {
    var notice = document.getElementById("logged-out");
    notice.hidden = false;
    return notice;
  }

  // A part that could not be loaded because nobody is logged in leaves the page as it is.
  document.addEventListener("htmx:before:response", function (event) {
    var status = event.detail.ctx.response.status;
    if (status !== 401 && status !== 400) { return; }
    event.preventDefault();
    whoIsLoggedIn().then(function (found) {
      if (String(found.user) !== document.body.dataset.user) { sayLoggedOut(); return; }
      useToken(found.csrf);
      document.getElementById("logged-out").hidden = true;
    });
  });

  // What went wrong gets the focus: the error summary.
  function focusSummary(root) {
    var summary = root.querySelector && root.querySelector("[data-focus]");
    if (summary) { summary.focus(); }
  }
  document.addEventListener("DOMContentLoaded", function () { focusSummary(document); });
  document.addEventListener("htmx:after:swap", function (event) {
    focusSummary(event.target);
    // A draft was saved: opening this page again, or the browser, goes on with it.
    var saved = event.target.querySelector && event.target.querySelector("[data-address]");
    if (saved) { window.history.replaceState(null, "", saved.dataset.address); }
  });
})();
