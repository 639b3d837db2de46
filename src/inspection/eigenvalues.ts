/**
 * Eigenvalues of a real square matrix, complex pairs included: elimination to Hessenberg form, then the shifted QR algorithm of Francis
 * (1961), as in EISPACK's `elmhes` and `hqr` (Martin, Peters & Wilkinson 1970). Recurrent matrices are small, and power iteration fails
 * exactly where they are interesting: for rotations, whose largest eigenvalues are a complex pair.
 */

import { ShapeError, TavaliError } from "../errors.js";
import { checkOption, wholeNumber } from "../options/index.js";
import { expectIds } from "../tensor/expect-text.js";

/** Real and imaginary part. */
export type Complex = readonly [number, number];

const EPSILON = 2 ** -52;
const MOST_ITERATIONS = 60;

/**
 * The eigenvalues, in no order.
 *
 * @param matrix [n, n], row by row; it is not changed
 * @throws TavaliError when the numbers are not finite, or the iteration does not settle
 */
export function eigenvalues(matrix: ArrayLike<number>, n: number): Complex[] {
  const rows = Array.from({ length: n }, (_, i) => Float64Array.from({ length: n }, (_, j) => matrix[i * n + j]!));
  if (!rows.every((row) => row.every(Number.isFinite))) {
    throw new TavaliError(
      "eigenvalues: the matrix holds numbers that are not finite; the weights were lost in training.",
    );
  }
  toHessenberg(rows);
  return ofHessenberg(rows);
}

/** The largest magnitude of an eigenvalue: the growth factor of repeated products with the matrix. */
export function spectralRadius(matrix: ArrayLike<number>, n: number): number {
  checkOption("spectralRadius", "n", n, wholeNumber(0, 4096));
  if (expectIds("spectralRadius: matrix", matrix).length !== n * n) {
    throw new ShapeError(`spectralRadius: a matrix of ${n} rows has ${n * n} numbers, received ${matrix.length}.`);
  }
  return Math.max(0, ...eigenvalues(matrix, n).map(([re, im]) => Math.hypot(re, im)));
}

/** Similar rows operations with pivoting make everything below the first subdiagonal 0. */
function toHessenberg(a: Float64Array[]): void {
  const n = a.length;
  for (let m = 1; m < n - 1; m++) {
    let pivot = m;
    for (let i = m + 1; i < n; i++) if (Math.abs(a[i]![m - 1]!) > Math.abs(a[pivot]![m - 1]!)) pivot = i;
    const x = a[pivot]![m - 1]!;
    if (x === 0) continue;
    if (pivot !== m) {
      [a[pivot], a[m]] = [a[m]!, a[pivot]!];
      for (const row of a) [row[pivot], row[m]] = [row[m]!, row[pivot]!];
    }
    for (let i = m + 1; i < n; i++) {
      const factor = a[i]![m - 1]! / x;
      if (factor === 0) continue;
      for (let j = m - 1; j < n; j++) a[i]![j]! -= factor * a[m]![j]!;
      for (const row of a) row[m]! += factor * row[i]!;
    }
  }
  for (let i = 2; i < n; i++) a[i]!.fill(0, 0, i - 1);
}

/** Deflates one eigenvalue or a pair at a time from the bottom right. */
function ofHessenberg(a: Float64Array[]): Complex[] {
  const found: Complex[] = [];
  const norm = a.reduce((sum, row) => sum + row.reduce((part, value) => part + Math.abs(value), 0), 0);
  let last = a.length - 1;
  let shifted = 0;
  for (let iteration = 0; last >= 0; ) {
    const first = startOfBlock(a, last, norm);
    if (first === last) {
      found.push([a[last]![last]! + shifted, 0]);
      last -= 1;
      iteration = 0;
    } else if (first === last - 1) {
      found.push(...pairOf(a, last, shifted));
      last -= 2;
      iteration = 0;
    } else {
      if (++iteration > MOST_ITERATIONS) throw new TavaliError("eigenvalues: the QR iteration does not settle.");
      // An exceptional shift breaks cycles.
      if (iteration % 10 === 0) shifted += exceptionalShift(a, last);
      francisStep(a, first, last, iteration % 10 === 0);
    }
  }
  return found;
}

