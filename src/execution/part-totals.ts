/** What a batch comes to that ran in parts: their outputs, added up. They are read directly after the run. */
import type { Batch, StepTotals } from "../training/index.js";
import type { CompiledModel } from "./loss-equations.js";
import { PENALTY } from "./penalties.js";
import type { LoadedProgram } from "./program-cache.js";
import { hasPenalty, metricsOfRun, type ReadSums, totalsOf } from "./step-totals.js";

type Rows = Pick<Batch, "rows">;

/** Adds up what the shards of a batch give under a name. */
export function sumsOf(parts: readonly LoadedProgram[]): ReadSums {
  return (name) => {
    const [first, ...rest] = parts.map(({ executable }) => Array.from(executable.output(name)));
    return first!.map((sum, i) => rest.reduce((total, part) => total + part[i]!, sum));
  };
}

/** What the weights cost, which is the same for every part. */
function penaltyIn([first]: readonly LoadedProgram[]): number | undefined {
  const { program } = first!.executable;
  return hasPenalty(program.outputs) ? first!.executable.output(PENALTY)[0] : undefined;
}

export function totalsOfParts(
  compiled: CompiledModel,
  { rows }: Rows,
  parts: readonly LoadedProgram[],
  metrics = metricsOfRun(compiled, sumsOf(parts)),
): StepTotals {
  return totalsOf(compiled, rows.length, sumsOf(parts), penaltyIn(parts), metrics);
}
