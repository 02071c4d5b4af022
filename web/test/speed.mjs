// Measures the page: processor time of a replicate in its engine and in the program, memory, and the time until it shows
// something.
//
//   node web/test/speed.mjs PROGRAM [PAGE] [PAIRS]
//
// Engine and program run one replicate of chamber-mixer, with which the page opens, in turn. Processor time includes the
// start of the program and what it writes, and for the engine V8's compiler, which Node.js shares with Chromium. The rest
// needs Chromium (apt-get install chromium); times until something shows are of the clock, so they need an idle machine.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

const root = fileURLToPath(new URL('../..', import.meta.url));
const program = resolve(process.argv[2] ?? join(root, 'target/release/mingle'));
const pageFile = resolve(process.argv[3] ?? join(root, 'docs/explore.html'));
const page = readFileSync(pageFile, 'utf8');
const pairs = Number(process.argv[4] ?? 5);
const file = join(root, 'scenarios/chamber-mixer.toml');
const request = { ask: 'replicate', text: readFileSync(file, 'utf8'), sets: [], number: 0 };

const packed = /id="engine">([^<]+)</.exec(page)[1];
const module = await WebAssembly.compile(gunzipSync(Buffer.from(packed, 'base64')));
const imports = {};
for (const { module: from, name } of WebAssembly.Module.imports(module)) (imports[from] ??= {})[name] = () => { throw new Error(name); };
const engine = (await WebAssembly.instantiate(module, imports)).exports;

/** Bytes of a request without numbers, as protocol.ts writes them. */
function encode(document) {
  const json = new TextEncoder().encode(JSON.stringify(document));
  const length = Math.ceil((json.length + 4) / 8) * 8 - 4;
  const bytes = new Uint8Array(4 + length).fill(32);
  new DataView(bytes.buffer).setUint32(0, length, true);
  bytes.set(json, 4);
  return bytes;
}

/** Processor seconds of one replicate in the engine. */
function inEngine() {
  const bytes = encode(request);
  const before = process.cpuUsage();
  const place = engine.mingle_reserve(bytes.length);
  new Uint8Array(engine.memory.buffer, place, bytes.length).set(bytes);
  const reply = engine.mingle_answer(place, bytes.length);
  const size = Number(new DataView(engine.memory.buffer).getBigUint64(reply, true));
  const begin = new TextDecoder().decode(new Uint8Array(engine.memory.buffer, reply + 12, 6));
  if (begin !== '{"ok":') throw new Error(`the engine says: ${begin}`);
  engine.mingle_release(reply, size);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** Processor seconds of one replicate by the program. */
function byProgram() {
  const out = mkdtempSync(join(tmpdir(), 'mingle-speed-'));
  const words = [program, 'run', file, '--set', 'replicates=1', '--threads', '1', '--no-charts', '--quiet', '--out', join(out, 'result')];
  const done = spawnSync('bash', ['-c', 'TIMEFORMAT="%U %S"; time "$@"', 'time', ...words], { encoding: 'utf8' });
  rmSync(out, { recursive: true });
  const times = /(\d+\.\d+) (\d+\.\d+)\s*$/.exec(done.stderr);
  if (done.status !== 0 || !times) throw new Error(done.stderr);
  return Number(times[1]) + Number(times[2]);
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const times = Array.from({ length: pairs }, () => [inEngine(), byProgram()]);
for (const [wasm, native] of times) console.log(`engine ${wasm.toFixed(2)} s, program ${native.toFixed(2)} s, ratio ${(wasm / native).toFixed(2)}`);
console.log(`median of the ratios ${median(times.map(([wasm, native]) => wasm / native)).toFixed(2)}`);
console.log(`memory of an engine after ${pairs} replicates ${(engine.memory.buffer.byteLength / 1e6).toFixed(0)} MB`);

const BROWSER = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((one) => existsSync(one));

/** What `of` gives for the processes that show the pages of this browser, summed. */
function renderers(profile, of) {
  let total = 0;
  for (const id of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      if (readFileSync(`/proc/${id}/cmdline`, 'utf8').includes('--type=renderer') && descends(id, profile)) total += of(id);
    } catch { /* The process has ended. */ }
  }
  return total;
}

/** Megabytes of memory of a process, shared memory in parts. */
const memory = (id) => Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${id}/smaps_rollup`, 'utf8'))[1]) / 1000;

/** Processor seconds of a process, in ticks of a hundredth. */
function seconds(id) {
  const fields = readFileSync(`/proc/${id}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Whether a process was started by the browser with this profile. */
function descends(id, profile) {
  for (let at = id; at !== '0' && at !== '1';) {
    if (readFileSync(`/proc/${at}/cmdline`, 'utf8').includes(`--user-data-dir=${profile}`)) return true;
    at = /\) \S (\d+)/.exec(readFileSync(`/proc/${at}/stat`, 'utf8'))[1];
  }
  return false;
}

async function inBrowser() {
  const { chromium } = await import('playwright-core');
  const profile = mkdtempSync(join(tmpdir(), 'mingle-profile-'));
  const browser = await chromium.launchPersistentContext(profile, {
    executablePath: BROWSER,
    headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  const [tab] = browser.pages();
  tab.setDefaultTimeout(600_000);
  const empty = renderers(profile, memory);
  for (let k = 0; k < 3; k += 1) {
    const [begin, before] = [performance.now(), renderers(profile, seconds)];
    const passed = () => `${((performance.now() - begin) / 1000).toFixed(2)} s (${Math.max(0, renderers(profile, seconds) - before).toFixed(2)} s of processor time)`;
    await tab.goto(`file://${pageFile}`);
    await tab.waitForSelector('h1');
    const words = passed();
    await tab.waitForSelector('.guest');
    console.log(`words after ${words}, the evening after ${passed()}`);
  }
  const bare = renderers(profile, memory);
  await tab.goto(`file://${pageFile}#free`);
  await tab.reload();
  let most = 0;
  for (let done = false; !done;) {
    done = (await tab.$('.results[data-state="complete"]')) !== null;
    most = Math.max(most, renderers(profile, memory));
    await tab.waitForTimeout(300);
  }
  const workers = await tab.evaluate(() => navigator.hardwareConcurrency);
  const more = (megabytes) => (megabytes - empty).toFixed(0);
  console.log(`memory: an empty page ${empty.toFixed(0)} MB; this one ${more(bare)} MB more when open, at most ${more(most)} MB more while all replicates run (${workers} cores)`);
  await browser.close();
  rmSync(profile, { recursive: true, force: true });
}

if (BROWSER) await inBrowser();
