// The whole way in a browser: form → offer → claim → collect → deliver → confirmed; and every page on it by axe, on a
// phone and a desk, in both languages. Playwright drives, axe judges; a finding fails the run.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { tell as tellOfTheDesk } from './desk.mjs';
import { saysWhat, saysWhere, sends, tell as tellOfTheForm } from './form.mjs';
import { openHouse, password, seesAnOffer } from './house.mjs';
import { tell as tellOfCare } from './care.mjs';
import { tell as tellOfTheCounter } from './counter.mjs';
import { tell as tellOfFollowUps } from './followups.mjs';
import { tell as tellOfGates } from './gate.mjs';
import { tell as tellOfProofs } from './proof.mjs';
import { tell as tellOfBasements } from './offline.mjs';
import { tell as tellOfTheLadder } from './ladder.mjs';
import { tell as tellOfSeals } from './seals.mjs';
import { tell as tellOfTheStatus } from './status.mjs';
import { tell as tellOfVolunteers } from './volunteer.mjs';
import { tell as tellOfWatching } from './watch.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const phone = { viewport: { width: 390, height: 844 }, locale: 'zh-CN' };
const desk = { viewport: { width: 1440, height: 900 }, locale: 'zh-CN' };

let passed = 0;
async function story(name, tell) {
  await tell();
  passed += 1;
  console.log(`ok ${name}`);
}

