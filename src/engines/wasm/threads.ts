/**
 * The worker threads of a device. They share its memory and have tables of the same functions, so that a program in memory can run
 * on any of them. Commands go through words of the memory (thread-code.ts); kernels and errors through messages.
 */
import { StateError } from "../../errors.js";
import type { Heap } from "./heap.js";
import { COMMAND, controlLayout, SPINS, type TableChange, type ThreadMessage, threadCode } from "./thread-code.js";

/** A worker of the platform. */
export interface Thread {
  post(message: unknown): void;
  onMessage(listener: (message: { ready?: true; failed?: string }) => void): void;
  /** Called if the thread ends, which it never should. */
  onEnd(listener: (reason: string) => void): void;
  /** Whether a thread that has once been ready still runs, where a platform knows without waiting for messages. */
  alive?(): boolean | undefined;
  /** Whether the process waits for it. */
  hold(held: boolean): void;
  end(): void;
}

/** Source of threads: Node's worker_threads, a browser's Web Workers. */
export interface Platform {
  /** Number of programs that should run at once, the main thread included. */
  threadCount(): number;
  startThread(code: string): Thread;
}

/** A table of functions that changes. */
export interface Functions {
  /** Number of changes so far. */
  readonly version: number;
  changesSince(version: number): readonly TableChange[];
}

/** A thread that has not answered after this time is given up. */
const TIMEOUT_MS = 120_000;

interface WorkerHandle {
  readonly thread: Thread;
  /** Index of its first control word. */
  readonly control: number;
  /** Number of changes of the table that it has taken. */
  known: number;
  turn: number;
  failure: string | undefined;
  /** Settles when it has taken everything that was sent, and waits for commands. */
  ready: Promise<void>;
  /** Settles what waits for new functions. */
  answer: ((problem?: string) => void) | undefined;
}

/** Threads end when nothing can send them work any more. */
const abandoned = /* @__PURE__ */ new FinalizationRegistry<Thread>((thread) => thread.end());

export class ThreadPool {
  readonly #workers: WorkerHandle[] = [];

  constructor(
    private readonly platform: Platform,
    private readonly heap: Heap,
    private readonly blas: () => Promise<ThreadMessage["blas"]>,
  ) {}

  /** Starts threads until there are `count`; they become ready while the caller continues. */
  start(count: number, runner: Promise<unknown>): void {
    for (let index = this.#workers.length; index < count; index++) {
      const worker = this.#start();
      this.#workers.push(worker);
      worker.ready = this.#initialize(index, worker, runner);
      worker.ready.catch(() => {}); // thrown again where it is awaited
    }
  }

  /** Whether a thread has ended that should not have. */
  get broken(): boolean {
    return this.#workers.some(({ failure }) => failure !== undefined);
  }

  /** Starts threads in place of those that ended, with the same functions. */
  async heal(runner: Promise<unknown>, functions: Functions): Promise<void> {
    for (const [index, worker] of this.#workers.entries()) {
      if (worker.failure === undefined) continue;
      worker.thread.end();
      const other = this.#start();
      this.#workers[index] = other;
      other.ready = this.#initialize(index, other, runner);
      await this.prepare(index, functions);
    }
  }

