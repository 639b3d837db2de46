/** A program in the memory of a wasm device, ready to run. */
import type { DType, Program } from "../../compiler/program.js";
import { sizeOf } from "../../tensor/shape.js";
import { inputValues, outputPort, staleOutput } from "../border.js";
import type { Executable } from "../engine.js";
import type { Run } from "./function-table.js";
import type { Heap } from "./heap.js";
import type { PlacedProgram } from "./placement.js";

/** What a program needs of its device. */
export interface DeviceMemory {
  readonly heap: Heap;
  /** The program whose outputs are in the scratch memory. */
  lastRun: Executable | undefined;
  read(dtype: DType, address: number, size: number): Float32Array | Int32Array;
  write(dtype: DType, address: number, values: ArrayLike<number>): void;
}

export class WasmExecutable implements Executable {
  readonly arenaBytes: number;

  constructor(
    private readonly device: DeviceMemory,
    readonly program: Program,
    private readonly placed: PlacedProgram,
    private readonly runProgram: Run,
  ) {
    this.arenaBytes = 4 * program.arenaSize;
  }

  run(inputs: Readonly<Record<string, ArrayLike<number>>>): void {
    this.#followScratch();
    for (const port of this.program.inputs) {
      this.device.write(port.dtype, this.#addressOf(port.buffer), inputValues(this.program, port, inputs));
    }
    this.device.lastRun = this;
    this.runProgram(this.placed.segments, this.placed.count);
  }

  output(name: string): Float32Array | Int32Array {
    const { buffer, dtype, shape } = outputPort(this.program, name);
    if (this.device.lastRun !== this) throw staleOutput(this.program, name);
    return this.device.read(dtype, this.#addressOf(buffer), sizeOf(shape));
  }

  #addressOf(buffer: number): number {
    const { scratch, start } = this.placed.buffers[buffer]!;
    return scratch ? this.placed.scratchBase + start : start;
  }

  /** Corrects the descriptors if a larger program has moved the scratch block since the last run. */
  #followScratch(): void {
    const { placed } = this;
    const { heap } = this.device;
    const moved = heap.scratch - placed.scratchBase;
    if (moved === 0) return;
    const { integers } = heap;
    for (const word of placed.relocations) integers[word]! += moved;
    placed.scratchBase = heap.scratch;
  }
}
