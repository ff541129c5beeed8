/* What a runner presses is kept on the phone until the service has it: a basement loses nothing. Plain ES5, an extra:
   without it each press is a form. An act gets its key and its time when it is pressed, waits in localStorage in the
   order it was pressed, and is shown as waiting, never as done; the next act of the way can be pressed behind it.
   The service does an act of one key once, however often it is sent. */
(function () {
  "use strict";
  var main = document.getElementById("main"), net = document.getElementById("net"), store;
  try { store = window.localStorage; store.setItem("run-try", "1"); store.removeItem("run-try"); } catch (no) { return; }
  if (!main || !net || !window.XMLHttpRequest || !window.JSON) { return; }
  var words = JSON.parse(document.getElementById("words").content.textContent), me = net.getAttribute("data-me");
  var WEEK = 7 * 86400000, ACT = /^\/run\/errands\/([^/]+)\/(collect|deliver|hand-over|fail|hand-back)$/;
  var NOTICE = { collect: "collected", deliver: "delivered", "hand-over": "handed_over", fail: "failed", "hand-back": "handed_back" };
  var sending = null, sentAt = 0, tries = 0, timer = 0, trouble = "", swapped = 0, taps = 0, lost = kept(), skew = 0, gone = {}, word = "", original = null, moved = false;

  document.documentElement.className += " js";

  function kept() { return document.body.hasAttribute("data-kept"); }
  function say(id, text) { return words[id].replace("#", text); }
  function each(list, act) { Array.prototype.forEach.call(list, act); }
  function read() {
    try { return JSON.parse(store.getItem("run-queue")) || []; } catch (broken) { return []; }
  }
  function write(list) { store.setItem("run-queue", JSON.stringify(list)); }
  function change(act) { var list = read(); write(act(list) || list); }
  function mine() { return read().filter(function (entry) { return entry.me === me; }); }
  function waiting() { return mine().filter(function (entry) { return !entry.no; }); }
  function key() {
    var text = "", numbers = [], i;
    if (window.crypto && crypto.getRandomValues) { numbers = crypto.getRandomValues(new Uint8Array(16)); }
    for (i = 0; i < 16; i += 1) { text += ("0" + (numbers.length ? numbers[i] : Math.floor(Math.random() * 256)).toString(16)).slice(-2); }
    return text;
  }

  /* Photos are too large for localStorage. An act that has one is sent after it. */
  function photos(act, then) {
    var open = window.indexedDB && indexedDB.open("run-photos", 1);
    if (!open) { then(null); return; }
    open.onupgradeneeded = function () { open.result.createObjectStore("photos"); };
    open.onerror = function () { then(null); };
    open.onsuccess = function () {
      var deal = open.result.transaction("photos", "readwrite"), ask = act(deal.objectStore("photos"));
      deal.oncomplete = function () { open.result.close(); then(ask.result === undefined ? true : ask.result); };
      deal.onabort = function () { open.result.close(); then(null); };
    };
  }

  function now() { return Date.now() + skew; }
  function clock(at) {
    var time = new Date(at), zone = net.getAttribute("data-zone");
    try { return time.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: zone }); } catch (old) { /* an old phone knows its own zone only */ }
    return ("0" + time.getHours()).slice(-2) + ":" + ("0" + time.getMinutes()).slice(-2);
  }

  /* What was filled in, wherever on the page it belongs to the form. */
  function filled(form) {
    return Array.prototype.filter.call(form.elements, function (field) {
      var chosen = !/^(radio|checkbox)$/.test(field.type) || field.checked;
      return field.name && !/^(form_token|errand|bag|step)$/.test(field.name) && field.type !== "file" && chosen && field.value.trim();
    });
  }
  /* As the API calls it: most fields by their own names, what differs and what was not taken thing by thing. */
  function body(form, at) {
    var said = { done_at: new Date(at).toISOString() }, fields = filled(form);
    function of(name) { return fields.filter(function (field) { return field.name === name; }).map(function (field) { return field.value.trim(); })[0]; }
    each(fields, function (field) {
      var part = /^(got|said_by|said_note)-(\d+)$/.exec(field.name), value = field.value.trim(), thing, by;
      if (field.name === "refused") { said.refused = (said.refused || []).concat(Number(value)); return; }
      if (!part) { said[field.name] = value; return; }
      if (part[1] !== "got" || value === "as_asked") { return; }
      thing = { item: Number(part[2]), got: value };
      by = of("said_by-" + part[2]);
      if (by) { thing.said = { by: by, note: of("said_note-" + part[2]) }; }
      said.items = (said.items || []).concat(thing);
    });
    return said;
  }
  function typed(form) {
    return filled(form).filter(function (field) { return field.type !== "hidden" && field.value !== "as_asked"; }).map(function (field) {
      var label = /^(radio|checkbox)$/.test(field.type) && field.labels && field.labels[0];
      return label ? label.textContent : field.value.trim();
    }).join(" · ");
  }

  function entry(errand, step, bag, form) {
    var at = now(), button = form.querySelector("button[type=submit]");
    return { key: key(), me: me, errand: errand, step: step, bag: bag || "", what: button ? button.textContent : step, at: at, typed: typed(form), body: JSON.stringify(body(form, at)) };
  }

  function press(form, errand, step) {
    var entries = [], bags, file = Array.prototype.filter.call(form.elements, function (field) { return field.type === "file"; })[0];
    if (errand) {
      entries.push(entry(errand, step, form.getAttribute("data-bag") || bagOf(errand), form));
    } else {
      bags = form.querySelectorAll("[name=bag]");
      each(form.querySelectorAll("[name=errand]"), function (field, i) {
        entries.push(entry(field.value, form.elements.step.value, bags[i] && bags[i].value, form));
      });
    }
    var photo = file && file.files && file.files[0], first = entries[0];
    function keep() {
      change(function (list) { return list.concat(entries); });
      over(form);
      each(main.querySelectorAll(".panel[role=status]"), function (old) { old.parentNode.removeChild(old); });
      trouble = ""; tries = 0;
      if (sending) { show(); } else { hold(form); flush(); }
    }
    if (!photo) { keep(); return; }
    first.photo = true;
    photos(function (shelf) { return shelf.put(photo, first.key); }, function (there) {
      if (there) { keep(); } else { HTMLFormElement.prototype.submit.call(form); }
    });
  }
  /* What was typed is in the queue now: nothing in the form is half done any more. */
  function over(form) {
    var fold = form, at = document.activeElement;
    form.reset();
    while (fold && fold !== main) { if (fold.tagName === "DETAILS") { fold.open = false; } fold = fold.parentNode; }
    if (at && at.form === form && at.tagName !== "BUTTON") { at.blur(); }
  }
  function bagOf(errand) {
    var form = document.querySelector('.thumb form[action*="' + errand + '"]');
    return form ? form.getAttribute("data-bag") : "";
  }

  /* With a network the answer is there in a moment: until then the button says so, and a second tap does nothing. */
  function hold(form) {
    var button = form.querySelector("button[type=submit]");
    if (!button || offline()) { show(); return; }
    form.setAttribute("data-text", button.textContent);
    button.disabled = true;
    button.textContent = words.busy;
    setTimeout(show, 3000);
  }

  function offline() { return navigator.onLine === false || lost; }

  document.addEventListener("change", function (event) {
    var input = event.target;
    if (input.type !== "file" || !input.files || !input.files[0]) { return; }
    input.nextElementSibling.lastChild.textContent = input.getAttribute("data-chosen");
    shrinkPhoto(input);
  });
  document.addEventListener("click", function (event) { taps = event.detail; }, true);
  document.addEventListener("submit", function (event) {
    var form = event.target, action = form.getAttribute("action") || "", act = ACT.exec(action);
    if (action === "/sign-out") { leave(event, form); return; }
    if (form.hasAttribute("data-plain") || (!act && action !== "/run/together")) { return; }
    event.preventDefault();
    // The thumb that pressed twice did not see the button change.
    if (Date.now() - swapped < 400 || taps > 1 || form.getAttribute("data-pressed")) { return; }
    form.setAttribute("data-pressed", "1");
    if (act) { press(form, act[1], act[2]); } else { press(form); }
  });

  /* Before signing out what waits is sent; what cannot be sent stays for the next time, it names nobody. */
  function leave(event, form) {
    if (waiting().length && !form.getAttribute("data-tried")) {
      event.preventDefault();
      form.setAttribute("data-tried", "1");
      word = ""; tries = 0; trouble = ""; flush();
      setTimeout(function () { forget(); form.submit(); }, 2500);
      return;
    }
    forget();
  }
  function forget() {
    if (window.caches) { caches.keys().then(function (all) { all.forEach(function (name) { caches.delete(name); }); }); }
  }

  function flush() {
    clearTimeout(timer);
    var next = waiting()[0];
    if (sending || !next) { show(); return; }
    sending = next; sentAt = Date.now();
    if (!next.photo) { send(next, next.body); return; }
    photos(function (shelf) { return shelf.get(next.key); }, function (photo) {
      if (!photo || photo === true) { send(next, next.body); return; }
      call("/api/v1/photos", photo, photo.type || "image/jpeg", null, function (status, said, again) {
        if (status !== 201) { answered(next, status, said, again); return; }
        var whole = JSON.parse(next.body);
        whole.photo = said.photo;
        // The same key must say the same thing: the photo's name is kept with it.
        change(function (list) {
          each(list, function (one) { if (one.key === next.key) { one.body = JSON.stringify(whole); one.photo = false; one.shot = true; } });
        });
        send(next, JSON.stringify(whole));
      });
    });
  }
  function send(next, text) {
    call("/api/v1/errands/" + next.errand + "/" + next.step.replace("-", "_"), text, "application/json", next.key, function (status, said, again) {
      answered(next, status, said, again);
    });
  }
  function call(path, what, kind, id, then) {
    var ask = new XMLHttpRequest();
    ask.open("POST", path);
    ask.timeout = 15000;
    ask.setRequestHeader("Content-Type", kind);
    ask.setRequestHeader("Accept-Language", document.documentElement.lang);
    if (id) { ask.setRequestHeader("Idempotency-Key", id); }
    ask.onloadend = function () {
      var said = {};
      try { said = JSON.parse(ask.responseText) || {}; } catch (none) { /* no answer of ours */ }
      then(ask.status, said, Number(ask.getResponseHeader && ask.status && ask.getResponseHeader("Retry-After")) || 0);
    };
    ask.send(what);
  }

  function answered(done, status, said, again) {
    sending = null;
    if (status === 401) {
      forget();
      location.assign("/sign-in?next=/run&notice=queue_kept");
      return;
    }
    if (status === 0 || status === 429 || status >= 500) {
      lost = status === 0; trouble = status ? "late" : "off"; tries += 1;
      timer = setTimeout(flush, Math.max(again * 1000, Math.min(60000, 1000 * Math.pow(2, tries))));
      show();
      return;
    }
    lost = false; trouble = ""; tries = 0;
    if (status >= 200 && status < 300) {
      change(function (list) { return list.filter(function (one) { return one.key !== done.key; }); });
      photos(function (shelf) { return shelf.delete(done.key); }, function () { return; });
      gone[done.errand + done.step] = true;
      if (done.step !== "collect") { gone[done.errand] = true; }
      word = NOTICE[done.step];
    } else {
      refuse(done, why(said));
    }
    if (waiting().length) { flush(); return; }
    finished();
  }
  function why(said) {
    var state = said.state === "closed" ? "delivered" : said.state;
    if (state) { return words[state] || words["else"]; }
    return said.errors && said.errors.length ? said.errors.map(function (wrong) { return wrong.message; }).join(" ") : said.title || words.other;
  }
  /* What came too late is told and keeps what was typed; what was pressed behind it is not sent. */
  function refuse(done, text) {
    var past = false;
    change(function (list) {
      each(list, function (one) {
        if (one.me !== me || one.errand !== done.errand || one.no) { return; }
        if (one.key === done.key) { past = true; one.no = text; } else if (past) { one.no = words.after; }
      });
    });
  }

  /* All is sent: the page is asked for anew, with a word of thanks. A page that would have to be loaded would be lost
     when the network is. */
  function finished() {
    document.body.setAttribute("data-notice", word);
    document.body.removeAttribute("data-queued");
    moved = true;
    strip(0);
    ask();
    // Where it cannot be shown anew, because somebody is typing: the next card.
    setTimeout(show, 1500);
  }
  function tell(name) {
    var event = document.createEvent("Event");
    event.initEvent(name, false, false);
    document.dispatchEvent(event);
  }
  function ask() { tell("live-ask"); }

  /* The page of the service with everything on it that waits here. */
  function show() {
    var list = waiting(), refused = mine().filter(function (one) { return one.no; });
    var quick = sending && !offline() && !trouble && Date.now() - sentAt < 2900 && document.getElementById("queue").hidden;
    if (list.length) { document.body.setAttribute("data-queued", list.length); } else { document.body.removeAttribute("data-queued"); }
    strip(list.length);
    if (quick) { return; }
    rows(list, refused);
    turn(list);
    note();
  }
  function strip(n) {
    var text = "";
    if (offline()) { text = n ? say("offn", n) : words.off; }
    else if (n && trouble === "late") { text = say("late", n); }
    else if (n && (trouble || Date.now() - sentAt > 2900)) { text = say("send", n); }
    if (net.textContent !== text) { net.textContent = text; }
  }
  function node(kind, name, text) {
    var made = document.createElement(kind);
    if (name) { made.className = name; }
    if (text) { made.textContent = text; }
    return made;
  }
  function rows(list, refused) {
    var place = document.getElementById("queue"), over = document.getElementById("refused"), box;
    place.textContent = over.textContent = "";
    place.hidden = !list.length;
    over.hidden = !refused.length;
    each(refused, function (one) {
      var row = over.appendChild(node("div", "panel panel-bad")), ok;
      row.setAttribute("role", "alert");
      row.appendChild(node("b", "", say("no", one.what + " · " + one.bag)));
      row.appendChild(node("p", "", one.no));
      row.appendChild(node("p", "muted", say("kept", clock(one.at)) + (one.typed ? " · " + say("typed", one.typed) : "")));
      if (one.photo || one.shot) {
        photos(function (shelf) { return shelf.get(one.key); }, function (photo) {
          var reader = new FileReader(), shot = node("img", "shot");
          if (!photo || photo === true) { return; }
          shot.alt = "";
          reader.onload = function () { shot.src = reader.result; row.insertBefore(shot, ok); };
          reader.readAsDataURL(photo);
        });
      }
      ok = row.appendChild(node("button", "button button-second", words.ok));
      ok.type = "button";
      ok.onclick = function () {
        change(function (all) { return all.filter(function (other) { return other.key !== one.key; }); });
        photos(function (shelf) { return shelf.delete(one.key); }, function () { return; });
        show();
        if (!waiting().length) { ask(); }
      };
    });
    if (!list.length) { return; }
    box = place.appendChild(node("ul", "card"));
    each(list, function (one) {
      var row = box.appendChild(node("li"));
      row.appendChild(node("b", "tag tag-yellow", words.wait));
      row.appendChild(document.createTextNode(" " + one.what + " · " + one.bag + " · " + say("kept", clock(one.at)) + (one.typed ? " · " + one.typed : "")));
    });
  }

  /* The card and the button of the first act that is not pressed yet. */
  function turn(list) {
    var pressed = {}, shown = main.querySelector(".current"), bar = document.querySelector(".thumb");
    each(list, function (one) {
      pressed[one.errand + one.step] = true;
      if (one.step !== "collect") { pressed[one.errand] = true; }
    });
    function is(form) {
      var act = ACT.exec(form.getAttribute("action"));
      return gone[act[1]] || pressed[act[1]] || pressed[act[1] + act[2]] || gone[act[1] + act[2]];
    }
    if (!bar || !shown) { return; }
    if (!original) { original = { card: shown, bar: bar }; }
    var next = is(original.bar.querySelector("form")) ? null : original, ahead = main.querySelectorAll("template.ahead"), i, copy;
    for (i = 0; !next && i < ahead.length; i += 1) {
      if (!is(ahead[i].content.querySelector("#next"))) {
        copy = document.importNode(ahead[i].content, true);
        next = { card: copy.querySelector(".current"), bar: copy.querySelector(".thumb") };
      }
    }
    if (!next) { next = { card: node("section", "card current empty", words.all), bar: node("div", "thumb thumb-none") }; }
    if (next === original) { ready(original.bar.querySelector("form")); }
    if (same(next.bar, bar)) { return; }
    shown.parentNode.replaceChild(next.card, shown);
    bar.parentNode.replaceChild(next.bar, bar);
    swapped = Date.now();
    look();
    later(next.bar.querySelector("form"), pressed);
  }
  function ready(form) {
    var button = form.querySelector("button[type=submit]"), text = form.getAttribute("data-text");
    form.removeAttribute("data-pressed");
    if (text) { button.disabled = false; button.textContent = text; form.removeAttribute("data-text"); }
  }
  /* Who pressed goes on at the new card: by keyboard, and by ear. */
  function look() {
    var at = document.activeElement, title = document.getElementById("current-title") || document.querySelector(".notice, .panel[role=status]");
    if (!title || (at && at !== document.body && document.contains(at))) { return; }
    title.setAttribute("tabindex", "-1");
    title.focus();
  }
  function later(shown, pressed) {
    var left = 0;
    each(main.querySelectorAll(".later"), function (one) {
      var errand = one.getAttribute("data-errand");
      one.hidden = Boolean(pressed[errand]) || (shown && shown.getAttribute("action").indexOf(errand) > 0);
      left += one.hidden ? 0 : 1;
    });
    each(main.querySelectorAll(".later-title"), function (title) { title.hidden = !left; });
  }
  function same(one, other) {
    one = one.querySelector("form"); other = other.querySelector("form");
    return one === other || Boolean(one && other && one.getAttribute("action") === other.getAttribute("action"));
  }
  function note() {
    var bar = document.querySelector(".thumb"), there = document.getElementById("off-note");
    if (there) { there.parentNode.removeChild(there); }
    if (!bar || !offline() || !bar.firstChild) { return; }
    there = node("p", "thumb-note", words.note);
    there.id = "off-note";
    bar.insertBefore(there, bar.firstChild);
  }

  /* How old is what one sees? The service's clock counts, not the phone's. */
  function age() {
    var fresh = document.getElementById("fresh");
    if (!fresh) { return; }
    if (now() - Number(fresh.getAttribute("data-now")) * 1000 > 60000 && !/stale/.test(fresh.className)) {
      fresh.className += " stale";
      fresh.textContent = fresh.getAttribute("data-stale");
    }
  }
  function measure() {
    var fresh = document.getElementById("fresh");
    if (fresh) { skew = Number(fresh.getAttribute("data-now")) * 1000 + 500 - Date.now(); store.setItem("run-skew", skew); }
  }

  document.addEventListener("live-fresh", function () {
    document.body.removeAttribute("data-kept");
    lost = false; gone = {}; original = null;
    measure(); show();
    if (moved) {
      moved = false;
      if (history.replaceState) { history.replaceState(null, "", location.pathname + (word ? "?notice=" + word : "")); }
      word = "";
      look();
    }
    if (waiting().length) { flush(); }
  });
  document.addEventListener("live-lost", function () { lost = true; show(); });
  function back() { lost = false; tries = 0; trouble = ""; flush(); }
  window.addEventListener("online", back);
  window.addEventListener("offline", function () { show(); });
  window.addEventListener("storage", function () { show(); });
  document.addEventListener("visibilitychange", function () { if (!document.hidden) { flush(); } });
  window.addEventListener("pageshow", function (event) { if (event.persisted) { ask(); flush(); } });
  setInterval(age, 5000);
  setInterval(function () { if (waiting().length && !sending && !document.hidden) { flush(); } }, 15000);

  change(function (list) { return list.filter(function (one) { return Date.now() - one.at < WEEK; }); });
  if (kept()) { skew = Number(store.getItem("run-skew")) || 0; } else { measure(); }
  age(); show(); flush();
  if (window.isSecureContext && navigator.serviceWorker) { navigator.serviceWorker.register("/run-sw.js").catch(function () { return; }); }
}());
