/** A worker: holds one engine and answers requests, one after the other. */

import { decode, encode, type Request } from './protocol';

interface Engine {
  memory: WebAssembly.Memory;
  mingle_reserve(size: number): number;
  mingle_answer(request: number, size: number): number;
  mingle_release(reply: number, size: number): void;
}

let engine: Promise<Engine> | undefined;

/** The module asks for functions of a browser that a library of it can use; none is ever called. */
function unused(module: WebAssembly.Module): WebAssembly.Imports {
  const imports: WebAssembly.Imports = {};
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
    const group = (imports[from] ??= {});
    if (kind === 'function') {
      group[name] = () => {
        throw new Error(`${from}.${name} is not there`);
      };
    }
  }
  return imports;
}

async function start(module: WebAssembly.Module): Promise<Engine> {
  const instance = await WebAssembly.instantiate(module, unused(module));
  return instance.exports as unknown as Engine;
}

function answer(to: Engine, request: Request, numbers: Float64Array): ReturnType<typeof decode> {
  const bytes = encode(request, numbers);
  const place = to.mingle_reserve(bytes.length);
  new Uint8Array(to.memory.buffer, place, bytes.length).set(bytes);
  const reply = to.mingle_answer(place, bytes.length);
  const size = Number(new DataView(to.memory.buffer).getBigUint64(reply, true));
  const decoded = decode(new Uint8Array(to.memory.buffer, reply + 8, size));
  to.mingle_release(reply, size);
  return decoded;
}

interface Job {
  module?: WebAssembly.Module;
  id: number;
  request: Request;
  numbers?: Float64Array;
}

self.addEventListener('message', (event: MessageEvent<Job>) => {
  const { module, id, request, numbers } = event.data;
  if (module) {
    engine = start(module);
    return;
  }
  void (async () => {
    try {
      if (!engine) throw new Error('the engine was not sent');
      const reply = answer(await engine, request, numbers ?? new Float64Array());
      self.postMessage({ id, reply }, { transfer: [reply.numbers.buffer] });
    } catch (error) {
      const reply = { error: `the engine stopped: ${String(error)}`, numbers: new Float64Array() };
      self.postMessage({ id, reply, broken: true });
    }
  })();
});
