// The ladder: what is about to be late is on top of the overview, answered and passed on by one press each; the rota is kept, and
// what was typed wrong is said beside its row. At a desk and on a phone, in both languages, without JavaScript.
import assert from 'node:assert/strict';
import { password } from './house.mjs';

const red = (room) => ({
  building: 'MZC-07', room, name: '金丝雀', phone: '13987654321', category: 'medicine', hand_over: 'door',
  items: [{ name: '缬沙坦胶囊', strength: '80mg', quantity: 1, unit: '盒', substitution: 'same_drug' }],
  medicine_left: { doses_left: 0, doses_per_day: 1, next_dose_at: new Date(Date.now() + 3_600_000).toISOString() },
});

export async function tell({ house, browser, story, judge, signIn, phone, desk, picture }) {
  const call = async (path, body, token) => {
    const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
    const answer = await fetch(`${house.base}/api/v1${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    assert.ok(answer.ok, `${path}: ${answer.status} ${await answer.clone().text()}`);
    return answer.json();
  };
  const { token } = await call('/sessions', { username: 'sup1', password });
  const asked = await call('/requests', red('9-901'));
  await call(`/watch/requests/${asked.id}/escalate`, { rung: 'supervisor', reason: 'family_called' }, token);
  const views = [];
  for (const [kind, at] of [[desk, 'a desk'], [phone, 'a phone']]) {
    const page = await (await browser.newContext({ ...kind, javaScriptEnabled: true })).newPage();
    await signIn(page, house.base, '/watch', 'sup1');
    views.push([page, at]);
  }
  const [[supervisor]] = views;

  await story('an alarm is on top of the overview and on a page of its own, and names nobody', async () => {
    for (const [page, at] of views) {
      for (const lang of ['en', 'zh-CN']) {
        for (const path of ['/watch', '/watch/alarms', '/watch/rota']) {
          await page.goto(`${house.base}${path}?lang=${lang}`);
          await judge(page, `${path} in ${lang} on ${at}`);
          await picture(page, `ladder${path.replaceAll('/', '-')}-${lang}-${at.split(' ')[1]}`);
        }
        await page.goto(`${house.base}/watch/alarms`);
        const said = await page.innerText('main');
        assert.ok(said.includes('MZC-07') && said.includes(asked.code), said);
        assert.ok(!/金丝雀|9-901|1398|缬沙坦/.test(said), said);
      }
    }
  });

  await story('"I have it" by keyboard, and passing it on from the opened request on', async () => {
    await supervisor.goto(`${house.base}/watch?lang=zh-CN`);
    await supervisor.focus(`form[action="/watch/requests/${asked.id}/acknowledge"] button`);
    await supervisor.keyboard.press('Enter');
    await supervisor.waitForURL('**/watch?notice=acknowledged');
    assert.match(await supervisor.innerText('#alarms'), /在管/);
    assert.equal(await supervisor.locator('form[action$="/acknowledge"]').count(), 0);
    await supervisor.fill(`form[action="/watch/requests/${asked.id}/escalate"] [name=reason]`, '没有人手');
    await supervisor.click(`form[action="/watch/requests/${asked.id}/escalate"] button`);
    await supervisor.waitForURL('**/watch?notice=escalated');
    await supervisor.goto(`${house.base}/watch/requests/${asked.id}`);
    assert.match(await supervisor.innerText('section[aria-labelledby=ladder]'), /社区负责人[\s\S]*我来管/);
    await judge(supervisor, 'the opened request with its ladder');
    const tracked = await (await browser.newContext(phone)).newPage();
    await tracked.goto(asked.tracking_url);
    assert.match(await tracked.innerText('main'), /(街道|区里)/);
    await judge(tracked, 'the status page of a request that went up');
    await picture(tracked, 'ladder-status');
  });

  await story('the rota is kept without JavaScript, and a mistake is said in its row with everything kept', async () => {
    const bare = await (await browser.newContext({ ...desk, javaScriptEnabled: false })).newPage();
    await signIn(bare, house.base, '/watch/rota', 'sup1');
    await bare.selectOption('#rung-0', 'supervisor');
    await bare.fill('#username-0', 'nobody-here');
    await bare.fill('#from-0', '22:00');
    await bare.fill('#to-0', '06:00');
    await bare.check('#mon-0');
    await bare.click('main form button[type=submit]');
    assert.equal(await bare.inputValue('#username-0'), 'nobody-here');
    assert.ok((await bare.isChecked('#mon-0')) && (await bare.locator('.watch-row [role=alert]').count()) === 1);
    await bare.fill('#username-0', 'sup1');
    await bare.click('main form button[type=submit]');
    await bare.waitForURL('**/watch/rota?notice=rota_kept');
    assert.equal(await bare.inputValue('#username-0'), 'sup1');
    await bare.check('#drop-0');
    await bare.click('main form button[type=submit]');
    await bare.waitForURL('**/watch/rota?notice=rota_kept');
    assert.equal(await bare.inputValue('#username-0'), '');
  });
}
