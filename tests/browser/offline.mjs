// Nothing is lost in a basement: the network is cut between every two presses of an errand, answers are lost on the way,
// errands go to others meanwhile. What waits is shown as waiting; afterwards the service holds each act once, in order,
// with its true time. Without a service worker (plain http on a name of its own), and with one.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { password, root } from './house.mjs';

const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--host-resolver-rules=MAP phone.test 127.0.0.1'];
const program = process.env.PAOTUI_BIN || join(root, 'target/debug/paotui');
const LIGHT = 35 * 1024;

export async function tell({ house, story, judge, signIn, phone, desk, picture }) {
  // Another browser: on this name it is what a phone on plain http is, without service workers.
  const browser = await chromium.launch({ executablePath: process.env.PAOTUI_TEST_BROWSER || '/usr/bin/chromium', args: flags });
  const plain = house.base.replace('127.0.0.1', 'phone.test');
  const command = (args, input = '') => execFileSync(program, args, { cwd: house.folder, input, stdio: ['pipe', 'pipe', 'pipe'] });
  const api = async (path, body, token, method) => {
    const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
    const answer = await fetch(`${house.base}/api/v1${path}`, { method: method || (body ? 'POST' : 'GET'), headers, body: body && JSON.stringify(body) });
    assert.ok(answer.ok, `${path}: ${answer.status} ${await answer.clone().text()}`);
    return answer.status === 204 ? null : answer.json();
  };
  for (const name of ['r003', 'r004', 'r005', 'r006']) command(['user', 'password', name], `${password}\n`);
  const { token: watcher } = await api('/sessions', { username: 'sup1', password });

  let room = 100;
  const asks = async (runner, more = {}) => {
    const body = { building: 'MZC-07', room: `5-${(room += 1)}`, name: '孙女士', phone: '13933330000', category: 'food', items: [{ name: '大米', quantity: 2, unit: '袋' }], ...more };
    const asked = await api('/requests', body);
    const { errand } = await api(`/watch/requests/${asked.id}`, undefined, watcher);
    await api(`/watch/errands/${errand}/assign`, { runner }, watcher);
    return { ...asked, errand, room: body.room };
  };
  const acts = async (asked) => {
    const { timeline } = await api(`/watch/requests/${asked.id}`, undefined, watcher);
    return timeline.filter((event) => ['collect', 'deliver', 'fail', 'hand_over', 'hand_back'].includes(event.kind));
  };
  const open = async (runner, base = plain, kind = phone) => {
    const context = await browser.newContext(kind);
    context.setDefaultTimeout(20000);
    const page = await context.newPage();
    await signIn(page, base, '/run', runner);
    return { page, context };
  };
  // waitForFunction takes a promise for a yes.
  const until = async (page, holds) => {
    for (let n = 0; n < 100; n += 1) {
      if (await page.evaluate(holds)) return;
      await page.waitForTimeout(200);
    }
    throw new Error(`never: ${holds}`);
  };
  const queue = (page) => page.evaluate(() => JSON.parse(localStorage.getItem('run-queue') || '[]'));
  const sent = (page) => page.waitForFunction(() => !JSON.parse(localStorage.getItem('run-queue') || '[]').some((one) => !one.no), null, { timeout: 30000 });
  const press = async (page, step) => {
    await page.waitForTimeout(450); // a second tap within 0.4 s is taken for the thumb's stutter
    await page.click(`.thumb form[action$="/${step}"] button`);
    return Date.now();
  };
  const near = (at, wanted, what) => assert.ok(Math.abs(Date.parse(at) - wanted) < 2500, `${what}: ${at} is not ${new Date(wanted).toISOString()}`);
  const bothLanguages = async (page, what) => {
    for (const lang of ['en', 'zh-CN']) {
      await page.goto(`${new URL(page.url()).origin}/run?lang=${lang}`);
      await judge(page, `${what} in ${lang}`);
      await picture(page, `run-${what.replaceAll(/[^a-z]+/gi, '-')}-${lang}-${page.viewportSize().width}`);
    }
  };

  try {
    await story('with the network cut between every two acts each is done once, in order, at its true time', async () => {
      for (const together of [1, 2]) {
        const asked = await asks('r003');
        const { page, context } = await open('r003');
        const pressed = [];
        for (const [place, step] of ['collect', 'deliver'].entries()) {
          if (place % together === 0) await context.setOffline(true);
          if (step === 'deliver') await page.fill('.current [name=code]', asked.code);
          pressed.push(await press(page, step));
          await page.waitForSelector('#queue li');
          assert.match(await page.innerText('#queue'), /待发送/);
          assert.match(await page.innerText('#net'), /没有网络/);
          assert.ok(!(await page.innerText('main')).includes('已记下'), 'what waits is never shown as done');
          await judge(page, `/run with ${place + 1} waiting`);
          if (place % together === together - 1) {
            await page.waitForTimeout(1200);
            assert.equal((await acts(asked)).length, place + 1 - together, 'nothing came through');
            await context.setOffline(false);
            await sent(page);
          }
        }
        await page.waitForFunction(() => document.body.innerText.includes('已记下：送到了'));
        const done = await acts(asked);
        assert.deepEqual(done.map((act) => act.kind), ['collect', 'deliver']);
        done.forEach((act, place) => {
          near(act.at, pressed[place], act.kind);
          assert.ok(Date.parse(act.received_at) - Date.parse(act.at) > 800, `${act.kind} was heard of later: ${JSON.stringify(act)}`);
        });
        assert.ok(!(await page.innerText('body')).includes(asked.room), 'the door is closed again');
        assert.match(await page.innerText('section.done'), new RegExp(asked.code), 'history: a code and a block');
        await context.close();
      }
    });

    await story('a trip without a network: one list, the walking order, one press for one door', async () => {
      const door = { room: '6-301', items: [{ name: '鸡蛋', quantity: 1, unit: '盒' }] };
      const high = await asks('r004', { room: '6-901', items: [{ name: '大米 ', quantity: 1, unit: '袋' }, { name: '盐', quantity: 1, unit: '袋' }] });
      const first = await asks('r004', { room: '6-301' });
      const second = await asks('r004', { ...door, name: '她的邻居' });
      const { page, context } = await open('r004');
      const list = await page.innerText('.shopping');
      assert.ok(list.includes('3 袋 × 大米') && list.includes('1 袋 × 盐') && list.includes(`${first.code} · 7栋 6-301`), list);
      assert.ok(!list.includes('孙女士'), 'a label tells no name');
      await bothLanguages(page, 'a trip as one list');
      await context.setOffline(true);
      for (let n = 0; n < 3; n += 1) await press(page, 'collect');
      assert.match(await page.innerText('.current .address'), /6-901/, 'from the top down');
      await press(page, 'deliver');
      await page.waitForTimeout(450);
      await page.getByRole('button', { name: '这个门口的 2 单都送到了' }).click();
      await page.waitForSelector('text=手上的都按完了');
      assert.equal((await queue(page)).length, 6);
      await picture(page, 'run-everything-pressed-offline');
      await context.setOffline(false);
      await sent(page);
      for (const asked of [high, first, second]) {
        assert.deepEqual((await acts(asked)).map((act) => act.kind), ['collect', 'deliver'], 'each with its own record');
      }
      await context.close();
    });

    await story('an answer lost on the way is no second act, and a service that is busy is asked again', async () => {
      const asked = await asks('r003');
      const { page, context } = await open('r003');
      let calls = 0;
      await page.route('**/api/v1/errands/**', async (route) => {
        calls += 1;
        if (calls === 1) {
          // Node does not know the phone's name for the service.
          const { origin, ...headers } = route.request().headers();
          const reached = await route.fetch({ url: route.request().url().replace(new URL(plain).hostname, '127.0.0.1'), headers });
          assert.equal(reached.status(), 200);
          await route.abort('connectionreset');
        } else if (calls === 2) {
          await route.fulfill({ status: 503, headers: { 'retry-after': '3' }, contentType: 'application/problem+json', body: '{}' });
        } else await route.continue();
      });
      await press(page, 'collect');
      await page.waitForFunction(() => document.getElementById('net').textContent.includes('没有回应'));
      await judge(page, '/run while the service is busy');
      await sent(page);
      assert.equal(calls, 3);
      assert.deepEqual((await acts(asked)).map((act) => act.kind), ['collect']);
      await page.unroute('**/api/v1/errands/**');
      await page.waitForSelector('.thumb form[action$="/deliver"]');
      await press(page, 'deliver');
      await sent(page);
      assert.deepEqual((await acts(asked)).map((act) => act.kind), ['collect', 'deliver']);
      await context.close();
    });

    await story('what went to somebody else meanwhile is told in words, and keeps what was typed', async () => {
      const asked = await asks('r003');
      const { page, context } = await open('r003');
      await context.setOffline(true);
      await press(page, 'collect');
      await page.fill('.current [name=code]', 'MY-OWN-NOTE');
      await press(page, 'deliver');
      await api(`/watch/errands/${asked.errand}/assign`, { runner: 'r007' }, watcher);
      await context.setOffline(false);
      await page.waitForSelector('#refused .panel-bad');
      const told = await page.innerText('#refused');
      assert.ok(told.includes('这一单已经转给别人') && told.includes(asked.code) && told.includes('MY-OWN-NOTE'), told);
      assert.match(told, /这一步就没有发送/);
      assert.deepEqual(await acts(asked), [], 'nothing was done to it');
      await page.waitForFunction(() => !document.querySelector('.current'));
      await bothLanguages(page, 'refused on sync');
      assert.equal(await page.locator('#refused .panel-bad').count(), 2, 'it is still there after a reload');
      while (await page.locator('#refused button').count()) await page.locator('#refused button').first().click();
      assert.deepEqual(await queue(page), []);
      await context.close();
    });

    await story('a session that ended keeps what waits, and sends it after signing in', async () => {
      const asked = await asks('r006');
      const { page, context } = await open('r006');
      const session = (await context.cookies()).find((cookie) => cookie.httpOnly && cookie.name.includes('paotui'));
      await context.setOffline(true);
      const pressed = await press(page, 'collect');
      await api('/sessions/current', undefined, session.value, 'DELETE');
      await context.setOffline(false);
      await page.waitForURL('**/sign-in?**');
      assert.match(await page.innerText('main'), /登录后会自动发送/);
      assert.ok(!(await page.innerText('body')).includes(asked.room), 'the door is gone from the screen');
      assert.equal((await queue(page)).length, 1);
      await page.fill('[name=username]', 'r006');
      await page.fill('[name=password]', password);
      await page.click('main button[type=submit]');
      await page.waitForURL('**/run**');
      await sent(page);
      const [act] = await acts(asked);
      near(act.at, pressed, 'collect');
      await page.waitForSelector('.thumb form[action$="/deliver"]');
      await press(page, 'deliver');
      await sent(page);
      await context.close();
    });

    await story('with a service worker a reload in a basement shows the last page, and the queue', async () => {
      const asked = await asks('r003');
      const { page, context } = await open('r003', house.base);
      await until(page, async () => {
        const cache = await caches.open('run');
        return navigator.serviceWorker.controller && (await cache.match('/run')) && (await cache.keys()).length > 3;
      });
      await context.setOffline(true);
      await press(page, 'collect');
      await page.waitForSelector('#queue li');
      await page.reload();
      assert.match(await page.innerText('#net'), /没有网络/);
      assert.equal(await page.locator('#queue li').count(), 1);
      assert.match(await page.innerText('.current'), new RegExp(asked.room));
      await judge(page, '/run kept, offline');
      await picture(page, 'run-kept-offline');
      const pressed = await press(page, 'deliver');
      await page.reload();
      assert.equal((await queue(page)).length, 2);
      await context.setOffline(false);
      await sent(page);
      const done = await acts(asked);
      assert.deepEqual(done.map((act) => act.kind), ['collect', 'deliver']);
      near(done[1].at, pressed, 'deliver');
      const next = await asks('r003');
      await page.goto(`${house.base}/run`);
      assert.match(await page.innerText('.current'), new RegExp(next.room));
      await page.click('form[action="/sign-out"] button');
      await page.waitForURL('**/sign-in');
      await until(page, async () => (await caches.keys()).length === 0);
      await context.setOffline(true);
      await assert.rejects(page.goto(`${house.base}/run`), 'after signing out nothing is kept');
      await context.close();
      await api(`/watch/errands/${next.errand}/release`, { reason: 'test' }, watcher);
    });

    await story('whose access ends sees no door any more, and the phone keeps none', async () => {
      const asked = await asks('r005');
      const { page, context } = await open('r005', house.base);
      await until(page, async () => (await caches.keys()).length > 0 && (await (await caches.open('run')).match('/run')));
      assert.match(await page.innerText('.current'), new RegExp(asked.room));
      command(['user', 'disable', 'r005']);
      await page.waitForURL('**/sign-in**', { timeout: 45000 });
      assert.ok(!(await page.innerText('body')).includes(asked.room));
      await until(page, async () => (await caches.keys()).length === 0);
      await context.close();
      await api(`/watch/errands/${asked.errand}/release`, { reason: 'test' }, watcher);
    });

    await story('an errand by keyboard and by names alone', async () => {
      const asked = await asks('r003');
      const { page, context } = await open('r003');
      const reach = async (name) => {
        for (let n = 0; n < 60; n += 1) {
          await page.keyboard.press('Tab');
          const at = await page.evaluate(() => document.activeElement.textContent.trim());
          if (at === name) return;
        }
        throw new Error(`nothing called ${name} can be reached`);
      };
      for (const [name, after] of [['拿到了', '已记下：东西拿到了'], ['送到了', '已记下：送到了']]) {
        await page.waitForTimeout(450);
        assert.equal(await page.getByRole('region', { name: '下一步' }).getByRole('button').count(), 1, 'one next action');
        await reach(name);
        await page.keyboard.press('Enter');
        await page.waitForFunction((text) => document.querySelector('main').innerText.includes(text), after);
      }
      assert.deepEqual((await acts(asked)).map((act) => act.kind), ['collect', 'deliver']);
      await context.close();
    });

    await story('what is old says so; the sheet is paper; the first visit is light; a desk shows it, too', async () => {
      const asked = await asks('r003');
      const other = await asks('r003');
      const { page, context } = await open('r003', plain, desk);
      await bothLanguages(page, 'an errand at a desk');
      await page.setViewportSize(phone.viewport);
      await bothLanguages(page, 'an errand on a phone');
      await page.evaluate(() => {
        const fresh = document.getElementById('fresh');
        fresh.setAttribute('data-now', fresh.getAttribute('data-now') - 70);
      });
      await page.waitForSelector('.fresh.stale', { timeout: 12000 });
      assert.match(await page.innerText('.fresh'), /可能不是最新的/);
      await judge(page, '/run when stale');
      for (const lang of ['en', 'zh-CN']) {
        await page.goto(`${plain}/run/sheet?lang=${lang}`);
        await judge(page, `the sheet in ${lang}`);
      }
      const labels = await page.innerText('.labels');
      assert.ok(labels.includes(asked.code) && labels.includes(other.room) && !labels.includes('孙女士'), labels);
      await picture(page, 'run-sheet');
      await context.close();

      const first = await browser.newContext(phone);
      const light = await first.newPage();
      await light.goto(`${house.base}/sign-in?next=/run`);
      await light.fill('[name=username]', 'r003');
      await light.fill('[name=password]', password);
      const wire = await first.newCDPSession(light);
      await wire.send('Network.enable');
      await wire.send('Network.setCacheDisabled', { cacheDisabled: true });
      let bytes = 0;
      wire.on('Network.loadingFinished', (done) => { bytes += done.encodedDataLength; });
      await Promise.all([light.waitForURL('**/run'), light.click('main button[type=submit]')]);
      await light.waitForTimeout(1500);
      assert.ok(bytes > 4000 && bytes <= LIGHT, `${bytes} bytes`);
      console.log(`   /run weighs ${(bytes / 1024).toFixed(1)} KB`);
      await first.close();
      for (const one of [asked, other]) await api(`/watch/errands/${one.errand}/release`, { reason: 'test' }, watcher);
    });
  } finally {
    await browser.close();
  }
}
