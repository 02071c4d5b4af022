/** Sliders for the keys of a scenario. Meaning and range come from the program's own schema. */

import { h } from './dom';
import type { Page } from './page';
import { setsOf, type World } from './state';

/** A key as the schema describes it. */
interface Key {
  type?: string;
  minimum?: number;
  maximum?: number;
  description?: string;
  enum?: string[];
}

interface Section {
  properties?: Record<string, Key>;
  items?: { properties?: Record<string, Key> };
}

let schema: Record<string, Section & Key> | undefined;

export async function loadSchema(page: Page): Promise<void> {
  schema ??= (await page.pool.keep<{ properties: Record<string, Section & Key> }>({ ask: 'schema' })).properties;
}

/** The schema's entry of a key such as `calls.fee` or `strategy.servant.share`. */
function entry(path: string): Key | undefined {
  const parts = path.split('.');
  const [section = '', key = ''] = [parts[0], parts.at(-1)];
  if (parts.length === 1) return schema?.[section];
  const of = schema?.[section];
  return (of?.items?.properties ?? of?.properties)?.[key];
}

/** A key with the range of its slider, which can be narrower than what a file may say. */
export interface Knob {
  path: string;
  label: string;
  min?: number;
  max?: number;
  step?: number;
}

/** The value in force, from the scenario with every value. */
export function valueOf(toml: string, path: string): string | undefined {
  const parts = path.split('.');
  const key = parts.at(-1) ?? '';
  const name = parts.length > 2 ? parts.slice(1, -1).join('.') : undefined;
  let [section, named] = ['', ''];
  for (const line of toml.split('\n')) {
    const header = /^\[+([^\]]+)\]+$/.exec(line);
    if (header) [section, named] = [header[1] ?? '', ''];
    const value = /^(\w+) = (.*)$/.exec(line);
    if (!value) continue;
    const [, found, text = ''] = value;
    if (found === 'name') named = unquoted(text);
    const there = parts.length === 1 ? section === '' : section === parts[0];
    if (there && found === key && (name === undefined || name === named)) return unquoted(text);
  }
  return undefined;
}

function unquoted(text: string): string {
  return text.startsWith('"') ? (JSON.parse(text) as string) : text;
}

/** The world with another value for a key. Shares of other strategies keep their proportions. */
export function withValue(page: Page, path: string, value: string): World {
  const world: World = { ...page.world, sets: new Map(page.world.sets) };
  const share = /^strategy\.(.+)\.share$/.exec(path);
  const others = page.outline.strategies.filter((one) => one.name !== share?.[1]);
  if (!share || others.length === 0) {
    world.sets.set(path, value);
    return world;
  }
  // In ten-thousandths, so that they sum to 1.
  let left = 10_000 - Math.round(Number(value) * 10_000);
  world.sets.set(path, value);
  const sum = others.reduce((all, one) => all + one.share, 0);
  others.forEach((one, k) => {
    const part = sum > 0 ? one.share / sum : 1 / others.length;
    const rest = others.slice(k).reduce((all, other) => all + (sum > 0 ? other.share / sum : 1 / others.length), 0);
    const own = k === others.length - 1 ? left : Math.round((left * part) / rest);
    left -= own;
    world.sets.set(`strategy.${one.name}.share`, String(own / 10_000));
  });
  return world;
}

/** A control for a key. `changed` gets the world with the new value. */
export function knobOf(page: Page, knob: Knob, changed: (world: World) => void): HTMLElement {
  const key = entry(knob.path);
  const now = valueOf(page.outline.toml, knob.path) ?? '';
  const id = `knob-${knob.path.replaceAll(/[^a-z0-9]+/gi, '-')}`;
  const output = h('output', { for: id }, now);
  const set = (value: string): void => { changed(withValue(page, knob.path, value)); };
  const control = controlOf(knob, key, id, now, output, set);
  const about = key?.description ?? '';
  const touched = setsOf(page.world).some((one) => one.startsWith(`${knob.path}=`));
  return h('div', { class: touched ? 'knob changed' : 'knob', 'data-key': knob.path },
    h('label', { for: id, title: knob.path }, knob.label), output, control,
    h('small', { id: `${id}-about` }, about));
}

