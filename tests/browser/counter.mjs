// At the counter and at the door: what is there is told by one press, what differs needs a word, what it cost is written
// down; and the lists that come of it, at a desk and on a phone, in both languages.
import assert from 'node:assert/strict';
import { password } from './house.mjs';

export async function tell({ house, browser, story, judge, signIn, phone, desk, picture }) {
  const page = async (kind) => (await browser.newContext(kind)).newPage();
  const [runner, small, large] = await Promise.all([phone, phone, desk].map(page));
  const call = async (method, path, body, token) => {
    const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
    const answer = await fetch(`${house.base}/api/v1${path}`, { method, headers, body: body && JSON.stringify(body) });
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${await answer.clone().text()}`);
    return answer.json();
  };
  const bothLanguages = async (at, path, what) => {
    for (const lang of ['en', 'zh-CN']) {
      await at.goto(`${house.base}${path}${path.includes('?') ? '&' : '?'}lang=${lang}`);
      await judge(at, `${what} in ${lang}`);
      await picture(at, `${what.replaceAll(/[^a-z]+/gi, '-')}-${lang}`);
    }
  };
  const press = (at, selector) => Promise.all([at.waitForNavigation(), at.click(selector)]);
  const { token } = await call('POST', '/sessions', { username: 'sup1', password });
  let asked;
  const ask = async (items) => {
    asked = await call('POST', '/requests', {
      building: 'MZC-07', room: `3-${100 + Math.floor(Math.random() * 900)}`, name: '孙阿姨', phone: '13933330001', category: 'medicine', items,
      medicine_left: { doses_left: 0, doses_per_day: 1 },
    });
  };

  await story('what is at the counter is told by one press, and another shop is one press away', async () => {
    await ask([{ name: '格列美脲片', strength: '2mg', quantity: 1, substitution: 'same_drug' }]);
    // Given by hand, so that no earlier story's errand comes between.
    const { errand } = await call('GET', `/watch/requests/${asked.id}`, undefined, token);
    await call('POST', `/watch/errands/${errand}/assign`, { runner: 'r002' }, token);
    await signIn(runner, house.base, '/run', 'r002');
    await bothLanguages(runner, '/run', 'at the counter');
    const before = await runner.innerText('.current h2');
    await press(runner, 'form[action$="/seen"] button[value=none]');
    await bothLanguages(runner, '/run', 'none at the counter');
    await press(runner, 'form[action$="/elsewhere"] button');
    assert.notEqual(await runner.innerText('.current h2'), before, 'the way leads to another shop');
  });

  await story('another maker is collected where it was allowed, and the resident reads that it differs', async () => {
    await runner.locator('.differs summary, details:has(input[name^="got-"]) summary').first().click();
    await runner.check('input[name="got-1"][value=swap]', { force: true });
    await judge(runner, 'what differs');
    await picture(runner, 'what-differs');
    await press(runner, '.thumb form[action$="/collect"] button');
    assert.ok(await runner.locator('.thumb form[action$="/deliver"]').count(), await runner.innerText('main'));
    await small.goto(`${house.base}/r/${asked.token}`);
    const told = await small.innerText('main');
    assert.ok(told.includes('别的厂家') && !told.includes('格列美脲'), told);
  });

  await story('what it cost must add up, and is written down with what was given', async () => {
    const open = () => runner.locator('details:has(form[action$="/receipt"]) > summary').click();
    await open();
    await judge(runner, 'the money of an errand');
    await picture(runner, 'money-of-an-errand');
    await runner.fill('[name=spent]', '12.50');
    await runner.fill('[name=total]', '13');
    await press(runner, 'form[action$="/receipt"] button');
    assert.match(await runner.innerText('[role=alert]'), /不一样/);
    assert.equal(await runner.inputValue('[name=spent]'), '12.50', 'what was typed stays');
    await judge(runner, 'a receipt that does not add up');
    await picture(runner, 'a-receipt-that-does-not-add-up');
    await runner.fill('[name=spent]', '１２。５');
    await runner.fill('[name=total]', '12.50');
    await press(runner, 'form[action$="/receipt"] button');
    await open();
    await runner.check('[name=how][value=cash]', { force: true });
    await runner.fill('[name=amount]', 'twenty');
    await press(runner, 'form[action$="/settle"] button');
    assert.ok(await runner.isChecked('[name=how][value=cash]'), 'what was chosen stays');
    assert.equal(await runner.inputValue('[name=amount]'), 'twenty');
    await runner.fill('[name=amount]', '20');
    await press(runner, 'form[action$="/settle"] button');
    assert.match(await runner.innerText('section[aria-labelledby=purse]'), /花了 12\.50 元 · 现金 20\.00 元 · 要退 7\.50 元/);
    await bothLanguages(small, `/r/${asked.token}`, 'what it cost');
    assert.match(await small.innerText('main'), /花了 12\.50 元，已经给了 20\.00 元/);
    await press(runner, '.thumb form[action$="/deliver"] button');
  });

  await story('the ledger and the shortages are sound on a desk and a phone', async () => {
    await ask([{ name: '非布司他片', strength: '40mg', quantity: 1 }]);
    const { items } = await call('GET', '/desk/stock-questions', undefined, token);
    const places = new Set(items.map((one) => one.place));
    for (const place of places) await call('POST', `/places/${place}/sightings`, { item: '非布司他片', strength: '40mg', outcome: 'none' }, token);
    for (const [at, where] of [[small, 'a phone'], [large, 'a desk']]) {
      await signIn(at, house.base, '/watch', 'sup1');
      for (const path of ['/watch/ledger', '/watch/shortages']) await bothLanguages(at, path, `${path.slice(7)} on ${where}`);
    }
    await large.goto(`${house.base}/watch/ledger`);
    const ledger = await large.innerText('main');
    assert.ok(ledger.includes('12.50') && ledger.includes('-7.50') && !ledger.includes('孙阿姨'), ledger);
  });
  for (const view of [runner, small, large]) await view.context().close();
}
