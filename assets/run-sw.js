/* Keeps the last /run of who is signed in, so that a reload in a basement shows it again. Network first; the kept page
   says that it is old. Nothing else is kept, and nothing of it once somebody signs out or may not see it any more. */
"use strict";
const KEPT = "run", LONGEST = 12 * 3600 * 1000;

let era = 0;

function forget() {
  era += 1;
  return caches.delete(KEPT);
}

async function keep(page) {
  const begun = era;
  const text = await page.text(), headers = { "content-type": "text/html; charset=utf-8", "x-kept-at": String(Date.now()) };
  const policy = page.headers.get("content-security-policy");
  if (policy) headers["content-security-policy"] = policy;
  if (begun !== era) return;
  const cache = await caches.open(KEPT), assets = new Set(text.match(/\/assets\/[\w.-]+/g));
  await cache.put("/run", new Response(text, { headers }));
  for (const old of await cache.keys()) {
    const path = new URL(old.url).pathname;
    if (path !== "/run" && !assets.has(path)) await cache.delete(old);
  }
  await Promise.all([...assets].map(async (path) => (await cache.match(path)) || cache.add(path)));
  // Signed out meanwhile.
  if (begun !== era) await caches.delete(KEPT);
}

async function fetchPage(event) {
  let page;
  try {
    page = await fetch(event.request);
  } catch (lost) {
    const kept = event.request.mode === "navigate" && (await caches.match("/run"));
    if (!kept || Date.now() - Number(kept.headers.get("x-kept-at")) > LONGEST) throw lost;
    const text = (await kept.text()).replace("<body ", '<body data-kept="1" ');
    return new Response(text, { headers: kept.headers });
  }
  // Anything but the page itself is a way to the sign-in, or a closed door. A fault of the service is neither.
  if (page.status === 200 && !page.redirected) event.waitUntil(keep(page.clone()));
  else if (page.status < 500) event.waitUntil(forget());
  return page;
}

async function fetchAsset(request) {
  return (await caches.match(request.url)) || fetch(request);
}

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim().then(() => fetch("/run")).then((page) => {
  if (page.ok && !page.redirected) return keep(page);
}).catch(() => {})));
self.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url), { method, mode } = event.request;
  if (origin !== self.location.origin) return;
  if (mode === "navigate" && /^\/sign-(in|out)$/.test(pathname)) event.waitUntil(forget());
  else if (method === "GET" && pathname === "/run") event.respondWith(fetchPage(event));
  else if (method === "GET" && pathname.startsWith("/assets/")) event.respondWith(fetchAsset(event.request));
});
