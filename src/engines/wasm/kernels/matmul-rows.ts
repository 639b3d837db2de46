/**
 * Products with few rows, which read each element of b only once or twice: their speed is that of memory.
 * "rows": b by rows, four at a time, added to a row of c. "dots": b transposed, four inner products at a time; a's rows contiguous.
 */

import type { Assembler, I32, Vector, WasmFunction } from "../assembler.js";
import { f32x4, i32, local, memory, v128 } from "../instructions.js";
import { matmulKernel, type Product } from "./matmul-descriptor.js";
import { transpose4 } from "./memory.js";
import { combineLanes } from "./softmax.js";

/** c[i, :] (+)= Σ a[i, l] · b[l, :] */
export function rowsKernel(relaxed: boolean): WasmFunction {
  return matmulKernel(relaxed, (asm, { a, b, c, m, n, k, aRow, aColumn, bDistance, cRow, accumulate }) => {
    asm.repeat(asm.integer(m), () => {
      asm.when(i32.eqz(accumulate), () => {
        local.get(c);
        i32.const(0);
        i32.shl(n, 2);
        memory.fill();
      });
      const element = asm.integer(a);
      const row = asm.integer(b);
      const left = asm.integer(k);
      for (const height of [4, 1]) {
        asm.repeatBy(left, height, () => {
          const factors = Array.from({ length: height }, () => {
            const factor = asm.vector(v128.load32_splat({}, element));
            asm.advance(element, aColumn);
            return factor;
          });
          addRows(asm, factors, row, bDistance, c, n);
          for (let i = 0; i < height; i++) asm.advance(row, bDistance);
        });
      }
      asm.advance(a, aRow);
      asm.advance(c, cRow);
    });
  });
}

/** c[j] += Σ factors[i] · b[i, j] for j < n. */
function addRows(asm: Assembler, factors: readonly Vector[], b: I32, bRow: I32, c: I32, n: I32): void {
  const rows = [asm.integer(b)];
  for (let i = 1; i < factors.length; i++) rows.push(asm.integer(i32.add(rows[i - 1]!, bRow)));
  const out = asm.integer(c);
  const left = asm.integer(n);
  const advance = (bytes: number): void => {
    for (const pointer of [...rows, out]) asm.advance(pointer, bytes);
  };
  for (const vectors of [2, 1]) {
    asm.repeatBy(left, 4 * vectors, () => {
      for (let j = 0; j < vectors; j++) {
        const sum = asm.vector(v128.load({ offset: 16 * j }, out));
        rows.forEach((row, i) => {
          asm.accumulate(sum, factors[i]!, asm.vector(v128.load({ offset: 16 * j }, row)));
        });
        v128.store({ offset: 16 * j }, out, sum);
      }
      advance(16 * vectors);
    });
  }
  asm.repeat(left, () => {
    const sum = asm.vector(v128.load32_zero({}, out));
    rows.forEach((row, i) => {
      asm.accumulate(sum, factors[i]!, asm.vector(v128.load32_zero({}, row)));
    });
    v128.store32_lane({}, 0, out, sum);
    advance(4);
  });
}

/** c[i, j] (+)= Σ a[i, l] · b[j, l], both contiguous along l. */
export function dotsKernel(relaxed: boolean): WasmFunction {
  return matmulKernel(relaxed, (asm, { a, b, c, m, n, k, aRow, bDistance, cRow, accumulate }: Product) => {
    asm.repeat(asm.integer(m), () => {
      const row = asm.integer(b);
      const out = asm.integer(c);
      const left = asm.integer(n);
      asm.repeatBy(left, 4, () => {
        const sums = innerProducts(asm, a, row, bDistance, k, 4);
        const [p, q, r, s] = transpose4(asm, sums) as [Vector, Vector, Vector, Vector];
        const total = asm.vector(f32x4.add(f32x4.add(p, q), f32x4.add(r, s)));
        asm.when(accumulate, () => local.set(total, f32x4.add(v128.load({}, out), total)));
        v128.store({}, out, total);
        local.set(row, i32.add(row, i32.shl(bDistance, 2)));
        asm.advance(out, 16);
      });
      asm.repeat(left, () => {
        const [sum] = innerProducts(asm, a, row, bDistance, k, 1);
        const total = combineLanes(asm, sum!, (x, y) => f32x4.add(x, y));
        asm.when(accumulate, () => local.set(total, f32x4.add(v128.load32_zero({}, out), total)));
        v128.store32_lane({}, 0, out, total);
        asm.advance(row, bDistance);
        asm.advance(out, 4);
      });
      asm.advance(a, aRow);
      asm.advance(c, cRow);
    });
  });
}

/** Four partial sums of each of `count` inner products of a with neighbouring rows of b. */
function innerProducts(asm: Assembler, a: I32, b: I32, bRow: I32, k: I32, count: number): Vector[] {
  const sums = Array.from({ length: count }, () => asm.vector(asm.constant(0)));
  const from = asm.integer(a);
  const rows = [asm.integer(b)];
  for (let i = 1; i < count; i++) rows.push(asm.integer(i32.add(rows[i - 1]!, bRow)));
  const left = asm.integer(k);
  asm.repeatBy(left, 4, () => {
    const vector = asm.vector(v128.load({}, from));
    sums.forEach((sum, i) => {
      asm.accumulate(sum, vector, asm.vector(v128.load({}, rows[i]!)));
    });
    for (const pointer of [from, ...rows]) asm.advance(pointer, 16);
  });
  asm.when(left, () => {
    const vector = asm.loadLanes(from, left, 4);
    sums.forEach((sum, i) => {
      asm.accumulate(sum, vector, asm.loadLanes(rows[i]!, left, 4));
    });
  });
  return sums;
}
