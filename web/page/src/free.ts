/** Free play: all keys that matter, shipped scenarios, text of one's own, every chart, the network, and a map. */

import { h, save } from './dom';
import { faults, scenarioOf, strategyKey, type Page } from './page';
import { groups, knobOf, loadSchema } from './knobs';
import { map } from './map';
import { network } from './network';
import { chartCard, Results } from './results';
import { command, presetWorld, setsOf, textWorld, toHash, type World } from './state';
import type { Chart } from './protocol';

/** The charts of a run, with what each is called here. */
const CHARTS: [string, string][] = [
  ['net_over_time', 'Net benefit'],
  ['benefit_by_channel', 'Channels'],
  ['calls', 'Calls'],
  ['opinion', 'Opinion'],
  ['mixers', 'Mixers'],
  ['final_benefit', 'Spread'],
  ['flows', 'Flows'],
  ['regions', 'Regions'],
  ['survival', 'Survival'],
  ['shares', 'Shares'],
];

export function free(page: Page): HTMLElement {
  const settings = h('div', { class: 'side' });
  const view = h('div', {});
  const said = h('div', { role: 'status' });
  const tabs = h('div', { class: 'tabs', role: 'group', 'aria-label': 'Views' });
  let shown = 'net_over_time';
  let drawn: Chart[] = [];
  const results = new Results(page, {
    name: 'free', charts: CHARTS.map(([name]) => name), table: true,
    soFar: () => [shown],
    shown: (result) => { drawn = result.charts; show(); },
  });
  const chartPlace = h('div', { class: 'charts' });
  const heading = h('div', {}, h('h1', {}, 'Free play'),
    h('p', { class: 'lead' }, 'Every slider is a key of a scenario file, and every chart of a result is drawn by the program itself.'));
  const element = h('section', {}, heading, said, h('div', { class: 'free' }, settings,
    h('div', { class: 'charts' }, tabs, view, results.element, h('div', { class: 'card tablecard' }, results.table))));
  results.charts.hidden = true;
  void (async () => {
    await loadSchema(page);
    controls();
    run();
  })();
  return element;

  function run(): void {
    results.run(scenarioOf(page), page.outline.replicates);
    show();
  }

  function show(): void {
    const there = CHARTS.filter(([name]) => drawn.some((chart) => chart.name === name));
    if (!there.some(([name]) => name === shown) && !['network', 'map'].includes(shown) && drawn.length > 0) shown = there[0]?.[0] ?? '';
    const tab = (name: string, label: string): HTMLElement => h('button', {
      type: 'button', 'aria-pressed': String(name === shown), 'data-view': name,
      click: () => { shown = name; view.replaceChildren(); show(); tabs.querySelector<HTMLElement>('[aria-pressed="true"]')?.focus(); },
    }, label);
    const focused = tabs.contains(document.activeElement);
    tabs.replaceChildren(...there.map(([name, label]) => tab(name, label)), tab('network', 'Who knows whom'), tab('map', 'Who wins where'));
    if (focused) tabs.querySelector<HTMLElement>('[aria-pressed="true"]')?.focus();
    if (shown === 'network' || shown === 'map') {
      // These have a life of their own, which a new chart does not end.
      if (view.firstElementChild?.getAttribute('data-view') !== shown) {
        const own = shown === 'network' ? network(page) : map(page);
        own.setAttribute('data-view', shown);
        view.replaceChildren(own);
      }
      return;
    }
    const chart = drawn.find((one) => one.name === shown);
    // The older picture stays until there is a new one, so that nothing jumps.
    if (chart) chartPlace.replaceChildren(chartCard(chart));
    if (view.firstChild !== chartPlace) view.replaceChildren(chartPlace);
  }

  async function put(world: World): Promise<void> {
    const fault = await page.change(world);
    said.replaceChildren(...(fault === undefined ? [] : [faults(fault)]));
    if (fault !== undefined) return;
    if (shown === 'network') view.replaceChildren();
    controls();
    run();
  }

  function controls(): void {
    const focus = document.activeElement?.id;
    const open = new Set([...settings.querySelectorAll('details[open] > summary')].map((one) => one.textContent));
    if (open.size === 0) open.add('Calls');
    settings.replaceChildren(presetPicker(page, (world) => { void put(world); }), strategyKey(page.outline.strategies),
      ...groups(page).map(([name, knobs]) => h('details', { open: open.has(name) }, h('summary', {}, name),
        h('div', { class: 'knobs' }, ...knobs.map((knob) => knobOf(page, knob, (world) => { void put(world); }))))),
      ownText(page, open.has(OWN), (world) => { void put(world); }), copies(page, results));
    if (focus) document.getElementById(focus)?.focus();
  }
}

