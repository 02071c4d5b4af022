// The links of the page, in random cases: what a link is made of comes back from it, and no address breaks the page.
//
//   node web/test/links.mjs [SECONDS [SEED]]
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { transformSync } from 'esbuild';

const source = readFileSync(new URL('../page/src/state.ts', import.meta.url), 'utf8');
const { code } = transformSync(source, { loader: 'ts', format: 'esm' });
const { STEPS, START, fromHash, givenWorld, presetWorld, setsOf, textWorld, toHash } = await import(
  `data:text/javascript,${encodeURIComponent(code)}`
);

/** Random numbers from a seed (mulberry32), so that a failure can be repeated. */
function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const seconds = Number(process.argv[2] ?? 2);
const seed = Number(process.argv[3] ?? 1);
const next = random(seed);
const below = (n) => Math.floor(next() * n);
const pick = (list) => list[below(list.length)];

const presets = { [START]: 'rounds = 9\n', 'the-bet': '[bet]\n', '__proto__x': '', '': 'title = "none"' };
/** Pieces that mean something in addresses, scenarios or JavaScript, and letters of any script. */
const PIECES = [
  '&', '=', '#', '%', '%2', '%zz', '+', ' ', '\n', '\r\n', '\0', '"', "'", '<script>', '?', '/', 'set', 'preset', 'scenario',
  'rounds', 'needs.rate', '0.2', 'strategy."a=b".ask', 'constructor', '__proto__', 'hasOwnProperty', 'é', '漢', '🙂', '\u202e',
  ...STEPS, ...Object.keys(presets),
];
const text = (most) => Array.from({ length: below(most + 1) }, () => pick(PIECES)).join('');
const sets = () => Array.from({ length: below(5) }, () => `${text(3)}=${text(3)}`);

function world() {
  const kind = below(3);
  if (kind === 0) return presetWorld(presets, pick(Object.keys(presets).filter((name) => name)));
  if (kind === 1) return textWorld(text(30));
  return { ...givenWorld({ file: 'mine.toml', text: text(30), sets: sets() }) };
}

/** What a world is, whatever its file is called. */
const value = ({ preset, text: own, sets: map }) => ({ preset, text: own, sets: [...map].sort() });

/** A link holds the scenario, the overrides and the step. */
function comesBack() {
  const start = world();
  // The reader changes values of the page's scenario, or opens another one.
  const shown = below(2) ? { ...start, sets: new Map(start.sets) } : world();
  for (const [key, changed] of givenWorld({ file: '', text: '', sets: sets() }).sets) shown.sets.set(key, changed);
  const step = pick(STEPS);
  const hash = toHash(step, shown, start);
  const asked = fromHash(hash, presets, start);
  assert.equal(asked.fault, '', hash);
  assert.equal(asked.step, step, hash);
  assert.deepEqual(value(asked.world), value(shown), hash);
  assert.equal(toHash(asked.step, asked.world, start), hash);
}

/** Any address gives a scenario of texts, and a fault if it asks for what is not there. */
function neverThrows() {
  const start = world();
  const before = value(start);
  const hash = `${pick(['', '#', '##'])}${text(40)}`;
  const asked = fromHash(hash, presets, start);
  assert.ok(STEPS.includes(asked.step), hash);
  assert.equal(typeof asked.world.text, 'string', hash);
  assert.equal(typeof asked.fault, 'string', hash);
  assert.ok(setsOf(asked.world).every((set) => typeof set === 'string' && set.includes('=')), hash);
  assert.deepEqual(value(start), before, `${hash} changes the scenario of the page`);
  assert.equal({}.polluted, undefined);
}

// A state has one address, in whatever order its overrides came.
const ofBoth = (...both) => toHash('years', { ...presetWorld(presets, START), sets: new Map(both) }, presetWorld(presets, START));
assert.equal(ofBoth(['needs.rate', '1'], ['calls.fee', '0']), ofBoth(['calls.fee', '0'], ['needs.rate', '1']));

const end = Date.now() + 1000 * seconds;
let cases = 0;
while (Date.now() < end) {
  try {
    comesBack();
    neverThrows();
  } catch (error) {
    console.error(`case ${cases} of seed ${seed}`);
    throw error;
  }
  cases += 2;
}
console.log(`${cases} links`);
