/** The room of an event: guests as dots, pairs side by side, acts between them. */

import { h, s, still } from './dom';
import { ofKind, type Cast } from './page';
import type { Act } from './protocol';

interface Place {
  x: number;
  y: number;
}

/** Distance of the two who talk from the middle of their place. */
const APART = 25;
const RADIUS = 10;

export class Room {
  readonly element: SVGSVGElement;
  private readonly dots = new Map<number, SVGGElement>();
  private readonly lines = s('g');
  private readonly acts = s('g');
  private readonly spots: Place[];
  /** The position of each guest in each slot. */
  private readonly positions: Map<number, Place>[];
  private readonly width: number;
  private readonly height: number;

  constructor(private readonly guests: number[], private readonly cast: Cast, private readonly slots: Act[][]) {
    const narrow = matchMedia('(max-width: 860px)').matches;
    const places = Math.max(1, Math.ceil(guests.length / 2));
    const columns = columnsFor(places, narrow ? 4 : 6);
    const rows = Math.ceil(places / columns);
    const [cell, high] = [narrow ? 100 : 122, narrow ? 84 : 92];
    this.width = columns * cell + 20;
    this.height = rows * high + 20;
    this.spots = Array.from({ length: places }, (_, k) => ({
      x: 10 + (k % columns + 0.5) * cell + (Math.floor(k / columns) % 2 === 0 ? -6 : 6),
      y: 10 + (Math.floor(k / columns) + 0.5) * high,
    }));
    this.positions = this.plan();
    this.element = s('svg', { class: 'view', viewBox: `0 0 ${this.width} ${this.height}`, role: 'img', 'aria-label': 'Guests in a room. What they do is in the table and the line of text.' },
      marker(), this.lines, this.acts);
    for (const id of guests) {
      const circle = s('circle', { r: RADIUS, stroke: cast.colour(id), 'stroke-width': 3.5 });
      const group = s('g', { class: 'guest' }, s('title', {}, cast.name(id)), circle);
      this.dots.set(id, group);
      this.element.append(group);
    }
  }

  /** What the marks mean. */
  static legend(): HTMLElement {
    const item = (text: string, ...marks: SVGElement[]): HTMLElement => h('li', {}, s('svg', { viewBox: '0 0 34 20', 'aria-hidden': 'true' }, ...marks), text);
    const ink = 'currentColor';
    return h('ul', { class: 'legend' },
      item('has an open need', s('circle', { cx: 17, cy: 10, r: 7, fill: 'none', stroke: ink, 'stroke-width': 3 })),
      item('no need', s('circle', { cx: 17, cy: 10, r: 8, fill: ink })),
      item('talk', s('path', { d: 'M2 10H32', stroke: ink, 'stroke-width': 1.5 })),
      item('push', s('path', { d: 'M3 12Q17 2 29 11', fill: 'none', stroke: ink, 'stroke-width': 2 }), s('path', { d: 'M24 4L31 12L22 13Z', fill: ink })),
      item('need solved', s('text', { x: 2, y: 15, fill: ink, 'font-size': 14, 'font-weight': 700 }, '+10')),
      item('referral', s('path', { d: 'M2 10H32', stroke: ink, 'stroke-width': 2, 'stroke-dasharray': '2 4' })),
      item('encouragement', s('circle', { cx: 17, cy: 10, r: 8.5, fill: 'none', stroke: ink, 'stroke-width': 1, 'stroke-dasharray': '2 2' })),
    );
  }

  /** Shows a slot; -1 is the arrival. */
  show(slot: number, moved: boolean): void {
    const smooth = moved && !still();
    this.element.classList.toggle('smooth', smooth);
    const at = this.positions[slot + 1] ?? new Map<number, Place>();
    const needy = this.needyAfter(slot);
    for (const [id, group] of this.dots) {
      const place = at.get(id) ?? { x: 0, y: 0 };
      group.style.transform = `translate(${place.x}px, ${place.y}px)`;
      group.classList.toggle('needy', needy.has(id));
      group.querySelector('circle')?.setAttribute('fill', needy.has(id) ? 'var(--card)' : this.cast.colour(id));
    }
    const acts = slot < 0 ? [] : this.slots[slot] ?? [];
    this.lines.replaceChildren(...ofKind(acts, 'talk').map((act) => this.line(act, at)));
    this.acts.replaceChildren(...acts.flatMap((act) => this.mark(act, at)));
  }

  /** Guests with an open need after a slot. */
  private needyAfter(slot: number): Set<number> {
    const needy = new Set(this.guests.filter((id) => (this.cast.person(id)?.need ?? null) !== null));
    for (const acts of this.slots.slice(0, slot + 1)) {
      for (const act of ofKind(acts, 'assist')) needy.delete(act[4] ?? -1);
    }
    return needy;
  }

  private line(act: Act, at: Map<number, Place>): SVGElement {
    const [a, b] = [at.get(act[3]), at.get(act[4] ?? -1)];
    if (!a || !b) return s('g');
    return s('line', { x1: a.x, y1: a.y, x2: b.x, y2: b.y, stroke: 'var(--muted)', 'stroke-width': 1.5 });
  }

