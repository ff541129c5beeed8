// At the door: a wrong code is said beside the field and kept, the right one delivers, and what was pressed by mistake is
// taken back; on a phone, in both languages.
import assert from 'node:assert/strict';
import { password } from './house.mjs';

export async function tell({ house, browser, story, judge, signIn, phone, desk, picture }) {
  const page = async (kind) => (await browser.newContext(kind)).newPage();
  const [runner, resident, supervisor, plain] = await Promise.all([phone, phone, desk, { ...phone, javaScriptEnabled: false }].map(page));
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
  const press = async (at, selector) => {
    await Promise.all([at.waitForNavigation(), at.click(selector)]);
  };
  const next = (step) => `.thumb form[action$="/${step}"] button`;
  const until = async (what, holds) => {
    for (let n = 0; n < 100; n += 1) {
      if (await holds()) return;
      await new Promise((wait) => setTimeout(wait, 200));
    }
    throw new Error(`never: ${what}`);
  };

  let asked;
  await story('a wrong code is said beside the field, and what was typed stays', async () => {
    asked = await api('/requests', {
      building: 'MZC-07', room: '9-901', name: '孙爷爷', phone: '13922220009', category: 'medicine',
      items: [{ name: '阿托伐他汀', quantity: 1 }], medicine_left: { doses_left: 0, doses_per_day: 1 },
    });
    const { token } = await api('/sessions', { username: 'sup1', password });
    const { errand } = await api(`/watch/requests/${asked.id}`, undefined, token);
    await api(`/watch/errands/${errand}/assign`, { runner: 'r002' }, token);
    await signIn(plain, house.base, '/run', 'r002');
    await press(plain, next('collect'));
    await plain.fill('#code', '3k7 nonsense');
    await press(plain, next('deliver'));
    assert.equal(await plain.getAttribute('#code', 'aria-invalid'), 'true');
    assert.match(await plain.innerText('#code-wrong'), /对不上/);
    assert.match(await plain.getAttribute('#code', 'aria-describedby'), /code-wrong/);
    assert.equal(await plain.inputValue('#code'), '3k7 nonsense');
    await picture(plain, 'a-wrong-code');
    // The page that refused leads on to the page itself, in the other language too.
    await press(plain, '.foot a[lang=en]');
    await plain.fill('#code', 'nonsense');
    await press(plain, next('deliver'));
    assert.match(await plain.innerText('#code-wrong'), /does not fit/);
    await picture(plain, 'a-wrong-code-en');
  });

  await story('where acts wait on the phone, a wrong code is said above and kept until it is read', async () => {
    await signIn(runner, house.base, '/run', 'r002');
    await bothLanguages(runner, '/run', 'at the door, collected a moment ago');
    await runner.fill('#code', '3k7 nonsense');
    await runner.click(next('deliver'));
    await runner.waitForSelector('#refused .panel-bad');
    const told = await runner.innerText('#refused');
    assert.match(told, /对不上/);
    assert.match(told, /3k7 nonsense/);
    await judge(runner, 'a wrong code, told above');
    await picture(runner, 'a-wrong-code-told-above');
    await runner.click('#refused button');
    await until('the page without it', () => runner.isHidden('#refused'));
  });

  await story('the right code delivers, and the slip of a thumb is taken back', async () => {
    await runner.fill('#code', asked.code.toLowerCase().replace('-', ' '));
    await runner.click(next('deliver'));
    await runner.waitForSelector('.undo:has-text("送到了")');
    assert.match(await runner.innerText('.undo'), new RegExp(`送到了（${asked.code}）`));
    assert.ok(!(await runner.innerText('body')).includes('9-901'), 'the door is closed');
    await bothLanguages(runner, '/run', 'delivered and not yet for good');
    await resident.goto(`${house.base}/r/${asked.token}`);
    assert.match(await resident.innerText('main'), /对过您的单号/);
    await press(runner, '.undo button');
    assert.match(await runner.innerText('main'), /撤销了/);
    assert.ok((await runner.innerText('.current')).includes('9-901'), 'it is in hand again');
    await bothLanguages(resident, `/r/${asked.token}`, 'taken back, as the resident sees it');
    assert.equal((await api(`/requests/${asked.token}`)).state, 'collected');
  });

  await story('a photo proves it, and the supervisor sees it on the one line of the goods', async () => {
    const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
    await runner.setInputFiles('#photo', { name: 'door.png', mimeType: 'image/png', buffer: Buffer.from(png, 'base64') });
    await runner.click(next('deliver'));
    await until('proved by a photo', async () => (await api(`/requests/${asked.token}`)).proof === 'photo');
    await signIn(supervisor, house.base, '/watch', 'sup1');
    await bothLanguages(supervisor, `/watch/requests/${asked.id}`, 'an opened request with its proof');
    assert.match(await supervisor.innerText('.custody'), /→.*→ 家门口/);
    supervisor.breaks = /inline style/; // the page Chromium itself puts around a picture
    const seen = await supervisor.goto(`${house.base}${await supervisor.getAttribute('section[aria-labelledby=proofs] a', 'href')}`);
    assert.equal(seen.headers()['content-type'], 'image/jpeg');
  });
  for (const view of [runner, resident, supervisor, plain]) await view.context().close();
}
