/** Step 5: the bet. One person, two evenings, the same luck; then many people. */

import { h, num, signed } from './dom';
import { Lines } from './lines';
import { Player } from './player';
import { Cast, capital, failed, faults, layout, strategyKey, tooMany, waiting, type Page } from './page';
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
      strategyKey(page.outline.strategies),
      h('div', { class: 'row' }, another),
      h('p', { class: 'quiet' }, 'What happened in only one of the two lives is in full colour.'),
      h('p', {}, 'One person proves nothing. Let many people make the bet, in many worlds.'),
      h('div', { class: 'row' }, many),
      lines,
    ],
    { page, step: 'free', label: 'Free play' },
  );

  async function story(): Promise<void> {
    page.pool.stop('twins');
    const refused = tooMany(page);
    if (refused) {
      stage.replaceChildren(refused);
      return;
    }
    try {
      const twins = await page.pool.compute<Twins | null>('twins', { ask: 'twins', ...scenario, number: focal });
      if (twins) show(page, stage, twins);
      else stage.replaceChildren(waiting('Nobody in this scenario lives as the bet wants.'));
    } catch (error) {
      failed(stage)(error);
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
  const words = twins.lives.map((life) => new Set(items(life.acts, twins, cast).map((item) => item.join(' '))));
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
        lists[side]?.replaceChildren(...told(now, twins, cast, words[1 - side] ?? new Set()));
      });
    },
  });
  stage.replaceChildren(view.element, player.element, say, columns);
}

/** What a person gave and got, the latest first. What is not in the other life stands out. */
function told(acts: Act[], twins: Twins, cast: Cast, other: Set<string>): HTMLElement[] {
  return items(acts, twins, cast).reverse().map(([when, text]) =>
    h('li', { class: other.has(`${when} ${text}`) ? 'same' : 'own' }, h('span', { class: 'when' }, when), text));
}

/** What happened, in words: when, and what. */
function items(acts: Act[], twins: Twins, cast: Cast): [string, string][] {
  const me = twins.focal;
  const evening = acts.filter((act) => act[0] === twins.round && act[1] !== null && act[3] === me);
  const count = (kind: string): number => evening.filter((act) => act[2] === kind).length;
  const talks = acts.filter((act) => act[0] === twins.round && act[2] === 'talk');
  const partners = new Set(talks.map((act) => (act[3] === me ? act[4] : act[3])));
  const all: [string, string][] = [['that evening', `${partners.size} partners, ${count('push')} pushes, ${count('encourage')} encouragements, ${count('refer')} referrals`]];
  for (const [round, , kind, actor, to, , channel, amount] of acts) {
    const mine = actor === me;
    const them = cast.name((mine ? to : actor) ?? 0);
    const when = round === twins.round ? 'that evening' : `week ${round - twins.round}`;
    const paid = (what: string): number => acts.filter((act) => act[0] === round && act[2] === what && act[3] === me).reduce((sum, act) => sum + act[7], 0);
    if (kind === 'assist' && channel === 'call') {
      if (!mine) all.push([when, `calls ${them}, who solves the need: +${num(amount, 0)}, fees \u2212${num(paid('fee') + paid('finder'), 1)}`]);
    } else if (kind === 'assist') all.push([when, mine ? `solves the need of ${them}` : `${them} solves the need: +${num(amount, 0)}`]);
    else if (kind === 'fee' && !mine) all.push([when, `is called by ${them}, and helps: +${num(amount, 1)} fee`]);
    else if (kind === 'finder' && !mine) all.push([when, `named an expert to ${them}: +${num(amount, 1)}`]);
  }
  return all;
}
