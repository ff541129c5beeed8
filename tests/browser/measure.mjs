// How heavy the pages are and how soon they show: `node measure.mjs [3g|4g|desktop]`. Prints a table; asserts nothing,
// because times depend on the machine. Median of three. Needs a built service, as the tests do.
import { chromium } from 'playwright-core';
import { openHouse, password } from './house.mjs';

// Round trip in ms, bytes a second, times slower than this machine.
const lines = {
  '3g': { latency: 400, bytes: (400 * 1024) / 8, cpu: 4 },
  '4g': { latency: 150, bytes: (1.6 * 1024 * 1024) / 8, cpu: 4 },
  desktop: { latency: 40, bytes: (10 * 1024 * 1024) / 8, cpu: 1 },
};
const name = process.argv[2] || '3g';
const line = lines[name];
if (!line) throw new Error(`which line? ${Object.keys(lines).join(', ')}`);

const phone = { width: 390, height: 844 };
const desk = { width: 1440, height: 900 };
const pages = [
  ['/b/MZC-07', phone, null],
  ['/b/MZC-07?want=medicine', phone, null],
  ['/find', phone, null],
  ['/run', phone, 'r001'],
  ['/watch', desk, 'sup1'],
  ['/watch/dispatch', desk, 'sup1'],
  ['/desk', desk, 'sup1'],
  ['/desk/households', desk, 'sup1'],
  ['/desk/stock', desk, 'sup1'],
  ['/watch/notices', desk, 'sup1'],
  ['/watch/seals', desk, 'sup1'],
];

const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

async function visit(browser, base, [path, viewport, who]) {
  const context = await browser.newContext({ viewport, locale: 'zh-CN' });
  const page = await context.newPage();
  if (who) {
    await page.goto(`${base}/sign-in`);
    await page.fill('[name=username]', who);
    await page.fill('[name=password]', password);
    await page.click('main button[type=submit]');
    await page.waitForLoadState('load');
  }
  const cdp = await context.newCDPSession(page);
  await cdp.send('Network.enable');
  await cdp.send('Network.clearBrowserCache');
  await cdp.send('Network.emulateNetworkConditions', { offline: false, latency: line.latency, downloadThroughput: line.bytes, uploadThroughput: line.bytes });
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: line.cpu });
  let bytes = 0;
  let requests = 0;
  cdp.on('Network.loadingFinished', (done) => { bytes += done.encodedDataLength; requests += 1; });
  await page.addInitScript(() => {
    window.seen = { lcp: 0, cls: 0 };
    new PerformanceObserver((list) => { for (const e of list.getEntries()) window.seen.lcp = e.startTime; }).observe({ type: 'largest-contentful-paint', buffered: true });
    new PerformanceObserver((list) => { for (const e of list.getEntries()) if (!e.hadRecentInput) window.seen.cls += e.value; }).observe({ type: 'layout-shift', buffered: true });
  });
  await page.goto(base + path, { waitUntil: 'load', timeout: 120000 });
  await page.waitForTimeout(600);
  const seen = await page.evaluate(() => window.seen);
  await context.close();
  return { bytes, requests, ...seen };
}

const house = await openHouse();
const browser = await chromium.launch({ executablePath: process.env.PAOTUI_TEST_BROWSER || '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] });
try {
  console.log(`| page (${name}: ${line.latency} ms, ${Math.round((line.bytes * 8) / 1024)} kbit/s, CPU ${line.cpu}x slower) | KB | requests | LCP, s | CLS |\n|---|---|---|---|---|`);
  for (const page of pages) {
    const seen = [];
    for (let n = 0; n < 3; n += 1) seen.push(await visit(browser, house.base, page));
    const of = (key) => median(seen.map((one) => one[key]));
    console.log(`| ${page[0]} | ${(of('bytes') / 1024).toFixed(1)} | ${of('requests')} | ${(of('lcp') / 1000).toFixed(2)} | ${of('cls').toFixed(3)} |`);
  }
} finally {
  await browser.close();
  await house.close();
}
