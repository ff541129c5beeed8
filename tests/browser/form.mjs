// The resident's form in a browser: without JavaScript, by input method, offline, twice; on a phone and a desk, in both
// languages and the three sizes; and what it weighs.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { root } from './house.mjs';

const next = 'form#ask > button[value=next]';
const send = 'form#ask > button[value=send]';

/** From the start to the second step. */
export async function saysWhat(page, start, item, { category = 'medicine', doses = '0' } = {}) {
  await page.goto(start);
  await page.click(`a[href$="want=${category}"]`);
  if (item) await page.fill('[name=item_name] >> nth=0', item);
  if (category === 'medicine') await page.check(`[name=doses_left][value="${doses}"]`, { force: true });
  await page.click(next);
}

/** From the second step to the check. */
export async function saysWhere(page, { building, room = '2-501', name = '王阿姨', phone = '138 0000 0000' } = {}) {
  if (building) await page.selectOption('[name=building]', building);
  await page.fill('[name=room]', room);
  await page.fill('[name=name]', name);
  await page.fill('[name=phone]', phone);
  await page.click(next);
  await page.waitForSelector(send);
}

export async function sends(page) {
  await page.click(send);
  await page.waitForURL('**/r/*');
  return page.url();
}

/** A picture as a camera makes it, with something beside it that must not stay. */
async function picture(browser) {
  const page = await (await browser.newContext({ viewport: { width: 1600, height: 1200 } })).newPage();
  await page.setContent('<h1 style="font-size:200px">缬沙坦</h1>');
  const jpeg = await page.screenshot({ type: 'jpeg' });
  await page.context().close();
  const beside = Buffer.from('Exif\0\0GPS 29.527,106.523');
  const length = Buffer.alloc(2);
  length.writeUInt16BE(beside.length + 2);
  return Buffer.concat([jpeg.subarray(0, 2), Buffer.from([0xff, 0xe1]), length, beside, jpeg.subarray(2)]);
}

/** What a first visit costs: every request the page makes, each asked for again as a browser does over HTTPS. */
async function weigh(browser, kind, url) {
  const page = await (await browser.newContext(kind)).newPage();
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(url, { waitUntil: 'networkidle' });
  await page.context().close();
  const bytes = (address) =>
    new Promise((done, failed) => {
      http.get(address, { headers: { 'accept-encoding': 'br' } }, (answer) => {
        let sum = answer.rawHeaders.join('').length;
        answer.on('data', (chunk) => (sum += chunk.length)).on('end', () => done(sum));
      }).on('error', failed);
    });
  const all = [...new Set(asked.filter((address) => address.startsWith('http')))];
  const weights = await Promise.all(all.map(bytes));
  return { requests: all.length, bytes: weights.reduce((sum, one) => sum + one, 0) };
}

/** Everything one can hit is large enough for a thumb; everything said can be read. */
async function measure(page, what, largest) {
  const found = await page.evaluate((least) => {
    const seen = (element) => element.getClientRects().length > 0 && !element.closest('.hush, .skip, [aria-hidden=true]');
    const told = [];
    for (const element of document.querySelectorAll('a, button, select, textarea, summary, input, .tile label')) {
      if (!seen(element) || element.type === 'hidden' || element.closest('.tile input')) continue;
      const box = (element.matches('.tile input') ? element.parentNode : element).getBoundingClientRect();
      if (box.height < 59.5 || box.width < 44) told.push(`${element.outerHTML.slice(0, 90)}: ${box.width}×${box.height}`);
    }
    for (const element of document.querySelectorAll('main *, header *')) {
      const says = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
      const size = parseFloat(getComputedStyle(element).fontSize);
      const secondary = element.closest('small, .hint, .label small, .call');
      if (says && seen(element) && size < (secondary ? least.small : least.main)) told.push(`${element.textContent.slice(0, 30)}: ${size} px`);
    }
    return told;
  }, largest ? { main: 30, small: 27 } : { main: 17.9, small: 15.9 });
  assert.deepEqual(found, [], what);
}

