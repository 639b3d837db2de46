/** The kernel benchmark: matrix products against what 128-bit vectors can do, elementwise kernels against copying memory. */
import { describeWasm } from "../src/engines/wasm/describe-wasm.js";
import { elementwiseSpeeds, sizes } from "./kernels/elementwise.js";
import { arithmeticLimits, copyLimit } from "./kernels/limits.js";
import { matmulSpeeds } from "./kernels/matmul.js";
import { number, table } from "./report.js";
import type { Report } from "./setting.js";

/** @param seconds for each measurement */
export async function kernelReport(seconds: number): Promise<Report> {
  const { blas } = await describeWasm();
  const limits = await arithmeticLimits(seconds);
  const limit = limits.fused ?? limits.plain;
  const products = await matmulSpeeds(seconds);
  const copies = Object.fromEntries(Object.entries(sizes).map(([where, size]) => [where, copyLimit(size, seconds)]));
  const maps = await elementwiseSpeeds(seconds);
  const name = "missing" in blas ? `no BLAS: ${blas.missing}` : blas.name;
  const percent = (value: number) => `${((100 * value) / limit).toFixed(0)} %`;
  const matmuls = table(
    ["GFLOP/s, one core", "own, two steps", "own, fused", "of 128-bit limit", `as users get it (${name})`],
    [
      ...products.map(({ name: title, plain, fused, best }) => [
        title,
        number(plain),
        number(fused),
        percent(Math.max(plain, fused)),
        number(best),
      ]),
      ["128-bit limit", number(limits.plain), limits.fused ? number(limits.fused) : "–", "100 %", "–"],
    ],
  );
  const places = Object.keys(sizes) as (keyof typeof sizes)[];
  const elementwise = table(
    ["GB/s, read and written", ...places],
    [
      ...maps.map(({ name: title, gigabytes }) => [title, ...places.map((where) => number(gigabytes[where]))]),
      ["copying in JavaScript", ...places.map((where) => number(copies[where]!))],
    ],
  );
  return { tables: [matmuls, elementwise], numbers: { blas, limits, products, copies, elementwise: maps } };
}