// What a visitor's browser complains about: a script or style the policy refused, an error in our own script. Refusals that
// stories provoke are no complaint; what a story breaks itself it names in `page.breaks`.
function watchConsole(page, complaints) {
  page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error}`));
  page.on('console', (said) => {
    const text = said.text();
    if (said.type() !== 'error' || /status of (404|409|410|422)/.test(text) || page.breaks?.test(text)) return;
    complaints.push(`${page.url()}: ${text}`);
  });
}

async function judge(page, what) {
  // As a script of the browser, not of the page: the page's policy rightly forbids it.
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  assert.deepEqual(found.violations.map((v) => `${v.id}: ${v.nodes[0].html}`), [], `axe on ${what}`);
  const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(over <= 0, `${what} scrolls sideways by ${over} px`);
}

// Pictures to look at, when somebody wants them.
async function picture(page, name) {
  const folder = process.env.PAOTUI_TEST_PICTURES;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
}

async function signIn(page, base, path, name) {
  await page.goto(base + path);
  await page.fill('[name=username]', name);
  await page.fill('[name=password]', password);
  await page.click('main button[type=submit]');
  await page.waitForURL(`**${path}`);
}

const house = await openHouse();
const browser = await chromium.launch({ executablePath: process.env.PAOTUI_TEST_BROWSER || '/usr/bin/chromium', args: flags });
try {
  const complaints = [];
  const opens = browser.newContext.bind(browser);
  browser.newContext = async (kind) => {
    const context = await opens(kind);
    context.on('page', (page) => watchConsole(page, complaints));
    return context;
  };
  const [resident, runner, supervisor] = await Promise.all([phone, phone, desk].map(async (kind) => (await browser.newContext(kind)).newPage()));

  await story('a runner signs in and goes on duty', async () => {
    await signIn(runner, house.base, '/run', 'r001');
    await judge(runner, '/run off duty');
    await runner.click('form[action="/run/duty"] button');
    await runner.waitForURL('**/run**');
  });

  await story('an empty form says what is missing, beside the fields and on top, and keeps what was typed', async () => {
    await resident.goto(`${house.base}/b/MZC-07`);
    await judge(resident, 'the start');
    await resident.click('a[href$="want=medicine"]');
    await judge(resident, 'the first step');
    await resident.fill('[name=note]', '敲门三下 👵');
    await resident.click('main button[value=next]');
    await resident.waitForSelector('[aria-invalid=true]');
    assert.match(await resident.title(), /^错误/);
    assert.equal(await resident.inputValue('[name=note]'), '敲门三下 👵');
    await judge(resident, 'the refused step');
  });

  let link;
  await story('a resident asks for a tablet that has run out', async () => {
    await resident.fill('[name=item_name] >> nth=0', '缬沙坦胶囊');
    await resident.check('[name=doses_left][value="0"]', { force: true });
    await resident.click('main button[value=next]');
    await saysWhere(resident, { name: '王阿姨 👵' });
    await judge(resident, 'the check');
    await sends(resident);
    link = resident.url();
    await judge(resident, 'the status page');
  });

  await story('the offer shows the block and neither door nor drug; accepting opens both', async () => {
    await seesAnOffer(runner, house.base);
    const offered = await runner.innerText('main');
    assert.ok(!offered.includes('2-501') && !offered.includes('缬沙坦') && !offered.includes('王阿姨'), offered);
    await judge(runner, '/run with an offer');
    await runner.click('form[action$="/accept"] button');
    await runner.waitForSelector('form[action$="/collect"]');
    const carried = await runner.innerText('main');
    assert.ok(carried.includes('501') && carried.includes('缬沙坦胶囊') && carried.includes('王阿姨'), carried);
    await judge(runner, '/run with an errand');
  });

  await story('the supervisor sees it in the queue, and opening it', async () => {
    await signIn(supervisor, house.base, '/watch', 'sup1');
    const queue = await supervisor.innerText('main');
    assert.ok(queue.includes('缬沙坦胶囊') && !queue.includes('王阿姨') && !queue.includes('138'), queue);
    await judge(supervisor, '/watch');
    await supervisor.click('a[href^="/watch/requests/"]');
    await supervisor.waitForURL('**/watch/requests/*');
    assert.match(await supervisor.innerText('main'), /2-501/);
    await judge(supervisor, 'an opened request');
  });

  await story('collected, delivered, and the door is closed to the runner again', async () => {
    await runner.click('form[action$="/collect"] button');
    await runner.waitForSelector('form[action$="/deliver"]');
    await runner.click('form[action$="/deliver"] button');
    await runner.waitForFunction(() => !document.querySelector('form[action$="/deliver"]'));
    assert.ok(!(await runner.innerText('body')).includes('2-501'));
  });

  await story('the resident says it arrived', async () => {
    await resident.goto(link);
    await resident.click('[name=received][value=yes]');
    await resident.waitForURL('**/r/*');
    await resident.goto(`${link}?lang=en&size=largest`);
    await judge(resident, 'the closed request in English, largest');
  });

  await story('food from one shop is one offer; one errand is left out; the rest is one way', async () => {
    for (const room of ['1-201', '1-801', '2-301']) {
      const body = { building: 'MZC-07', room, name: '李', phone: '13900000000', category: 'food', items: [{ name: '米' }] };
      const answer = await fetch(`${house.base}/api/v1/requests`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
      assert.equal(answer.status, 201);
    }
    // The first may already be offered alone when the others come: then those are on the board, or added on the way.
    await runner.goto(`${house.base}/run`);
    const board = runner.locator('.board-row');
    await seesAnOffer(runner, house.base);
    await judge(runner, '/run with an offer and a board');
    const drop = runner.locator('.offer details summary', { hasText: '去掉几单' });
    if (await drop.count()) {
      await drop.click();
      await runner.locator('.offer input[name=drop]').first().check({ force: true });
      await judge(runner, '/run with a part of the offer left out');
    }
    await runner.click('form[action$="/accept"] button');
    await runner.waitForSelector('form[action$="/collect"]');
    if (await board.count()) {
      await board.locator('form button').first().click();
      await runner.waitForURL('**/run?notice=*');
    }
    await judge(runner, '/run with a trip');
    await runner.goto(`${house.base}/run?lang=en`);
    await judge(runner, '/run with a trip in English');
    await runner.goto(`${house.base}/run?lang=zh-CN`);
    for (const act of ['collect', 'deliver']) {
      for (;;) {
        const next = runner.locator(`.thumb form[action$="/${act}"] button`);
        if (!(await next.count())) break;
        await Promise.all([runner.waitForNavigation(), next.click()]);
      }
    }
    assert.equal(await runner.locator('.current').count(), 0, 'everything is delivered');
  });

  await story('the supervisor turns a dial of dispatch, and sees which shops to ask', async () => {
    for (const [view, at] of [[supervisor, 'a desk'], [await (await browser.newContext(phone)).newPage(), 'a phone']]) {
      if (at === 'a phone') await signIn(view, house.base, '/watch', 'sup1');
      for (const path of ['/watch/dispatch', '/desk/stock']) {
        for (const lang of ['en', 'zh-CN']) {
          await view.goto(`${house.base}${path}?lang=${lang}`);
          await judge(view, `${path} in ${lang} on ${at}`);
        }
      }
    }
    await supervisor.goto(`${house.base}/watch/dispatch`);
    assert.match(await supervisor.innerText('main'), /问了会接/);
    await supervisor.selectOption('[name=patience_s]', '300');
    await supervisor.click('form[action="/watch/dispatch"] button');
    await supervisor.waitForURL('**notice=dials');
    assert.equal(await supervisor.inputValue('[name=patience_s]'), '300');
    await supervisor.selectOption('[name=patience_s]', '0');
    await supervisor.click('form[action="/watch/dispatch"] button');
    await supervisor.waitForURL('**notice=dials');
  });

  await story('everything works without JavaScript', async () => {
    const plain = await (await browser.newContext({ ...phone, javaScriptEnabled: false })).newPage();
    await saysWhat(plain, `${house.base}/?lang=en`, 'rice', { category: 'food' });
    await saysWhere(plain, { building: 'MZC-07', room: '1-101', name: 'Ann', phone: '13900000000' });
    await sends(plain);
    const code = (await plain.innerText('main')).match(/[0-9A-Z]{3}-[0-9A-Z]{4}/)[0];
    await plain.goto(`${house.base}/find`);
    await plain.fill('[name=code]', code.toLowerCase());
    await plain.fill('[name=last_four]', '0000');
    await plain.click('main button[type=submit]');
    await plain.waitForURL('**/r/*');
  });

  await story('the remaining pages are sound', async () => {
    for (const path of ['/', '/find', '/sign-in', '/api/docs', '/nowhere', '/b/OLD-1']) {
      for (const lang of ['zh-CN', 'en']) {
        await supervisor.goto(`${house.base}${path}?lang=${lang}`);
        await judge(supervisor, `${path} in ${lang}`);
      }
    }
  });

  // Seals come last: they close doors the others ask from.
  const told = { form: tellOfTheForm, status: tellOfTheStatus, desk: tellOfTheDesk, followups: tellOfFollowUps, counter: tellOfTheCounter, care: tellOfCare, proof: tellOfProofs, gate: tellOfGates, offline: tellOfBasements, volunteer: tellOfVolunteers, seals: tellOfSeals, ladder: tellOfTheLadder, watch: tellOfWatching };
  // `node smoke.mjs proof offline` tells these alone.
  const wanted = process.argv.slice(2);
  for (const [name, tell] of Object.entries(told)) {
    if (wanted.length && !wanted.includes(name)) continue;
    await tell({ house, browser, story, judge, signIn, phone, desk, picture });
  }

  await story('no browser complained', async () => assert.deepEqual(complaints, []));
} finally {
  await browser.close();
  assert.equal(await house.close(), 0, 'the service did not end well');
}
console.log(`\n${passed} passed, 0 failed`);
