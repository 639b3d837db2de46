/**
 * Checks of a program, made by every engine before it trusts it: the variables exist with the same size, and no operand reaches outside its
 * buffer at any iteration of its loop. After this, kernels check nothing. (Row ids in data are the caller's to check.)
 */
import { accessesOf } from "../compiler/instructions.js";
import type { Buffer, DType, Instruction, Program } from "../compiler/program.js";
import { ConfigError, ShapeError, StateError } from "../errors.js";
import { formatShape, sizeOf } from "../tensor/shape.js";

/** Size and type of a variable on the device. */
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
  for (const { operand, shape } of accessesOf(instruction)) {
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
