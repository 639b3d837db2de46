/** Speed of matrix products on this machine, measured through the compiler and the engine that training uses. */
import { compile } from "../compiler/compile.js";
import { defaultEngine } from "../engines/index.js";
import { matmul, variable } from "../equations/index.js";
import { Random } from "../tensor/random.js";

/** A product [rows, inner]·[inner, columns] and its speed. */
export interface MatmulSpeed {
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  readonly gigaflops: number;
}

/**
 * @param seconds how long to measure; the fastest of many short spans counts, since others share the machine
 * @returns 2 · rows · inner · columns operations per nanosecond
 */
export async function matmulSpeed(rows: number, inner: number, columns: number, seconds: number): Promise<MatmulSpeed> {
  const device = defaultEngine.createDevice();
  const random = new Random(1);
  const matrix = (name: string, shape: [number, number]) => {
    device.createVariable({ name, shape, dtype: "float" });
    device.writeVariable(
      name,
      Float32Array.from({ length: shape[0] * shape[1] }, () => random.normal()),
    );
    return variable(name, shape);
  };
  const product = matmul(matrix("a", [rows, inner]), matrix("b", [inner, columns]));
  const program = await device.load(compile({ name: "product", inputs: {}, outputs: { product } }));
  program.run({}); // the first run compiles and touches the memory
  const operations = 2 * rows * inner * columns;
  const runs = Math.max(1, Math.round(2e7 / operations)); // some ten milliseconds at worst, so that the clock is fine enough
  let best = 0;
  for (const end = performance.now() + seconds * 1000; performance.now() < end; ) {
    const begin = performance.now();
    for (let i = 0; i < runs; i++) program.run({});
    best = Math.max(best, (runs * operations) / (performance.now() - begin) / 1e6);
  }
  return { rows, inner, columns, gigaflops: Number(best.toFixed(1)) };
}
