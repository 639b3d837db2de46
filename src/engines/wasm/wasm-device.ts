/** A device of the wasm engine: one memory with variables and programs in it, and the functions that work on it. */

import type { DType, Program } from "../../compiler/program.js";
import { ConfigError } from "../../errors.js";
import { sizeOf } from "../../tensor/shape.js";
import { checkNewVariable, checkVariableValues, existing } from "../check-arguments.js";
import { checkProgram } from "../check-program.js";
import type { Device, Engine, Executable, LoadOptions, ProgramRun, VariableSpec } from "../engine.js";
import { type Blas, blasFunction, blasLayout } from "./blas.js";
import type { ProgramCall } from "./call.js";
import { FunctionTable } from "./function-table.js";
import { Heap } from "./heap.js";
import type { KernelCache } from "./kernel-cache.js";
import { type Segment, scratchBytesOf, writeProgram } from "./program-memory.js";
import { segmentsOf } from "./segments.js";
import { type Platform, ThreadPool } from "./threads.js";
import { type OnRun, timedRunner } from "./timed-runner.js";
import { type DeviceMemory, WasmExecutable } from "./wasm-executable.js";

/** Up to how many numbers a loop copies faster than a typed array's `set`. */
const FEW = 32;

interface Variable {
  readonly dtype: DType;
  readonly size: number;
  readonly address: number;
}

/** A program as calls of functions. */
interface Lowered {
  readonly segments: readonly Segment[];
  readonly calls: readonly ProgramCall[];
  /** Position of each call's function in the table. */
  readonly indices: readonly number[];
  /** The key of each. */
  readonly kernels: readonly string[];
}

export class WasmDevice implements Device, DeviceMemory {
  readonly heap: Heap;
  readonly lastRun: (Executable | undefined)[] = [];
  readonly #host: Record<string, (descriptor: number, t: number) => void> = {};
  readonly #functions: FunctionTable;
  readonly #variables = new Map<string, Variable>();

  #pool: ThreadPool | undefined;
  /** Those that were started, and the main one. */
  #threadCount = 1;

  /**
   * @param platform where threads come from; it gives undefined where there is only one
   * @param onRun is called with the times of each run of the main thread; runs become slower
   */
  constructor(
    readonly engine: Engine,
    cache: KernelCache,
    private readonly findBlas: () => Promise<Blas | undefined>,
    private readonly platform: () => Promise<Platform | undefined>,
    private readonly onRun?: OnRun,
  ) {
    this.heap = new Heap(cache.shared);
    this.#functions = new FunctionTable(this.heap.memory, cache, this.#host);
  }

  createVariable({ name, shape, dtype }: VariableSpec): void {
    checkNewVariable(name, this.#variables.has(name));
    const size = sizeOf(shape);
    this.#variables.set(name, { dtype, size, address: this.heap.allocate(4 * size, `The variable "${name}"`) });
  }

  hasVariable(name: string): boolean {
    return this.#variables.has(name);
  }

  readVariable(name: string): Float32Array | Int32Array {
    const { dtype, size, address } = existing(name, this.#variables.get(name));
    return this.heap.as(dtype).slice(address / 4, address / 4 + size);
  }

  fillVariable(name: string, write: (values: Float32Array) => void): void {
    const { size, address } = existing(name, this.#variables.get(name));
    write((this.heap.as("float") as Float32Array).subarray(address / 4, address / 4 + size));
  }

  writeVariable(name: string, values: ArrayLike<number>): void {
    const { dtype, size, address } = existing(name, this.#variables.get(name));
    checkVariableValues(name, size, values);
    this.write(dtype, address, values);
  }

  removeVariable(name: string): void {
    const { size, address } = existing(name, this.#variables.get(name));
    this.#variables.delete(name);
    this.heap.free(address, 4 * size);
  }

  async threads(): Promise<number> {
    return (await this.platform())?.threadCount() ?? 1;
  }

  async startThreads(count: number): Promise<void> {
    // Asked before every step: nothing may wait then.
    if (this.#pool?.broken) await this.#pool.heal(this.#functions.runnerModule(), this.#functions);
    if (count <= this.#threadCount) return;
    (await this.#threadPool()).start(count - 1, this.#functions.runnerModule());
    this.#threadCount = Math.max(count, this.#threadCount);
  }

  async load(program: Program, { thread = 0 }: LoadOptions = {}): Promise<Executable> {
    checkProgram(program, (name) => this.#variables.get(name));
    const blas = await this.findBlas();
    if (blas) this.#host.blas ??= blasFunction(blas, () => this.heap.integers, blasLayout.at);
    const segments = segmentsOf(program, blas);
    const calls = segments.flatMap((segment) => segment.calls);
    const kernels = calls.map(({ key }) => key);
    const indices = await this.#functions.indicesOf(calls);
    try {
      return await this.#load(program, thread, { segments, calls, indices, kernels });
    } catch (error) {
      this.#functions.release(kernels);
      throw error;
    }
  }

  async #load(program: Program, thread: number, { segments, calls, indices, kernels }: Lowered): Promise<Executable> {
    const run = this.onRun
      ? timedRunner(
          program,
          segments,
          () => this.heap.integers,
          (index) => this.#functions.at(index),
          this.onRun,
        )
      : await this.#functions.runner();
    if (thread > 0) {
      await this.startThreads(thread + 1);
      await this.#pool!.prepare(thread - 1, this.#functions);
    }
    const purpose = `Running the program "${program.name}"`;
    if (this.heap.reserveScratch(thread, scratchBytesOf(program, calls), purpose)) this.lastRun[thread] = undefined;
    const address = (name: string) => this.#variables.get(name)!.address;
    const memory = writeProgram(this.heap, program, segments, indices, address, thread);
    return new WasmExecutable(this, program, memory, run, thread, kernels);
  }

  unload(executable: Executable): void {
    const { kernels, unloaded } = executable as WasmExecutable;
    if (unloaded) return;
    (executable as WasmExecutable).unload();
    this.#functions.release(kernels);
  }

  runTogether(runs: readonly ProgramRun[]): void {
    const ready = runs.map(({ executable, inputs }) => {
      const program = executable as WasmExecutable;
      return { program, call: program.ready(inputs) };
    });
    // Before anything starts: what others would do could not be undone.
    if (runs.length > 1) this.#pool?.check();
    const waits = ready.flatMap(({ program, call }) =>
      program.thread > 0 ? [this.#pool!.run(program.thread - 1, ...call)] : [],
    );
    const failures: unknown[] = [];
    const attempt = (work: () => void) => {
      try {
        work();
      } catch (error) {
        failures.push(error);
      }
    };
    for (const { program, call } of ready) if (program.thread === 0) attempt(() => program.start(...call));
    // All of them, also when one has failed: the memory is theirs until they are done.
    for (const wait of waits) attempt(wait);
    if (failures.length > 0) throw failures[0];
  }

  async #threadPool(): Promise<ThreadPool> {
    const platform = await this.platform();
    if (!platform) {
      throw new ConfigError(
        "Programs cannot run on other threads here: memory cannot be shared. Browsers need a cross-origin isolated page " +
          "(the headers Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp).",
      );
    }
    this.#pool ??= new ThreadPool(platform, this.heap, async () => {
      const blas = await this.findBlas();
      return blas?.forThread();
    });
    return this.#pool;
  }

  write(dtype: DType, address: number, values: ArrayLike<number>): void {
    const memory = this.heap.as(dtype);
    const start = address / 4;
    if (values.length > FEW) memory.set(values, start);
    else for (let i = 0; i < values.length; i++) memory[start + i] = values[i]!;
  }
}
