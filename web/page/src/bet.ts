/** Step 5: the bet. One person, two evenings, the same luck; then many people. */

import { h, num, signed } from './dom';
import { Lines } from './lines';
import { Player } from './player';
import { Cast, capital, faults, layout, waiting, type Page } from './page';
import { Results } from './results';
import type { Act, BetResult, Outline, Twins } from './protocol';
import { presetWorld, setsOf, type World } from './state';

/** The scenario of the bet: that of the page if it is the reader's own, else the shipped one with the same changes. */
function betWorld(page: Page): World {
  const { world, presets } = page;
  if (!world.preset || world.preset.startsWith('the-bet') || !Object.hasOwn(presets, 'the-bet')) return world;
  return { ...presetWorld(presets, 'the-bet'), sets: new Map(world.sets) };
}

export function bet(page: Page): HTMLElement {
  const world = betWorld(page);
  const scenario = { text: world.text, sets: setsOf(world) };
  const stage = h('div', { class: 'card stagecard' }, waiting());
  const results = new Results(page, { name: 'bet', charts: ['bet_difference'] });
  const lines = h('div', {});
  let focal = 0;
  const another = h('button', { type: 'button', click: () => { focal += 1; void story(); } }, 'Another person');
  const many = h('button', { type: 'button', class: 'main', click: () => { void play(); } }, 'Let everybody bet');
  const manyCard = h('div', { class: 'charts', hidden: true }, results.element);
  void story();
  return layout(
    'The bet',
    'Attend two similar evenings, once to get and once to serve; the second will pay far more. Here is one person at the same evening twice, with the same luck. Everything else is equal until the first word.',
    h('div', { class: 'charts' }, stage, manyCard),
    [
      h('div', { class: 'row' }, another),
      h('p', {}, 'One person proves nothing. Let many people make the bet, in many worlds.'),
      h('div', { class: 'row' }, many),
      lines,
    ],
    { page, step: 'free', label: 'Free play' },
  );

  async function story(): Promise<void> {
    page.pool.stop('twins');
    try {
      const twins = await page.pool.compute<Twins | null>('twins', { ask: 'twins', ...scenario, number: focal });
      if (twins) show(page, stage, twins);
      else stage.replaceChildren(waiting('Nobody in this scenario lives as the bet wants.'));
    } catch (error) {
      if (error instanceof Error && error.message !== 'stopped') stage.replaceChildren(faults(error.message));
    }
  }

  async function play(): Promise<void> {
    const outline = await page.pool.keep<Outline>({ ask: 'check bet', ...scenario });
    manyCard.hidden = false;
    if (outline.faults !== undefined || outline.worlds === null) {
      results.charts.replaceChildren(faults(outline.faults ?? ''));
      return;
    }
    results.bet(scenario, outline.worlds, (result) => { lines.replaceChildren(verdict(result)); }, world);
    manyCard.scrollIntoView({ block: 'nearest' });
  }
}

function verdict(result: BetResult): HTMLElement {
  return h('div', { role: 'status' }, h('p', { class: 'verdict' }, capital(result.verdict), '.'));
}

function show(page: Page, stage: HTMLElement, twins: Twins): void {
  const { strategies } = page.outline;
  const cast = new Cast(twins.people, strategies);
  const colour = (name: string): string => strategies.find((one) => one.name === name)?.colour ?? '#888888';
  const lines = twins.lives.map((life, side) => {
    const name = twins.sides[side] ?? '';
    return { name: `as ${name}`, colour: colour(name), values: life.net };
  });
  const view = new Lines(lines, { x: 'weeks after the evening', y: `net benefit of ${cast.name(twins.focal)} since that evening` });
  const lists = twins.lives.map(() => h('ul', { class: 'list' }));
  const columns = h('div', { class: 'two' }, ...lists.map((list, side) => h('div', {}, h('h2', {}, `That evening as ${twins.sides[side] ?? ''}`), list)));
  const say = h('p', { class: 'say' });
  const player = new Player({
    frames: Math.max(...twins.lives.map((life) => life.net.length)),
    pace: 260,
    auto: true,
    label: (week) => (week === 0 ? 'that evening' : `${week} weeks after`),
    show: (week) => {
      view.show(week);
      const [first, second] = twins.lives.map((life) => life.net[week] ?? life.net.at(-1) ?? 0) as [number, number];
      say.textContent = `${signed(first, 1)} as ${twins.sides[0]}, ${signed(second, 1)} as ${twins.sides[1]}: a difference of ${signed(second - first, 1)}.`;
      twins.lives.forEach((life, side) => {
        const now = life.acts.filter((act) => act[0] - twins.round <= week);
        lists[side]?.replaceChildren(...told(now, twins, cast));
      });
    },
  });
  stage.replaceChildren(view.element, player.element, say, columns);
}

/** What a person gave and got, the latest first. */
function told(acts: Act[], twins: Twins, cast: Cast): HTMLElement[] {
  const me = twins.focal;
  const items: [string, string][] = [];
  const evening = acts.filter((act) => act[0] === twins.round && act[1] !== null && act[3] === me);
  const count = (kind: string): number => evening.filter((act) => act[2] === kind).length;
  const partners = new Set(acts.filter((act) => act[0] === twins.round && act[2] === 'talk').map((act) => (act[3] === me ? act[4] : act[3])));
  items.push(['that evening', `${partners.size} partners, ${count('push')} pushes, ${count('encourage')} encouragements, ${count('refer')} referrals`]);
  for (const [round, , kind, actor, other, , channel, amount] of acts) {
    const mine = actor === me;
    const them = cast.name((mine ? other : actor) ?? 0);
    const week = round - twins.round;
    const when = week === 0 ? 'that evening' : `week ${week}`;
    if (kind === 'assist') {
      const where = channel === 'call' ? ' on the phone' : '';
      items.push([when, mine ? `solves the need of ${them}${where}` : `${them} solves the own need${where}: +${num(amount, 0)}`]);
    } else if (kind === 'fee') items.push([when, mine ? `pays ${them} a fee of ${num(amount, 1)}` : `is called by ${them}: +${num(amount, 1)} fee`]);
    else if (kind === 'finder' && !mine) items.push([when, `is thanked by ${them} for a name: +${num(amount, 1)}`]);
  }
  return items.reverse().map(([when, text]) => h('li', {}, h('span', { class: 'when' }, when), text));
}
