// The care inbox: what cannot go on by itself, with one suggested next step; worked at a desk and on a phone, in both
// languages. Who looked and who acted is in the audit list.
import assert from 'node:assert/strict';
import { password } from './house.mjs';

export async function tell({ house, browser, story, judge, signIn, phone, desk, picture }) {
  const page = async (kind) => (await browser.newContext(kind)).newPage();
  const [large, small] = await Promise.all([desk, phone].map(page));
  const call = async (method, path, body, token) => {
    const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
    const answer = await fetch(`${house.base}/api/v1${path}`, { method, headers, body: body && JSON.stringify(body) });
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${await answer.clone().text()}`);
    return answer.json();
  };
  const bothLanguages = async (path, what) => {
    for (const [at, where] of [[large, 'desk'], [small, 'phone']]) {
      for (const lang of ['en', 'zh-CN']) {
        await at.goto(`${house.base}${path}?lang=${lang}`);
        await judge(at, `${what} on a ${where} in ${lang}`);
        await picture(at, `${what.replaceAll(' ', '-')}-${where}-${lang}`);
      }
    }
  };
  const token = async (username) => (await call('POST', '/sessions', { username, password })).token;
  const [supervisor, runner] = [await token('sup1'), await token('r002')];

  let asked;
  await story('what cannot go on by itself is in one list, with its reason and one next step', async () => {
    asked = await call('POST', '/requests', {
      building: 'MZC-07', room: '8-801', name: '吴奶奶', phone: '13944440008', category: 'food', items: [{ name: '大米', quantity: 1 }],
    });
    const { errand } = await call('GET', `/watch/requests/${asked.id}`, undefined, supervisor);
    await call('POST', `/watch/errands/${errand}/assign`, { runner: 'r002' }, supervisor);
    await call('POST', `/errands/${errand}/fail`, { reason: 'wrong_address' }, runner);
    for (const at of [large, small]) await signIn(at, house.base, '/watch', 'sup1');
    await bothLanguages('/desk/care', 'the care inbox');
    assert.ok((await large.innerText('main')).includes(asked.code));
    await bothLanguages(`/desk/care/${asked.id}`, 'one thing to decide');
  });

  await story('a door is corrected, and it goes back to the line', async () => {
    await large.goto(`${house.base}/desk/care/${asked.id}?lang=zh-CN`);
    await large.fill('[name=room]', '8-802');
    await Promise.all([large.waitForNavigation(), large.click('button[name=act][value=send_again]')]);
    assert.match(large.url(), /notice=decided/);
    const { state } = await call('GET', `/requests/${asked.token}`);
    assert.ok(['waiting', 'offered'].includes(state), state);
  });

  await story('who looked and who acted is in the audit list, without what is personal', async () => {
    await bothLanguages('/admin/audit', 'the audit list');
    const told = await large.innerText('main');
    assert.ok(told.includes('sup1') && told.includes(asked.code) && !told.includes('吴奶奶') && !told.includes('8-80'), told);
  });
  for (const view of [large, small]) await view.context().close();
}
