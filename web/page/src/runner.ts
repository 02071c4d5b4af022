/** Runs replicates of a scenario, or worlds of its bet, in the workers, and shows the result so far as they come. */

import { Stopped, type Pool } from './pool';
import type { BetResult, RunResult, Tracks } from './protocol';

export interface Work<T> {
  /** Name of what is computed; a new run of the same name stops the older one, and replaces its result. */
  name: string;
  text: string;
  sets: readonly string[];
  /** Number of replicates or worlds. */
  count: number;
  /** The charts to draw, given whether the result is complete. */
  charts: (complete: boolean) => readonly string[];
  /** The result so far. */
  show: (result: T) => void;
  /** The first replicate, as soon as it is there. */
  first?: (tracks: Tracks) => void;
}

export class Runner {
  private readonly turns = new Map<string, number>();

  constructor(private readonly pool: Pool) {}

  stop(name: string): void {
    this.turns.set(name, (this.turns.get(name) ?? 0) + 1);
    this.pool.stop(name);
  }

  /** Runs all replicates. Returns whether the result is complete; false if it was stopped. */
  run(work: Work<RunResult>): Promise<boolean> {
    return this.all(work, 'replicate', 'run');
  }

  /** Likewise for the worlds of a bet. */
  bet(work: Work<BetResult>): Promise<boolean> {
    return this.all(work, 'world', 'bet');
  }

  private async all<T>(work: Work<T>, one: string, collect: string): Promise<boolean> {
    this.stop(work.name);
    const turn = this.turns.get(work.name);
    const current = (): boolean => this.turns.get(work.name) === turn;
    const { name, text, sets, charts } = work;
    const records: (Float64Array | undefined)[] = [];
    let [ready, shown] = [0, 0];
    let drawing: Promise<void> | undefined;
    const draw = async (): Promise<void> => {
      while (current() && shown < ready) {
        // Of many replicates not every one is worth a drawing.
        if (ready < work.count && ready - shown < Math.floor(shown / 8)) break;
        const upTo = ready;
        const parts = records.slice(0, upTo).map((record) => record ?? new Float64Array());
        const request = { ask: collect, name, text, sets, charts: charts(upTo === work.count), lengths: parts.map((part) => part.length) };
        const result = await this.pool.keep<T>(request, joined(parts));
        shown = upTo;
        if (current()) work.show(result);
      }
      drawing = undefined;
    };
    const numbers = Array.from({ length: work.count }, (_, number) => number);
    const jobs = numbers.map(async (number) => {
      const { answer, numbers: record } = await this.pool.record<Tracks>(name, { ask: one, text, sets, number });
      if (!current()) return;
      if (number === 0) work.first?.(answer);
      records[number] = record;
      // Results are of the first replicates, so that they are those of the program.
      while (records[ready]) ready += 1;
      drawing ??= draw();
    });
    try {
      await Promise.all(jobs);
      await drawing;
      await draw();
      return current();
    } catch (error) {
      if (error instanceof Stopped) return false;
      this.pool.stop(name);
      throw error;
    }
  }
}

function joined(parts: Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
