/** A program in the memory of a wasm device, ready to run. */
import type { DType, Port, Program } from "../../compiler/program.js";
import { sizeOf } from "../../tensor/shape.js";
import { checkTarget, inputValues, outputPort, staleOutput, unloadedProgram } from "../check-arguments.js";
import type { Executable, Numbers } from "../engine.js";
import type { Run } from "./function-table.js";
import type { Heap } from "./heap.js";
import type { ProgramMemory } from "./program-memory.js";

/** The parts of a device that its programs use. */
export interface DeviceMemory {
  readonly heap: Heap;
  /** For each thread the program whose outputs are in its scratch memory. */
  readonly lastRun: (Executable | undefined)[];
  write(dtype: DType, address: number, values: ArrayLike<number>): void;
}

export class WasmExecutable implements Executable {
  readonly arenaBytes: number;
  /** Whether its memory was freed. */
  unloaded = false;
  /** By output name, with what they were made of. */
  readonly #views = new Map<string, { readonly memory: Numbers; readonly start: number; readonly view: Numbers }>();

  constructor(
    private readonly device: DeviceMemory,
    readonly program: Program,
    private readonly memory: ProgramMemory,
    private readonly runProgram: Run,
    /** The thread whose scratch memory the program uses; 0 is the main one. */
    readonly thread: number,
    /** Its kernels, by key. */
    readonly kernels: readonly string[],
  ) {
    this.arenaBytes = 4 * program.arenaSize;
  }

  run(inputs: Readonly<Record<string, ArrayLike<number>>>): void {
    this.start(...this.ready(inputs));
  }

  /** Runs on the calling thread. */
  start(segments: number, count: number): void {
    this.runProgram(segments, count);
  }

  /** Copies the inputs in. @returns the arguments of the runner on any thread */
  ready(inputs: Readonly<Record<string, ArrayLike<number>>>): [segments: number, count: number] {
    if (this.unloaded) throw unloadedProgram(this.program);
    this.#followScratch();
    for (const port of this.program.inputs) {
      this.device.write(port.dtype, this.#addressOf(port.buffer), inputValues(this.program, port, inputs));
    }
    this.device.lastRun[this.thread] = this;
    return [this.memory.segments, this.memory.count];
  }

  /** Gives its memory back. */
  unload(): void {
    this.unloaded = true;
    this.#views.clear();
    if (this.device.lastRun[this.thread] === this) this.device.lastRun[this.thread] = undefined;
    for (const { address, bytes } of this.memory.blocks) this.device.heap.free(address, bytes);
  }

  output(name: string, into?: Numbers): Numbers {
    const port = outputPort(this.program, name);
    if (this.device.lastRun[this.thread] !== this) throw staleOutput(this.program, name);
    const view = this.#viewOf(port);
    if (!into) return view.slice();
    checkTarget(this.program, port, into);
    into.set(view);
    return into;
  }

  /** An output in memory. Kept until memory grows or the scratch block moves, since making a view takes as long as copying a hundred numbers. */
  #viewOf({ name, dtype, buffer, shape }: Port): Numbers {
    const memory = this.device.heap.as(dtype);
    const start = this.#addressOf(buffer) / 4;
    const known = this.#views.get(name);
    if (known?.memory === memory && known.start === start) return known.view;
    const view = memory.subarray(start, start + sizeOf(shape));
    this.#views.set(name, { memory, start, view });
    return view;
  }

  #addressOf(buffer: number): number {
    const { scratch, start } = this.memory.buffers[buffer]!;
    return scratch ? this.memory.scratchBase + start : start;
  }

  /** Corrects the descriptors if a larger program has moved the scratch block since the last run. */
  #followScratch(): void {
    const { memory } = this;
    const { heap } = this.device;
    const moved = heap.scratch(this.thread) - memory.scratchBase;
    if (moved === 0) return;
    const { integers } = heap;
    for (const word of memory.relocations) integers[word]! += moved;
    memory.scratchBase = heap.scratch(this.thread);
  }
}
