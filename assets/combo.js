/* Names to choose from while somebody types, for <input data-suggest="/drugs">; plain ES5, an extra: it stays a field for
   any text. It never acts while an input method is composing, or Enter would choose instead of writing. */
(function () {
  "use strict";
  function combo(input) {
    var list = document.createElement("ul"), at = -1, asked = "", waiting;
    list.id = input.id + "-list";
    list.className = "combo";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", document.querySelector("label[for='" + input.id + "']").textContent.trim());
    input.parentNode.appendChild(list);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", list.id);

    function open(yes) {
      at = -1;
      list.hidden = !yes;
      input.setAttribute("aria-expanded", String(yes));
      input.removeAttribute("aria-activedescendant");
    }

    function mark(next) {
      var rows = list.children;
      if (rows[at]) { rows[at].setAttribute("aria-selected", "false"); }
      at = (next + rows.length) % rows.length;
      rows[at].setAttribute("aria-selected", "true");
      input.setAttribute("aria-activedescendant", rows[at].id);
    }

    function take(row) { input.value = asked = row.getAttribute("data-name"); open(false); }

    function show(found) {
      list.textContent = "";
      found.forEach(function (drug, place) {
        var row = document.createElement("li"), more = document.createElement("small");
        row.id = list.id + place;
        row.setAttribute("role", "option");
        row.setAttribute("aria-selected", "false");
        row.setAttribute("data-name", drug.name);
        row.textContent = drug.name;
        more.textContent = drug.trade.concat(drug.strengths).join(" ");
        row.appendChild(more);
        list.appendChild(row);
      });
      open(found.length > 0);
    }

    function ask() {
      var text = input.value.trim(), call;
      if (text === asked) { return; }
      asked = text;
      if (!text) { open(false); return; }
      call = new XMLHttpRequest();
      call.open("GET", input.getAttribute("data-suggest") + "?q=" + encodeURIComponent(text));
      call.onload = function () {
        if (asked === text && call.status === 200 && document.activeElement === input) { show(JSON.parse(call.responseText)); }
      };
      call.send();
    }

    function later() { clearTimeout(waiting); waiting = setTimeout(ask, 150); }

    open(false);
    input.addEventListener("input", function (event) { if (!event.isComposing) { later(); } });
    input.addEventListener("compositionstart", function () { clearTimeout(waiting); });
    input.addEventListener("compositionend", later);
    /* Said only while it has the focus: where a browser offers nothing of its own, it also brings nothing back. */
    input.addEventListener("focus", function () { input.setAttribute("autocomplete", "off"); });
    input.addEventListener("keydown", function (event) {
      var key = event.key;
      if (event.isComposing || event.keyCode === 229 || list.hidden) { return; }
      if (key === "ArrowDown") { mark(at + 1); } else if (key === "ArrowUp") { mark(at < 0 ? -1 : at - 1); }
      else if (key === "Enter" && at >= 0) { take(list.children[at]); } else if (key === "Escape") { open(false); } else { return; }
      event.preventDefault();
    });
    input.addEventListener("blur", function () { open(false); input.removeAttribute("autocomplete"); });
    list.addEventListener("mousedown", function (event) { event.preventDefault(); });
    list.addEventListener("click", function (event) {
      var row = event.target.tagName === "SMALL" ? event.target.parentNode : event.target;
      if (row.getAttribute("data-name")) { take(row); }
    });
  }
  Array.prototype.forEach.call(document.querySelectorAll("[data-suggest]"), combo);
}());
