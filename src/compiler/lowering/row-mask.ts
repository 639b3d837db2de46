/**
 * Row mask: a kernel all of whose results are where(c, value, old), with old in the memory of the result, computes nothing where c is 0. If c is the
 * same for a whole row (a row of an embedding that no batch has named so far), the row is skipped without being read.
 */
import { sameShape } from "../../tensor/shape.js";
import type { MapInstruction, Operand, ScalarStep } from "../program.js";

/** The instruction with a row mask, if it can have one, or the instruction itself. */
export function withRowMask(map: MapInstruction): MapInstruction {
  const { shape, inputs, inputTypes, steps, results, outputs } = map;
  const choices = results.map((number) => steps[number - inputs.length]);
  const condition = choices[0]?.arguments[0];
  const rowMask = condition === undefined ? undefined : inputs[condition];
  if (!rowMask || inputTypes[condition!] !== "float" || shape.length !== 2 || rowMask.strides[1] !== 0) return map;
  const keepsOld = (choice: ScalarStep | undefined, i: number): boolean => {
    const old = choice?.op === "where" && choice.arguments[0] === condition ? inputs[choice.arguments[2]!] : undefined;
    return old !== undefined && isSame(old, outputs[i]!);
  };
  if (!choices.every(keepsOld)) return map;
  return withoutUnused({ ...map, results: choices.map((choice) => choice!.arguments[1]!), rowMask });
}

function isSame(a: Operand, b: Operand): boolean {
  return a.buffer === b.buffer && a.offset === b.offset && a.step === b.step && sameShape(a.strides, b.strides);
}

/** The instruction without inputs and steps that no result depends on. */
function withoutUnused(map: MapInstruction): MapInstruction {
  const { inputs, inputTypes, steps, results, gather } = map;
  const used = new Set(results);
  for (let i = steps.length - 1; i >= 0; i--) {
    if (used.has(inputs.length + i)) for (const argument of steps[i]!.arguments) used.add(argument);
  }
  const numbers = [...used].sort((a, b) => a - b);
  const renumbered = (number: number): number => numbers.indexOf(number);
  return {
    ...map,
    inputs: inputs.filter((_, i) => used.has(i)),
    inputTypes: inputTypes.filter((_, i) => used.has(i)),
    steps: steps
      .filter((_, i) => used.has(inputs.length + i))
      .map((step) => ({ ...step, arguments: step.arguments.map(renumbered) })),
    results: results.map(renumbered),
    ...(gather && { gather: { ...gather, input: renumbered(gather.input) } }),
  };
}