function startOfBlock(a: Float64Array[], last: number, norm: number): number {
  let first = last;
  for (; first > 0; first--) {
    const beside = Math.abs(a[first - 1]![first - 1]!) + Math.abs(a[first]![first]!) || norm;
    if (Math.abs(a[first]![first - 1]!) <= EPSILON * beside) {
      a[first]![first - 1] = 0;
      break;
    }
  }
  return first;
}

function pairOf(a: Float64Array[], last: number, shifted: number): Complex[] {
  const [x, y] = [a[last]![last]!, a[last - 1]![last - 1]!];
  const w = a[last]![last - 1]! * a[last - 1]![last]!;
  const p = 0.5 * (y - x);
  const q = p * p + w;
  const z = Math.sqrt(Math.abs(q));
  if (q < 0) {
    return [
      [x + shifted + p, z],
      [x + shifted + p, -z],
    ];
  }
  const far = p + (p >= 0 ? z : -z);
  return [
    [x + shifted + far, 0],
    [x + shifted - (far === 0 ? 0 : w / far), 0],
  ];
}

function exceptionalShift(a: Float64Array[], last: number): number {
  const shift = a[last]![last]!;
  for (let i = 0; i <= last; i++) a[i]![i]! -= shift;
  return shift;
}

/** One double QR step with Householder reflections on rows and columns first … last. */
function francisStep(a: Float64Array[], first: number, last: number, exceptional: boolean): void {
  const size = Math.abs(a[last]![last - 1]!) + Math.abs(a[last - 1]![last - 2]!);
  const [x, y, w] = exceptional
    ? [0.75 * size, 0.75 * size, -0.4375 * size * size]
    : [a[last]![last]!, a[last - 1]![last - 1]!, a[last]![last - 1]! * a[last - 1]![last]!];
  const [r, s] = [x - a[first]![first]!, y - a[first]![first]!];
  let vector = [
    (r * s - w) / a[first + 1]![first]! + a[first]![first + 1]!,
    a[first + 1]![first + 1]! - a[first]![first]! - r - s,
    a[first + 2]![first + 1]!,
  ];
  for (let k = first; k < last; k++) {
    const three = k + 2 <= last;
    if (k > first) vector = [a[k]![k - 1]!, a[k + 1]![k - 1]!, three ? a[k + 2]![k - 1]! : 0];
    else if (!three) vector[2] = 0;
    reflect(a, k, first, last, vector, three);
  }
}

function reflect(a: Float64Array[], k: number, first: number, last: number, vector: number[], three: boolean): void {
  const scale = Math.max(...vector.map(Math.abs));
  if (scale === 0) return;
  const [p, q, r] = vector.map((value) => value / scale) as [number, number, number];
  const length = (p < 0 ? -1 : 1) * Math.hypot(p, q, r);
  const v = [1, q / (p + length), r / (p + length)] as const;
  const tau = (p + length) / length;
  const rows = [a[k]!, a[k + 1]!, three ? a[k + 2]! : undefined] as const;
  for (let j = Math.max(first, k - 1); j <= last; j++) {
    const sum = tau * (rows[0][j]! + v[1] * rows[1][j]! + (rows[2] ? v[2] * rows[2][j]! : 0));
    rows[0][j]! -= sum;
    rows[1][j]! -= sum * v[1];
    if (rows[2]) rows[2][j]! -= sum * v[2];
  }
  for (let i = first; i <= Math.min(last, k + 3); i++) {
    const row = a[i]!;
    const sum = tau * (row[k]! + v[1] * row[k + 1]! + (three ? v[2] * row[k + 2]! : 0));
    row[k]! -= sum;
    row[k + 1]! -= sum * v[1];
    if (three) row[k + 2]! -= sum * v[2];
  }
}
