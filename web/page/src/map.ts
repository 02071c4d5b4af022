/** A small map of who wins where: two keys, point by point. */

import { h, num, s } from './dom';
import { faults, scenarioOf, strategyKey, type Page } from './page';
import { groups, valueOf, type Knob } from './knobs';
import { Stopped } from './pool';
import type { Contrast, Net } from './protocol';

/** Points are small, so that a map takes seconds: fewer people and weeks than usual. */
const SMALL = ['population.agents=400', 'rounds=104', 'burn_in=32', 'replicates=4'];
const [COLUMNS, ROWS] = [7, 6];

interface Axis extends Knob {
  min: number;
  max: number;
}

function axes(page: Page): Axis[] {
  const wanted = ['calls.fee', 'reputation.legibility', 'mixer.every', 'mixer.cost', 'calls.rate', 'reputation.push_penalty', 'needs.rate'];
  const all = groups(page).flatMap(([, knobs]) => knobs);
  return wanted.flatMap((path) => {
    const knob = all.find((one) => one.path === path);
    return knob ? [{ ...knob, min: path === 'mixer.every' ? 1 : 0, max: path === 'calls.fee' ? 0.6 : knob.max ?? 1 }] : [];
  });
}

export function map(page: Page): HTMLElement {
  const all = axes(page);
  const choice = (picked: number, label: string): HTMLSelectElement =>
    h('select', { 'aria-label': label }, ...all.map((axis, k) => h('option', { value: k, selected: k === picked }, axis.label)));
  const [across, up] = [choice(1, 'Across'), choice(0, 'Up')];
  const place = h('div', {});
  const said = h('p', { class: 'say', role: 'status' });
  const fill = h('button', { type: 'button', class: 'main', click: () => { void run(); } }, 'Fill the map');
  const stop = h('button', { type: 'button', hidden: true, click: () => { page.pool.stop('map'); } }, 'Stop');
  return h('div', { class: 'card stagecard' },
    h('div', { class: 'row' }, h('label', {}, 'Across ', across), h('label', {}, 'Up ', up), fill, stop), place, said,
    strategyKey(page.outline.strategies),
    h('p', { class: 'quiet' }, `Each cell is a run with ${SMALL.join(', ')}: who gains most. Pale cells are not clear: the difference to the next could be chance. `,
      'For a map with a line and its uncertainty, use ', h('code', {}, 'mingle sweep'), '.'));

  async function run(): Promise<void> {
    page.pool.stop('map');
    const [x, y] = [all[Number(across.value)], all[Number(up.value)]];
    if (!x || !y || x === y) {
      said.textContent = 'Choose two different keys.';
      return;
    }
    const grid = new Grid(page, x, y);
    place.replaceChildren(grid.element);
    stop.hidden = false;
    const total = COLUMNS * ROWS;
    let done = 0;
    said.textContent = `0 of ${total} points.`;
    const { text, sets } = scenarioOf(page);
    try {
      await Promise.all(grid.points().map(async ({ column, row, values }) => {
        const own = [...sets, ...SMALL, ...values];
        const answer = await page.pool.compute<{ net: Net[]; contrasts: Contrast[] }>('map', { ask: 'point', text, sets: own });
        grid.set(column, row, answer.net, answer.contrasts);
        done += 1;
        said.textContent = `${done} of ${total} points.`;
      }));
    } catch (error) {
      if (error instanceof Stopped) said.textContent = `Stopped after ${done} of ${total} points.`;
      else {
        page.pool.stop('map');
        said.replaceChildren(faults(error instanceof Error ? error.message : String(error)));
      }
    }
    stop.hidden = true;
  }
}

class Grid {
  readonly element: SVGSVGElement;
  private readonly cells: SVGElement[] = [];

