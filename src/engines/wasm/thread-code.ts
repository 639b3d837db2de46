/**
 * Code of a worker thread, as text: a worker then needs no file to be found, bundled or served. It waits for a word of the shared memory to
 * change, runs the program that the next words name, and reports it in another word. While it waits it receives no messages; the command
 * `listen` returns it to its event loop, where it takes new kernels.
 */
import { descriptor } from "./descriptor.js";

/**
 * A thread's control block: a turn, which counts up with every command; the command and its arguments; the turn that is done, and 1 if it
 * failed.
 */
export const controlLayout = descriptor({
  turn: "word",
  command: "word",
  segments: "word",
  count: "word",
  done: "word",
  failed: "word",
});
/** Number of times that a thread looks for a command before it sleeps: some tenths of a millisecond, longer than the bookkeeping between two steps. */
export const SPINS = 100_000;
export const COMMAND = { listen: 0, run: 1 } as const;

/** A function of the thread's table: an export of a module, or a function of the host. */
export type TableEntry = { readonly module: unknown; readonly exportName: string } | { readonly host: "blas" };

/** The entry that a slot of the table has now; undefined where it is free. */
export interface TableChange {
  readonly index: number;
  readonly entry: TableEntry | undefined;
}

/** Message to a thread: its memory and libraries at the start, later the changes of its table. */
export interface ThreadMessage {
  readonly memory?: unknown;
  /** Index of the first control word. */
  readonly control?: number;
  /** Arguments of the BLAS that the main thread uses. */
  readonly blas?: { readonly koffi: string; readonly library: string; readonly code: string };
  readonly runner?: unknown;
  readonly changes: readonly TableChange[];
}

/** A module that exports the function (i32, i32) that it imports as e.f, since a table holds only functions of modules. */
export const hostModule = [
  ...[0, 97, 115, 109, 1, 0, 0, 0], // header
  ...[1, 6, 1, 96, 2, 127, 127, 0], // types
  ...[2, 7, 1, 1, 101, 1, 102, 0, 0], // imports
  ...[7, 5, 1, 1, 102, 0, 0], // exports
];

/** Defines serve(post, onMessage). */
export function threadCode(): string {
  const { at } = controlLayout;
  return `
const __name = (f) => f;
function serve(post, onMessage) {
  const table = new WebAssembly.Table({ initial: 0, element: "anyfunc" });
  const host = {};
  let memory, block, seen = 0, runner;
  const imports = () => ({ tavali: { memory, table } });
  const load = async ({ memory: given, control, blas, runner: runnerModule, changes }) => {
    if (given) {
      memory = given;
      block = control;
    }
    memory.grow(0); // to see how far other threads have grown it
    if (blas) host.blas = await (0, eval)("(" + blas.code + ")")(blas, memory);
    const instances = new Map();
    for (const { index, entry } of changes) {
      let made = null;
      if (entry && entry.host) made = await fromHost(host[entry.host]);
      else if (entry) {
        if (!instances.has(entry.module)) instances.set(entry.module, await WebAssembly.instantiate(entry.module, imports()));
        made = instances.get(entry.module).exports[entry.exportName];
      }
      if (table.length <= index) table.grow(index + 1 - table.length);
      table.set(index, made);
    }
    if (runnerModule) runner = (await WebAssembly.instantiate(runnerModule, imports())).exports.run;
  };
  const fromHost = async (f) => {
    const module = await WebAssembly.compile(new Uint8Array(${JSON.stringify(hostModule)}));
    return (await WebAssembly.instantiate(module, { e: { f } })).exports.f;
  };
  const runLoop = () => {
    const words = new Int32Array(memory.buffer);
    const turn = block + ${at.turn}, done = block + ${at.done};
    for (;;) {
      for (let spin = 0; spin < ${SPINS} && Atomics.load(words, turn) === seen; spin++);
      while (Atomics.load(words, turn) === seen) Atomics.wait(words, turn, seen);
      seen = Atomics.load(words, turn);
      const command = words[block + ${at.command}];
      let failed = 0;
      if (command === ${COMMAND.run}) {
        try {
          runner(words[block + ${at.segments}], words[block + ${at.count}]);
        } catch (error) {
          failed = 1;
          post({ failed: String(error) });
        }
      }
      words[block + ${at.failed}] = failed;
      Atomics.store(words, done, seen);
      Atomics.notify(words, done);
      if (command === ${COMMAND.listen}) return;
    }
  };
  onMessage(async (message) => {
    try {
      await load(message);
    } catch (error) {
      post({ failed: String(error && error.stack || error) });
      return;
    }
    post({ ready: true });
    runLoop();
  });
}
`;
}
