/** A model one step at a time, as generation and live data need it: little more than the call of a program. */
import type { Executable } from "../engines/engine.js";
import { ShapeError } from "../errors.js";
import { notData } from "../tensor/kind.js";
import { isTypedArray } from "../tensor/read-nested.js";
import type { ModelState } from "./model-state.js";
import { checkFinite, checkIds } from "./prepare-data.js";
import type { SessionPrograms, StateSession } from "./state-session.js";

/** What a stream needs to know of its model. */
export interface StreamOptions {
  readonly session: StateSession;
  readonly programs: SessionPrograms;
  /** Numbers of a step's input. */
  readonly width: number;
  /** The number of ids the model knows; undefined where it reads real numbers. */
  readonly idLimit: number | undefined;
}

/** See `Model.stream`. */
export class ModelStream {
  readonly #session: StateSession;
  readonly #programs: SessionPrograms;
  readonly #width: number;
  readonly #idLimit: number | undefined;
  readonly #inputs: { x: ArrayLike<number>; readonly seed: ArrayLike<number> } = { x: [], seed: [0] };
  #next: Executable;

  /** @internal */
  constructor({ session, programs, width, idLimit }: StreamOptions) {
    this.#session = session;
    this.#programs = programs;
    this.#width = width;
    this.#idLimit = idLimit;
    this.#next = programs.begin;
  }

  /**
   * Reads one step, and goes on.
   *
   * @param x the step of every sequence: ids [batch], or numbers [batch × features] row by row
   * @param into where the output goes: an array of its length that is used again and again costs less than a new one for every step
   * @returns the model's first output after this step, row by row: `into`, or a new array
   * @throws ShapeError for another number of values, DataError for ids the model does not know
   */
  step(x: ArrayLike<number>, into?: Float32Array | Float64Array): Float32Array | Float64Array {
    if (!Array.isArray(x) && !(isTypedArray(x) && typeof x[0] !== "bigint")) {
      throw notData("stream: x", x, "a list or a typed array of numbers");
    }
    if (x.length !== this.#width) {
      throw new ShapeError(`stream: a step has ${this.#width} numbers, all sequences together; received ${x.length}.`);
    }
    const data = { data: x, shape: [x.length] };
    // Before anything is computed: what is no number would stay in the states.
    if (this.#idLimit !== undefined) checkIds(data, this.#idLimit, "stream");
    else checkFinite(data, "stream");
    const program = this.#next;
    this.#inputs.x = x;
    program.run(this.#inputs);
    this.#next = this.#programs.goOn;
    return program.output("output0", into) as Float32Array | Float64Array;
  }

  /** The states after the last step, as a value; undefined before the first. Assigning one goes on from there. */
  get state(): ModelState | undefined {
    return this.#next === this.#programs.begin ? undefined : this.#session.read();
  }
  set state(state: ModelState | undefined) {
    if (state) this.#session.write(state);
    this.#next = state ? this.#programs.goOn : this.#programs.begin;
  }
}
