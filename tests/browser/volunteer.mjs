// Becoming a runner: the form on a phone, in both languages and without JavaScript; the supervisor's list and the link;
// the link opened on the runner's phone; the first errand.
import assert from 'node:assert/strict';
import { password } from './house.mjs';

export async function tell({ house, browser, story, judge, signIn, phone, desk, picture }) {
  const open = async (kind) => (await browser.newContext(kind)).newPage();
  const [helper, supervisor] = await Promise.all([open(phone), open(desk)]);
  const bothLanguages = async (at, path, what) => {
    for (const lang of ['en', 'zh-CN']) {
      await at.goto(`${house.base}${path}?lang=${lang}`);
      await judge(at, `${what} in ${lang}`);
      await picture(at, `volunteer-${what.replaceAll(/[^a-z]+/gi, '-')}-${lang}`);
    }
  };
  const api = async (path, body, token) => {
    const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
    const answer = await fetch(`${house.base}/api/v1${path}`, { method: body ? 'POST' : 'GET', headers, body: body && JSON.stringify(body) });
    assert.ok(answer.ok, `${path}: ${answer.status}`);
    return answer.json();
  };
  const press = (at, selector) => Promise.all([at.waitForNavigation(), at.click(selector)]);

  await story('somebody offers to help on a phone; what is wrong is said by its field and nothing is lost', async () => {
    await bothLanguages(helper, '/volunteer', 'form');
    await helper.fill('[name=name]', '陈小明 👵');
    await helper.fill('[name=phone]', '12');
    await helper.selectOption('[name=building]', 'MZC-01');
    await helper.check('[name=skills][value=cart]', { force: true });
    await press(helper, '.bar-lang');
    assert.equal(await helper.inputValue('[name=name]'), '陈小明 👵', 'another language keeps what was typed');
    assert.equal(await helper.locator('[aria-invalid=true]').count(), 0);
    await press(helper, '.bar-lang');
    await press(helper, 'main button[type=submit]');
    assert.match(await helper.title(), /^错误/);
    assert.equal(await helper.locator('[aria-invalid=true]').count(), 1);
    assert.equal(await helper.inputValue('[name=building]'), 'MZC-01');
    assert.ok(await helper.isChecked('[name=skills][value=cart]'));
    await judge(helper, 'the refused offer');
    await picture(helper, 'volunteer-refused');
    await helper.fill('[name=phone]', '13800001001');
    await press(helper, 'main button[type=submit]');
    assert.match(helper.url(), /\/volunteer\/thanks$/);
    await bothLanguages(helper, '/volunteer/thanks', 'thanks');
  });

  await story('the same without JavaScript, in the largest letters', async () => {
    const context = await browser.newContext({ ...phone, javaScriptEnabled: false });
    const plain = await context.newPage();
    await plain.goto(`${house.base}/volunteer?size=largest`);
    await picture(plain, 'volunteer-largest');
    await plain.fill('[name=name]', '林小红');
    await plain.fill('[name=phone]', '13955550002');
    await plain.fill('[name=free_when]', '每天晚上');
    // Enter in a field sends the offer, and does not change the size of the letters.
    await Promise.all([plain.waitForURL('**/volunteer/thanks'), plain.press('[name=phone]', 'Enter')]);
    await context.close();
  });

  let link, username;
  await story('the supervisor sees whose telephone it is already, declines one and approves the other', async () => {
    await signIn(supervisor, house.base, '/watch/volunteers', 'sup1');
    await bothLanguages(supervisor, '/watch/volunteers', 'waiting');
    const first = supervisor.locator('.aspirant', { hasText: '陈小明' });
    assert.match(await first.innerText(), /已经是 r001 的/);
    await Promise.all([supervisor.waitForNavigation(), first.getByRole('button', { name: '谢绝' }).click()]);
    assert.match(await supervisor.innerText('[role=status]'), /原因/, 'a no needs a word');
    await first.locator('select').selectOption('has_account');
    await Promise.all([supervisor.waitForURL('**notice=help_declined'), first.getByRole('button', { name: '谢绝' }).click()]);
    assert.equal(await supervisor.locator('.aspirant').count(), 1);
    const small = await (await browser.newContext(phone)).newPage();
    await signIn(small, house.base, '/watch/volunteers', 'sup1');
    await judge(small, 'the list on a phone');
    await picture(small, 'volunteer-waiting-phone');
    await small.context().close();
    await press(supervisor, '.aspirant form[action$="/approve"] button');
    await judge(supervisor, 'the link');
    await picture(supervisor, 'volunteer-link');
    link = await supervisor.inputValue('#link');
    username = (await supervisor.innerText('.desk-top p')).split(' · ')[1];
    assert.match(link, /\/sign-in\/[0-9a-z]{52}$/);
    assert.ok(await supervisor.locator('.qr svg').count());
    assert.equal(await supervisor.locator(`a[href*="/sign-in/"]`).count(), 0, 'the supervisor does not follow it by mistake');
  });

  await story('the link lets the runner in once, whoever previewed it, and the first errand comes', async () => {
    for (let time = 0; time < 2; time += 1) assert.equal((await fetch(link)).status, 200, 'a chat program looks');
    const context = await browser.newContext({ ...phone, javaScriptEnabled: false });
    const runner = await context.newPage();
    const path = new URL(link).pathname;
    await bothLanguages(helper, path, 'once');
    await runner.goto(link);
    await runner.fill('[name=new_password]', 'short');
    await press(runner, 'main button[type=submit]');
    assert.equal(await runner.locator('[aria-invalid=true]').count(), 1);
    await picture(runner, 'volunteer-once-refused');
    await runner.fill('[name=new_password]', password);
    await press(runner, 'main button[type=submit]');
    assert.match(runner.url(), /\/run\?notice=welcome$/);
    await picture(runner, 'volunteer-first-run');
    await bothLanguages(helper, path, 'gone');
    await press(runner, 'form[action="/run/duty"] button');
    const { id } = await api('/requests', { building: 'MZC-07', room: '1-101', name: '周', phone: '13922223333', category: 'food', items: [{ name: '面' }] });
    // Others are on duty in these stories, too: this one is given to the new one by name.
    const { token } = await api('/sessions', { username: 'sup1', password });
    const { errand } = await api(`/watch/requests/${id}`, undefined, token);
    await api(`/watch/errands/${errand}/assign`, { runner: username }, token);
    await runner.goto(`${house.base}/run`);
    await press(runner, 'form[action$="/collect"] button');
    await press(runner, 'form[action$="/deliver"] button');
    assert.doesNotMatch(await runner.innerText('body'), /1-101/);
    await context.close();
  });

  await story('a runner who lost his way in is given another link from the list', async () => {
    await supervisor.goto(`${house.base}/watch/volunteers`);
    assert.equal(await supervisor.locator('form[action$="/sign-in-link"]').count(), 20);
    await supervisor.fill('#q', 'R003');
    await press(supervisor, '.filters button');
    assert.equal(await supervisor.locator('form[action$="/sign-in-link"]').count(), 1);
    await press(supervisor, 'form[action="/watch/runners/r003/sign-in-link"] button');
    assert.match(await supervisor.innerText('main'), /r003/);
    assert.notEqual(await supervisor.inputValue('#link'), link);
  });
  for (const view of [helper, supervisor]) await view.context().close();
}
