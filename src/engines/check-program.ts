/**
 * What every engine checks before it trusts a program: the variables exist with the same size, and no operand reaches outside its
 * buffer at any iteration of its loop. After this, kernels check nothing. (Row ids in data are the caller's to check.)
 */
import type { Buffer, DType, Instruction, Operand, Program, StraightInstruction } from "../compiler/program.js";
import { ConfigError, ShapeError, StateError } from "../errors.js";
import { formatShape, type Shape, sizeOf } from "../tensor/shape.js";

/** What the device knows of a variable. */
export interface KnownVariable {
  readonly size: number;
  readonly dtype: DType;
}

/**
 * @param variable the device's variable of that name
 * @throws StateError for a missing variable, ShapeError for one of another size, ConfigError for a malformed program
 */
export function checkProgram(program: Program, variable: (name: string) => KnownVariable | undefined): void {
  program.buffers.forEach((buffer, i) => {
    checkBuffer(program, buffer, i, variable);
  });
  for (const port of [...program.inputs, ...program.variables, ...program.outputs]) {
    const buffer = program.buffers[port.buffer];
    if (buffer === undefined || buffer.size < sizeOf(port.shape) || buffer.dtype !== port.dtype) {
      throw malformed(program, `port "${port.name}" ${formatShape(port.shape)} does not fit its buffer ${port.buffer}`);
    }
  }
  for (const instruction of program.instructions) checkInstruction(program, instruction);
}

/** Every operand of an instruction with the iteration space it walks. Table rows chosen by data have an empty space. */
export function operandsOf(instruction: StraightInstruction): [Operand, Shape][] {
  switch (instruction.kind) {
    case "map": {
      const { inputs, outputs, guard, chosen, shape } = instruction;
      const spaceOf = (input: number): Shape => (chosen?.input === input ? [1, ...shape.slice(1)] : shape);
      return [
        ...inputs.map((operand, i): [Operand, Shape] => [operand, spaceOf(i)]),
        ...[...outputs, ...(guard ? [guard] : [])].map((operand): [Operand, Shape] => [operand, shape]),
        ...(chosen ? [[chosen.ids, shape.slice(0, 1)] satisfies [Operand, Shape]] : []),
      ];
    }
    case "matmul": {
      const { batch, m, k, n } = instruction;
      return [
        [instruction.a, [batch, m, k]],
        [instruction.b, [batch, k, n]],
        [instruction.output, [batch, m, n]],
      ];
    }
    case "reduce": {
      const [outer, length, inner] = instruction.shape;
      return [
        [instruction.input, [outer, length, inner]],
        [instruction.output, [outer, inner]],
      ];
    }
    case "softmax": {
      const { rows, columns, form, bias, scale, logSum } = instruction;
      return [
        [instruction.input, [rows, columns]],
        [instruction.output, [rows, form === "logSumExp" ? 1 : columns]],
        ...(bias ? [[bias, [rows, columns]] satisfies [Operand, Shape]] : []),
        ...[scale, logSum].flatMap((each): [Operand, Shape][] => (each ? [[each, [rows, 1]]] : [])),
      ];
    }
    case "gather":
    case "scatterAdd": {
      const { count, width, ids, output } = instruction;
      const rows = instruction.kind === "gather" ? output : instruction.source;
      const table = instruction.kind === "gather" ? instruction.table : output;
      return [
        [rows, [count, width]],
        [ids, [count]],
        [table, [Math.min(count, 1), width]],
      ];
    }
    case "placesOf":
      return [
        [instruction.ids, [instruction.count]],
        [instruction.output, [instruction.rows]],
      ];
    case "random":
      return [
        [instruction.seed, []],
        [instruction.output, [instruction.size]],
      ];
    case "fill":
      return [[instruction.output, [instruction.size]]];
    case "copy":
      return [
        [instruction.input, instruction.shape],
        [instruction.output, instruction.shape],
      ];
  }
}

function checkBuffer(
  program: Program,
  { role, size, dtype, name, offset = -1, values }: Buffer,
  i: number,
  variable: (name: string) => KnownVariable | undefined,
): void {
  if (role === "variable") {
    const existing = name === undefined ? undefined : variable(name);
    if (existing === undefined) {
      throw new StateError(
        `Program "${program.name}" uses the variable "${name}", which this device does not have. ` +
          "Call createVariable before load.",
      );
    }
    if (existing.size !== size || existing.dtype !== dtype) {
      throw new ShapeError(
        `Program "${program.name}" expects the variable "${name}" to hold ${size} numbers of type ${dtype}, ` +
          `but on this device it holds ${existing.size} of type ${existing.dtype}.`,
      );
    }
  } else if (role === "constant") {
    if (values?.length !== size) {
      throw malformed(program, `constant buffer ${i} has ${values?.length ?? 0} values instead of ${size}`);
    }
  } else if (offset < 0 || offset + size > program.arenaSize) {
    throw malformed(program, `scratch buffer ${i} ends outside the arena of ${program.arenaSize} elements`);
  }
}

function checkInstruction(program: Program, instruction: Instruction, length = 1): void {
  if (instruction.kind === "loop") {
    for (const child of instruction.body) checkInstruction(program, child, instruction.length);
    return;
  }
  for (const [operand, shape] of operandsOf(instruction)) {
    if (shape.includes(0) || length === 0) continue;
    const buffer = program.buffers[operand.buffer];
    const reach = [length, ...shape].map((size, axis) => {
      const stride = axis === 0 ? operand.step : (operand.strides[axis - 1] ?? 0);
      return (size - 1) * stride;
    });
    const first = reach.reduce((sum, r) => sum + Math.min(r, 0), operand.offset);
    const last = reach.reduce((sum, r) => sum + Math.max(r, 0), operand.offset);
    if (buffer === undefined || first < 0 || last >= buffer.size) {
      throw malformed(
        program,
        `a ${instruction.kind} reaches elements ${first} to ${last} of buffer ${operand.buffer}, ` +
          `which has ${buffer?.size ?? "never been declared"}${buffer ? " elements" : ""}`,
      );
    }
  }
}

function malformed(program: Program, what: string): ConfigError {
  return new ConfigError(
    `Program "${program.name}" is not valid: ${what}. Programs are made by the compiler; report this.`,
  );
}