  constructor(private readonly page: Page, private readonly x: Axis, private readonly y: Axis) {
    const [left, bottom, cell, high] = [64, 46, 72, 50];
    const marks: SVGElement[] = [];
    for (let row = 0; row < ROWS; row += 1) {
      marks.push(s('text', { x: left - 8, y: (ROWS - row - 0.5) * high + 16, 'text-anchor': 'end', 'font-size': 12, class: 'mutedtext' }, value(y, row, ROWS)));
      for (let column = 0; column < COLUMNS; column += 1) {
        const rect = s('rect', { x: left + column * cell, y: (ROWS - 1 - row) * high + 10, width: cell - 3, height: high - 3, rx: 4, fill: 'var(--soft)' }, s('title'));
        this.cells.push(rect);
        marks.push(rect);
      }
    }
    for (let column = 0; column < COLUMNS; column += 1) {
      marks.push(s('text', { x: left + (column + 0.5) * cell, y: ROWS * high + 26, 'text-anchor': 'middle', 'font-size': 12, class: 'mutedtext' }, value(x, column, COLUMNS)));
    }
    const [width, height] = [left + COLUMNS * cell + 8, ROWS * high + bottom + 8];
    marks.push(s('text', { x: width - 8, y: height - 6, 'text-anchor': 'end', 'font-size': 13 }, `${x.label} \u2192`));
    marks.push(s('text', { x: 4, y: height - 6, 'font-size': 13 }, `\u2191 ${y.label}`));
    this.element = s('svg', { class: 'view map', viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': `Who gains most by ${x.label} and ${y.label}` }, ...marks);
    this.here(left, cell, high);
  }

  /** Marks where the scenario in force is. */
  private here(left: number, cell: number, high: number): void {
    const at = (axis: Axis): number => (Number(valueOf(this.page.outline.toml, axis.path)) - axis.min) / (axis.max - axis.min);
    const [x, y] = [at(this.x), at(this.y)];
    if (!(x >= 0 && x <= 1 && y >= 0 && y <= 1)) return;
    this.element.append(s('circle', {
      cx: left + (x * (COLUMNS - 1) + 0.5) * cell, cy: (ROWS - 0.5 - y * (ROWS - 1)) * high + 10, r: 6,
      fill: 'none', stroke: 'var(--ink)', 'stroke-width': 2, 'pointer-events': 'none',
    }, s('title', {}, 'the scenario in force')));
  }

  /** All points, those far from each other first, so that the picture shows early. */
  points(): { column: number; row: number; values: string[] }[] {
    const all = Array.from({ length: COLUMNS * ROWS }, (_, k) => ({ column: k % COLUMNS, row: Math.floor(k / COLUMNS) }));
    const order = (k: number): number => (k * 17) % all.length;
    return all.map((_, k) => all[order(k)] ?? { column: 0, row: 0 }).map(({ column, row }) => ({
      column, row,
      values: [`${this.x.path}=${value(this.x, column, COLUMNS)}`, `${this.y.path}=${value(this.y, row, ROWS)}`],
    }));
  }

  set(column: number, row: number, nets: Net[], contrasts: Contrast[]): void {
    const [best, next] = [...nets].sort((a, b) => b.mean - a.mean);
    const cell = this.cells[row * COLUMNS + column];
    if (!best || !cell) return;
    const clear = next === undefined || contrasts.some((one) => one.clear && [one.first, one.second].includes(best.strategy) && [one.first, one.second].includes(next.strategy));
    cell.setAttribute('fill', this.page.outline.strategies.find((one) => one.name === best.strategy)?.colour ?? '#888888');
    cell.setAttribute('fill-opacity', clear ? '0.9' : '0.3');
    const title = cell.querySelector('title');
    const ahead = next ? `, ${num(best.mean - next.mean)} more than ${next.strategy}${clear ? '' : ' (not clear)'}` : '';
    if (title) title.textContent = `${this.x.label} ${value(this.x, column, COLUMNS)}, ${this.y.label} ${value(this.y, row, ROWS)}: ${best.strategy}${ahead}`;
  }
}

function value(axis: Axis, at: number, of: number): string {
  const exact = axis.min + ((axis.max - axis.min) * at) / (of - 1);
  return axis.path === 'mixer.every' ? String(Math.round(exact)) : String(Number(exact.toFixed(3)));
}
