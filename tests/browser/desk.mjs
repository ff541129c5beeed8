// The desk in a browser: a call by keyboard, its keystrokes counted; lists, notices and posters, on a desk and a phone, in
// both languages; the poster as paper, its code read back.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';


// Keys as a person presses them: one for each Latin character or digit; a Chinese word by its initials and one key to
// choose it.
function presses(text) {
  return text.replace(/[\u4e00-\u9fff]+/g, (word) => `${word}.`).length;
}

export async function tell({ house, browser, story, judge, signIn, phone, desk }) {
  const staff = await (await browser.newContext(desk)).newPage();
  const focused = () => staff.evaluate(() => document.activeElement.id);
  let pressed = 0;
  const key = async (name) => {
    pressed += 1;
    await staff.keyboard.press(name);
  };
  const type = async (text) => {
    pressed += presses(text);
    await staff.keyboard.insertText(text);
  };
  // The cursor is set with the first frame, a moment after the page has loaded: no hand is faster, but this one would be.
  const enter = async () => {
    await Promise.all([staff.waitForNavigation(), key('Enter')]);
    await staff.waitForFunction(() => document.activeElement !== document.body);
  };

  await story('a first call is taken with few keys, read back and kept', async () => {
    await signIn(staff, house.base, '/desk', 'sup1');
    await judge(staff, '/desk');
    assert.equal(await focused(), 'phone', 'the cursor waits for the number');
    pressed = 0;
    await type('13911110001');
    await enter();
    assert.equal(await focused(), 'door');
    await type('MZC-03 2-501');
    await key('Tab');
    await type('王阿姨');
    await key('Tab');
    await type('缬沙坦胶囊 80mg 2盒');
    await key('Tab');
    await type('0');
    await key('Tab');
    await type('1');
    await enter();
    assert.equal(await focused(), 'go');
    const said = await staff.innerText('.say');
    for (const word of ['王阿姨', '139 1111 0001', '缬沙坦胶囊 80mg 2盒', '药已吃完']) assert.ok(said.includes(word), said);
    await judge(staff, '/desk read back');
    await enter();
    assert.match(staff.url(), /\/desk\?done=/);
    assert.equal(await focused(), 'phone', 'the next call begins at once');
    await judge(staff, '/desk after a call');
    console.log(`   a first call: ${pressed} presses`);
    assert.ok(pressed <= 60, `${pressed} presses`);
  });

  await story('who calls again is known: fewer keys still', async () => {
    pressed = 0;
    await type('13911110001');
    await enter();
    assert.equal(await focused(), 'item_line-0');
    assert.equal(await staff.inputValue('#door'), 'MZC-03 2-501');
    assert.match(await staff.innerText('.asks'), /缬沙坦胶囊/, 'what is still open is shown');
    await judge(staff, '/desk, known');
    await type('奥美拉唑 20mg 1盒');
    await enter();
    await enter();
    assert.match(staff.url(), /\/desk\?done=/);
    console.log(`   a known caller: ${pressed} presses`);
    assert.ok(pressed <= 35, `${pressed} presses`);
  });

  await story('a spoken address of several doors is a choice', async () => {
    await type('13911110002');
    await enter();
    await type('3-2-501');
    await key('Tab');
    await type('李叔叔');
    await key('Tab');
    await type('大米 1袋');
    await enter();
    assert.equal(await focused(), 'door_choice');
    await judge(staff, '/desk with a choice of doors');
    await staff.goto(`${house.base}/desk`);
  });

  await story('a draft outlives the page, and is forgotten with the next call', async () => {
    await staff.fill('#phone', '13911110003');
    await staff.fill('#door', 'MZC-05 1-101');
    await staff.goto(`${house.base}/watch`);
    await staff.goto(`${house.base}/desk`);
    assert.equal(await staff.inputValue('#door'), 'MZC-05 1-101');
    await staff.click('[data-forget]');
    await staff.waitForURL('**/desk');
    assert.equal(await staff.inputValue('#door'), '');
  });

  await story('a pasted message is split for a person to check', async () => {
    await staff.fill('#slip', '张先生 13911110004\n5栋1单元302\n连花清瘟胶囊 2盒，没药了\n耳朵不好，多敲几下');
    await staff.click('button[value=split]');
    await staff.waitForSelector('.more[open]');
    assert.equal(await staff.inputValue('#phone'), '13911110004');
    assert.equal(await staff.inputValue('#item_line-0'), '连花清瘟胶囊 2盒');
    assert.match(await staff.inputValue('#note'), /耳朵不好/);
    await judge(staff, '/desk with a split message');
  });

  await story('the desk works without JavaScript', async () => {
    const plain = await (await browser.newContext({ ...phone, javaScriptEnabled: false })).newPage();
    await signIn(plain, house.base, '/desk', 'sup1');
    await plain.fill('#phone', '13911110005');
    await plain.press('#phone', 'Enter');
    await plain.waitForSelector('#go');
    await plain.fill('#door', 'MZC-07 1-101');
    await plain.fill('#name', 'Ann');
    await plain.fill('#item_line-0', 'rice 1袋');
    await plain.selectOption('#category', 'food');
    await plain.press('#name', 'Enter');
    await plain.waitForSelector('.say');
    await plain.click('#go');
    await plain.waitForURL('**/desk?done=*');
  });

  await story('calls to make, notices and posters are sound on a desk and a phone, in both languages', async () => {
    await staff.goto(`${house.base}/watch/notices`);
    await staff.fill('#notice_title', '明早七点做核酸');
    await staff.fill('#notice_text', '请在家等，会有人敲门。');
    await staff.click('form[action="/watch/notices"] button');
    await staff.waitForURL('**notice=hung');
    for (const [kind, at] of [[desk, 'a desk'], [phone, 'a phone']]) {
      const view = await (await browser.newContext(kind)).newPage();
      await signIn(view, house.base, '/desk', 'sup1');
      for (const path of ['/desk', '/desk/households', '/watch/notices', '/admin/posters', '/admin/posters/MZC-03', '/admin/posters/MZC-03/homes', '/']) {
        for (const lang of ['en', 'zh-CN']) {
          await view.goto(`${house.base}${path}?lang=${lang}`);
          await judge(view, `${path} in ${lang} on ${at}`);
        }
      }
      assert.match(await view.innerText('main'), /明早七点做核酸/, 'residents read the notice');
      if (process.env.PAOTUI_TEST_PICTURES) {
        for (const path of ['desk', 'desk/households', 'watch/notices', 'admin/posters/MZC-03', 'admin/posters/MZC-03/homes']) {
          await view.goto(`${house.base}/${path}`);
          await view.screenshot({ path: join(process.env.PAOTUI_TEST_PICTURES, `${path.replaceAll('/', '-')}-${kind.viewport.width}.png`), fullPage: true });
        }
      }
    }
  });

  await story('a silent home is called, and one press keeps it', async () => {
    const homes = async () => (await staff.request.get(`${house.base}/api/v1/desk/households?days=3`)).json();
    const before = (await homes()).items;
    assert.ok(before.length > 0, 'the stairs of MZC-03 asked above, and somebody there did not');
    await staff.goto(`${house.base}/desk/households`);
    await Promise.all([staff.waitForNavigation(), staff.click('.homes button[value=fine]')]);
    assert.equal((await homes()).items.length, before.length - 1);
  });

  await story('the poster is one sheet of A4 and its code leads to the block', async () => {
    await staff.goto(`${house.base}/admin/posters/MZC-03?lang=zh-CN`);
    await staff.emulateMedia({ media: 'print' });
    const millimetres = await staff.evaluate(() => document.querySelector('.qr svg').getBoundingClientRect().width / 96 * 25.4);
    const points = await staff.evaluate(() => Number.parseFloat(getComputedStyle(document.querySelector('.number')).fontSize) * 0.75);
    assert.ok(millimetres >= 100, `${millimetres} mm`);
    assert.ok(points >= 45.9, `${points} pt`);
    const folder = mkdtempSync(join(tmpdir(), 'paotui-poster-'));
    try {
      const sheet = join(folder, 'poster.pdf');
      const bytes = await staff.pdf({ path: sheet, preferCSSPageSize: true, printBackground: false });
      if (process.env.PAOTUI_TEST_PICTURES) writeFileSync(join(process.env.PAOTUI_TEST_PICTURES, 'poster.pdf'), bytes);
      const told = execFileSync('pdfinfo', [sheet], { encoding: 'utf8' });
      assert.match(told, /Pages:\s+1\n/);
      assert.match(told, /A4/);
      execFileSync('pdftoppm', ['-r', '96', '-png', sheet, join(folder, 'poster')]);
      const read = execFileSync('sh', ['-c', `zbarimg -q --raw ${join(folder, 'poster')}*.png`], { encoding: 'utf8' }).trim();
      assert.equal(read, `${house.base}/b/MZC-03`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
      await staff.emulateMedia({ media: null });
    }
  });
}
