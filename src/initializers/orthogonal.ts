/**
 * A random orthogonal matrix (Saxe, McClelland & Ganguli 2014): the Q of a QR decomposition of normal numbers, with the signs that make
 * R's diagonal positive. As a recurrent kernel it keeps the length of the state, so at first the state neither explodes nor vanishes over a long sequence.
 */
import { ShapeError } from "../errors.js";
import { checkOptions, finite } from "../options/index.js";
import { Random } from "../tensor/random.js";
import { formatShape, sizeOf } from "../tensor/shape.js";
import { type SeedOption, seedOption } from "./drawn.js";
import type { Initializer } from "./initializer.js";

/**
 * Rows (or columns, whichever are fewer) of length `gain`, at right angles to each other. With more than two axes, all except the last
 * are rows.
 *
 * @throws ShapeError for a shape of fewer than two axes
 */
export function orthogonal(options: SeedOption & { readonly gain?: number } = {}): Initializer {
  const { gain = 1, seed } = checkOptions("Orthogonal", options, { ...seedOption, gain: finite });
  return {
    config: { type: "Orthogonal", gain, ...(seed === undefined ? {} : { seed }) },
    values(shape, random) {
      if (shape.length < 2) {
        throw new ShapeError(`orthogonal: expected a shape of at least two axes, received ${formatShape(shape)}.`);
      }
      const columns = shape.at(-1)!;
      const rows = sizeOf(shape.slice(0, -1));
      const basis = orthonormal(
        Math.min(rows, columns),
        Math.max(rows, columns),
        seed === undefined ? random : new Random(seed),
      );
      const values = new Float64Array(rows * columns);
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < columns; j++) {
          values[i * columns + j] = gain * (rows < columns ? basis[i]![j]! : basis[j]![i]!);
        }
      }
      return values;
    },
  };
}

/**
 * `count` orthonormal vectors of the given length, by Gram–Schmidt. Each is made orthogonal to the earlier ones twice: once is not
 * enough in floating point, twice is (Giraud et al. 2005).
 */
function orthonormal(count: number, length: number, random: Random): Float64Array[] {
  const basis: Float64Array[] = [];
  while (basis.length < count) {
    const vector = Float64Array.from({ length }, () => random.normal());
    for (let pass = 0; pass < 2; pass++) {
      for (const earlier of basis) {
        const overlap = dot(vector, earlier);
        for (let i = 0; i < length; i++) vector[i]! -= overlap * earlier[i]!;
      }
    }
    const norm = Math.sqrt(dot(vector, vector));
    basis.push(vector.map((value) => value / norm));
  }
  return basis;
}

function dot(a: Float64Array, b: Float64Array): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += a[i]! * b[i]!;
  return total;
}
