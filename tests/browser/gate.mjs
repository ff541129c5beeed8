// Across a gate: a runner leaves the bag at the gate of a sealed building, the resident sees it there, somebody inside
// brings it up; each at a phone, in both languages.
import assert from 'node:assert/strict';
import { password, seesAnOffer } from './house.mjs';

export async function tell({ house, browser, story, judge, signIn, phone, desk, picture }) {
  const page = async (kind) => (await browser.newContext(kind)).newPage();
  const [outside, inside, resident, supervisor] = await Promise.all([phone, phone, phone, desk].map(page));
  const api = async (path, body, token) => {
    const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
    const answer = await fetch(`${house.base}/api/v1${path}`, { method: body ? 'POST' : 'GET', headers, body: body && JSON.stringify(body) });
    assert.ok(answer.ok, `${path}: ${answer.status}`);
    return answer.json();
  };
  const bothLanguages = async (at, path, what) => {
    for (const lang of ['en', 'zh-CN']) {
      await at.goto(`${house.base}${path}?lang=${lang}`);
      await judge(at, `${what} in ${lang}`);
      await picture(at, `${what.replaceAll(/[^a-z]+/gi, '-')}-${lang}`);
    }
  };
  const press = async (at, step) => {
    await Promise.all([at.waitForNavigation(), at.click(`.thumb form[action$="/${step}"] button`)]);
  };

  let asked, errand;
  await story('goods for a sealed building are left at its gate', async () => {
    asked = await api('/requests', {
      building: 'MZC-01', room: '2-701', name: '赵奶奶', phone: '13922220001', category: 'medicine',
      items: [{ name: '硝苯地平片', quantity: 1 }], medicine_left: { doses_left: 0, doses_per_day: 2 },
    });
    const { token } = await api('/sessions', { username: 'sup1', password });
    ({ errand } = await api(`/watch/requests/${asked.id}`, undefined, token));
    await api(`/watch/errands/${errand}/assign`, { runner: 'r002' }, token);
    await signIn(outside, house.base, '/run', 'r002');
    await bothLanguages(outside, '/run', 'fetching for a sealed building');
    assert.match(await outside.innerText('.then'), /大门口/);
    await press(outside, 'collect');
    await bothLanguages(outside, '/run', 'bringing to a gate');
    const card = await outside.innerText('.current');
    assert.ok(card.includes('大门口') && card.includes(asked.code) && card.includes('封控'), card);
    await press(outside, 'hand-over');
    assert.match(await outside.innerText('main'), /放在大门口了/);
    assert.ok(!(await outside.innerText('body')).includes('2-701'), 'the door is closed to whoever left it at the gate');
  });

  await story('the resident sees that it is at the gate, and may say it was fetched', async () => {
    await bothLanguages(resident, `/r/${asked.token}`, 'at the gate');
    assert.equal(await resident.innerText('h1'), '到大门口了');
    assert.ok(await resident.locator('[name=received][value=yes]').count(), 'who fetched it can say so');
    assert.equal(await resident.locator('form[action$="/cancel"]').count(), 0, 'it is bought');
  });

  await story('the supervisor sees both legs, and may find somebody inside', async () => {
    await signIn(supervisor, house.base, '/watch', 'sup1');
    await bothLanguages(supervisor, `/watch/requests/${asked.id}`, 'an opened request with two legs');
    assert.equal(await supervisor.locator('section[aria-labelledby=legs] li').count(), 2);
    assert.ok(await supervisor.locator('#assign').count());
  });

  await story('somebody inside is asked, finds the bag by its code and brings it up', async () => {
    await signIn(inside, house.base, '/run', 'r076');
    await inside.click('form[action="/run/duty"] button');
    await inside.waitForURL('**/run**');
    await seesAnOffer(inside, house.base);
    await bothLanguages(inside, '/run', 'an offer from a gate');
    assert.ok(!(await inside.innerText('main')).includes('2-701'));
    await Promise.all([inside.waitForNavigation(), inside.click('form[action$="/accept"] button')]);
    await bothLanguages(inside, '/run', 'fetching from a gate');
    const card = await inside.innerText('.current');
    assert.ok(card.includes('大门口') && card.includes(asked.code) && card.includes('2-701'), card);
    await press(inside, 'collect');
    await press(inside, 'deliver');
    await resident.goto(`${house.base}/r/${asked.token}`);
    await Promise.all([resident.waitForNavigation(), resident.click('[name=received][value=yes]')]);
    assert.equal((await api(`/requests/${asked.token}`)).state, 'closed');
  });
  for (const view of [outside, inside, resident, supervisor]) await view.context().close();
}
