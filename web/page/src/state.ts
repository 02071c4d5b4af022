/** The scenario in force: a text with values that replace some of its own, and how it is named and shared. */

export const STEPS = ['evening', 'weeks', 'years', 'change', 'bet', 'free'] as const;
export type Step = (typeof STEPS)[number];

/** A scenario: a shipped one by its name, or a text. */
export interface World {
  /** Name of a shipped scenario; empty for a text of the reader's own. */
  preset: string;
  text: string;
  /** Name of the file in the commands that are shown. */
  file: string;
  sets: Map<string, string>;
}

/** The scenario that `mingle explore FILE` has put into the page. */
export interface Given {
  file: string;
  text: string;
  sets: string[];
}

export type Presets = Record<string, string>;

export const START = 'chamber-mixer';

export function presetWorld(presets: Presets, preset: string): World {
  return { preset, text: presets[preset] ?? '', file: `scenarios/${preset}.toml`, sets: new Map() };
}

export function textWorld(text: string, file = 'scenario.toml'): World {
  return { preset: '', text, file, sets: new Map() };
}

export function givenWorld(given: Given): World {
  return { ...textWorld(given.text, given.file), sets: split(given.sets) };
}

/** Overrides by key; of several for a key the last counts. */
function split(sets: string[]): Map<string, string> {
  const map = new Map<string, string>();
  for (const set of sets) {
    const at = set.indexOf('=');
    if (at < 0) map.set(set, '');
    else map.set(set.slice(0, at).trim(), set.slice(at + 1).trim());
  }
  return map;
}

/** The overrides as `key=value`. */
export function setsOf(world: World): string[] {
  return [...world.sets].map(([key, value]) => `${key}=${value}`);
}

/** A word of a command, in quotes where a shell needs them. */
function quoted(word: string): string {
  return /^[A-Za-z0-9_./=:,+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** The command that gives the same numbers. */
export function command(what: 'run' | 'bet', world: World, more: string[] = []): string {
  const sets = [...setsOf(world), ...more].map((set) => `--set ${quoted(set)}`);
  return ['mingle', what, quoted(world.file), ...sets].join(' ');
}

/** The part of an address after `#` for a step, with the scenario unless it is the one of the page. */
export function toHash(step: Step, world: World, start: World): string {
  const query = new URLSearchParams();
  // Overrides of the page's scenario that the world lacks would come back with that scenario.
  const lacks = [...start.sets.keys()].some((key) => !world.sets.has(key));
  if (lacks || world.preset !== start.preset || world.text !== start.text) {
    if (world.preset) query.set('preset', world.preset);
    else query.set('scenario', world.text);
  }
  // In a fixed order, so that a state has one address, however it came about.
  for (const set of setsOf(world).sort()) query.append('set', set);
  const text = query.toString();
  return `#${step}${text ? `&${text}` : ''}`;
}

/** What an address asks for; `fault` says what is wrong with it. */
export interface Asked {
  step: Step;
  world: World;
  fault: string;
}

export function fromHash(hash: string, presets: Presets, start: World): Asked {
  const [first = '', ...rest] = hash.replace(/^#/, '').split('&');
  const query = new URLSearchParams(rest.join('&'));
  const step = STEPS.find((one) => one === first) ?? 'evening';
  const [preset, text] = [query.get('preset'), query.get('scenario')];
  let [world, fault] = [{ ...start, sets: new Map(start.sets) }, ''];
  if (first && step !== first && first !== 'stage') fault = `There is no step "${first}" in this page.`;
  if (preset !== null && !Object.hasOwn(presets, preset)) {
    fault = `There is no shipped scenario "${preset}"; there are ${Object.keys(presets).join(', ')}.`;
  } else if (preset !== null) world = presetWorld(presets, preset);
  else if (text !== null) world = textWorld(text);
  for (const [key, value] of split(query.getAll('set'))) world.sets.set(key, value);
  return { step, world, fault };
}
