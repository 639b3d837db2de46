/** The system's BLAS by itself as a measured process: one large square product, on as many threads as asked for. */
import { searchBlas } from "../../src/engines/wasm/features.js";
import { Cannot, serve } from "../line-protocol.js";
import { SGEMM_SIZE as SIZE } from "../step-flop.js";

const AS_IT_LIES = 111;
const memory = new Float32Array(3 * SIZE * SIZE).fill(0.5);
let multiply: () => void;

await serve({
  async prepare({ threads }) {
    const blas = await searchBlas();
    if ("missing" in blas) throw new Cannot(blas.missing);
    if (blas.name === "OpenBLAS") {
      const { default: koffi } = await import("koffi");
      koffi.load(blas.library).func("void openblas_set_num_threads(int)")(threads);
    } else if (threads > 1) throw new Cannot(`how many threads ${blas.name} uses is not ours to say`);
    const [a, b, c] = [0, 1, 2].map((i) => blas.addressOf(memory.buffer) + 4 * i * SIZE * SIZE) as [
      number,
      number,
      number,
    ];
    multiply = () => blas.sgemm(AS_IT_LIES, AS_IT_LIES, SIZE, SIZE, SIZE, a, SIZE, b, SIZE, 0, c, SIZE);
    return { check: [], versions: { [blas.name]: blas.library } };
  },
  run: (count) =>
    Array.from({ length: count }, () => {
      const begin = performance.now();
      multiply();
      return performance.now() - begin;
    }),
});