  async #initialize(index: number, worker: WorkerHandle, runnerModule: Promise<unknown>): Promise<void> {
    const [runner, blas] = await Promise.all([runnerModule, this.blas()]);
    await this.#send(index, worker, { memory: this.heap.memory, control: worker.control, runner, blas, changes: [] });
  }

  /** Makes sure that thread `index`, which was started, has these functions; one after another where several ask. */
  prepare(index: number, functions: Functions): Promise<void> {
    const worker = this.#workers[index]!;
    worker.ready = worker.ready.then(() => this.#add(index, worker, functions));
    return worker.ready;
  }

  async #add(index: number, worker: WorkerHandle, functions: Functions): Promise<void> {
    if (worker.known === functions.version) return;
    this.#finish(worker, this.#command(worker, COMMAND.listen));
    const message: ThreadMessage = { changes: functions.changesSince(worker.known) };
    worker.known = functions.version;
    await this.#send(index, worker, message);
  }

  /** Sends a message to a thread that listens, and waits until it takes commands again. */
  async #send(index: number, worker: WorkerHandle, message: ThreadMessage): Promise<void> {
    worker.thread.hold(true);
    const problem = await new Promise<string | undefined>((resolve) => {
      worker.answer = resolve;
      if (worker.failure === undefined) worker.thread.post(message);
      else resolve(worker.failure);
    });
    worker.thread.hold(false);
    if (problem !== undefined) throw lost(index, problem);
  }

  /** The thread's listeners must not know the pool: it could never be abandoned. */
  #start(): WorkerHandle {
    const control = this.heap.allocate(4 * controlLayout.size, "The control block of a thread") / 4;
    const thread = this.platform.startThread(threadCode());
    const ready = Promise.resolve();
    const worker: WorkerHandle = { thread, control, known: 0, turn: 0, failure: undefined, ready, answer: undefined };
    thread.onMessage(({ failed }) => {
      worker.failure = failed ?? worker.failure;
      worker.answer?.(failed);
    });
    thread.onEnd((reason) => {
      worker.failure = reason;
      worker.answer?.(reason);
    });
    abandoned.register(this, thread);
    return worker;
  }

  /** @throws StateError when a thread has ended */
  check(): void {
    for (const [index, { failure }] of this.#workers.entries()) if (failure !== undefined) throw lost(index, failure);
  }

  /** Starts a program on thread `index`. @returns a function that waits for it */
  run(index: number, segments: number, count: number): () => void {
    const worker = this.#workers[index]!;
    const turn = this.#command(worker, COMMAND.run, segments, count);
    return () => this.#finish(worker, turn);
  }

  #command(worker: WorkerHandle, command: number, segments = 0, count = 0): number {
    if (worker.failure !== undefined) throw lost(this.#workers.indexOf(worker), worker.failure);
    const { integers } = this.heap;
    const { at } = controlLayout;
    integers[worker.control + at.command] = command;
    integers[worker.control + at.segments] = segments;
    integers[worker.control + at.count] = count;
    Atomics.store(integers, worker.control + at.turn, ++worker.turn);
    Atomics.notify(integers, worker.control + at.turn);
    return worker.turn;
  }

  #finish(worker: WorkerHandle, turn: number): void {
    const { integers } = this.heap;
    const word = worker.control + controlLayout.at.done;
    for (let spin = 0; spin < SPINS; spin++) if (Atomics.load(integers, word) === turn) break;
    const start = performance.now();
    while (Atomics.load(integers, word) !== turn) {
      const alive = worker.thread.alive?.();
      if (alive === false) worker.failure = "it has ended";
      else if (alive === undefined && performance.now() - start > TIMEOUT_MS) {
        worker.failure = `it has not answered for ${TIMEOUT_MS / 1000} s`;
      }
      if (worker.failure !== undefined) throw lost(this.#workers.indexOf(worker), worker.failure);
      waitFor(integers, word);
    }
    if (integers[worker.control + controlLayout.at.failed] !== 0) {
      worker.failure ??= "its program failed";
      throw lost(this.#workers.indexOf(worker), worker.failure);
    }
  }
}

/** Sleeps until the word may have changed; where the thread must not sleep (a page's main thread) returns at once. */
function waitFor(integers: Int32Array, word: number): void {
  try {
    Atomics.wait(integers, word, Atomics.load(integers, word), 1);
  } catch {
    // Spinning is all that is left.
  }
}

function lost(index: number, reason: string): StateError {
  return new StateError(
    `The worker thread ${index} is lost: ${reason}. The results of this call are lost; call again, and another thread takes its place. After a ` +
      "training step weights may be changed in part: continue from a checkpoint or a model file. If it happens again, turn threads off: " +
      "{ engine: createWasmEngine({ threads: 1 }) }.",
  );
}
