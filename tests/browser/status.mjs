// The status page as a resident lives with it: news by themselves, a question from the counter, something wrong; and the
// door half closed when there is too much. In three text sizes, both languages, on a phone and a desk.
import assert from 'node:assert/strict';
import { password } from './house.mjs';

// What a thumb must hit, and what old eyes must read (ux.md §5).
async function measure(page, what) {
  const found = await page.evaluate(() => {
    const shown = (element) => element.getClientRects().length > 0;
    const size = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 18;
    const small = [...document.querySelectorAll('main a, main button, main summary, main .tile label')]
      .filter(shown)
      .filter((element) => element.getBoundingClientRect().height < 60)
      .map((element) => element.outerHTML.slice(0, 120));
    const thin = [...document.querySelectorAll('main p, main li, main b, main span, main h1, main h2')]
      .filter((element) => shown(element) && element.childElementCount === 0 && element.textContent.trim())
      .filter((element) => Number.parseFloat(getComputedStyle(element).fontSize) < 16 * size - 0.01)
      .map((element) => element.outerHTML.slice(0, 120));
    return { small, thin };
  });
  assert.deepEqual(found, { small: [], thin: [] }, what);
}

export async function tell({ house, browser, story, judge, signIn, phone, desk }) {
  const api = async (path, { body, token, method } = {}) => {
    const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) };
    const answer = await fetch(`${house.base}/api/v1${path}`, { method: method ?? (body ? 'POST' : 'GET'), headers, body: body && JSON.stringify(body) });
    return { status: answer.status, body: answer.status === 204 ? null : await answer.json() };
  };
  const tokenOf = async (username) => (await api('/sessions', { body: { username, password } })).body.token;
  const [runner, supervisor] = [await tokenOf('r001'), await tokenOf('sup1')];
  let room = 300;
  const asks = async (changes = {}) => {
    room += 1;
    const items = [{ name: '二甲双胍', strength: '0.5g', quantity: 1, unit: '盒' }, { name: '阿卡波糖', quantity: 2, unit: '盒' }];
    const body = { building: 'MZC-07', room: `7-${room}`, name: '陈阿婆', phone: '13955550000', category: 'medicine', items, medicine_left: { doses_left: 0 }, ...changes };
    const answer = await api('/requests', { body });
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return answer.body;
  };
  // By hand, so that nobody else is asked first.
  const assigned = async (asked) => {
    const queue = (await api('/watch/requests?limit=200', { token: supervisor })).body.items;
    const { errand } = queue.find((row) => row.id === asked.id);
    assert.equal((await api(`/watch/errands/${errand}/assign`, { token: supervisor, body: { runner: 'r001' } })).status, 200);
    return errand;
  };
  const everywhere = async (path, what) => {
    for (const [at, kind] of [['a phone', phone], ['a desk', desk]]) {
      const page = await (await browser.newContext(kind)).newPage();
      for (const lang of ['zh-CN', 'en']) {
        for (const size of ['standard', 'large', 'largest']) {
          await page.goto(`${house.base}${path}?lang=${lang}&size=${size}`);
          await page.evaluate(() => document.querySelectorAll('details').forEach((fold) => { fold.open = true; }));
          await judge(page, `${what} in ${lang}, ${size}, on ${at}`);
          await measure(page, `${what} in ${lang}, ${size}, on ${at}`);
        }
      }
      await page.context().close();
    }
  };

  await story('the status page tells by itself, as it happens, that somebody has it', async () => {
    const asked = await asks();
    await everywhere(`/r/${asked.token}`, 'a waiting request');
    const page = await (await browser.newContext(phone)).newPage();
    const opened = page.waitForResponse((response) => response.url().includes('/api/v1/events'));
    await page.goto(`${house.base}/r/${asked.token}`);
    await opened;
    const began = Date.now();
    await assigned(asked);
    await page.waitForFunction(() => document.querySelector('h1').textContent.includes('有人去取了'), null, { timeout: 15_000 });
    // Asking from time to time would come later than that. The bar of two seconds is measured, not asserted.
    console.log(`   news on the screen after ${Date.now() - began} ms`);
    await page.context().close();
  });

  await story('a question from the counter is three large buttons; one tap without JavaScript answers it', async () => {
    const asked = await asks();
    const errand = await assigned(asked);
    const question = await api(`/errands/${errand}/ask`, { token: runner, body: { item: 2, kind: 'other_maker', offer: '拜耳的' } });
    assert.equal(question.status, 200, JSON.stringify(question.body));
    await everywhere(`/r/${asked.token}`, 'a question');
    const page = await (await browser.newContext({ ...phone, javaScriptEnabled: false })).newPage();
    await page.goto(`${house.base}/r/${asked.token}`);
    const told = await page.innerText('main');
    assert.ok(told.includes('第 2 样') && told.includes('拜耳的') && !told.includes('阿卡波糖') && !told.includes('7-3'), told);
    await page.click('button[name=choice][value=swap]');
    await page.waitForURL('**notice=answered');
    assert.ok((await page.innerText('main')).includes('换别的厂家的，药一样'));
    const trip = (await api('/runner/trip', { token: runner })).body;
    assert.equal(trip.stops.find((stop) => stop.errand === errand).questions[0].answer, 'swap');
    const card = await (await browser.newContext(phone)).newPage();
    await signIn(card, house.base, '/run', 'r001');
    for (const lang of ['en', 'zh-CN']) {
      await card.goto(`${house.base}/run?lang=${lang}`);
      await judge(card, `the runner's card with an answer in ${lang}`);
    }
    await Promise.all([page.context().close(), card.context().close()]);
  });

  await story('the same wish of the same door is told where the first one stands', async () => {
    const asked = await asks();
    const again = await asks({ room: `7-${room}`, phone: '13955559999' });
    assert.equal(again.merged_into, asked.id);
    await everywhere(`/r/${again.token}`, 'a joined request');
  });

  await story('something wrong is told in a few taps, also after it was closed', async () => {
    const asked = await asks();
    const errand = await assigned(asked);
    for (const step of ['collect', 'deliver']) await api(`/errands/${errand}/${step}`, { token: runner, body: {} });
    await everywhere(`/r/${asked.token}`, 'a delivered request');
    await api(`/requests/${asked.token}/confirm`, { method: 'POST' });
    await everywhere(`/r/${asked.token}`, 'a closed request');
    const page = await (await browser.newContext(phone)).newPage();
    await page.goto(`${house.base}/r/${asked.token}`);
    await page.click('details:has(form[action$="/problem"]) > summary');
    await page.check('[name=reason][value=damaged]', { force: true });
    await page.fill('[name=note]', '瓶子碎了');
    await page.click('form[action$="/problem"] button');
    await page.waitForURL('**notice=problem');
    assert.ok(!(await page.innerText('main')).includes('瓶子碎了'));
    await everywhere(`/r/${asked.token}`, 'a request somebody must look into');
    await page.context().close();
  });

  await story('a supervisor takes urgent ones alone, residents read why, and red ones still come in', async () => {
    const page = await (await browser.newContext(desk)).newPage();
    await signIn(page, house.base, '/watch/dispatch', 'sup1');
    await page.fill('[name=text]', '单子太多，晚上八点再收不急的。');
    await page.click('form[action="/watch/intake"] button');
    await page.waitForURL('**notice=intake_paused');
    await judge(page, '/watch/dispatch while paused');
    const refused = await api('/requests', { body: { building: 'MZC-07', room: '9-901', name: '李', phone: '13900000000', category: 'food', items: [{ name: '米' }] } });
    assert.equal(refused.body.code, 'intake_paused');
    await asks();
    await page.click('form[action="/watch/intake"] button');
    await page.waitForURL('**notice=intake_opened');
    await page.context().close();
  });
}
