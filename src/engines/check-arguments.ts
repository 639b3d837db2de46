/** Checks of the arguments of devices and programs, the same in every engine: names, lengths, and the errors for wrong ones. */
import type { Port, Program } from "../compiler/program.js";
import { ConfigError, ShapeError, StateError } from "../errors.js";
import { formatShape, sizeOf } from "../tensor/shape.js";

/** The values given for an input port. @throws ConfigError if there are none, ShapeError if their number is wrong */
export function inputValues(
  program: Program,
  port: Port,
  inputs: Readonly<Record<string, ArrayLike<number>>>,
): ArrayLike<number> {
  const values = inputs[port.name];
  if (values === undefined) {
    throw new ConfigError(
      `Program "${program.name}" needs the input "${port.name}" ${formatShape(port.shape)}; ` +
        `given: ${Object.keys(inputs).join(", ") || "nothing"}.`,
    );
  }
  const size = sizeOf(port.shape);
  if (values.length !== size) {
    throw new ShapeError(
      `Program "${program.name}" expects ${size} numbers for the input "${port.name}" ${formatShape(port.shape)}, ` +
        `received ${values.length}.`,
    );
  }
  return values;
}

/** The output port of that name. @throws ConfigError if there is none */
export function outputPort(program: Program, name: string): Port {
  const port = program.outputs.find((output) => output.name === name);
  if (port === undefined) {
    throw new ConfigError(
      `Program "${program.name}" has no output "${name}"; it has: ${program.outputs.map((o) => o.name).join(", ") || "none"}.`,
    );
  }
  return port;
}

/** @throws ShapeError when an output of that port does not fit the array that receives it */
export function checkTarget(program: Program, { name, shape }: Port, into: ArrayLike<number>): void {
  if (into.length === sizeOf(shape)) return;
  throw new ShapeError(
    `The output "${name}" ${formatShape(shape)} of program "${program.name}" is ${sizeOf(shape)} numbers; ` +
      `the array given for it has room for ${into.length}.`,
  );
}

/** The error of `output` when the scratch memory no longer holds this program's results. */
export function staleOutput(program: Program, name: string): StateError {
  return new StateError(
    `The output "${name}" of program "${program.name}" is not in memory: the program has not run, or another program of the ` +
      "same device ran after it. Read outputs directly after run.",
  );
}

/** The error of `run` after `unload`. */
export function unloadedProgram(program: Program): StateError {
  return new StateError(
    `The program "${program.name}" was unloaded from its device, so it cannot run. Load it again; a closed stream is opened again by ` +
      "the model's stream().",
  );
}

/** @throws StateError when a variable exists already */
export function checkNewVariable(name: string, exists: boolean): void {
  if (exists) {
    throw new StateError(`The variable "${name}" exists already; write to it, or choose another name.`);
  }
}

/** The variable, if there is one. @throws StateError if not */
export function existing<Variable>(name: string, variable: Variable | undefined): Variable {
  if (variable === undefined) {
    throw new StateError(`There is no variable "${name}" on this device. Call createVariable first.`);
  }
  return variable;
}

/** @throws ShapeError when the number of values is not the variable's */
export function checkVariableValues(name: string, size: number, values: ArrayLike<number>): void {
  if (values.length !== size) {
    throw new ShapeError(`The variable "${name}" holds ${size} numbers, but ${values.length} were given.`);
  }
}