function controlOf(knob: Knob, key: Key | undefined, id: string, now: string, output: HTMLOutputElement, set: (value: string) => void): HTMLElement {
  const described = { id, 'aria-describedby': `${id}-about` };
  if (key?.enum || key?.type === 'boolean') {
    const choices = key.enum ?? ['false', 'true'];
    output.hidden = true;
    const select = h('select', { ...described, change: () => { set(select.value); } },
      ...choices.map((choice) => h('option', { value: choice, selected: choice === now }, choice)));
    return select;
  }
  const whole = key?.type === 'integer';
  const value = Number(now);
  // A value that the scenario has is never out of reach.
  const min = Math.min(knob.min ?? key?.minimum ?? 0, value);
  const max = Math.max(knob.max ?? key?.maximum ?? 1, value);
  const step = knob.step ?? (whole ? 1 : (max - min) / 100);
  const slider = h('input', {
    ...described, type: 'range', min, max, step: 'any', value: now,
    input: () => { output.textContent = rounded(slider.valueAsNumber, step); },
    change: () => { set(rounded(slider.valueAsNumber, step)); },
    keydown: (event) => {
      const by = new Map([['ArrowRight', 1], ['ArrowUp', 1], ['ArrowLeft', -1], ['ArrowDown', -1]]).get((event as KeyboardEvent).key);
      if (by === undefined) return;
      event.preventDefault();
      const next = Math.max(min, Math.min(max, Number(rounded(slider.valueAsNumber, step)) + by * step));
      slider.value = String(next);
      output.textContent = rounded(next, step);
      set(rounded(next, step));
    },
  });
  return slider;
}

/** A value on the grid of a slider's steps, as short as can be. */
function rounded(value: number, step: number): string {
  const on = Math.round(value / step) * step;
  return String(Number(on.toFixed(6)));
}

/** The keys that matter most, by group. */
export function groups(page: Page): [string, Knob[]][] {
  const each = (trait: string, label: string): Knob[] =>
    page.outline.strategies.map(({ name }) => ({ path: `strategy.${name}.${trait}`, label: `${name}: ${label}`, step: 0.05 }));
  return [
    ['Calls', [
      { path: 'calls.fee', label: 'Fee', step: 0.05 },
      { path: 'calls.finder_fee', label: 'Finder\u2019s fee', max: 0.5, step: 0.05 },
      { path: 'calls.rate', label: 'How often people call', step: 0.05 },
      { path: 'calls.depth', label: 'Longest chain' },
      { path: 'calls.capacity', label: 'Calls an expert takes', max: 10 },
    ]],
    ['Reputation', [
      { path: 'reputation.legibility', label: 'Legibility', step: 0.05 },
      { path: 'reputation.kind', label: 'Private or public' },
      { path: 'reputation.push_penalty', label: 'Penalty on pushing', step: 0.05 },
      { path: 'reputation.fade', label: 'Memory', min: 0.8, step: 0.005 },
      { path: 'reputation.norm', label: 'Norm' },
    ]],
    ['Mixers', [
      { path: 'mixer.every', label: 'Weeks between mixers', max: 26 },
      { path: 'mixer.cost', label: 'Cost of an evening', max: 6, step: 0.25 },
      { path: 'mixer.size', label: 'Guests of an event', max: 120 },
      { path: 'mixer.slots', label: 'Slots of an evening', max: 30 },
      ...each('attend', 'comes'),
    ]],
    ['Who is there', [...each('share', 'share'), { path: 'population.agents', label: 'People', min: 100, max: 5000, step: 100 }]],
    ['How they behave', [...each('ask', 'pushes'), ...each('serve', 'serves'), ...each('linger', 'stays'), ...each('polish', 'hides motives')]],
    ['Needs', [
      { path: 'needs.rate', label: 'How often needs arise', step: 0.02 },
      { path: 'needs.value', label: 'Worth of a solved need', max: 40, step: 1 },
      { path: 'needs.patience', label: 'Weeks until a need lapses', max: 30 },
      { path: 'help.assist_cost', label: 'Cost of helping', max: 10, step: 0.25 },
    ]],
    ['The run', [
      { path: 'rounds', label: 'Weeks', min: 60, max: 520, step: 4 },
      { path: 'replicates', label: 'Worlds', min: 2, max: 50 },
      { path: 'seed', label: 'Seed', max: 100 },
    ]],
  ];
}
