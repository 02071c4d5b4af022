// Walks through the page in a real browser, and compares its numbers with those of the program.
//
//   node web/test/run.mjs PROGRAM SHOTS     SHOTS is a folder for screenshots
//
// Needs Chromium (apt-get install chromium); without it this says so and is no failure.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const BROWSER = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((one) => existsSync(one));
if (!BROWSER) {
  console.log('skipped: there is no Chromium; apt-get install chromium');
  process.exit(0);
}
const program = resolve(process.argv[2] ?? 'target/release/mingle');
const shots = resolve(process.argv[3] ?? 'target/web/shots');
const work = mkdtempSync(join(tmpdir(), 'mingle-page-'));
mkdirSync(shots, { recursive: true });
/** Far longer than needed on an idle machine. */
const LONG = 180_000;

const SMALL = `title = "<img src=x onerror=alert(1)> & co"
rounds = 60
burn_in = 20
replicates = 3
[population]
agents = 240
[bet]
worlds = 3
focals = 4
horizons = [0, 4, 13]
`;
writeFileSync(join(work, 'small.toml'), SMALL);
const mingle = (...words) => spawnSync(program, words, { cwd: work, encoding: 'utf8' });
execFileSync(program, ['explore', 'small.toml', '--out', 'small.html', '--quiet'], { cwd: work });
const small = `file://${join(work, 'small.html')}`;
const shipped = `file://${fileURLToPath(new URL('../../docs/explore.html', import.meta.url))}`;

const browser = await chromium.launchPersistentContext(join(work, 'profile'), {
  executablePath: BROWSER,
  headless: true,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

const faults = [];
async function open(address, options = {}) {
  const page = await browser.newPage();
  page.setDefaultTimeout(LONG);
  await page.setViewportSize({ width: options.width ?? 1440, height: 900 });
  await page.emulateMedia({ colorScheme: options.scheme ?? 'light', reducedMotion: options.motion ?? 'no-preference' });
  page.on('console', (message) => { if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text()); });
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith('blob:') && !url.startsWith('data:') && url.replace(/#.*/, '') !== address.replace(/#.*/, '')) faults.push(`a request of ${url}`);
  });
  await page.goto(address);
  await page.waitForSelector('h1', { timeout: LONG });
  return page;
}

const step = (page, name) => page.click(`nav [data-step="${name}"]`);
const complete = (page) => page.waitForSelector('.results[data-state="complete"]', { timeout: LONG });
const command = (page) => page.textContent('.results pre.command');

/** summary.csv as the page saves it. */
async function summary(page) {
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('#save')]);
  return readFileSync(await download.path(), 'utf8');
}

/** summary.csv of the command that the page shows. */
function expected(words, out) {
  const [name, ...rest] = words.match(/'[^']*'|\S+/g).map((word) => word.replace(/^'|'$/g, ''));
  assert.equal(name, 'mingle');
  const done = mingle(...rest, '--out', out, '--no-charts', '--quiet');
  assert.equal(done.status, 0, done.stderr);
  return readFileSync(join(work, out, 'summary.csv'), 'utf8');
}