function presetPicker(page: Page, put: (world: World) => void): HTMLElement {
  const { presets, world } = page;
  const pick = h('select', { id: 'preset', change: () => { put(pick.value ? presetWorld(presets, pick.value) : { ...page.start, sets: new Map() }); } },
    world.preset ? null : h('option', { value: '', selected: true }, world.file),
    ...Object.keys(presets).map((name) => h('option', { value: name, selected: name === world.preset }, name)));
  const reset = h('button', { type: 'button', disabled: world.sets.size === 0, click: () => { put({ ...world, sets: new Map() }); } }, 'Undo all changes');
  return h('div', { class: 'knob' }, h('label', { for: 'preset' }, 'Scenario'), h('span', {}), pick,
    h('small', {}, page.outline.title), h('div', { class: 'row' }, reset));
}

const OWN = 'Scenario text';

/** The text of the scenario, to read, to paste over, and to run. */
function ownText(page: Page, open: boolean, put: (world: World) => void): HTMLElement {
  const text = h('textarea', { id: 'text', spellcheck: 'false', 'aria-label': 'Scenario text' });
  text.value = page.world.text;
  const use = h('button', { type: 'button', id: 'use', click: () => { put(textWorld(text.value)); } }, 'Use this text');
  return h('details', { open }, h('summary', {}, OWN), text, h('div', { class: 'row' }, use),
    h('p', { class: 'quiet' }, 'Faults are reported as the command line reports them.'));
}

/** Ways to take the scenario and its result along. */
function copies(page: Page, results: Results): HTMLElement {
  const said = h('span', { role: 'status', class: 'quiet' });
  const copy = (label: string, id: string, text: () => string): HTMLElement => h('button', {
    type: 'button', id,
    click: () => {
      const value = text();
      const field = h('textarea', { readonly: true, 'aria-label': label });
      navigator.clipboard.writeText(value).then(
        () => { said.textContent = 'Copied.'; },
        () => {
          // Not every browser lets a file on the disk write to the clipboard.
          field.value = value;
          said.replaceChildren('Copy this: ', field);
          field.select();
        },
      );
    },
  }, label);
  const share = (): string => `${location.href.replace(/#.*$/, '')}${toHash('free', page.world, page.start)}`;
  return h('div', { class: 'side' },
    h('div', { class: 'row' },
      copy('Copy as scenario file', 'copy-file', () => page.outline.toml),
      copy('Copy command', 'copy-command', () => command('run', page.world)),
      copy('Share', 'share', share),
      h('button', { type: 'button', id: 'save', click: () => { void files(page, results); } }, 'Save summary.csv')),
    said, h('p', { class: 'quiet' }, setsOf(page.world).length > 0 ? `Changed: ${setsOf(page.world).join(', ')}` : 'Nothing is changed.'));
}

async function files(page: Page, results: Results): Promise<void> {
  if (!results.latest) return;
  const [kept] = await page.pool.keep<Record<string, string>[]>({ ask: 'files', names: ['free'] });
  save('summary.csv', kept?.['summary.csv'] ?? '');
}
