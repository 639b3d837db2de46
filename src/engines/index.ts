/** Engines: they run programs. */
import type { Engine } from "./engine.js";
import { wasmEngine } from "./wasm/wasm-engine.js";

export type { Device, Engine, Executable, LoadOptions, ProgramRun, VariableSpec } from "./engine.js";
export { referenceEngine } from "./reference/reference-engine.js";
export { describeWasm } from "./wasm/describe-wasm.js";
export { createWasmEngine, wasmEngine } from "./wasm/wasm-engine.js";

/** The engine of models that are given no other. */
export const defaultEngine: Engine = wasmEngine;
export { mostThreads } from "./thread-count.js";
