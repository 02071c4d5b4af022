/** What all steps share. */

import { h } from './dom';
import { Stopped, type Pool } from './pool';
import type { Act, Outline, Person, Strategy } from './protocol';
import type { Runner } from './runner';
import { setsOf, type Presets, type Step, type World } from './state';

/** The page as a step sees it. */
export interface Page {
  pool: Pool;
  runner: Runner;
  presets: Presets;
  /** The scenario that the page began with. */
  start: World;
  /** The scenario in force. */
  world: World;
  outline: Outline;
  /** Goes to a step. */
  go: (step: Step) => void;
  /** Shows the step again with another scenario. */
  open: (world: World) => void;
  /** Puts another scenario into force; its faults in the words of the program, if it has any. */
  change: (world: World) => Promise<string | undefined>;
}

/** The request for the scenario in force. */
export function scenarioOf(page: Page): { text: string; sets: string[] } {
  return { text: page.world.text, sets: setsOf(page.world) };
}

/** A step's frame: heading and words beside the stage. */
export function layout(title: string, lead: string, stage: Node, side: Node[], next?: { page: Page; step: Step; label: string }): HTMLElement {
  const on = next && h('button', { type: 'button', class: 'main next', click: () => { next.page.go(next.step); } }, `${next.label} \u2192`);
  return h('section', { class: 'step' }, h('div', { class: 'wide' }, h('h1', {}, title), h('p', { class: 'lead' }, lead)),
    stage, h('div', { class: 'side' }, ...side, on));
}

/** More people than this are not watched one by one: their acts would not fit into the memory of a page. */
const WATCHED_MAX = 20_000;

/** So many people are offered instead. */
const FEWER = 2_000;

/** If the people of this scenario are too many to be watched: words that say so, and a button for fewer in the same setting. */
export function tooMany(page: Page): HTMLElement | undefined {
  const { agents } = page.outline;
  if (agents <= WATCHED_MAX) return undefined;
  const fewer = { ...page.world, sets: new Map(page.world.sets).set('population.agents', String(FEWER)) };
  return h('div', {}, waiting(`${agents} people are too many to be watched one by one. Free play runs them all.`),
    h('div', { class: 'row' }, h('button', { type: 'button', class: 'fewer', click: () => { page.open(fewer); } }, `Show ${FEWER} people in the same setting`)));
}

/** Says that something is computed, or why it was not. */
export function waiting(text = 'Computing.'): HTMLElement {
  return h('p', { class: 'wait', role: 'status' }, text);
}

/** A fault in the words of the program. */
export function faults(text: string): HTMLElement {
  return h('pre', { class: 'faults', role: 'alert', tabindex: 0 }, text);
}

/** Shows why something was not computed, unless a reader has stopped it. */
export function failed(place: HTMLElement): (error: unknown) => void {
  return (error) => {
    if (!(error instanceof Stopped)) place.replaceChildren(faults(error instanceof Error ? error.message : String(error)));
  };
}

/** Names of agents: their strategy and their number. */
export class Cast {
  private readonly byId: Map<number, Person>;

  constructor(people: Person[], readonly strategies: Strategy[]) {
    this.byId = new Map(people.map((person) => [person.id, person]));
  }

  person(id: number): Person | undefined {
    return this.byId.get(id);
  }

  strategy(id: number): number {
    return this.byId.get(id)?.strategy ?? 0;
  }

  colour(id: number): string {
    return this.strategies[this.strategy(id)]?.colour ?? '#888888';
  }

  name(id: number): string {
    return `${this.strategies[this.strategy(id)]?.name ?? 'agent'} ${id}`;
  }
}

/** Dots with the names of strategies. */
export function strategyKey(strategies: Strategy[]): HTMLElement {
  return h('ul', { class: 'legend' }, ...strategies.map((one) => h('li', {}, dot(one.colour), one.name)));
}

export function dot(colour: string): HTMLElement {
  const mark = h('span', { class: 'dot', 'aria-hidden': 'true' });
  mark.style.background = colour;
  return mark;
}

/** The acts of one kind among some. */
export function ofKind(acts: Act[], kind: string): Act[] {
  return acts.filter((act) => act[2] === kind);
}

/** A large first letter. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
