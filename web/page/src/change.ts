/** Step 4: change one thing. The old result stays beside the new one. */

import { chartTitle, h } from './dom';
import { faults, layout, scenarioOf, type Page } from './page';
import { knobOf, loadSchema, withValue, type Knob } from './knobs';
import { chartCard, Results } from './results';
import { setsOf, type World } from './state';
import type { Chart } from './protocol';

const CHARTS = ['compare_net_over_time'];

/** Changes of one key that readers often ask about. */
const ONE_CLICK: [string, string, string][] = [
  ['Calls are free', 'calls.fee', '0'],
  ['A mixer every week', 'mixer.every', '1'],
  ['Nobody sees motives', 'reputation.legibility', '0'],
  ['Nobody calls', 'calls.rate', '0'],
];

function knobs(page: Page): Knob[] {
  const names = page.outline.strategies.map((one) => one.name);
  const share = names.includes('servant') ? 'servant' : names[0] ?? '';
  const attend = names.includes('warrior') ? 'warrior' : names[0] ?? '';
  return [
    { path: 'calls.fee', label: 'Fee for a call', step: 0.05 },
    { path: 'reputation.legibility', label: 'Motives are seen', step: 0.05 },
    { path: 'mixer.every', label: 'Weeks between mixers', max: 26 },
    { path: `strategy.${share}.share`, label: `Share of ${share}s`, min: 0.05, max: 0.9, step: 0.05 },
    { path: `strategy.${attend}.attend`, label: `How many ${attend}s come`, step: 0.05 },
  ];
}

export function change(page: Page): HTMLElement {
  const controls = h('div', { class: 'knobs' });
  const compared = h('div', { class: 'charts' });
  const said = h('div', { class: 'say', role: 'status' });
  // Both results are kept by the engine, which draws them in one picture.
  const before = new Results(page, {
    name: 'before', title: 'As it was', charts: ['net_over_time'],
    shown: () => { if (changed() && after.latest) void compare(); },
  });
  const after = new Results(page, {
    name: 'after', title: 'Changed', charts: ['net_over_time'],
    shown: () => { void compare(); },
  });
  after.charts.hidden = true;
  const begun: World = { ...page.start, sets: new Map(page.start.sets) };
  const stage = h('div', { class: 'charts' }, before.element, compared, after.element);
  void start();
  return layout(
    'Change one thing',
    'Is it always so? Take away the fee for a call, hold a mixer every week, or let nobody see a motive. The result as it was stays beside the new one.',
    stage,
    [
      h('div', { class: 'row' }, ...ONE_CLICK.map(([label, path, value]) =>
        h('button', { type: 'button', click: () => { void put(withValue({ ...page, world: begun }, path, value)); } }, label))),
      controls, said,
    ],
    { page, step: 'bet', label: 'The bet' },
  );

  function changed(): boolean {
    return JSON.stringify([page.world.text, setsOf(page.world)]) !== JSON.stringify([begun.text, setsOf(begun)]);
  }

  async function start(): Promise<void> {
    await loadSchema(page);
    draw();
    before.run({ text: begun.text, sets: setsOf(begun) }, page.outline.replicates, undefined, begun);
    after.element.hidden = true;
    if (changed()) run();
  }

  function run(): void {
    const other = changed();
    after.element.hidden = !other;
    compared.hidden = !other;
    // The old picture stays until both are in one.
    if (!other || compared.childElementCount === 0) before.element.hidden = false;
    if (other) after.run(scenarioOf(page), page.outline.replicates);
    else page.runner.stop('after');
  }

  /** Draws both results in one picture. */
  async function compare(): Promise<void> {
    const request = { ask: 'compare', names: ['before', 'after'], charts: CHARTS };
    const { charts } = await page.pool.keep<{ charts: Chart[] }>(request);
    if (charts.length > 0) compared.replaceChildren(...charts.map(chartCard));
    before.element.hidden = changed();
    // The title of the new result's own chart says who is ahead now.
    const own = after.charts.querySelector('svg');
    said.textContent = own ? `Now: ${chartTitle(own)}` : '';
  }

  function draw(): void {
    const focus = document.activeElement?.id;
    controls.replaceChildren(...knobs(page).map((knob) => knobOf(page, knob, (world) => { void put(world); })),
      h('div', { class: 'row' }, h('button', { type: 'button', id: 'as-it-was', disabled: !changed(), click: () => { void put(begun); } }, 'As it was')));
    if (focus) document.getElementById(focus)?.focus();
  }

  async function put(world: World): Promise<void> {
    const fault = await page.change(world);
    said.replaceChildren(...(fault === undefined ? [] : [faults(fault)]));
    if (fault !== undefined) return;
    draw();
    run();
  }
}
