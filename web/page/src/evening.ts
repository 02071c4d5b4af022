/** Step 1: one evening. The guests of one mixer, slot by slot. */

import { h, num } from './dom';
import { valueOf } from './knobs';
import { Player } from './player';
import { Cast, capital, layout, ofKind, scenarioOf, failed, strategyKey, tooMany, waiting, type Page } from './page';
import type { Act, Evening, Strategy } from './protocol';
import { Room } from './room';

const WEEKS = 8;
let loaded: { key: string; story: Evening } | undefined;

/** The evening of the scenario in force, and the weeks after it. */
export async function loadEvening(page: Page): Promise<Evening> {
  const request = scenarioOf(page);
  const key = JSON.stringify(request);
  if (loaded?.key !== key) {
    page.pool.stop('evening');
    const story = await page.pool.compute<Evening>('evening', { ask: 'evening', ...request, rounds: WEEKS });
    loaded = { key, story };
  }
  return loaded.story;
}

export function evening(page: Page): HTMLElement {
  const stage = h('div', { class: 'card stagecard' }, waiting('The first weeks pass until this evening.'));
  const table = h('div', {});
  const { strategies, toml } = page.outline;
  const of = (path: string): string => String(Number(valueOf(toml, path)));
  const many = tooMany(page);
  if (many) stage.replaceChildren(many);
  else void loadEvening(page).then((story) => { fill(page, stage, table, story); }, failed(stage));
  return layout(
    'One evening: work the room, or serve it?',
    'Some guests push their own need in every talk and move on. Others ask what you need, and stay. Watch one evening.',
    stage,
    [
      strategyKey(strategies),
      Room.legend(),
      table,
      h('p', { class: 'quiet' }, `A solved need is worth ${of('needs.value')}, and an evening costs ${of('mixer.cost')}. Each guest is an expert in one of ${of('population.domains')} fields, and can solve only needs in it.`),
    ],
    { page, step: 'weeks', label: 'The weeks after' },
  );
}

function fill(page: Page, stage: HTMLElement, table: HTMLElement, story: Evening): void {
  const { strategies } = page.outline;
  const cast = new Cast(story.people, strategies);
  const slots = Array.from({ length: story.slots }, (_, slot) => story.evening.filter((act) => act[1] === slot));
  const room = new Room(story.guests, cast, slots);
  const say = h('p', { class: 'say' });
  const player: Player = new Player({
    frames: story.slots + 1,
    pace: 2600,
    auto: true,
    label: (frame) => (frame === 0 ? 'arrival' : `slot ${frame} of ${story.slots}`),
    show: (frame, moved) => {
      room.show(frame - 1, moved);
      const now = frame === 0 ? [] : slots[frame - 1] ?? [];
      say.textContent = frame === 0
        ? `Week ${story.round}. ${story.guests.length} guests arrive; ${withNeed(story, cast)} of them have an open need.`
        : sentence(now, cast);
      table.replaceChildren(tally(slots.slice(0, frame).flat(), cast, strategies, story.guests));
    },
  });
  stage.replaceChildren(room.element, player.element, say);
}

function withNeed(story: Evening, cast: Cast): number {
  return story.guests.filter((id) => (cast.person(id)?.need ?? null) !== null).length;
}

/** What happened in a slot: one thing that a reader should not miss. */
function sentence(acts: Act[], cast: Cast): string {
  const help = ofKind(acts, 'assist').map(([, , , actor, other, , channel, amount]) => {
    const how = channel === 'gift' ? 'asked and solves the need of' : 'is pushed, and solves the need of';
    return `${capital(cast.name(actor))} ${how} ${cast.name(other ?? 0)} (+${num(amount, 0)}).`;
  });
  const referred = ofKind(acts, 'refer').map(([, , , actor, other, third]) =>
    `${capital(cast.name(actor))} cannot help ${cast.name(other ?? 0)}, but names ${cast.name(third ?? 0)}.`);
  const pushes = ofKind(acts, 'push').length;
  const first = [...new Set([...help, ...referred])].slice(0, 2);
  return first.length > 0 ? first.join(' ') : `${ofKind(acts, 'talk').length} talks, ${pushes} pushes, no need solved.`;
}

/** What the members of each strategy have done so far, per guest. */
function tally(acts: Act[], cast: Cast, strategies: Strategy[], guests: number[]): HTMLElement {
  const counts = (kind: string, strategy: number, channel?: string): number =>
    ofKind(acts, kind).filter((act) => cast.strategy(act[3]) === strategy && (channel === undefined || act[6] === channel)).length;
  const there = strategies.map((_, place) => place).filter((place) => guests.some((id) => cast.strategy(id) === place));
  const rows: [string, (strategy: number) => number][] = [
    ['Guests', (strategy) => guests.filter((id) => cast.strategy(id) === strategy).length],
    ['Pushes', (strategy) => counts('push', strategy)],
    ['Needs they solved when pushed', (strategy) => counts('assist', strategy, 'push')],
    ['Needs they solved unasked', (strategy) => counts('assist', strategy, 'gift')],
    ['Referrals', (strategy) => counts('refer', strategy)],
    ['Encouragements', (strategy) => counts('encourage', strategy)],
  ];
  return h('table', {},
    h('caption', {}, 'What they did so far'),
    h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, ''), ...there.map((place) => h('th', { scope: 'col' }, `${strategies[place]?.name ?? ''}s`)))),
    h('tbody', {}, ...rows.map(([name, count]) =>
      h('tr', {}, h('th', { scope: 'row' }, name), ...there.map((place) => h('td', {}, String(count(place))))))));
}
