/**
 * The float64 engine: the specification of what a program means. Every buffer is a Float64Array, ints too; all scratch buffers are
 * ranges of one arena at the offsets the schedule chose, and the arena is filled with NaN before each run, so that a buffer that
 * is read too early or overwritten too soon shows in the results.
 */
import type { DType, Program } from "../../compiler/program.js";
import { sizeOf } from "../../tensor/shape.js";
import {
  checkNewVariable,
  checkTarget,
  checkVariableValues,
  existing,
  inputValues,
  outputPort,
  staleOutput,
  unloadedProgram,
} from "../check-arguments.js";
import { checkProgram } from "../check-program.js";
import type { Device, Engine, Executable, LoadOptions, Numbers, ProgramRun, VariableSpec } from "../engine.js";
import { execute } from "./instructions.js";

/** Computes in float64 with plain loops: slow, obvious, the specification. */
export const referenceEngine: Engine = {
  name: "reference",
  precision: 64,
  // 2³³: as many numbers as the wasm engine has room for.
  memoryLimit: 0x2_0000_0000,
  createDevice: () => new ReferenceDevice(),
};

interface Variable {
  readonly dtype: DType;
  readonly size: number;
  readonly data: Float64Array;
}

class ReferenceDevice implements Device {
  readonly engine = referenceEngine;
  /** For each thread the program whose outputs are in memory: as in other engines, the next run takes them away. */
  readonly lastRun: (Executable | undefined)[] = [];
  readonly #variables = new Map<string, Variable>();

  createVariable({ name, shape, dtype }: VariableSpec): void {
    checkNewVariable(name, this.#variables.has(name));
    const size = sizeOf(shape);
    this.#variables.set(name, { dtype, size, data: new Float64Array(size) });
  }

  hasVariable(name: string): boolean {
    return this.#variables.has(name);
  }

  readVariable(name: string): Float64Array | Int32Array {
    const { dtype, data } = existing(name, this.#variables.get(name));
    return copyOf(data, dtype);
  }

  fillVariable(name: string, write: (values: Float64Array) => void): void {
    write(existing(name, this.#variables.get(name)).data);
  }

  writeVariable(name: string, values: ArrayLike<number>): void {
    const { dtype, data } = existing(name, this.#variables.get(name));
    checkVariableValues(name, data.length, values);
    write(data, values, dtype);
  }

  removeVariable(name: string): void {
    this.#variables.delete(name);
  }

  async threads(): Promise<number> {
    return 1;
  }

  async startThreads(): Promise<void> {}

  runTogether(runs: readonly ProgramRun[]): void {
    for (const { executable, inputs } of runs) executable.run(inputs);
  }

  unload(executable: Executable): void {
    (executable as ReferenceExecutable).unload();
  }

  async load(program: Program, { thread = 0 }: LoadOptions = {}): Promise<Executable> {
    checkProgram(program, (name) => this.#variables.get(name));
    const arena = new Float64Array(program.arenaSize);
    const buffers = program.buffers.map(({ role, size, name, offset = 0, values }) => {
      if (role === "variable") return this.#variables.get(name!)!.data;
      return role === "constant" ? Float64Array.from(values!) : arena.subarray(offset, offset + size);
    });
    return new ReferenceExecutable(this, program, arena, buffers, thread);
  }
}

class ReferenceExecutable implements Executable {
  readonly arenaBytes: number;
  #unloaded = false;

  constructor(
    private readonly device: ReferenceDevice,
    readonly program: Program,
    private arena: Float64Array,
    private buffers: readonly Float64Array[],
    private readonly thread: number,
  ) {
    this.arenaBytes = arena.byteLength;
  }

  run(inputs: Readonly<Record<string, ArrayLike<number>>>): void {
    if (this.#unloaded) throw unloadedProgram(this.program);
    this.arena.fill(NaN);
    for (const port of this.program.inputs) {
      write(this.buffers[port.buffer]!, inputValues(this.program, port, inputs), port.dtype);
    }
    this.device.lastRun[this.thread] = this;
    for (const instruction of this.program.instructions) {
      if (instruction.kind !== "loop") {
        execute(instruction, this.buffers, 0);
        continue;
      }
      const { length, reverse, body } = instruction;
      for (let i = 0; i < length; i++) {
        for (const child of body) execute(child, this.buffers, reverse ? length - 1 - i : i);
      }
    }
  }

  unload(): void {
    this.#unloaded = true;
    this.arena = new Float64Array(0);
    this.buffers = [];
    if (this.device.lastRun[this.thread] === this) this.device.lastRun[this.thread] = undefined;
  }

  output(name: string, into?: Numbers): Numbers {
    const port = outputPort(this.program, name);
    if (this.device.lastRun[this.thread] !== this) throw staleOutput(this.program, name);
    const values = this.buffers[port.buffer]!.subarray(0, sizeOf(port.shape));
    if (!into) return copyOf(values, port.dtype);
    checkTarget(this.program, port, into);
    into.set(values);
    return into;
  }
}

function copyOf(data: Float64Array, dtype: DType): Float64Array | Int32Array {
  return dtype === "int" ? Int32Array.from(data) : data.slice();
}

function write(data: Float64Array, values: ArrayLike<number>, dtype: DType): void {
  data.set(dtype === "int" ? Int32Array.from(values) : values);
}