export async function tell({ house, browser, story, judge, phone, desk }) {
  const start = `${house.base}/b/MZC-07`;
  const open = async (kind) => (await browser.newContext(kind)).newPage();

  await story('without JavaScript: three steps, several items, a photo, a mistake, Back, a change, sent', async () => {
    const page = await open({ ...phone, javaScriptEnabled: false });
    await page.goto(`${house.base}/`);
    await page.click('a[href$="want=medicine"]');
    await page.click(next);
    assert.match(await page.title(), /^错误/);
    assert.equal(await page.locator('.wrongs li').count(), 2, 'the name and what is left');
    await page.fill('[name=item_name]', '缬沙坦胶囊 💊');
    await page.fill('[name=note]', '敲门三下\n耳朵不好');
    await page.click('button[value=add]');
    await page.fill('[name=item_name] >> nth=1', '布洛芬');
    await page.selectOption('[name=item_substitution] >> nth=1', 'ask_me');
    await page.click('button[value=add]');
    await page.click('button[value=drop-1]');
    assert.deepEqual(await page.locator('[name=item_name]').evaluateAll((all) => all.map((one) => one.value)), ['缬沙坦胶囊 💊', '']);
    await page.setInputFiles('#item_photo-1', { name: 'a.txt', mimeType: 'image/jpeg', buffer: Buffer.from('no picture') });
    await page.click(next);
    assert.match(await page.innerText('.wrongs'), /打不开/);
    await page.setInputFiles('#item_photo-1', { name: 'box.jpg', mimeType: 'image/jpeg', buffer: await picture(browser) });
    await page.click(next);
    assert.match(await page.innerText('main'), /照片已收到/, 'the photo is kept though the question is open');
    await page.check('[name=doses_left][value="1"]', { force: true });
    await page.click(next);
    await page.click(next);
    assert.equal(await page.locator('.wrongs li').count(), 4, 'building, room, name, telephone');
    await page.check('[name=asking_for][value=neighbour]', { force: true });
    await saysWhere2(page);
    assert.match(await page.innerText('.wrongs'), /用的人/);
    await page.fill('[name=patient_name]', '李奶奶');
    await page.click('header button[formaction*="size=large"]');
    assert.equal(await page.inputValue('[name=patient_name]'), '李奶奶', 'a larger text loses nothing');
    await page.click(next);
    const said = await page.innerText('.said');
    for (const part of ['缬沙坦胶囊 💊', '照片里的药', '照片已收到', '还有 1 次', '敲门三下', '2-501', '李奶奶', '邻居']) assert.ok(said.includes(part), part);
    await page.click('.mend[formaction$="#phone"]');
    await page.fill('[name=phone]', '139 0000 0000');
    await page.click(next);
    assert.match(await page.innerText('.said'), /139 0000 0000/);
    await page.click('.mend[formaction$="#doses_left"]');
    assert.equal(await page.inputValue('[name=note]'), '敲门三下\n耳朵不好');
    await page.click(next);
    await page.waitForSelector(send);
    const link = await sends(page);
    await page.goBack();
    await page.click(send);
    await page.waitForURL('**/r/*');
    assert.equal(page.url(), link, 'Back and sent again is the same request');
  });

  async function saysWhere2(page) {
    await page.selectOption('[name=building]', 'MZC-07');
    await page.fill('[name=room]', '2-501');
    await page.fill('[name=name]', '王阿姨');
    await page.fill('[name=phone]', '138 0000 0000');
    await page.click(next);
  }

  await story('a double tap is one request, Back keeps what was typed, and another one is asked about', async () => {
    const page = await open(phone);
    await saysWhat(page, start, '厄贝沙坦片');
    await page.waitForSelector('[name=room]');
    await page.waitForLoadState();
    await page.goBack();
    await page.waitForSelector('[name=item_name]');
    assert.equal(await page.inputValue('[name=item_name]'), '厄贝沙坦片');
    assert.ok(await page.isChecked('[name=doses_left][value="0"]'));
    await page.goForward();
    await saysWhere(page);
    await page.dblclick(send);
    await page.waitForURL('**/r/*');
    const link = page.url();
    await page.goBack();
    await page.waitForSelector(send);
    await page.click('.mend[formaction$="#room"]');
    await page.fill('[name=room]', '3-101');
    await page.click(next);
    await page.click(send);
    await page.waitForSelector('.panel-warn');
    assert.equal(await page.getAttribute('.panel-warn a', 'href'), new URL(link).pathname);
    await judge(page, 'the check of a form that was sent before');
    assert.notEqual(await sends(page), link);
  });

  await story('names are suggested, by letters and by input method, and any text is taken', async () => {
    const page = await open(phone);
    await page.goto(`${start}?want=medicine`);
    const field = page.locator('[name=item_name]');
    await field.pressSequentially('blf', { delay: 20 });
    await page.waitForSelector('.combo:not([hidden]) [role=option]');
    assert.match(await page.innerText('.combo'), /布洛芬/);
    await judge(page, 'names to choose from');
    await page.keyboard.press('ArrowDown');
    await judge(page, 'a name marked');
    await page.keyboard.press('Enter');
    assert.match(await field.inputValue(), /布洛芬/);
    assert.equal(page.url(), `${start}?want=medicine`, 'Enter chose and did not send');
    await field.fill('');
    const typing = await page.context().newCDPSession(page);
    await field.focus();
    const asked = [];
    page.on('request', (request) => {
      if (request.url().includes('/drugs')) asked.push(new URL(request.url()).searchParams.get('q'));
    });
    for (const text of ['x', 'xie', 'xie sha', '缬沙']) await typing.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
    await typing.send('Input.insertText', { text: '缬沙坦' });
    await page.waitForSelector('.combo:not([hidden]) [role=option]');
    assert.deepEqual(asked, ['缬沙坦'], 'nothing is asked while composing');
    assert.equal(await field.inputValue(), '缬沙坦');
    assert.match(await page.innerText('.combo'), /缬沙坦/);
    await page.keyboard.press('Escape');
    assert.equal(await page.getAttribute('[name=item_name]', 'aria-expanded'), 'false');
    page.breaks = /ERR_FAILED/;
    await page.route('**/drugs*', (route) => route.abort());
    await Promise.all([page.waitForEvent('requestfailed'), field.fill('祖传秘方')]);
    await page.check('[name=doses_left][value=unknown]', { force: true });
    await page.click(next);
    await page.waitForSelector('[name=room]');
  });

  await story('a photo is made small in the page, and its place stays behind', async () => {
    const page = await open(phone);
    await page.goto(`${start}?want=medicine`);
    const taken = await picture(browser);
    await page.setInputFiles('#item_photo-0', { name: 'box.jpg', mimeType: 'image/jpeg', buffer: taken });
    await page.waitForFunction((size) => document.querySelector('#item_photo-0').files[0].size < size, taken.length);
    const sent = await page.evaluate(async () => new Uint8Array(await document.querySelector('#item_photo-0').files[0].arrayBuffer()).reduce((text, byte) => text + String.fromCharCode(byte), ''));
    assert.ok(!sent.includes('GPS'));
    assert.match(await page.innerText('.photo'), /照片选好了/);
    await page.check('[name=doses_left][value="0"]', { force: true });
    await page.click(next);
    await saysWhere(page);
    await sends(page);
  });

  await story('with the network or the server away nothing is lost, and it is sent when they are back', async () => {
    const page = await open(phone);
    await saysWhat(page, start, '氨氯地平');
    await saysWhere(page, { name: '赵伯伯' });
    await page.context().setOffline(true);
    await page.click(send);
    await page.waitForSelector('#offline:not([hidden])');
    assert.match(await page.innerText('#offline'), /没有网络，内容没有丢/);
    await judge(page, 'the check without a network');
    await page.context().setOffline(false);
    page.breaks = /status of 503/;
    await page.route('**/b/MZC-07', (route) => (route.request().method() === 'POST' ? route.fulfill({ status: 503, body: '' }) : route.continue()));
    await page.click(send);
    await page.waitForSelector('#offline:not([hidden])');
    await page.unroute('**/b/MZC-07');
    // The telephone was switched off and on again.
    await page.goto(start);
    await page.waitForSelector('#draft:not([hidden])');
    await judge(page, 'the start with a draft');
    await page.click('#draft button[value=stay]');
    await page.waitForSelector(send);
    assert.match(await page.innerText('.said'), /氨氯地平[^]*赵伯伯/);
    await sends(page);
    await page.goto(start);
    assert.equal(await page.locator('#draft:not([hidden])').count(), 0, 'what was sent is no draft');
  });

  await story('every step is sound: phone and desk, both languages, three sizes', async () => {
    for (const [kind, at] of [[phone, 'a phone'], [desk, 'a desk'], [{ ...phone, viewport: { width: 320, height: 640 } }, 'a small phone']]) {
      for (const lang of ['zh-CN', 'en']) {
        for (const size of ['standard', 'large', 'largest']) {
          const page = await open(kind);
          const look = async (step) => {
            const what = `${step} in ${lang}, ${size}, on ${at}`;
            await page.waitForLoadState();
            if (at !== 'a small phone') await judge(page, what);
            const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
            assert.ok(over <= 0, `${what} scrolls sideways by ${over} px`);
            await measure(page, what, size === 'largest');
            if (process.env.PAOTUI_TEST_PICTURES) {
              await page.screenshot({ path: join(process.env.PAOTUI_TEST_PICTURES, `${step}-${lang}-${size}-${kind.viewport.width}.png`), fullPage: true });
            }
          };
          await page.goto(`${house.base}/?lang=${lang}`);
          await page.goto(`${start}?size=${size}`);
          await look('start');
          await page.click('a[href$="want=medicine"]');
          await page.click(next);
          await page.waitForSelector('.wrongs');
          await look('what-wrong');
          await page.fill('[name=item_name]', '苯磺酸氨氯地平片');
          await page.check('[name=doses_left][value="2"]', { force: true });
          await page.click('button[value=add]');
          await page.waitForSelector('#item_name-1');
          await look('what');
          await page.click(next);
          await page.waitForSelector('[name=room]');
          await page.click(next);
          await page.waitForSelector('.wrongs');
          await look('where-wrong');
          await saysWhere(page);
          await look('check');
          await page.context().close();
        }
      }
    }
  });

  await story('a first visit is light: at most 20 KB and 4 requests', async () => {
    for (const path of ['/', '/b/MZC-07', '/b/MZC-07?want=medicine', '/?want=food']) {
      const { requests, bytes } = await weigh(browser, phone, house.base + path);
      console.log(`   ${path}: ${requests} requests, ${bytes} bytes`);
      assert.ok(requests <= 4 && bytes <= 20 * 1024, `${path}: ${requests} requests, ${bytes} bytes`);
    }
    for (const [name, most] of [['combo', 1536], ['ask', 2048]]) {
      const bytes = brotliCompressSync(readFileSync(join(root, `assets/${name}.js`))).length;
      assert.ok(bytes <= most, `${name}.js has ${bytes} bytes`);
    }
  });
}
