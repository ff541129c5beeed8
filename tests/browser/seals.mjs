// Seals: the official list is pasted, shown and confirmed, a building is sealed by hand; at a desk and on a phone, in
// both languages, by keyboard alone where it matters, and without JavaScript.
import assert from 'node:assert/strict';

const list = ['谢家湾街道文化七村1-4栋、16栋、17栋', '谢家湾街道杨坪社区社区奥园C区2栋', '谢家湾街道渝中花园盛美居除3栋外全部', '民主村社区整个社区', '谢家湾街道渝中花园10栋、16栋', '二郎街道盛美居1栋'].join('\n');

export async function tell({ house, browser, story, judge, signIn, phone, desk, picture }) {
  const views = [];
  for (const [kind, at] of [[desk, 'a desk'], [phone, 'a phone']]) {
    const page = await (await browser.newContext(kind)).newPage();
    await signIn(page, house.base, '/watch', 'sup1');
    views.push([page, at]);
  }
  const [[supervisor]] = views;

  await story('seals and the preview of a list are sound, at a desk and on a phone, in both languages', async () => {
    for (const [page, at] of views) {
      for (const lang of ['en', 'zh-CN']) {
        await page.goto(`${house.base}/watch/seals?lang=${lang}`);
        await judge(page, `/watch/seals in ${lang} on ${at}`);
        await picture(page, `seals-${lang}-${at.split(' ')[1]}`);
        await page.fill('[name=list]', list);
        await page.click('form[action="/watch/seals/preview"] button');
        await page.waitForSelector('form[action="/watch/seals/confirm"]');
        await judge(page, `the preview in ${lang} on ${at}`);
        await picture(page, `preview-${lang}-${at.split(' ')[1]}`);
      }
    }
  });

  await story('the preview ticks what is sure, and nothing changes before it is confirmed', async () => {
    const ticked = await supervisor.$$eval('[name=building]:checked', (boxes) => boxes.map((box) => box.value));
    assert.deepEqual(ticked.sort(), ['MZC-24', 'MZC-25', 'MZC-26', 'MZC-27', 'MZC-28', 'MZC-30', 'MZC-55', 'MZC-56', 'MZC-58', 'MZC-62']);
    assert.equal(await supervisor.locator('section[aria-labelledby=unsure-title] .asks > li').count(), 3);
    await supervisor.goto(`${house.base}/watch/seals`);
    assert.ok(!(await supervisor.innerText('section[aria-labelledby=now-title]')).includes('文化七村 1栋'), 'looking changes nothing');
  });

  await story('a list is confirmed by keyboard, and an impossible time is said with everything kept', async () => {
    await supervisor.fill('[name=list]', list);
    await supervisor.focus('form[action="/watch/seals/preview"] button');
    await supervisor.keyboard.press('Enter');
    await supervisor.waitForSelector('form[action="/watch/seals/confirm"]');
    await supervisor.uncheck('#b-MZC-30');
    await supervisor.fill('[name=until]', '2020-01-01T00:00');
    await supervisor.click('form[action="/watch/seals/confirm"] button');
    await supervisor.waitForSelector('[role=alert]');
    assert.equal(await supervisor.inputValue('[name=until]'), '2020-01-01T00:00');
    assert.ok(!(await supervisor.isChecked('#b-MZC-30')) && (await supervisor.isChecked('#b-MZC-24')), 'ticks are kept');
    await judge(supervisor, 'the refused confirmation');
    await supervisor.fill('[name=until]', '');
    await supervisor.click('form[action="/watch/seals/confirm"] button');
    await supervisor.waitForURL('**notice=sealed');
    const now = await supervisor.innerText('section[aria-labelledby=now-title]');
    assert.match(now, /文化七村 1栋/);
    assert.doesNotMatch(now, /文化七村 17栋\s+封控中/);
    await judge(supervisor, 'seals that hold');
  });

  await story('a building is opened by hand without JavaScript', async () => {
    const context = await browser.newContext({ ...phone, javaScriptEnabled: false });
    const plain = await context.newPage();
    await signIn(plain, house.base, '/watch', 'sup1');
    await plain.goto(`${house.base}/watch/seals`);
    await plain.selectOption('[name=building]', 'MZC-24');
    await plain.check('#seal-open');
    await plain.click('form[action="/watch/seals"] button');
    await plain.waitForURL('**notice=sealed');
    assert.doesNotMatch(await plain.innerText('section[aria-labelledby=now-title]'), /文化七村 1栋/);
    await context.close();
  });
  for (const [page] of views) await page.context().close();
}
