import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { openHouse, password } from './house.mjs';
import { tell } from './status.mjs';
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const phone = { viewport: { width: 390, height: 844 }, locale: 'zh-CN' };
const desk = { viewport: { width: 1440, height: 900 }, locale: 'zh-CN' };
let shots = 0;
async function story(name, go) { const t=Date.now(); try { await go(); console.log(`ok ${name} ${Date.now()-t}ms`);} catch (e) { console.log('FAIL', name, e.message.slice(0,1500)); } }
async function judge(page, what) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  if (/standard|card|paused/.test(what)) await page.screenshot({ path: `/tmp/st-shots/${what.replaceAll(/[^a-zA-Z0-9-]+/g,'_')}.png`, fullPage: true });
  assert.deepEqual(found.violations.map((v) => `${v.id}: ${v.nodes[0].html}`), [], `axe on ${what}`);
  const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(over <= 0, `${what} scrolls sideways by ${over} px`);
}
async function signIn(page, base, path, name) {
  await page.goto(base + path);
  await page.fill('[name=username]', name);
  await page.fill('[name=password]', password);
  await page.click('main button[type=submit]');
  await page.waitForURL(`**${path}`);
}
process.env.PAOTUI__LIMITS__REQUESTS_PER_MINUTE = '0';
const house = await openHouse();
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
try { await tell({ house, browser, story, judge, signIn, phone, desk }); } finally { await browser.close(); console.log('exit', await house.close()); }
