/** Step 2: the weeks after. Who calls whom, and through whom. */

import { h, num, s } from './dom';
import { loadEvening } from './evening';
import { Player } from './player';
import { Cast, capital, failed, layout, ofKind, strategyKey, tooMany, waiting, type Page } from './page';
import type { Act, Evening, Strategy } from './protocol';

/** One search for help: the links of its chain, the call, and its outcome. */
interface Search {
  round: number;
  caller: number;
  expert: number;
  links: number[];
  outcome: string;
  fee: number;
  value: number;
  finder: number;
}

export function weeks(page: Page): HTMLElement {
  const stage = h('div', { class: 'card stagecard' }, waiting());
  const table = h('div', {});
  const many = tooMany(page);
  if (many) stage.replaceChildren(many);
  else void loadEvening(page).then((story) => { fill(page, stage, table, story); }, failed(stage));
  return layout(
    'The weeks after: whose phone rings?',
    'A need seldom waits for the next evening. People call the expert whom they know and trust, or ask the contact they trust most to name one. Each call below starts or ends with a guest of that evening.',
    stage,
    [
      strategyKey(page.outline.strategies),
      table,
      h('p', { class: 'quiet' }, 'The caller pays the expert a fee, and a smaller one to each person who passed the question on. People remember who served them, and who pushed.'),
    ],
    { page, step: 'years', label: 'Over the years' },
  );
}

function searches(calls: Act[]): Search[] {
  return ofKind(calls, 'call').map(([round, , , caller, expert, third]) => {
    const own = calls.filter((act) => act[0] === round);
    const with_ = (kind: string, from: number | null, to: number | null): Act | undefined =>
      own.find((act) => act[2] === kind && act[3] === from && act[4] === to);
    const links = ofKind(own, 'refer').filter((act) => act[4] === caller).map((act) => act[3]);
    const assist = with_('assist', expert, caller);
    return {
      round, caller, expert: expert ?? 0,
      // A referral at the mixer of the same week is a chain of one.
      links: links.length > 0 ? links : third === null ? [] : [third],
      outcome: assist ? 'taken' : with_('busy', expert, caller) ? 'busy' : 'refused',
      value: assist?.[7] ?? 0,
      fee: with_('fee', caller, expert)?.[7] ?? 0,
      finder: ofKind(own, 'finder').find((act) => act[3] === caller)?.[7] ?? 0,
    };
  });
}

function fill(page: Page, stage: HTMLElement, table: HTMLElement, story: Evening): void {
  const { strategies } = page.outline;
  const cast = new Cast(story.people, strategies);
  const all = searches(story.calls);
  if (all.length === 0) {
    stage.replaceChildren(waiting('In these weeks nobody called any of the guests, and none of them called.'));
    return;
  }
  const ring = new Ring(story.guests, cast);
  const say = h('p', { class: 'say' });
  const player = new Player({
    frames: all.length,
    pace: 3000,
    auto: true,
    label: (frame) => {
      const after = (all[frame]?.round ?? story.round) - story.round;
      return `${after === 0 ? 'that week' : `${after} ${after === 1 ? 'week' : 'weeks'} after`}, call ${frame + 1} of ${all.length}`;
    },
    show: (frame, moved) => {
      const now = all[frame];
      if (!now) return;
      ring.show(all.slice(0, frame), now, moved);
      say.textContent = sentence(now, cast);
      table.replaceChildren(phones(all.slice(0, frame + 1), story.guests, cast, strategies));
    },
  });
  stage.replaceChildren(ring.element, player.element, say);
}

function sentence(search: Search, cast: Cast): string {
  const [caller, expert] = [capital(cast.name(search.caller)), cast.name(search.expert)];
  const [first, ...more] = search.links.map((id) => cast.name(id));
  const way = first === undefined
    ? `${caller} knows whom to call: ${expert}.`
    : `${caller} asks ${first}${more.length > 0 ? `, who asks ${more.join(', who asks ')}` : ''}. The name is ${expert}.`;
  const finder = search.finder > 0 ? `, and ${num(search.finder, 1)} to each link` : '';
  switch (search.outcome) {
    case 'taken':
      return `${way} The need is solved: +${num(search.value, 0)} for the caller, who pays a fee of ${num(search.fee, 1)}${finder}.`;
    case 'busy':
      return `${way} But the line is busy.`;
    default:
      return `${way} But ${expert} thinks too little of the caller to help.`;
  }
}

/** Calls that guests received as experts. */
function phones(so: Search[], guests: number[], cast: Cast, strategies: Strategy[]): HTMLElement {
  const rows = strategies.map((strategy, place) => {
    const members = guests.filter((id) => cast.strategy(id) === place);
    const rang = so.filter((one) => members.includes(one.expert));
    const fees = rang.reduce((sum, one) => sum + one.fee, 0);
    return { strategy, members: members.length, rang: rang.length, fees };
  });
  return h('table', {},
    h('caption', {}, 'The phone rang so far'),
    h('thead', {}, h('tr', {}, ...['Guests', 'number', 'calls', 'fees'].map((name) => h('th', { scope: 'col' }, name)))),
    h('tbody', {}, ...rows.filter((row) => row.members > 0).map((row) =>
      h('tr', {}, h('th', { scope: 'row' }, `${row.strategy.name}s`), h('td', {}, String(row.members)), h('td', {}, String(row.rang)), h('td', {}, num(row.fees, 1))))));
}

interface Place {
  x: number;
  y: number;
}

