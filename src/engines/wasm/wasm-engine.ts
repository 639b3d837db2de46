/**
 * The float32 engine: programs run in WebAssembly SIMD, in kernels that are generated for them when they are loaded.
 * Works in Node and in browsers; nothing is allocated while a program runs.
 */
import { ConfigError } from "../../errors.js";
import { aFunction, anything, checkOptions, type OptionChecks, oneOf } from "../../options/index.js";
import type { Device, Engine } from "../engine.js";
import { checkThreads, wishedThreads } from "../thread-count.js";
import { canShareMemory, enableRelaxedSimd, systemBlas, threadPlatform } from "./features.js";
import { KernelCache } from "./kernel-cache.js";
import type { OnRun } from "./timed-runner.js";
import { WasmDevice } from "./wasm-device.js";

/** Options of `createWasmEngine`. */
export interface WasmOptions {
  /**
   * Use fused multiply-add. "auto" takes it where the JavaScript engine has it (switching on V8's flag in older Nodes);
   * true insists on it; false gives the same bits on every machine, if BLAS is off too.
   */
  readonly relaxedSimd?: "auto" | boolean;
  /** Multiply matrices with the system's BLAS. "auto" where Node finds one; false never. */
  readonly blas?: "auto" | false;
  /** Programs that run at once. "auto" is one per core, up to eight, where memory can be shared; 1 shares no memory. */
  readonly threads?: "auto" | number;
  /**
   * Called after each run of a program on the main thread with the milliseconds that each of its instructions took, for `formatProgram` to
   * print. Runs become slower by about a microsecond a kernel.
   */
  readonly onRun?: OnRun;
}

const wasmOptions: OptionChecks<WasmOptions> = {
  relaxedSimd: oneOf("auto", true, false),
  blas: oneOf("auto", false),
  threads: anything,
  onRun: aFunction,
};

/**
 * A wasm engine with other options than `wasmEngine`, or with devices and kernels that it shares with no other engine.
 *
 * @throws ConfigError for unknown options or wrong values, for more threads than the machine allows; and, when the first program is
 *   loaded, if `relaxedSimd` is true where there is none
 * @example const engine = createWasmEngine({ relaxedSimd: false, blas: false, threads: 1 }); // the same bits on every machine
 */
export function createWasmEngine(options: WasmOptions = {}): Engine {
  checkOptions("createWasmEngine", options, wasmOptions);
  const { relaxedSimd = "auto", blas = "auto", threads = "auto", onRun } = options;
  if (threads !== "auto") checkThreads("createWasmEngine: threads", threads);
  const shared = threads !== 1 && canShareMemory();
  const cache = new KernelCache(async () => {
    if (relaxedSimd === false) return false;
    const available = await enableRelaxedSimd();
    if (available || relaxedSimd === "auto") return available;
    throw new ConfigError(
      'createWasmEngine: relaxedSimd is true, but this JavaScript engine has no relaxed SIMD. Use "auto", or a newer engine.',
    );
  }, shared);
  const platform = async () => {
    const found = shared ? await threadPlatform() : undefined;
    const count = threads === "auto" ? found && wishedThreads() : threads;
    return found && count ? { ...found, threadCount: () => count } : found;
  };
  const engine: Engine = {
    name: "wasm",
    precision: 32,
    memoryLimit: 2 ** 32,
    createDevice: (): Device =>
      new WasmDevice(engine, cache, blas === "auto" ? systemBlas : async () => undefined, platform, onRun),
  };
  return engine;
}

/** The engine with default options; its compiled kernels are shared by all its devices. */
export const wasmEngine: Engine = /* @__PURE__ */ createWasmEngine();
