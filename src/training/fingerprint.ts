/**
 * Fingerprint of a training: everything that affects its steps bit for bit, as text and checksums. A training resumes only from a checkpoint
 * with an equal fingerprint. The number of epochs is not part of it: a training may be resumed for more epochs.
 */
import { StateError } from "../errors.js";
import { formatShape } from "../tensor/shape.js";
import type { NumericArray } from "../tensor/tensor.js";
import type { Examples, Fingerprint, Rows } from "./trainable.js";

/** Shape and content of the data, each array by a checksum: "[400, 12] 9f86d081 884c7d65". */
export function describeExamples(part: string, examples: Examples | undefined): Fingerprint {
  const data = Object.entries(examples?.data ?? {});
  return Object.fromEntries(data.map(([name, rows]) => [`${part}${name}`, describeRows(rows)]));
}

function describeRows({ data, shape }: Rows): string {
  return `${formatShape(shape)} ${checksum(data)}`;
}

/**
 * Two independent 32-bit sums over the numbers, in hexadecimal. It detects other data by accident; it does not protect against forgery.
 *
 * @param data of any type: equal numbers give equal sums
 */
export function checksum(data: NumericArray): string {
  const number = new Float64Array(1);
  const words = new Uint32Array(number.buffer);
  let a = 0x9e3779b9;
  let b = 0x85ebca6b;
  for (let i = 0; i < data.length; i++) {
    number[0] = data[i]!;
    a = Math.imul(a ^ words[0]!, 0x01000193) ^ (a >>> 15);
    a = Math.imul(a ^ words[1]!, 0x01000193) ^ (a >>> 13);
    b = Math.imul(b ^ words[1]!, 0x27d4eb2d) ^ (b >>> 16);
    b = Math.imul(b ^ words[0]!, 0x27d4eb2d) ^ (b >>> 11);
  }
  return [a, b].map((sum) => (sum >>> 0).toString(16).padStart(8, "0")).join(" ");
}

/** @throws StateError with every difference, the value then and now */
export function checkFingerprint(then: Fingerprint, now: Fingerprint): void {
  const names = [...new Set([...Object.keys(then), ...Object.keys(now)])];
  // Own properties only: a file may have names that every object has, such as "toString".
  const [was, is] = [new Map(Object.entries(then)), new Map(Object.entries(now))];
  const differences = names
    .filter((name) => was.get(name) !== is.get(name))
    .map((name) => difference(name, was.get(name), is.get(name)));
  if (differences.length === 0) return;
  throw new StateError(
    `fit: this is not the training that the checkpoint is of. ${differences.join("; ")}. ` +
      "Resume with the same data, model, options and threads, or train from the beginning.",
  );
}

const LONGEST = 60;

function difference(name: string, was = "none", is = "none"): string {
  if (was.length <= LONGEST && is.length <= LONGEST) return `${name}: ${was} then, ${is} now`;
  let at = 0;
  while (was[at] === is[at]) at++;
  // The text around the first difference.
  const excerpt = (text: string) => `…${text.slice(Math.max(0, at - LONGEST / 2), at + LONGEST / 2)}…`;
  return `${name}: ${excerpt(was)} then, ${excerpt(is)} now`;
}
