// After the delivery: a call list worked by keyboard, a resident who answers on a phone in both languages, and what comes
// again by itself.
import assert from 'node:assert/strict';
import { password } from './house.mjs';

async function api(base, token, method, path, body) {
  const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) };
  const answer = await fetch(`${base}/api/v1${path}`, { method, headers, body: body && JSON.stringify(body) });
  const text = await answer.text();
  assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${text}`);
  return text ? JSON.parse(text) : {};
}

async function signInByApi(base, username) {
  return (await api(base, null, 'POST', '/sessions', { username, password })).token;
}

// Asked for, given to a runner, fetched and brought; answers what the asker was told.
async function delivered(base, [supervisor, runner], body) {
  const asked = await api(base, null, 'POST', '/requests', { building: 'MZC-07', name: '王阿姨', phone: '13922220001', ...body });
  const { errand } = await api(base, supervisor, 'GET', `/watch/requests/${asked.id}`);
  await api(base, supervisor, 'POST', `/watch/errands/${errand}/assign`, { runner: 'r076' });
  for (const step of ['collect', 'deliver']) await api(base, runner, 'POST', `/errands/${errand}/${step}`, {});
  return asked;
}

export async function tell({ house, browser, story, judge, signIn, phone, desk, picture }) {
  const base = house.base;
  const hands = [await signInByApi(base, 'sup1'), await signInByApi(base, 'r076')];
  const tablets = (room) => ({
    room, category: 'medicine', items: [{ name: '缬沙坦胶囊', strength: '80mg', quantity: 2, unit: '盒', substitution: 'same_drug' }],
    medicine_left: { doses_left: 0, doses_per_day: 1 },
  });
  const staff = await (await browser.newContext(desk)).newPage();

  await story('a list of calls is worked by keyboard: one key takes a call up, one keeps what came of it', async () => {
    for (const room of ['4-101', '4-102']) await delivered(base, hands, tablets(room));
    await delivered(base, hands, { room: '4-103', category: 'food', care: ['elderly_alone'], items: [{ name: '大米' }] });
    await signIn(staff, base, '/desk/follow-ups', 'sup1');
    const before = await staff.locator('form[action$="/call"]').count();
    assert.ok(before >= 3, `${before} calls`);
    const list = await staff.innerText('main');
    assert.ok(!list.includes('13922220001') && !list.includes('王阿姨'), 'no name and no number before the call');
    await judge(staff, '/desk/follow-ups');
    await picture(staff, 'follow-ups-1440');
    const enter = () => Promise.all([staff.waitForNavigation(), staff.keyboard.press('Enter')]);
    await staff.waitForFunction(() => document.activeElement.matches('form[action$="/call"] button'));
    await enter();
    await staff.waitForFunction(() => document.activeElement.value === 'received');
    assert.equal(await staff.getAttribute('a[href^="tel:"].act', 'href'), 'tel:13922220001');
    const said = await staff.innerText('main');
    assert.ok(said.includes('够吃到哪一天') && said.includes('How long will it last'), 'what to say, in both languages');
    await judge(staff, 'a call');
    await picture(staff, 'follow-up-call-1440');
    await enter();
    assert.match(staff.url(), /notice=followed/);
    assert.equal(await staff.locator('form[action$="/call"]').count(), before - 1);
  });

  await story('nobody answers: it is tried again; something is wrong: a person sees to it; more is needed: the form is filled', async () => {
    const call = async () => {
      await Promise.all([staff.waitForNavigation(), staff.locator('form[action$="/call"] button').first().click()]);
    };
    const says = (outcome) => Promise.all([staff.waitForNavigation(), staff.click(`button[value=${outcome}]`)]);
    await call();
    await staff.fill('#note', 'x'.repeat(2001));
    await says('no_answer');
    assert.equal((await staff.inputValue('#note')).length, 2001, 'what was typed stays');
    await judge(staff, 'a refused call');
    await staff.fill('#note', '');
    await says('no_answer');
    assert.match(staff.url(), /notice=follow_again/);
    assert.match(await staff.innerText('main'), /已打 1 次/);
    await call();
    await says('more_needed');
    assert.match(staff.url(), /\/desk\?again=/);
    assert.equal(await staff.inputValue('#phone'), '13922220001');
    await staff.goto(`${base}/desk/follow-ups`);
  });

  await story('a resident answers on a phone in both languages, without JavaScript, and lets it come again', async () => {
    const asked = await delivered(base, hands, tablets('4-104'));
    const link = `${base}/r/${asked.token}`;
    const plain = await (await browser.newContext({ ...phone, javaScriptEnabled: false })).newPage();
    await plain.goto(link);
    assert.match(await plain.innerText('main'), /吃上了吗/);
    await picture(plain, 'after-delivery-390');
    const scripted = await (await browser.newContext(phone)).newPage();
    for (const lang of ['en', 'zh-CN']) {
      await scripted.goto(`${link}?lang=${lang}&size=largest`);
      await judge(scripted, `a delivered request in ${lang}`);
    }
    const heights = await scripted.$$eval('form[action$="/follow-up"] button', (all) => all.map((one) => one.getBoundingClientRect().height));
    assert.ok(heights.length >= 3 && heights.every((height) => height >= 60), `buttons of ${heights} px`);
    await plain.click('button[value=not_taken]');
    await plain.waitForURL('**notice=not_taken_yet');
    await plain.goto(`${link}?lang=en`);
    await plain.click('[name=received][value=yes]');
    await plain.waitForURL('**notice=confirmed');
    await plain.selectOption('#every_days', '30');
    await plain.click('form[action$="/recurrence"] button');
    await plain.waitForURL('**notice=recurs_set');
    assert.match(await plain.innerText('main'), /Next on .*every 30 days/);
    await picture(plain, 'comes-again-390');
    for (const lang of ['en', 'zh-CN']) {
      await scripted.goto(`${link}?lang=${lang}&size=standard`);
      await judge(scripted, `what comes again in ${lang}`);
    }
  });

  await story('the desk sees what comes again, and ends it', async () => {
    for (const [kind, at] of [[desk, 'a desk'], [phone, 'a phone']]) {
      const view = await (await browser.newContext(kind)).newPage();
      await signIn(view, base, '/desk/follow-ups', 'sup1');
      for (const lang of ['en', 'zh-CN']) {
        await view.goto(`${base}/desk/follow-ups?lang=${lang}`);
        await judge(view, `/desk/follow-ups in ${lang} on ${at}`);
        await picture(view, `follow-ups-${lang}-${kind.viewport.width}`);
        await Promise.all([view.waitForNavigation(), view.locator('form[action$="/call"] button').first().click()]);
        await judge(view, `a call in ${lang} on ${at}`);
        await picture(view, `follow-up-call-${lang}-${kind.viewport.width}`);
        await Promise.all([view.waitForNavigation(), view.click('form[action$="/leave"] button')]);
      }
    }
    await staff.goto(`${base}/desk/follow-ups`);
    const comes = staff.locator('form[action^="/desk/recurrences/"] button');
    assert.equal(await comes.count(), 1);
    await Promise.all([staff.waitForNavigation(), comes.first().click()]);
    assert.equal(await comes.count(), 0);
  });
}