/** The guests in a ring, grouped by strategy; others who take part in a call stand inside it. */
class Ring {
  readonly element: SVGSVGElement;
  private readonly past = s('g', { opacity: 0.35 });
  private readonly now = s('g');
  private readonly at = new Map<number, Place>();
  private readonly size: Place;

  constructor(guests: number[], private readonly cast: Cast) {
    const narrow = matchMedia('(max-width: 860px)').matches;
    this.size = narrow ? { x: 420, y: 420 } : { x: 720, y: 500 };
    const sorted = [...guests].sort((a, b) => cast.strategy(a) - cast.strategy(b) || a - b);
    const [rx, ry] = [this.size.x / 2 - 24, this.size.y / 2 - 24];
    sorted.forEach((id, k) => {
      // Half a turn, so that the first group is on the left.
      const angle = (2 * Math.PI * (k + 0.5)) / sorted.length + Math.PI / 2;
      this.at.set(id, { x: this.size.x / 2 + rx * Math.cos(angle), y: this.size.y / 2 + ry * Math.sin(angle) });
    });
    const dots = sorted.map((id) => {
      const place = this.at.get(id) ?? { x: 0, y: 0 };
      return s('circle', { cx: place.x, cy: place.y, r: 8, fill: cast.colour(id) }, s('title', {}, cast.name(id)));
    });
    this.element = s('svg', { class: 'view', viewBox: `0 0 ${this.size.x} ${this.size.y}`, role: 'img', 'aria-label': 'Guests in a ring, with lines from callers to experts. The line of text says the same.' },
      s('defs', {}, s('marker', { id: 'call', viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: 'auto', markerUnits: 'userSpaceOnUse' }, s('path', { d: 'M0 0L8 4L0 8Z', fill: 'context-stroke' }))),
      this.past, ...dots, this.now);
  }

  show(before: Search[], search: Search, moved: boolean): void {
    this.element.classList.toggle('smooth', moved);
    this.past.replaceChildren(...before.filter((one) => one.outcome === 'taken').flatMap((one) => {
      const [from, to] = [this.at.get(one.caller), this.at.get(one.expert)];
      return from && to ? [this.curve(from, to, this.cast.colour(one.expert), 1.2)] : [];
    }));
    const way = [search.caller, ...search.links, search.expert];
    const places = this.placesOf(way);
    const marks: SVGElement[] = [];
    way.forEach((id, k) => {
      const [place, next, to] = [places[k], places[k + 1], way[k + 1]];
      if (!place) return;
      if (next && to !== undefined) marks.push(this.curve(place, next, this.cast.colour(to), 2.5, k));
      const outside = !this.at.has(id);
      marks.push(s('circle', { class: 'act', cx: place.x, cy: place.y, r: outside ? 7 : 12, fill: outside ? this.cast.colour(id) : 'none', stroke: this.cast.colour(id), 'stroke-width': 2.5 }));
      marks.push(this.label(place, this.cast.name(id)));
    });
    const end = places.at(-1);
    const below = way.length > 0 && this.at.has(way.at(-1) ?? -1) ? 17 : 42;
    if (end) marks.push(this.label({ x: end.x, y: end.y + below }, search.outcome === 'taken' ? `+${num(search.fee, 1)} fee` : search.outcome, true));
    this.now.replaceChildren(...marks);
  }

  /** People who were not there that evening stand between those before and after them, inside the ring. */
  private placesOf(way: number[]): Place[] {
    const middle = { x: this.size.x / 2, y: this.size.y / 2 };
    const known = way.map((id) => this.at.get(id));
    const anchor = known.find((place) => place !== undefined) ?? middle;
    const opposite = { x: middle.x + (middle.x - anchor.x) * 0.35, y: middle.y + (middle.y - anchor.y) * 0.35 };
    return way.map((_, k) => {
      const own = known[k];
      if (own) return own;
      const start = known[0] ?? opposite;
      const end = known.at(-1) ?? opposite;
      const share = way.length > 1 ? k / (way.length - 1) : 0.5;
      const lift = Math.sin(Math.PI * share) * 46;
      return { x: start.x + (end.x - start.x) * share, y: start.y + (end.y - start.y) * share - lift };
    });
  }

  private curve(a: Place, b: Place, colour: string, width: number, order?: number): SVGElement {
    const bend = { x: (a.x + b.x) / 2 * 0.85 + this.size.x / 2 * 0.15, y: (a.y + b.y) / 2 * 0.85 + this.size.y / 2 * 0.15 };
    // The line ends before the ring around the one who is called.
    const long = Math.hypot(b.x - bend.x, b.y - bend.y) || 1;
    const end = order === undefined ? b : { x: b.x - (b.x - bend.x) / long * 14, y: b.y - (b.y - bend.y) / long * 14 };
    return s('path', {
      class: order === undefined ? '' : 'act',
      d: `M${a.x} ${a.y} Q${bend.x} ${bend.y} ${end.x} ${end.y}`,
      fill: 'none', stroke: colour, 'stroke-width': width, 'marker-end': order === undefined ? null : 'url(#call)',
    });
  }

  private label(place: Place, text: string, strong = false): SVGElement {
    const left = place.x > this.size.x * 0.72;
    const right = place.x < this.size.x * 0.28;
    return s('text', {
      class: 'act', x: place.x + (left ? -17 : right ? 17 : 0), y: place.y + (left || right ? 4 : place.y < 60 ? 28 : -17),
      'text-anchor': left ? 'end' : right ? 'start' : 'middle', 'font-size': 14, 'font-weight': strong ? 700 : 500,
      'paint-order': 'stroke', stroke: 'var(--card)', 'stroke-width': 4,
    }, text);
  }
}
