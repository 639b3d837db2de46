/**
 * The contract of an engine. An engine makes devices; a device owns memory, holds variables by name, and loads programs;
 * a loaded program runs without allocating anything. Programs of one device share variables and run one at a time.
 */
import type { DType, Program } from "../compiler/program.js";
import type { Shape } from "../tensor/shape.js";

/** Makes devices. */
export interface Engine {
  readonly name: string;
  /** Bits of a float: 32 or 64. */
  readonly precision: 32 | 64;
  /** The most bytes that a device can hold; undefined where only the system sets a limit. */
  readonly memoryLimit?: number;
  /** @internal */
  createDevice(): Device;
}

export interface VariableSpec {
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: DType;
}

export interface Device {
  readonly engine: Engine;
  /** Makes a variable, filled with zeros. Names are unique on a device; an existing name throws a StateError. */
  createVariable(spec: VariableSpec): void;
  hasVariable(name: string): boolean;
  /** A copy of the variable's numbers, flat and row-major; throws a StateError if there is no such variable. */
  readVariable(name: string): Float32Array | Float64Array | Int32Array;
  /** Lets a function write the numbers of a float variable where they are. */
  fillVariable(name: string, write: (values: Float32Array | Float64Array) => void): void;
  /** Overwrites the variable; throws a ShapeError when the number of values differs. */
  writeVariable(name: string, values: ArrayLike<number>): void;
  /** Gives the variable's memory back. No program that uses it may run afterwards. */
  removeVariable(name: string): void;
  /**
   * Prepares a program; every variable it names must exist with the same size.
   *
   * @throws StateError for a missing variable, ShapeError for one of another size, ConfigError when memory is exhausted
   */
  load(program: Program, options?: LoadOptions): Promise<Executable>;
  /** Gives the memory of a program back; it cannot run any more, and its outputs are gone. */
  unload(executable: Executable): void;
  /** Number of programs that run at once at best. */
  threads(): Promise<number>;
  /** Announces that programs for threads below `count` will be loaded: threads begin to start, and `load` waits for them. */
  startThreads(count: number): Promise<void>;
  /**
   * Runs programs that were loaded for different threads at the same time, and returns when all are done. None may write what another
   * one reads or writes.
   *
   * @throws StateError when a program was unloaded, or a thread has ended
   */
  runTogether(runs: readonly ProgramRun[]): void;
}

export interface LoadOptions {
  /** Number of the thread that runs the program: 0 (the default) is the caller's. Threads share no scratch memory. */
  readonly thread?: number;
}

export interface ProgramRun {
  readonly executable: Executable;
  readonly inputs: Readonly<Record<string, ArrayLike<number>>>;
}

/** Arrays that outputs are read into. */
export type Numbers = Float32Array | Float64Array | Int32Array;

export interface Executable {
  readonly program: Program;
  /** Bytes of scratch memory. */
  readonly arenaBytes: number;
  /**
   * Copies the inputs in (by port name, flat, row-major), then runs every instruction.
   *
   * @throws ConfigError for a missing input, ShapeError for one of another size, StateError after `unload`
   */
  run(inputs: Readonly<Record<string, ArrayLike<number>>>): void;
  /**
   * A copy of an output's numbers after the last run.
   *
   * @param into where they go; a new array if absent
   * @throws ConfigError for an unknown name, StateError when another program of the device ran since, ShapeError when `into` has another
   *   length than the output
   */
  output(name: string, into?: Numbers): Numbers;
}
