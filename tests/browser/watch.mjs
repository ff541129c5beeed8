// The overview as somebody watches it: at a desk and on a phone, in both languages; what is new and urgent appears by itself
// while its reader types; how live it is, is said as it is; it is worked by keys.
import assert from 'node:assert/strict';

const red = (room) => ({
  building: 'MZC-07', room, name: '金丝雀', phone: '13987654322', category: 'medicine', hand_over: 'door',
  items: [{ name: '华法林钠片', quantity: 1, unit: '盒', substitution: 'same_drug' }],
  medicine_left: { doses_left: 0, doses_per_day: 1, next_dose_at: new Date(Date.now() + 7_200_000).toISOString() },
});

export async function tell({ house, browser, story, judge, signIn, phone, desk, picture }) {
  const ask = async (room) => {
    const answer = await fetch(`${house.base}/api/v1/requests`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(red(room)) });
    assert.ok(answer.ok, `${answer.status} ${await answer.clone().text()}`);
    return answer.json();
  };
  await ask('2-201');
  const context = await browser.newContext(desk);
  const watching = await context.newPage();
  watching.breaks = /Failed to load resource|ERR_|EventSource/;

  await story('the overview holds at a desk and on a phone, in both languages', async () => {
    const small = await (await browser.newContext(phone)).newPage();
    await signIn(watching, house.base, '/watch', 'sup1');
    await signIn(small, house.base, '/watch', 'sup1');
    for (const [page, at] of [[watching, 1440], [small, 390]]) {
      for (const lang of ['en', 'zh-CN']) {
        await page.goto(`${house.base}/watch?lang=${lang}`);
        await page.waitForSelector('.live-now');
        await judge(page, `/watch in ${lang} at ${at}`);
        await picture(page, `watch-${lang}-${at}`);
        for (const part of await page.locator('details.table > summary').all()) await part.click();
        await judge(page, `/watch with its tables in ${lang} at ${at}`);
      }
    }
    await small.close();
  });

  await story('a new red request comes to an open page, while somebody types and a table is unfolded', async () => {
    // All rows: what earlier stories left waiting may be more pressing.
    await watching.goto(`${house.base}/watch?limit=200&lang=zh-CN`);
    await watching.fill('#q', '王');
    await watching.focus('#q');
    if (!(await watching.locator('#plan-table[open]').count())) await watching.click('#plan-table > summary');
    const { code } = await ask('2-202');
    await watching.waitForSelector(`#lines :text("${code}")`, { timeout: 20000 });
    assert.equal(await watching.inputValue('#q'), '王');
    assert.ok(await watching.locator('#plan-table[open]').count(), 'what was unfolded stays so');
    await watching.waitForFunction(() => document.getElementById('ring').textContent !== '');
    await watching.fill('#q', '');
  });

  await story('cut off, it says since when and of when its data are; back, it is live again by itself', async () => {
    await context.setOffline(true);
    await ask('2-203');
    await watching.evaluate(() => document.dispatchEvent(new Event('live-ask')));
    await watching.waitForSelector('.live-lost', { timeout: 8000 });
    assert.match(await watching.innerText('#live'), /已断开 \d+ 秒，数据是 .*\d\d:\d\d 的/);
    assert.ok(await watching.locator('main.watch-lost').count());
    await judge(watching, 'the overview, cut off');
    await picture(watching, 'watch-lost-1440');
    await context.setOffline(false);
    await watching.waitForSelector('.live-now', { timeout: 8000 });
  });

  await story('it is worked by keys, not while one types, and not once they are switched off', async () => {
    await watching.goto(`${house.base}/watch?lang=zh-CN`);
    await watching.keyboard.press('/');
    assert.equal(await watching.evaluate(() => document.activeElement.id), 'q');
    await watching.keyboard.type('nj?');
    assert.equal(await watching.inputValue('#q'), 'nj?');
    await watching.fill('#q', '');
    await watching.keyboard.press('Escape');
    await watching.keyboard.press('j');
    const first = await watching.evaluate(() => document.activeElement.href);
    assert.match(first, /\/watch\/requests\//);
    await watching.keyboard.press('?');
    await judge(watching, 'the list of keys');
    await picture(watching, 'watch-keys-1440');
    await watching.keyboard.press('Escape');
    assert.ok(await watching.isHidden('#keys'));
    await watching.keyboard.press('j');
    await Promise.all([watching.waitForURL('**/watch/requests/**'), watching.keyboard.press('a')]);
    await watching.goto(`${house.base}/watch`);
    await watching.keyboard.press('?');
    await watching.uncheck('#keys-on');
    await watching.keyboard.press('Escape');
    await watching.reload();
    await watching.keyboard.press('/');
    assert.notEqual(await watching.evaluate(() => document.activeElement.id), 'q');
    await watching.evaluate(() => localStorage.removeItem('keys'));
  });

  await story('a sound only after a press', async () => {
    await watching.click('#sound');
    assert.equal(await watching.getAttribute('#sound', 'aria-pressed'), 'true');
    await judge(watching, 'the overview with its sound on');
    await watching.click('#sound');
    assert.equal(await watching.getAttribute('#sound', 'aria-pressed'), 'false');
  });
}
