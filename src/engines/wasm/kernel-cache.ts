/**
 * The kernels that an engine has compiled, by key. A load compiles all kernels it lacks together, in as few modules as possible;
 * devices instantiate the modules they need, each with its own memory.
 */
import { type Dependency, Module } from "wasmati";
import type { WasmFunction } from "./assembler.js";
import { MAXIMUM_PAGES } from "./heap.js";
import { type CompiledModule, webAssembly } from "./web-assembly.js";

/** About 50 kB of code; the assembler fails beyond 120 kB. */
const MODULE_INSTRUCTIONS = 12000;

export interface CompiledKernel {
  readonly module: CompiledModule;
  readonly exportName: string;
}

/** Something that needs a kernel: its key, and how to make it. */
export interface KernelRequest {
  readonly key: string;
  readonly make?: (relaxed: boolean) => WasmFunction;
  readonly host?: "blas";
}

export class KernelCache {
  readonly #kernels = new Map<string, CompiledKernel>();

  constructor(
    /** Whether kernels may use relaxed SIMD; known after the first compilation. */
    private readonly relaxedSimd: () => Promise<boolean>,
    /** Whether the memory they work on is shared between threads. */
    readonly shared: boolean,
  ) {}

  get(key: string): CompiledKernel | undefined {
    return this.#kernels.get(key);
  }

  /** Compiles what is missing. */
  async add(requests: readonly KernelRequest[]): Promise<void> {
    const missing = new Map<string, (relaxed: boolean) => WasmFunction>();
    for (const { key, make } of requests) if (make && !this.#kernels.has(key)) missing.set(key, make);
    if (missing.size === 0) return;
    const relaxed = await this.relaxedSimd();
    const functions = [...missing].map(([key, make]): [string, WasmFunction] => [key, make(relaxed)]);
    await Promise.all(
      inModules(functions).map(async (group) => {
        const exports = Object.fromEntries(group.map(([, made], i) => [`k${i}`, made]));
        const module = await webAssembly.compile(Module({ exports, memory: importedMemory(this.shared) }).toBytes());
        group.forEach(([key], i) => {
          this.#kernels.set(key, { module, exportName: `k${i}` });
        });
      }),
    );
  }
}

/** Cuts a list of kernels into modules that the assembler can write: it passes a module's bytes as arguments of one call. */
function inModules(functions: readonly [string, WasmFunction][]): [string, WasmFunction][][] {
  const groups: [string, WasmFunction][][] = [];
  let size = Infinity;
  for (const entry of functions) {
    const count = instructionsOf(entry[1].body);
    if (size + count > MODULE_INSTRUCTIONS) {
      groups.push([]);
      size = 0;
    }
    groups.at(-1)!.push(entry);
    size += count;
  }
  return groups;
}

/** Instructions of a body, those of blocks and called functions included. */
function instructionsOf(body: readonly Dependency.Instruction[]): number {
  return body.reduce((sum, { string, deps, resolveArgs }) => {
    const blocks = string === "block" || string === "loop" || string === "if" ? resolveArgs : [];
    const called = string === "call" ? deps.filter((dep) => dep.kind === "function").map((dep) => dep.body) : [];
    const nested = [...blocks, ...called] as (Dependency.Instruction[] | undefined)[];
    return nested.reduce((total, part) => total + (part ? instructionsOf(part) : 0), sum + 1);
  }, 0);
}

/** The device's memory as a module declares it; the value comes at instantiation. */
export function importedMemory(shared: boolean): Dependency.AnyMemory {
  const memory = {
    kind: "importMemory",
    type: { limits: { min: 1, max: MAXIMUM_PAGES, shared } },
    deps: [],
    value: undefined,
    module: "tavali",
    string: "memory",
  };
  return memory as unknown as Dependency.AnyMemory;
}