const tests = {
  async 'free play has the numbers of the program, by keyboard too, and is shared'() {
    const page = await open(`${small}#free`);
    await complete(page);
    assert.equal(await command(page), 'mingle run small.toml');
    assert.equal(await summary(page), expected(await command(page), 'first'));
    // A slider is moved by keys alone.
    await page.focus('#knob-calls-fee');
    await page.keyboard.press('ArrowRight');
    await page.waitForFunction(() => document.querySelector('pre.command').textContent.includes('calls.fee'));
    await complete(page);
    assert.equal(await command(page), 'mingle run small.toml --set calls.fee=0.35');
    // The slider is made anew, and is still where the reader is.
    assert.equal(await page.evaluate(() => document.activeElement.id), 'knob-calls-fee');
    const moved = await summary(page);
    assert.equal(moved, expected(await command(page), 'second'));
    const again = await open(page.url());
    await complete(again);
    assert.equal(await summary(again), moved);
    await Promise.all([page.close(), again.close()]);
  },

  async 'a share that is not valid is refused in the words of the program'() {
    const page = await open(`${small}#free&set=calls.fee%3D7`);
    const said = await page.textContent('pre.faults');
    const told = mingle('check', 'small.toml', '--set', 'calls.fee=7').stderr;
    assert.equal(said.split('\n')[0], told.split('\n')[0]);
    assert.ok(said.includes('0 to 1'), said);
    await complete(page);
    assert.equal(await command(page), 'mingle run small.toml');
    await page.close();
    const other = await open(`${small}#free&preset=no-such-thing`);
    assert.match(await other.textContent('pre.faults'), /There is no shipped scenario "no-such-thing"; there are /);
    await other.close();
  },

  async 'pasted text gets the diagnostics of the program, and runs'() {
    const page = await open(`${small}#free`);
    await page.click('summary:text("Scenario text")');
    await page.fill('#text', 'rounds = 10\nburn_in = 2\nreplicates = 2\n[populaton]\nagents = 60\n');
    await page.click('#use');
    assert.match(await page.textContent('pre.faults'), /populaton[^]*population/);
    await page.fill('#text', 'rounds = 10\nburn_in = 2\nreplicates = 2\n[population]\nagents = 60\n');
    await page.click('#use');
    await page.waitForFunction(() => document.querySelector('pre.command').textContent === 'mingle run scenario.toml');
    await complete(page);
    await page.close();
  },

  async 'the bet has the verdict of the program'() {
    const page = await open(`${small}#bet`);
    await page.waitForSelector('.list li', { timeout: LONG });
    await page.click('text=Let everybody bet');
    await complete(page);
    const verdict = await page.textContent('.verdict');
    const told = mingle('bet', 'small.toml', '--no-charts', '--out', 'bet').stderr;
    assert.ok(told.toLowerCase().includes(verdict.replace(/\.$/, '').toLowerCase()), `${verdict} is not in ${told}`);
    await page.close();
  },

  async 'changing one thing shows both results in one picture'() {
    const page = await open(`${small}#change`);
    await page.waitForSelector('[data-chart="net_over_time"]', { timeout: LONG });
    await page.click('text=Calls are free');
    await page.waitForSelector('[data-chart="compare_net_over_time"]', { timeout: LONG });
    await page.waitForFunction(() => [...document.querySelectorAll('pre.command')].some((one) => one.textContent.includes('calls.fee=0')));
    await page.click('#as-it-was');
    await page.waitForSelector('#as-it-was:disabled');
    await page.close();
  },

  async 'what computes can be stopped'() {
    const page = await open(`${shipped}#years`);
    await page.click('.results button:text("Stop")');
    await page.waitForSelector('.results[data-state="stopped"]');
    await page.close();
  },

  async 'everything can be reached by keyboard alone'() {
    const page = await open(small);
    await page.waitForSelector('.controls button:text("Pause")', { timeout: LONG });
    const reach = async (name) => {
      for (let k = 0; k < 60; k += 1) {
        await page.keyboard.press('Tab');
        const reached = (text) => document.activeElement !== document.body && document.activeElement.textContent.includes(text);
        if (await page.evaluate(reached, name)) return;
      }
      assert.fail(`${name} is not reached by tabs`);
    };
    await reach('Pause');
    await page.keyboard.press('Space');
    await page.waitForSelector('.controls button:text("Play")', { timeout: LONG });
    await reach('The weeks after');
    await page.keyboard.press('Enter');
    await page.waitForSelector('[data-step="weeks"][aria-current]');
    await page.close();
  },

  async 'text of a scenario is text'() {
    const page = await open(small);
    assert.equal(await page.locator('main img, footer img').count(), 0);
    assert.match(await page.textContent('footer'), /<img src=x onerror=alert\(1\)>/);
    await page.close();
  },

  async 'with reduced motion nothing moves by itself'() {
    const page = await open(small, { motion: 'reduce' });
    await page.waitForSelector('.controls', { timeout: LONG });
    const at = () => page.textContent('.controls .at');
    const before = await at();
    await page.waitForTimeout(3500);
    assert.equal(await at(), before);
    await page.click('[aria-label="One step forward"]');
    assert.notEqual(await at(), before);
    await page.close();
  },

  async 'where there are too many people to be watched, fewer are offered'() {
    const page = await open(`${shipped}#evening&preset=big-city`);
    assert.match(await page.textContent('.wait'), /^200000 people are too many/);
    await page.click('button.fewer');
    await page.waitForSelector('.guest');
    assert.match(page.url(), /#evening&preset=big-city&set=population\.agents%3D2000$/);
    await page.close();
  },

  async 'all steps show on wide and narrow screens, light and dark'() {
    for (const [width, scheme] of [[1440, 'light'], [390, 'light'], [1440, 'dark'], [390, 'dark']]) {
      const page = await open(small, { width, scheme });
      for (const [name, ready] of [['evening', '.guest'], ['weeks', '.controls'], ['years', '.results[data-state="complete"]'], ['change', '.results[data-state="complete"]'], ['bet', '.list li'], ['free', '.results[data-state="complete"]']]) {
        await step(page, name);
        await page.waitForSelector(`[data-step="${name}"][aria-current]`);
        await page.waitForSelector(ready, { timeout: LONG });
        await page.waitForTimeout(600);
        const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(over <= 0, `${name} is ${over} pixels too wide at ${width}`);
        await page.screenshot({ path: join(shots, `${name}-${width}-${scheme}.png`), fullPage: true });
      }
      await page.click('[data-view="network"]');
      await page.waitForSelector('svg.view circle', { timeout: LONG });
      await page.waitForTimeout(1500);
      await page.screenshot({ path: join(shots, `network-${width}-${scheme}.png`), fullPage: true });
      await page.close();
    }
  },
};

let failed = 0;
const wanted = process.argv[4];
for (const [name, test] of Object.entries(tests)) {
  if (wanted && !name.includes(wanted)) continue;
  // A second try, because a busy machine can delay the browser beyond any wait. What is wrong fails twice.
  for (const isLast of [false, true]) {
    faults.length = 0;
    try {
      await test();
      assert.deepEqual(faults, []);
      console.log(`ok      ${name}`);
      break;
    } catch (error) {
      failed += isLast ? 1 : 0;
      console.log(`${isLast ? 'FAILED' : 'again'}  ${name}\n${error.stack}\n${faults.join('\n')}`);
    }
  }
}
await browser.close();
console.log(failed === 0 ? `all is well; screenshots are in ${shots}` : `${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
