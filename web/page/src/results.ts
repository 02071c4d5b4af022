/** The result of a run or a bet while it comes in: charts, progress, table and command. */

import { chartTitle, h, num, svgOf } from './dom';
import { dot, faults, type Page } from './page';
import { command, type World } from './state';
import type { BetResult, Chart, RunResult, Tracks } from './protocol';

export interface Options {
  /** Name of the work and of the kept result. */
  name: string;
  /** A heading above the progress, where there are several results. */
  title?: string;
  charts: readonly string[];
  /** The charts that are drawn while the result is not complete; by default all. */
  soFar?: () => readonly string[];
  table?: boolean;
  /** Called with each result; the drawn charts can be replaced by others. */
  shown?: (result: RunResult) => void;
}

export class Results {
  readonly element: HTMLElement;
  readonly table = h('div', {});
  readonly charts = h('div', { class: 'charts' });
  private readonly bar = h('span', {});
  private readonly said = h('span', { role: 'status' });
  private readonly stop: HTMLButtonElement;
  private readonly how = h('p', { class: 'quiet' });
  private readonly shown = h('pre', { class: 'command' });
  /** The latest complete or partial result. */
  latest: RunResult | undefined;

  constructor(private readonly page: Page, private readonly options: Options) {
    this.stop = h('button', { type: 'button', click: () => { page.runner.stop(options.name); } }, 'Stop');
    this.element = h('div', { class: 'results' }, this.charts, options.title !== undefined && h('h2', { class: 'resulttitle' }, options.title),
      h('div', { class: 'controls' }, h('span', { class: 'time' }, h('span', { class: 'bar', 'aria-hidden': 'true' }, this.bar)), this.said, this.stop),
      h('div', {}, this.how, this.shown));
  }

  /** Runs all replicates of the scenario. */
  run(scenario: { text: string; sets: string[] }, count: number, first?: (tracks: Tracks) => void, world = this.page.world): void {
    this.begin('run', world, count);
    const show = (result: RunResult): void => {
      this.latest = result;
      this.progress(result.done, count);
      this.draw(result.charts);
      if (this.options.table) this.table.replaceChildren(netTable(this.page, result));
      this.options.shown?.(result);
    };
    const { name, charts } = this.options;
    const drawn = (complete: boolean): readonly string[] => (complete ? charts : this.options.soFar?.() ?? charts);
    this.finish(this.page.runner.run({ name, ...scenario, count, charts: drawn, show, ...(first ? { first } : {}) }));
  }

  /** Runs all worlds of its bet. */
  bet(scenario: { text: string; sets: string[] }, count: number, shown: (result: BetResult) => void, world: World): void {
    this.begin('bet', world, count);
    const show = (result: BetResult): void => {
      this.progress(result.done, count);
      this.draw(result.charts);
      shown(result);
    };
    const { name, charts } = this.options;
    this.finish(this.page.runner.bet({ name, ...scenario, count, charts: () => charts, show }));
  }

  private begin(what: 'run' | 'bet', world: World, count: number): void {
    this.how.textContent = world.preset ? 'The same numbers on the command line:' : `The same numbers on the command line, with the scenario in ${world.file}:`;
    this.shown.textContent = command(what, world);
    this.stop.hidden = false;
    this.element.dataset['state'] = 'running';
    this.progress(0, count);
  }

  private finish(work: Promise<boolean>): void {
    void work.then(
      (complete) => {
        if (complete) {
          this.element.dataset['state'] = 'complete';
          this.stop.hidden = true;
        } else if (this.element.dataset['state'] === 'running') {
          this.element.dataset['state'] = 'stopped';
          this.stop.hidden = true;
          this.said.textContent += ' Stopped.';
        }
      },
      (error: unknown) => {
        this.element.dataset['state'] = 'failed';
        this.stop.hidden = true;
        this.charts.hidden = false;
        this.charts.replaceChildren(faults(error instanceof Error ? error.message : String(error)));
      },
    );
  }

  private progress(done: number, count: number): void {
    this.bar.style.width = `${(100 * done) / count}%`;
    this.said.textContent = `${done} of ${count} worlds.`;
  }

  draw(charts: Chart[]): void {
    if (charts.length > 0) this.charts.replaceChildren(...charts.map(chartCard));
  }
}

/** A chart as the library has drawn it. */
export function chartCard({ name, svg }: Chart): HTMLElement {
  const drawn = svgOf(svg);
  // On a narrow screen the picture can be moved, by keys too.
  return h('figure', { class: 'card chart', tabindex: 0, 'data-chart': name, 'aria-label': chartTitle(drawn) }, drawn);
}

/** Net benefit by strategy. */
export function netTable(page: Page, result: RunResult): HTMLElement {
  const colour = (name: string): string => page.outline.strategies.find((one) => one.name === name)?.colour ?? '#888888';
  const interval = (low: number | null, high: number | null): string => (low === null || high === null ? '' : `${num(low)} to ${num(high)}`);
  return h('table', {},
    h('caption', {}, 'Net benefit per member and week'),
    h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, ''), h('th', { scope: 'col' }, 'mean'), h('th', { scope: 'col' }, '95% interval'))),
    h('tbody', {}, ...result.net.map(({ strategy, mean, low, high }) =>
      h('tr', {}, h('th', { scope: 'row' }, dot(colour(strategy)), strategy), h('td', {}, num(mean, 3)), h('td', {}, interval(low, high))))));
}
