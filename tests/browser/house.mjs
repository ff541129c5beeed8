// A whole service for one test: an embedded store in a folder of its own, the demonstration zone, a free port.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import readline from 'node:readline';

export const root = resolve(import.meta.dirname, '../..');
const paotui = process.env.PAOTUI_BIN || join(root, 'target/debug/paotui');
export const password = 'browser-test';

// A runner's page, again and again until an offer stands on it.
export async function seesAnOffer(page, base) {
  const deadline = Date.now() + 30_000;
  const offer = page.locator('form[action$="/accept"]');
  do {
    await page.goto(`${base}/run`);
    if (await offer.count()) return;
    await page.waitForTimeout(250);
  } while (Date.now() < deadline);
  throw new Error(`no offer came: ${await page.innerText('main')}`);
}

export async function openHouse() {
  const folder = mkdtempSync(join(tmpdir(), 'paotui-browser-'));
  const env = {
    ...process.env,
    PAOTUI__SERVER__LISTEN: '127.0.0.1:0',
    PAOTUI__SERVER__PHONE: '023-5550-0110',
    PAOTUI__LIMITS__SIGN_INS_PER_MINUTE: '0',
    PAOTUI__LIMITS__REQUESTS_PER_MINUTE: '0',
    PAOTUI__MAIL__URL: `dir:${join(folder, 'letters')}`,
  };
  const run = (args, input = '') => execFileSync(paotui, args, { cwd: folder, env, input, stdio: ['pipe', 'pipe', 'inherit'] });
  // Whatever the hour, shops are open: stories are told at night, too.
  const places = readFileSync(join(root, 'config/demo/places.csv'), 'utf8').replaceAll(/,\d\d:\d\d,\d\d:\d\d,/g, ',00:00,24:00,');
  writeFileSync(join(folder, 'places.csv'), places);
  for (const kind of ['zones', 'buildings', 'places', 'people', 'households']) {
    run(['import', kind, kind === 'places' ? join(folder, 'places.csv') : join(root, `config/demo/${kind}.csv`)]);
  }
  for (const name of ['r001', 'r002', 'r076', 'sup1']) run(['user', 'password', name], `${password}\n`);
  const service = spawn(paotui, ['serve'], { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] });
  const base = await new Promise((found, failed) => {
    readline.createInterface({ input: service.stdout }).on('line', (line) => {
      const address = line.match(/^listening on (http:\/\/\S+)/);
      if (address) found(address[1]);
    });
    service.on('exit', (code) => failed(new Error(`the service ended with ${code} before it listened`)));
  });
  const close = () =>
    new Promise((closed) => {
      service.on('exit', (code) => {
        rmSync(folder, { recursive: true, force: true });
        closed(code);
      });
      service.kill('SIGTERM');
    });
  return { base, folder, close };
}
