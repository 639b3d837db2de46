/**
 * The worker threads of a device. They share its memory and have tables of the same functions, so that a program placed in memory can run
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
  /** Whether a thread that has once been ready still runs, where a platform can tell without waiting for messages. */
  alive?(): boolean | undefined;
  /** Whether the process waits for it. */
  hold(held: boolean): void;
  end(): void;
}

/** What a platform offers: Node's worker_threads, a browser's Web Workers. */
export interface Platform {
  threadCount(): number;
  startThread(code: string): Thread;
}

/** A table of functions that changes. */
export interface Functions {
  /** Number of changes so far. */
  readonly version: number;
  changesSince(version: number): readonly TableChange[];
}

/** Milliseconds after which a thread that has not answered is given up. */
const PATIENCE = 120_000;

interface Hand {
  readonly thread: Thread;
  /** Index of its first control word. */
  readonly control: number;
  /** How many changes of the table it has taken. */
  known: number;
  turn: number;
  failure: string | undefined;
  /** When it has taken everything that it was sent, and obeys. */
  ready: Promise<void>;
  /** Settles what waits for new functions. */
  answer: ((problem?: string) => void) | undefined;
}

/** Threads end when nothing can send them work any more. */
const abandoned = /* @__PURE__ */ new FinalizationRegistry<Thread>((thread) => thread.end());

export class ThreadPool {
  readonly #hands: Hand[] = [];

  constructor(
    private readonly platform: Platform,
    private readonly heap: Heap,
    private readonly blas: () => Promise<ThreadMessage["blas"]>,
  ) {}

  /** Starts threads until there are `count`; they make themselves ready while the caller goes on. */
  start(count: number, runner: Promise<unknown>): void {
    for (let index = this.#hands.length; index < count; index++) {
      const hand = this.#start();
      this.#hands.push(hand);
      hand.ready = this.#begin(index, hand, runner);
      hand.ready.catch(() => {}); // told to whoever waits for it
    }
  }

  /** Whether a thread has ended that should not have. */
  get broken(): boolean {
    return this.#hands.some(({ failure }) => failure !== undefined);
  }

  /** Starts threads in place of those that ended, with the same functions. */
  async heal(runner: Promise<unknown>, functions: Functions): Promise<void> {
    for (const [index, hand] of this.#hands.entries()) {
      if (hand.failure === undefined) continue;
      hand.thread.end();
      const other = this.#start();
      this.#hands[index] = other;
      other.ready = this.#begin(index, other, runner);
      await this.prepare(index, functions);
    }
  }

  async #begin(index: number, hand: Hand, runnerModule: Promise<unknown>): Promise<void> {
    const [runner, blas] = await Promise.all([runnerModule, this.blas()]);
    await this.#tell(index, hand, { memory: this.heap.memory, control: hand.control, runner, blas, changes: [] });
  }

  /** Makes sure that thread `index`, which was started, has these functions; one after another where several ask. */
  prepare(index: number, functions: Functions): Promise<void> {
    const hand = this.#hands[index]!;
    hand.ready = hand.ready.then(() => this.#add(index, hand, functions));
    return hand.ready;
  }

  async #add(index: number, hand: Hand, functions: Functions): Promise<void> {
    if (hand.known === functions.version) return;
    this.#finish(hand, this.#command(hand, COMMAND.listen));
    const message: ThreadMessage = { changes: functions.changesSince(hand.known) };
    hand.known = functions.version;
    await this.#tell(index, hand, message);
  }

  /** Sends a message to a thread that listens, and waits until it obeys again. */
  async #tell(index: number, hand: Hand, message: ThreadMessage): Promise<void> {
    hand.thread.hold(true);
    const problem = await new Promise<string | undefined>((resolve) => {
      hand.answer = resolve;
      if (hand.failure === undefined) hand.thread.post(message);
      else resolve(hand.failure);
    });
    hand.thread.hold(false);
    if (problem !== undefined) throw lost(index, problem);
  }

  /** The thread's listeners must not know the pool: it could never be abandoned. */
  #start(): Hand {
    const control = this.heap.allocate(4 * controlLayout.size, "The control block of a thread") / 4;
    const thread = this.platform.startThread(threadCode());
    const ready = Promise.resolve();
    const hand: Hand = { thread, control, known: 0, turn: 0, failure: undefined, ready, answer: undefined };
    thread.onMessage(({ failed }) => {
      hand.failure = failed ?? hand.failure;
      hand.answer?.(failed);
    });
    thread.onEnd((reason) => {
      hand.failure = reason;
      hand.answer?.(reason);
    });
    abandoned.register(this, thread);
    return hand;
  }

  /** @throws StateError when a thread has ended */
  check(): void {
    for (const [index, { failure }] of this.#hands.entries()) if (failure !== undefined) throw lost(index, failure);
  }

  /** Sets thread `index` to work. @returns a function that waits for it */
  run(index: number, segments: number, count: number): () => void {
    const hand = this.#hands[index]!;
    const turn = this.#command(hand, COMMAND.run, segments, count);
    return () => this.#finish(hand, turn);
  }

  #command(hand: Hand, command: number, segments = 0, count = 0): number {
    if (hand.failure !== undefined) throw lost(this.#hands.indexOf(hand), hand.failure);
    const { integers } = this.heap;
    const { at } = controlLayout;
    integers[hand.control + at.command] = command;
    integers[hand.control + at.segments] = segments;
    integers[hand.control + at.count] = count;
    Atomics.store(integers, hand.control + at.turn, ++hand.turn);
    Atomics.notify(integers, hand.control + at.turn);
    return hand.turn;
  }

  #finish(hand: Hand, turn: number): void {
    const { integers } = this.heap;
    const word = hand.control + controlLayout.at.done;
    for (let spin = 0; spin < SPINS; spin++) if (Atomics.load(integers, word) === turn) break;
    const start = performance.now();
    while (Atomics.load(integers, word) !== turn) {
      const alive = hand.thread.alive?.();
      if (alive === false) hand.failure = "it has ended";
      else if (alive === undefined && performance.now() - start > PATIENCE) {
        hand.failure = `it has not answered for ${PATIENCE / 1000} s`;
      }
      if (hand.failure !== undefined) throw lost(this.#hands.indexOf(hand), hand.failure);
      waitFor(integers, word);
    }
    if (integers[hand.control + controlLayout.at.failed] !== 0) {
      hand.failure ??= "its program failed";
      throw lost(this.#hands.indexOf(hand), hand.failure);
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
    `The worker thread ${index} is lost: ${reason}. What this call computed is gone; call again, and another thread takes its place. After a ` +
      "training step weights may be changed in part: go on from a checkpoint or a model file. If it happens again, do without threads: " +
      "{ engine: createWasmEngine({ threads: 1 }) }.",
  );
}
