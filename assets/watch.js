/* The overview: fresh panels one by one, how live it is, a sound for what is new and urgent, and keys. An extra: without
   it the page loads itself again each half minute. */
(function () {
  "use strict";
  var main = document.getElementById("main"), state = document.getElementById("live");
  if (!main || !state) { return; }
  var open = false, broken = false, lost = 0, known = {}, sound = null, able = "a,button,summary,input,select";

  function each(list, act) { Array.prototype.forEach.call(list, act); }

  /* A panel in which somebody types is left as it is. */
  function isTyped(panel) {
    var at = document.activeElement, typed = panel.contains(at) && /^(INPUT|SELECT|TEXTAREA)$/.test(at.tagName);
    each(panel.querySelectorAll("input,textarea"), function (field) { typed = typed || field.value !== field.defaultValue; });
    return typed;
  }

  function swap(panel, next) {
    if (panel.innerHTML === next.innerHTML || isTyped(panel)) { return; }
    var able_ = panel.querySelectorAll(able), at = Array.prototype.indexOf.call(able_, document.activeElement);
    var href = at >= 0 && document.activeElement.getAttribute("href"), unfolded = [];
    each(panel.querySelectorAll("details[open]"), function (one) { unfolded.push(one.id); });
    panel.innerHTML = next.innerHTML;
    unfolded.forEach(function (id) { var one = document.getElementById(id); if (one) { one.open = true; } });
    if (at < 0) { return; }
    var same = null;
    each(panel.querySelectorAll(able), function (one) { if (href && one.getAttribute("href") === href) { same = one; } });
    same = same || panel.querySelectorAll(able)[at];
    if (same) { same.focus(); }
  }

  function ringing(of) { return (of.getAttribute("data-ring") || "").split(" ").filter(Boolean); }
  ringing(main).forEach(function (id) { known[id] = true; });

  main.livePut = function (next, fresh) {
    each(main.querySelectorAll("[data-panel]"), function (panel) {
      var other = fresh.getElementById(panel.id);
      if (other) { swap(panel, other); }
    });
    each(document.querySelectorAll(".rail nav a"), function (link, place) {
      var other = fresh.querySelectorAll(".rail nav a")[place];
      if (other && link.innerHTML !== other.innerHTML) { link.innerHTML = other.innerHTML; }
    });
    document.title = fresh.title;
    var news = ringing(next).filter(function (id) { return !known[id]; });
    news.forEach(function (id) { known[id] = true; });
    if (news.length) { ring(); }
  };

  function ring() {
    var told = document.getElementById("ring");
    told.textContent = "";
    setTimeout(function () { told.textContent = told.getAttribute("data-told"); }, 50);
    if (sound) { beep(880, 0); beep(1175, 0.25); }
  }

  function beep(pitch, after) {
    var tone = sound.createOscillator(), loud = sound.createGain(), at = sound.currentTime + after;
    tone.frequency.value = pitch;
    loud.gain.setValueAtTime(0.25, at);
    loud.gain.exponentialRampToValueAtTime(0.001, at + 0.22);
    tone.connect(loud);
    loud.connect(sound.destination);
    tone.start(at);
    tone.stop(at + 0.24);
  }

  /* Only a press may make a sound, and it is heard at once what it will be. */
  var bell = document.getElementById("sound"), Sound = window.AudioContext || window.webkitAudioContext;
  bell.hidden = !Sound;
  bell.addEventListener("click", function () {
    if (sound) { sound.close(); sound = null; main.removeAttribute("data-rings"); }
    else { sound = new Sound(); main.setAttribute("data-rings", ""); beep(880, 0); }
    bell.setAttribute("aria-pressed", String(!!sound));
  });

  function show() {
    var now = lost ? "lost" : open ? "now" : broken && window.EventSource ? "again" : "polling";
    var word = state.getAttribute("data-" + now), says = state.querySelector("b"), told = "";
    if (says.textContent !== word) { says.textContent = word; }
    if (lost) {
      var at = document.querySelector("#moment-at time");
      told = state.getAttribute("data-told").replace("{s}", Math.max(1, Math.round((Date.now() - lost) / 1000)))
        .replace("{at}", at ? at.textContent : "");
    }
    state.querySelector("span").textContent = told && " " + told;
    state.className = "live live-" + now;
    main.className = "desk watch" + (lost ? " watch-lost" : "");
    state.hidden = false;
  }

  function ask() { var event = document.createEvent("Event"); event.initEvent("live-ask", false, false); document.dispatchEvent(event); }
  document.addEventListener("live-open", function () { open = true; broken = false; lost = 0; show(); });
  document.addEventListener("live-broken", function () { if (open) { ask(); } open = false; broken = true; show(); });
  document.addEventListener("live-fresh", function () { lost = 0; show(); });
  document.addEventListener("live-lost", function () { lost = lost || Date.now(); show(); });
  setInterval(function () {
    if (!lost) { return; }
    show();
    if (Math.round((Date.now() - lost) / 1000) % 3 === 0) { ask(); }
  }, 1000);
  if (!window.EventSource) { show(); } else { setTimeout(show, 1500); }

  /* Keys of one letter; whoever does not want them takes them away, for good. */
  var keys = document.getElementById("keys"), opener = document.getElementById("keys-open"), switched = document.getElementById("keys-on");
  function stored() { try { return localStorage.getItem("keys") !== "off"; } catch (refused) { return true; } }
  switched.checked = stored();
  switched.defaultChecked = switched.checked;
  switched.addEventListener("change", function () {
    try { localStorage.setItem("keys", switched.checked ? "on" : "off"); } catch (refused) { /* for this page, then */ }
  });
  opener.hidden = false;

  function list(shown) {
    if (keys.hidden !== shown) { return; }
    keys.hidden = !shown;
    (shown ? document.getElementById("keys-close") : opener).focus();
  }
  opener.addEventListener("click", function () { list(true); });
  document.getElementById("keys-close").addEventListener("click", function () { list(false); });

  function rows() { return main.querySelectorAll("[data-row] .act"); }
  function present() { return Array.prototype.indexOf.call(rows(), document.activeElement); }
  function move(by) {
    var all = rows(), at = present(), next = at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + by));
    if (all[next]) { all[next].focus(); all[next].scrollIntoView({ block: "nearest" }); }
  }
  var acts = {
    "/": function () { document.getElementById("q").focus(); },
    n: function () { location.href = "/desk"; },
    j: function () { move(1); },
    k: function () { move(-1); },
    a: function () { var row = rows()[Math.max(0, present())]; if (row) { location.href = row.href.split("#")[0] + "#assign"; } },
    "?": function () { list(keys.hidden); }
  };
  document.addEventListener("keydown", function (event) {
    if (event.isComposing || event.keyCode === 229) { return; }
    var at = event.target, isField = /^(INPUT|SELECT|TEXTAREA)$/.test(at.tagName) && at.type !== "checkbox";
    if (event.key === "Escape") { if (!keys.hidden) { list(false); } else if (isField) { at.blur(); } return; }
    if (isField || event.ctrlKey || event.metaKey || event.altKey || !switched.checked) { return; }
    var act = acts[event.key.toLowerCase()];
    if (act) { event.preventDefault(); act(); }
  });
}());
