/** Stream of a model: one step at a time, as generation and live data need it. */

import type { Executable } from "../engines/engine.js";
import { ConfigError, ShapeError, StateError } from "../errors.js";
import type { Executor } from "../execution/executor.js";
import type { ModelState } from "../execution/model-state.js";
import type { NetworkInput } from "../execution/network.js";
import { portName } from "../execution/ports.js";
import { type SessionPrograms, StateSession } from "../execution/state-session.js";
import { counted } from "../options/index.js";
import { notData } from "../tensor/kind.js";
import { isTypedArray } from "../tensor/read-nested.js";
import { type Shape, sizeOf } from "../tensor/shape.js";
import type { FloatArray } from "../tensor/tensor.js";
import { checkFinite, checkIds } from "./data-checks.js";

/** Parts of a model that a stream needs. */
export interface StreamOptions {
  readonly session: StateSession;
  readonly programs: SessionPrograms;
  /** Numbers of a step's input. */
  readonly width: number;
  /** The number of ids the model knows; undefined where it reads real numbers. */
  readonly idLimit: number | undefined;
  /** Releases the stream's memory and programs on the device. */
  readonly release: () => void;
}

/** Releases the programs of streams that are no longer referenced. */
const abandoned = /* @__PURE__ */ new FinalizationRegistry<() => void>((release) => release());

/** See `Model.stream`. */
export class ModelStream {
  readonly #session: StateSession;
  readonly #programs: SessionPrograms;
  readonly #width: number;
  readonly #idLimit: number | undefined;
  readonly #inputs: { x: ArrayLike<number>; readonly seed: ArrayLike<number> } = { x: [], seed: [0] };
  readonly #release: () => void;
  #next: Executable | undefined;

  /** @internal */
  constructor({ session, programs, width, idLimit, release }: StreamOptions) {
    this.#session = session;
    this.#programs = programs;
    this.#width = width;
    this.#idLimit = idLimit;
    this.#next = programs.fresh;
    this.#release = release;
    abandoned.register(this, release, this);
  }

  /**
   * Reads one step.
   *
   * @param x the step of every sequence: ids [batch], or numbers [batch × features] row by row
   * @param into array for the output, of its length: reusing one costs less than a new array for every step
   * @returns the model's first output after this step, row by row: `into`, or a new array
   * @throws ShapeError for another number of values, DataError for ids the model does not know, StateError where the model has moved to
   *   another model's device
   */
  step(x: ArrayLike<number>, into?: Float32Array | Float64Array): FloatArray {
    if (!Array.isArray(x) && !(isTypedArray(x) && typeof x[0] !== "bigint")) {
      throw notData("stream: x", x, "a list or a typed array of numbers");
    }
    if (x.length !== this.#width) {
      throw new ShapeError(
        `stream: a step has ${counted(this.#width, "number")}, all sequences together; received ${x.length}.`,
      );
    }
    const data = { data: x, shape: [x.length] };
    // Before anything is computed: NaN would stay in the states.
    if (this.#idLimit !== undefined) checkIds(data, this.#idLimit, "stream");
    else checkFinite(data, "stream");
    const program = this.#open();
    if (this.#session.isMoved) {
      throw new StateError(
        "stream: the model has come to share layers with another one since, and its numbers have moved there. Open another stream and continue " +
          "from this one's state: next.state = stream.state.",
      );
    }
    this.#inputs.x = x;
    program.run(this.#inputs);
    this.#next = this.#programs.resumed;
    return program.output(portName("output"), into) as FloatArray;
  }

  /** The states after the last step, as a value; undefined before the first. Assigning one continues from there. */
  get state(): ModelState | undefined {
    return this.#open() === this.#programs.fresh ? undefined : this.#session.read();
  }
  set state(state: ModelState | undefined) {
    this.#open();
    if (state) this.#session.write(state);
    this.#next = state ? this.#programs.resumed : this.#programs.fresh;
  }

  /** Ends the stream and frees its memory. A stream that is no longer referenced is ended some time later. */
  close(): void {
    if (!this.#next) return;
    this.#next = undefined;
    abandoned.unregister(this);
    this.#release();
  }

  /** The program of the next step. @throws StateError after `close` */
  #open(): Executable {
    if (this.#next) return this.#next;
    throw new StateError("stream: this stream is closed; open another with the model's stream().");
  }
}

/** The shape of a step, batch-first. @throws ConfigError for several inputs */
export function stepShape([first, ...others]: readonly NetworkInput[], batch: number): Shape {
  if (others.length > 0) {
    throw new ConfigError("stream: the model has several inputs; use run, which takes them all.");
  }
  return [batch, 1, ...(first!.shape.slice(2) as number[])];
}

/** Opens a stream. @param shape of a step, batch-first */
export async function openStream(
  executor: Executor,
  { shape, batch, idLimit }: Pick<StreamOptions, "idLimit"> & { readonly shape: Shape; readonly batch: number },
): Promise<ModelStream> {
  const number = executor.streams.acquire(batch);
  const session = new StateSession(executor, batch, `stream ${number}`);
  const releasePrograms = session.hold({ x: shape });
  const release = () => {
    releasePrograms();
    executor.streams.release(batch, number);
  };
  try {
    return new ModelStream({
      session,
      programs: await session.load({ x: shape }),
      width: sizeOf(shape),
      idLimit,
      release,
    });
  } catch (error) {
    release();
    throw error;
  }
}
