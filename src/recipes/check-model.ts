/** Whether a model fits what the metadata of its file say about it: a model of other sizes would answer with other classes' numbers. */
import { FormatError } from "../errors.js";
import type { Model } from "../models/index.js";
import { fields, is, optional, type Schema } from "../schema/index.js";
import { formatShape, type PartialShape } from "../tensor/shape.js";
import { type OptionSchema, optionProblem } from "./option-schema.js";

/** Inputs and output of a recipe's model. */
export interface ModelForm {
  /** Each input: how many ids there are, and its batch-first shape. */
  readonly inputs: readonly { readonly what: string; readonly ids: number; readonly shape: PartialShape }[];
  /** Batch-first shape of the only output. */
  readonly output: { readonly what: string; readonly shape: PartialShape };
}

/** @throws FormatError naming what the metadata say and what the model has */
export function checkModel(model: Model, { inputs, output }: ModelForm, name: string): void {
  const wrong = (said: string, found: string) =>
    new FormatError(`${name}: the metadata say ${said}, but the model ${found}. Save the model again.`);
  if (model.inputPorts.length !== inputs.length) {
    throw wrong(
      `that it reads ${inputs.map(({ what }) => what).join(" and ")}`,
      `has ${model.inputPorts.length} inputs`,
    );
  }
  for (const [i, { what, ids, shape }] of inputs.entries()) {
    const input = model.inputPorts[i]!;
    if (input.idLimit !== ids) {
      throw wrong(`that there are ${ids} ids of ${what}`, `knows ${input.idLimit ?? "none"}`);
    }
    if (!fits(shape, input.shape)) {
      throw wrong(`that it reads ${what} ${formatShape(shape)}`, `reads ${formatShape(input.shape)}`);
    }
  }
  const { outputShape, outputNames } = model;
  if (outputNames.length === 1 && fits(output.shape, outputShape)) return;
  throw wrong(`that it gives ${output.what} ${formatShape(output.shape)}`, `gives ${formatShape(outputShape)}`);
}

/** Whether a shape is as expected, where null stands for any size. */
function fits(expected: PartialShape, shape: PartialShape): boolean {
  return shape.length === expected.length && expected.every((axis, i) => axis === null || axis === shape[i]);
}

/**
 * The options that a recipe was trained with, as metadata hold them.
 *
 * @param needed those that using the model takes
 */
/* @__NO_SIDE_EFFECTS__ */ export function optionsSchema<Options extends OptionSchema>(
  options: Options,
  needed: readonly (keyof Options & string)[] = [],
): Schema {
  const each = Object.entries(options).map(([option, spec]) => {
    const check = is((value) => optionProblem(spec, value));
    return [option, needed.includes(option) ? check : optional(check)];
  });
  return fields(Object.fromEntries(each));
}