  private mark([, , kind, actor, other, third, , amount]: Act, at: Map<number, Place>): SVGElement[] {
    const [a, b] = [at.get(actor), at.get(other ?? -1)];
    if (!a || !b) return [];
    const colour = this.cast.colour(actor);
    const middle = (a.x + b.x) / 2;
    switch (kind) {
      case 'push': {
        const lift = a.x < b.x ? -22 : 22;
        const way = Math.sign(b.x - a.x);
        return [s('path', { class: 'act', d: `M${a.x + way * 6} ${a.y + lift / 2} Q${middle} ${a.y + lift * 1.25} ${b.x - way * 7} ${b.y + lift / 2.1}`, fill: 'none', stroke: colour, 'stroke-width': 2, 'marker-end': 'url(#tip)' })];
      }
      case 'assist':
        return [
          s('line', { class: 'act late', x1: a.x, y1: a.y, x2: b.x, y2: b.y, stroke: colour, 'stroke-width': 6, 'stroke-linecap': 'round' }),
          s('text', { class: 'act late', x: b.x, y: b.y - 17, 'text-anchor': 'middle', 'font-size': 15, 'font-weight': 700 }, `+${amount}`),
        ];
      case 'refuse':
        return [s('text', { class: 'act late', x: middle, y: a.y + 5, 'text-anchor': 'middle', 'font-size': 16, 'font-weight': 700 }, '\u00d7')];
      case 'encourage':
        return [s('circle', { class: 'act late', cx: b.x, cy: b.y, r: RADIUS + 5, fill: 'none', stroke: colour, 'stroke-width': 1.2, 'stroke-dasharray': '2.5 2.5' })];
      case 'refer': {
        const to = at.get(third ?? -1) ?? { x: middle, y: 4 };
        const label = at.has(third ?? -1) ? [] : [s('circle', { class: 'act late', cx: to.x, cy: to.y + 3, r: 4, fill: this.cast.colour(third ?? 0) })];
        return [s('path', { class: 'act late', d: `M${b.x} ${b.y - RADIUS} Q${(b.x + to.x) / 2 + 14} ${(b.y + to.y) / 2} ${to.x} ${to.y + 4}`, fill: 'none', stroke: colour, 'stroke-width': 2, 'stroke-dasharray': '2 4' }), ...label];
      }
      default:
        return [];
    }
  }

  /** Where everyone is in each slot. Who goes on talking stays; new pairs take the nearest free place. */
  private plan(): Map<number, Place>[] {
    const arrival = new Map<number, Place>();
    this.guests.forEach((id, k) => {
      const spot = this.spots[Math.floor(k / 2)] ?? { x: 0, y: 0 };
      arrival.set(id, { x: spot.x + (k % 2 === 0 ? -APART : APART), y: spot.y });
    });
    const all = [arrival];
    let held = new Map<string, number>();
    for (const acts of this.slots) {
      const before = all.at(-1) ?? arrival;
      const pairs = ofKind(acts, 'talk').map((act): [number, number] => [act[3], act[4] ?? act[3]]);
      const now = new Map<string, number>();
      const free = new Set(this.spots.keys());
      for (const pair of pairs) {
        const spot = held.get(keyOf(pair));
        if (spot !== undefined) {
          now.set(keyOf(pair), spot);
          free.delete(spot);
        }
      }
      for (const pair of pairs.filter((one) => !now.has(keyOf(one)))) {
        const spot = this.nearest(free, before, pair);
        now.set(keyOf(pair), spot);
        free.delete(spot);
      }
      const at = new Map<number, Place>();
      for (const pair of pairs) this.seat(pair, now.get(keyOf(pair)) ?? 0, before, at);
      for (const id of this.guests.filter((guest) => !at.has(guest))) {
        const spot = this.spots[this.nearest(free, before, [id, id])] ?? { x: 0, y: 0 };
        at.set(id, { x: spot.x, y: spot.y });
      }
      all.push(at);
      held = now;
    }
    return all;
  }

  private seat(pair: [number, number], spot: number, before: Map<number, Place>, at: Map<number, Place>): void {
    const { x, y } = this.spots[spot] ?? { x: 0, y: 0 };
    // Whoever comes from the left stands on the left.
    const [left, right] = [...pair].sort((a, b) => (before.get(a)?.x ?? 0) - (before.get(b)?.x ?? 0) || a - b) as [number, number];
    at.set(left, { x: x - APART, y });
    at.set(right, { x: x + APART, y });
  }

  private nearest(free: Set<number>, before: Map<number, Place>, pair: [number, number]): number {
    const [a, b] = pair.map((id) => before.get(id) ?? { x: 0, y: 0 }) as [Place, Place];
    let [best, least] = [0, Infinity];
    for (const spot of free) {
      const place = this.spots[spot] ?? { x: 0, y: 0 };
      const far = Math.hypot(place.x - (a.x + b.x) / 2, place.y - (a.y + b.y) / 2);
      if (far < least) [best, least] = [spot, far];
    }
    return best;
  }
}

/** Number of columns, at most `most`, that leaves the fewest places empty in the last row. */
function columnsFor(places: number, most: number): number {
  let [best, least] = [most, Infinity];
  for (let columns = most; columns >= Math.max(1, most - 2); columns -= 1) {
    const empty = Math.ceil(places / columns) * columns - places;
    if (empty < least) [best, least] = [columns, empty];
  }
  return Math.min(best, places);
}

function keyOf([a, b]: [number, number]): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}

function marker(): SVGElement {
  return s('defs', {}, s('marker', { id: 'tip', viewBox: '0 0 8 8', refX: 6, refY: 4, markerWidth: 5, markerHeight: 5, orient: 'auto' },
    s('path', { d: 'M0 0L8 4L0 8Z', fill: 'context-stroke' })));
}
