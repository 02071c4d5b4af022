/** Step 3: the whole run. One world as it runs, then all of them with their intervals. */

import { h, num } from './dom';
import { Lines } from './lines';
import { Player } from './player';
import { layout, scenarioOf, strategyKey, waiting, type Page } from './page';
import { Results } from './results';
import type { Tracks } from './protocol';

export function years(page: Page): HTMLElement {
  const { outline } = page;
  const stage = h('div', { class: 'card stagecard' }, waiting());
  const results = new Results(page, { name: 'years', charts: ['net_over_time'], table: true });
  results.run(scenarioOf(page), outline.replicates, (tracks) => { race(page, stage, tracks); });
  return layout(
    'Over the years: who has gained more?',
    `Week by week, ${outline.agents} people push, serve, call and pay. This is what a member of each group has gained so far, on average, less all that it spent.`,
    h('div', { class: 'charts' }, stage, results.element),
    [
      strategyKey(outline.strategies),
      h('p', {}, `One world is one story. So the same ${outline.rounds} weeks are lived in ${outline.replicates} worlds, each with its own luck. The band around a line is where its mean lies, with 95% confidence; watch it narrow.`),
      results.table,
      h('p', { class: 'quiet' }, `Means are over the weeks after the first ${outline.burn_in}, in which ties and opinions settle.`),
    ],
    { page, step: 'change', label: 'Change one thing' },
  );
}

function race(page: Page, stage: HTMLElement, tracks: Tracks): void {
  const lines = page.outline.strategies.map(({ name, colour }, place) => ({ name, colour, values: tracks.net_total[place] ?? [] }));
  const view = new Lines(lines, { x: 'week', y: 'net benefit since the start, per member' });
  const say = h('p', { class: 'say' });
  const player = new Player({
    frames: Math.max(1, ...lines.map((line) => line.values.length)),
    pace: 60,
    auto: true,
    label: (week) => `week ${week}`,
    show: (week) => {
      view.show(week);
      const now = lines.map(({ name, values }) => `${name} ${num(values[week] ?? NaN, 1)}`);
      say.textContent = `World 1, week ${week}: ${now.join(', ')}.`;
    },
  });
  stage.replaceChildren(view.element, player.element, say);
}
