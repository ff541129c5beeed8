/* Keeps a page fresh while somebody looks at it. Plain ES5, an extra: without it the page reloads itself.
   <main data-live="15"> is fetched again each 15 s, on coming back to the page and on getting a network, and, where
   data-events names a stream and it comes through, as soon as there is news; never while a field has the focus or holds something typed, or something is unfolded, or something waits on the phone to be sent (run.js), so that nothing half done is lost.
   A page of panels (watch.js) puts the fresh ones in by itself: main.livePut. */
(function () {
  "use strict";
  var main = document.getElementById("main");
  if (!main || !window.XMLHttpRequest || !window.DOMParser) { return; }
  var every = Number(main.getAttribute("data-live")) * 1000;
  var at = main.getAttribute("data-at") || location.pathname, told = 0;
  var asking = false, again = false, seen = 0, stream = null, able = "a,button,summary";

  function busy() {
    var at = document.activeElement;
    if (at && /^(INPUT|SELECT|TEXTAREA)$/.test(at.tagName)) { return true; }
    var fields = main.querySelectorAll("input,textarea"), i;
    for (i = 0; i < fields.length; i += 1) { if (fields[i].value !== fields[i].defaultValue) { return true; } }
    return document.querySelector("details[open]") !== null || document.hidden || document.body.hasAttribute("data-queued");
  }

  /* A page that rings is needed most when nobody looks at it. */
  function away() { return document.hidden && !main.hasAttribute("data-rings"); }

  /* Whoever walks by keyboard stays where he was. */
  function placeOf(element) {
    return element && main.contains(element) ? Array.prototype.indexOf.call(main.querySelectorAll(able), element) : -1;
  }

  function put(text) {
    var fresh = new DOMParser().parseFromString(text, "text/html");
    var next = fresh.getElementById("main");
    if (next && main.livePut) { main.livePut(next, fresh); tell("live-fresh"); return; }
    if (!next || busy() || document.body.hasAttribute("data-notice")) { return; }
    var address = location.pathname + location.search;
    if (/[?&]notice=/.test(address) && history.replaceState) { history.replaceState(null, "", location.pathname); }
    if (next.getAttribute("data-events") === null) { main.removeAttribute("data-events"); listen(); }
    document.body.className = fresh.body.className;
    document.title = fresh.title;
    var place = placeOf(document.activeElement);
    main.innerHTML = next.innerHTML;
    if (place >= 0 && main.querySelectorAll(able)[place]) { main.querySelectorAll(able)[place].focus(); }
    var bar = document.querySelector(".thumb"), nextBar = fresh.querySelector(".thumb");
    if (bar && nextBar) {
      var held = bar.contains(document.activeElement);
      nextBar = bar.parentNode.insertBefore(document.importNode(nextBar, true), bar);
      bar.parentNode.removeChild(bar);
      if (held && nextBar.querySelector(able)) { nextBar.querySelector(able).focus(); }
    } else if (bar) { bar.parentNode.removeChild(bar); }
    else if (nextBar) { document.body.appendChild(document.importNode(nextBar, true)); }
    var top = document.getElementById("bar"), nextTop = fresh.getElementById("bar");
    if (top && nextTop && !top.contains(document.activeElement)) { top.innerHTML = nextTop.innerHTML; }
    tell("live-fresh");
  }

  function tell(name) {
    var event = document.createEvent("Event");
    event.initEvent(name, false, false);
    document.dispatchEvent(event);
  }

  function refresh() {
    if (asking) { again = true; return; }
    if (main.livePut ? away() : busy()) { return; }
    if (Date.now() < told + 5000 && !document.body.hasAttribute("data-notice")) { setTimeout(refresh, 5000); return; }
    asking = true;
    seen = Date.now();
    var call = new XMLHttpRequest();
    var notice = document.body.getAttribute("data-notice");
    document.body.removeAttribute("data-notice");
    if (notice) { told = Date.now(); }
    call.open("GET", at + (notice ? "?notice=" + notice : location.search.replace(/([?&])notice=[^&]*/, "$1")));
    call.timeout = 10000;
    call.onloadend = function () {
      asking = false;
      if (again) { again = false; setTimeout(refresh, 500); }
      var moved = call.responseURL && call.responseURL.replace(/[?#].*/, "") !== location.origin + at;
      // Signed out elsewhere: what is on the screen is nobody's to see any more.
      if (call.status === 200 && moved) { location.reload(); }
      else if (call.status === 200) { put(call.responseText); }
      else if (call.status === 0 || call.status >= 500) { tell("live-lost"); }
      else if (call.status === 401 || call.status === 403) { location.reload(); }
    };
    call.send();
  }

  function tick() {
    var clocks = main.querySelectorAll("[data-until]"), now = Date.now() / 1000, i, left;
    for (i = 0; i < clocks.length; i += 1) {
      left = Math.max(0, Math.round(Number(clocks[i].getAttribute("data-until")) - now));
      clocks[i].textContent = Math.floor(left / 60) + ":" + ("0" + left % 60).slice(-2);
      if (left === 0) { clocks[i].removeAttribute("data-until"); refresh(); }
    }
  }

  /* A hidden page holds no connection: six tabs would use up all there are. */
  function listen() {
    var from = main.getAttribute("data-events");
    if (stream && (away() || !from)) { stream.close(); stream = null; }
    if (stream && stream.readyState === 2) { stream = null; }
    if (stream || !from || away() || !window.EventSource) { return; }
    stream = new EventSource(from);
    stream.onopen = function () { tell("live-open"); if (main.livePut) { refresh(); } };
    stream.onerror = function () { tell("live-broken"); if (main.livePut) { setTimeout(listen, 4000); } };
    // One's own deed is news, too: the word of thanks for it stays a while.
    stream.addEventListener("change", function () { setTimeout(refresh, Math.max(0, told + 8000 - Date.now())); });
  }

  /* With a stream, asking is only for what got lost on the way. */
  function poll() {
    listen();
    if (!stream || stream.readyState !== 1 || Date.now() - seen > 40000) { refresh(); }
  }

  listen();
  if (every > 0) { setInterval(poll, every); }
  document.addEventListener("visibilitychange", listen);
  setInterval(tick, 1000);
  document.addEventListener("visibilitychange", refresh);
  window.addEventListener("online", refresh);
  document.addEventListener("live-ask", refresh);
  window.addEventListener("pageshow", function (event) { if (event.persisted) { refresh(); } });
}());
