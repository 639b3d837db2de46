/** Totals of a batch that ran in parts: their outputs, added up. They are read directly after the run. */
import type { Batch, StepTotals } from "../training/index.js";
import type { CompiledModel } from "./compiled-model.js";
import { portName } from "./ports.js";
import type { LoadedProgram } from "./program-cache.js";
import { metricsOfRun, type ReadSums, totalsOf } from "./step-totals.js";

type Rows = Pick<Batch, "rows">;

/** Adds up the results of a batch's shards. */
export function sumsOf(parts: readonly LoadedProgram[]): ReadSums {
  return (kind, index) => {
    const name = portName(kind, index);
    const sums: number[] = [];
    for (const { executable } of parts) {
      const values = executable.output(name);
      for (let i = 0; i < values.length; i++) sums[i] = (sums[i] ?? 0) + values[i]!;
    }
    return sums;
  };
}

/** The penalty, which is the same for every part; undefined without regularizers. */
function penaltyIn([first]: readonly LoadedProgram[]): number | undefined {
  const { executable } = first!;
  const name = portName("penalty");
  return executable.program.outputs.some((port) => port.name === name) ? executable.output(name)[0] : undefined;
}

export function totalsOfParts(
  compiled: CompiledModel,
  { rows }: Rows,
  parts: readonly LoadedProgram[],
  metrics = metricsOfRun(compiled, sumsOf(parts)),
): StepTotals {
  return totalsOf(compiled, rows.length, sumsOf(parts), penaltyIn(parts), metrics);
}
