/* Extras of the form, plain ES5; without them it works by itself. A draft is kept while somebody fills it in, so that
   nothing is lost when the network or the server is away; photos are made small; the focus goes to what is wrong. */
(function () {
  "use strict";
  var NAME = "paotui-draft", DAY = 86400000, SIDE = 1280;
  var form = document.getElementById("ask"), found = document.getElementById("draft");
  var sending = false, pressed = null;
  document.documentElement.className += " js";

  function keep(draft) {
    try {
      if (draft) { localStorage.setItem(NAME, JSON.stringify(draft)); } else { localStorage.removeItem(NAME); }
    } catch (_) { /* a phone that keeps nothing for us */ }
  }

  function kept() {
    var draft;
    try { draft = JSON.parse(localStorage.getItem(NAME)); } catch (_) { draft = null; }
    return draft && draft.pairs && Date.now() - draft.at < DAY ? draft : null;
  }

  function hide(into, name, value) {
    var field = document.createElement("input");
    field.type = "hidden"; field.name = name; field.value = value;
    into.appendChild(field);
  }

  /* On the first page: go on with what was begun. */
  function offer(draft) {
    found.hidden = false;
    found.addEventListener("submit", function () {
      var own = found.querySelector("[name=form_token]"), i;
      own.parentNode.removeChild(own);
      found.action = draft.path;
      for (i = 0; i < draft.pairs.length; i += 1) { hide(found, draft.pairs[i][0], draft.pairs[i][1]); }
    });
    found.querySelector("[data-forget]").addEventListener("click", function () { keep(null); found.hidden = true; });
  }

  function pairs() {
    var all = [], fields = form.elements, i, field;
    for (i = 0; i < fields.length; i += 1) {
      field = fields[i];
      if (field.name && !/^(file|submit|button)$/.test(field.type) && (!/^(radio|checkbox)$/.test(field.type) || field.checked)) {
        all.push([field.name, field.value]);
      }
    }
    return all;
  }

  function save() { keep({ at: Date.now(), path: location.pathname, pairs: pairs() }); }

  /* The button says that something is under way, but never stays pressed. */
  function busy(button) {
    var text = button && button.textContent;
    if (!button || !/\bbutton\b/.test(button.className)) { return; }
    setTimeout(function () { button.textContent = form.getAttribute("data-sending"); }, 300);
    button.again = function () { button.textContent = text; };
    setTimeout(function () { sending = false; button.again(); }, 10000);
  }

  function away() {
    var said = document.getElementById("offline");
    sending = false;
    said.hidden = false;
    said.scrollIntoView({ block: "center" });
    setTimeout(function () { if (pressed && pressed.again) { pressed.again(); } }, 310);
  }

  function send() {
    var call = new XMLHttpRequest(), words = pairs().concat([["go", "send"]]);
    call.open("POST", form.getAttribute("action"));
    call.setRequestHeader("Content-Type", "application/x-www-form-urlencoded");
    call.timeout = 30000;
    call.onloadend = function () {
      if (call.status === 0 || call.status >= 500) { away(); return; }
      if (/\/r\/[^/]+$/.test(call.responseURL)) { keep(null); location.assign(call.responseURL); return; }
      /* There is something to read: by the plain way, which the key makes harmless. */
      hide(form, "go", "send");
      form.submit();
    };
    call.send(words.map(function (pair) { return pair.map(encodeURIComponent).join("="); }).join("&"));
  }

  function shrink(input) {
    if (!input.files || !input.files[0]) { return; }
    input.nextElementSibling.lastChild.textContent = input.getAttribute("data-chosen");
    shrinkPhoto(input);
  }

  if (found && kept()) { offer(kept()); }
  if (!form) { return; }
  if (document.querySelector(".wrongs")) { document.querySelector(".wrongs").focus(); }
  document.addEventListener("click", function (event) {
    var at = event.target;
    while (at && at.tagName !== "BUTTON") { at = at.parentNode; }
    if (at) { pressed = at; }
  }, true);
  form.addEventListener("change", function (event) {
    if (event.target.type === "file") { shrink(event.target); }
    save();
  });
  form.addEventListener("submit", function (event) {
    var button = event.submitter || pressed;
    pressed = button;
    save();
    if (sending) { event.preventDefault(); return; }
    if (navigator.onLine === false) { event.preventDefault(); away(); return; }
    document.getElementById("offline").hidden = true;
    sending = true;
    busy(button);
    if (button && button.value === "send") { event.preventDefault(); send(); }
  });
  window.addEventListener("pageshow", function () {
    sending = false;
    if (pressed && pressed.again) { pressed.again(); }
  });
}());
