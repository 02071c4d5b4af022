/** Workers. One keeps results and answers what is quick; the others compute. What they compute can be stopped. */

import type { Reply, Request } from './protocol';

declare const WORKER_SOURCE: string;

interface Task {
  request: Request;
  numbers: Float64Array;
  group: string;
  resolve: (reply: Reply) => void;
  reject: (reason: Error) => void;
}

/** The reason of a request that was stopped. */
export class Stopped extends Error {}

/** A worker and what it does at the moment. */
class Lane {
  private readonly worker: Worker;
  private id = 0;
  task: Task | undefined;

  constructor(module: WebAssembly.Module, url: string, private readonly free: (lane: Lane, broken: boolean) => void) {
    this.worker = new Worker(url);
    this.worker.addEventListener('message', (event: MessageEvent<{ id: number; reply: Reply; broken?: boolean }>) => {
      const { id, reply, broken } = event.data;
      const task = this.task;
      if (id !== this.id || !task) return;
      this.task = undefined;
      task.resolve(reply);
      this.free(this, broken === true);
    });
    this.worker.postMessage({ module });
  }

  start(task: Task): void {
    this.task = task;
    this.id += 1;
    this.worker.postMessage({ id: this.id, request: task.request, numbers: task.numbers });
  }

  end(): void {
    this.worker.terminate();
  }
}

/** Tasks for some workers, which start when they are first needed. */
class Queue {
  private lanes: Lane[] = [];
  private waiting: Task[] = [];

  constructor(private readonly make: (free: (lane: Lane, broken: boolean) => void) => Lane, private size: number) {}

  /** Works with so many workers from now on. Those that there are end, and with them the memory that they hold. */
  resize(size: number): void {
    if (size === this.size) return;
    this.size = size;
    for (const lane of this.lanes) {
      lane.task?.reject(new Stopped('stopped'));
      lane.end();
    }
    this.lanes = [];
    this.go();
  }

  ask(request: Request, numbers: Float64Array, group: string): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const task = { request, numbers, group, resolve, reject };
      // What was asked for last is what a reader looks at: it goes before other groups that wait.
      const own = this.waiting.findLastIndex((one) => one.group === group);
      this.waiting.splice(own + 1, 0, task);
      this.go();
    });
  }

  /** Stops what belongs to a group. A worker that computes for it is ended. */
  stop(group: string): void {
    const stopped = this.waiting.filter((task) => task.group === group);
    this.waiting = this.waiting.filter((task) => task.group !== group);
    for (const lane of this.lanes.filter((one) => one.task?.group === group)) {
      if (lane.task) stopped.push(lane.task);
      lane.end();
      this.lanes = this.lanes.filter((one) => one !== lane);
    }
    for (const task of stopped) task.reject(new Stopped('stopped'));
    this.go();
  }

  private go(): void {
    while (this.waiting.length > 0) {
      let lane = this.lanes.find((one) => !one.task);
      if (!lane && this.lanes.length < this.size) {
        lane = this.make((freed, broken) => {
          if (broken) {
            freed.end();
            this.lanes = this.lanes.filter((one) => one !== freed);
          }
          this.go();
        });
        this.lanes.push(lane);
      }
      const task = lane ? this.waiting.shift() : undefined;
      if (!lane || !task) return;
      lane.start(task);
    }
  }
}

/** Megabytes that all workers may take together, about. */
const MEMORY = 150;

/** Megabytes that a worker takes for one world: ties of 8 bytes, the state of agents, and the engine itself. */
function megabytes(people: number, ties: number): number {
  return 12 + (people * (8 * ties + 120) * 1.3) / 1e6;
}

/** All workers of the page. */
export class Pool {
  private readonly keeper: Queue;
  private readonly computing: Queue;
  private readonly most: number;

  constructor(module: WebAssembly.Module) {
    const url = URL.createObjectURL(new Blob([WORKER_SOURCE], { type: 'text/javascript' }));
    const make = (free: (lane: Lane, broken: boolean) => void): Lane => new Lane(module, url, free);
    this.most = Math.max(1, Math.min(8, navigator.hardwareConcurrency || 2));
    this.keeper = new Queue(make, 1);
    this.computing = new Queue(make, this.most);
  }

  /** Uses as many workers as the memory allows for worlds of so many people with so many ties. */
  limit(people: number, ties: number): void {
    this.computing.resize(Math.max(1, Math.min(this.most, Math.floor(MEMORY / megabytes(people, ties)))));
  }

  /** Asks the worker that keeps results. */
  async keep<T>(request: Request, numbers: Float64Array = new Float64Array()): Promise<T> {
    return answer<T>(await this.keeper.ask(request, numbers, 'keep'));
  }

  /** Asks one of the workers that compute. */
  async compute<T>(group: string, request: Request): Promise<T> {
    return answer<T>(await this.computing.ask(request, new Float64Array(), group));
  }

  /** Likewise for a record. */
  async record<T>(group: string, request: Request): Promise<{ answer: T; numbers: Float64Array }> {
    const reply = await this.computing.ask(request, new Float64Array(), group);
    return { answer: answer<T>(reply), numbers: reply.numbers };
  }

  stop(group: string): void {
    this.computing.stop(group);
  }
}

function answer<T>(reply: Reply): T {
  if (reply.error !== undefined) throw new Error(reply.error);
  return reply.ok as T;
}

/** The engine's module, from the text in the page. */
export async function compile(base64: string): Promise<WebAssembly.Module> {
  const packed = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
  return WebAssembly.compile(await new Response(unpacked).arrayBuffer());
}
