/** Messages to and from the engine: a JSON document and a list of numbers, see `web/engine/src/lib.rs`. */

/** A request. What a request does not need is left out. */
export interface Request {
  ask: string;
  text?: string;
  sets?: readonly string[];
  number?: number;
  rounds?: number;
  people?: number;
  name?: string;
  names?: readonly string[];
  charts?: readonly string[];
  lengths?: readonly number[];
}

/** A reply: an answer or an error, and numbers. */
export interface Reply {
  ok?: unknown;
  error?: string;
  numbers: Float64Array<ArrayBuffer>;
}

const HEAD = 4;
const NUMBER = 8;

/** The bytes of a request. */
export function encode(request: Request, numbers: Float64Array): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(request));
  const length = Math.ceil((json.length + HEAD) / NUMBER) * NUMBER - HEAD;
  const bytes = new Uint8Array(HEAD + length + numbers.byteLength).fill(32);
  new DataView(bytes.buffer).setUint32(0, length, true);
  bytes.set(json, HEAD);
  bytes.set(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength), HEAD + length);
  return bytes;
}

/** The reply in these bytes, which start at a multiple of 8. */
export function decode(bytes: Uint8Array): Reply {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const document = JSON.parse(new TextDecoder().decode(bytes.subarray(HEAD, HEAD + length))) as Omit<Reply, 'numbers'>;
  const numbers = new Float64Array(bytes.slice(HEAD + length).buffer);
  return { ...document, numbers };
}

/** The outline of a scenario, or its faults in the words of the program. */
export interface Outline {
  faults?: string;
  title: string;
  seed: number;
  rounds: number;
  burn_in: number;
  replicates: number;
  agents: number;
  every: number;
  slots: number;
  strategies: Strategy[];
  regions: string[];
  worlds: number | null;
  focals: number | null;
  horizons: number[] | null;
  toml: string;
}

export interface Strategy {
  name: string;
  share: number;
  colour: string;
}

/** Net benefit of a strategy: mean, and interval if there is more than one replicate. */
export interface Net {
  strategy: string;
  mean: number;
  low: number | null;
  high: number | null;
}

/** Difference in net benefit: second - first. */
export interface Contrast {
  first: string;
  second: string;
  mean: number;
  low: number | null;
  high: number | null;
  clear: boolean;
}

export interface Chart {
  name: string;
  svg: string;
}

/** The result of a run so far. */
export interface RunResult {
  done: number;
  replicates: number;
  summary: string;
  net: Net[];
  contrasts: Contrast[];
  warnings: string[];
  charts: Chart[];
}

/** The result of a bet so far. */
export interface BetResult {
  done: number;
  verdict: string;
  lines: string[];
  summary: string;
  charts: Chart[];
}

/** Net benefit since birth of one replicate, by strategy and round. */
export interface Tracks {
  number: number;
  net_total: number[][];
}

/** An act: round, slot, kind, actor, other, third, channel, amount. */
export type Act = [
  round: number,
  slot: number | null,
  kind: string,
  actor: number,
  other: number | null,
  third: number | null,
  channel: string | null,
  amount: number,
];

export interface Person {
  id: number;
  strategy: number;
  expertise: number;
  need: number | null;
}

/** One evening, and the calls of its guests in the weeks after it. */
export interface Evening {
  round: number;
  slots: number;
  guests: number[];
  people: Person[];
  evening: Act[];
  calls: Act[];
}

/** One person's two lives. */
export interface Twins {
  focal: number;
  focals: number;
  round: number;
  slots: number;
  sides: [string, string];
  people: Person[];
  lives: [Life, Life];
}

export interface Life {
  acts: Act[];
  net: number[];
}

export interface Network {
  round: number;
  people: { id: number; strategy: number; active: boolean; calls: number }[];
  ties: [number, number, number][];
}
