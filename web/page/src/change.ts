/** Step 4: change one thing. The old result stays beside the new one. */

import { chartTitle, h, svgOf } from './dom';
import { faults, layout, scenarioOf, type Page } from './page';
import { knobOf, loadSchema, type Knob } from './knobs';
import { chartCard, Results } from './results';
import { setsOf, type World } from './state';
import type { Chart } from './protocol';

const CHARTS = ['compare_net_over_time'];

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
  const said = h('p', { class: 'say', role: 'status' });
  // Both results are kept by the engine; what was there before the change is run with the text as it began.
  const before = new Results(page, { name: 'before', charts: ['net_over_time'] });
  const after = new Results(page, {
    name: 'after', charts: ['net_over_time'],
    shown: () => { void compare(page, compared, said, after.charts); },
  });
  const stage = h('div', { class: 'charts' }, compared, after.element);
  const begun: World = { ...page.world, sets: new Map(page.start.sets), text: page.start.text, preset: page.start.preset, file: page.start.file };
  const request = { text: begun.text, sets: setsOf(begun) };
  void start();
  return layout(
    'Change one thing',
    'Is it always so? Take away the fee for a call, hold a mixer every week, or let nobody see a motive. The result as it was stays beside the new one.',
    stage,
    [controls, said],
    { page, step: 'bet', label: 'The bet' },
  );

  async function start(): Promise<void> {
    await loadSchema(page);
    draw();
    before.run(request, page.outline.replicates, () => { run(); });
  }

  function run(): void {
    after.run(scenarioOf(page), page.outline.replicates);
  }

  function draw(): void {
    const focus = document.activeElement?.id;
    controls.replaceChildren(...knobs(page).map((knob) => knobOf(page, knob, (world) => { void put(world); })),
      h('div', { class: 'row' }, h('button', { type: 'button', click: () => { void put(begun); } }, 'As it was')));
    if (focus) document.getElementById(focus)?.focus();
  }

  async function put(world: World): Promise<void> {
    const fault = await page.change(world);
    if (fault !== undefined) {
      said.replaceChildren(faults(fault));
      return;
    }
    draw();
    run();
  }
}

/** Draws both results in one picture. */
async function compare(page: Page, place: HTMLElement, said: HTMLElement, single: HTMLElement): Promise<void> {
  const names = ['before', 'after'];
  const { charts } = await page.pool.keep<{ charts: Chart[] }>({ ask: 'compare', names, charts: CHARTS });
  if (charts.length === 0) return;
  place.replaceChildren(...charts.map(chartCard));
  // The single chart of the new result says who is ahead; its title is enough.
  const drawn = single.querySelector('svg');
  said.textContent = drawn ? chartTitle(drawn) : '';
  single.hidden = true;
  void svgOf;
}
