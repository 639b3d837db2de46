/**
 * Run of a training step: the programs of the batch's shards, and where there are several the programs that end the step. Preparing may wait,
 * for threads and for memory; the run itself does not, so no other run comes between.
 */
import { compile, type Equations } from "../compiler/compile.js";
import type { Batch, StepTotals } from "../training/index.js";
import type { CarryPlan } from "./carried-states.js";
import type { CompiledModel } from "./compiled-model.js";
import type { GradientForms } from "./gradient-form.js";
import { countEquations } from "./inference-equations.js";
import type { Network } from "./network.js";
import { iterationName } from "./optimizer-names.js";
import { sumsOf, totalsOfParts } from "./part-totals.js";
import { portName } from "./ports.js";
import type { LoadedProgram } from "./program-cache.js";
import type { Scalars, ShardedBatch, ShardGroup } from "./shard-group.js";
import { shardNoise } from "./shard-programs.js";
import { needsNorms, normEquations, type UpdatePart, updateEquations, updatePartCount } from "./shard-updates.js";
import { metricsOfRun } from "./step-totals.js";
import { shardEquations } from "./training-step.js";

/** A training step whose programs are in memory. */
export type PreparedStep = (learningRate: readonly number[]) => StepTotals;

/** The programs that end a step of several shards: those that measure gradients, where they are clipped by norm, and those that update. */
interface UpdatePrograms {
  readonly norms: readonly LoadedProgram[];
  readonly updates: readonly LoadedProgram[];
}

/** Loads the programs of a training step. */
export async function prepareTrainingStep(
  group: ShardGroup,
  network: Network,
  compiled: CompiledModel,
  [batch, whole]: readonly [ShardedBatch, Batch],
  plans: readonly CarryPlan[],
): Promise<PreparedStep> {
  const rows = whole.rows.length;
  const lossSteps = whole.window?.lossSteps;
  const programs = await group.prepare(`training step of ${rows}`, batch, plans, (signature, carry) =>
    shardEquations({ network, compiled, rows, settings: { carry, lossSteps } }, signature),
  );
  const noise = (shard: number) => [shardNoise(whole.noise, shard)];
  if (programs.length === 1) {
    return (learningRate) => {
      group.run(programs, batch, (shard) => ({ seed: noise(shard), learningRate }));
      return totalsOfParts(compiled, whole, programs);
    };
  }
  const forms = programs.map((program) => program.forms);
  const last = await loadUpdates(group, network, compiled, forms);
  const counts =
    compiled.outputs.length === 1
      ? []
      : await group.prepare("counts", batch, [], (signature) =>
          countEquations(network, compiled, signature, lossSteps),
        );
  return (learningRate) => {
    const scales = counts.length === 0 ? {} : lossScales(group, compiled, batch, counts);
    group.run(programs, batch, (shard) => ({ ...scales, seed: noise(shard) }));
    // Read now: updates run in the memory where shards left them.
    const metrics = metricsOfRun(compiled, sumsOf(programs));
    runUpdates(group, compiled, last, learningRate);
    return totalsOfParts(compiled, whole, last.updates.slice(0, 1), metrics);
  };
}

async function loadUpdates(
  group: ShardGroup,
  network: Network,
  compiled: CompiledModel,
  forms: readonly GradientForms[],
): Promise<UpdatePrograms> {
  const count = updatePartCount(network, forms.length);
  const load = async (kind: string, equations: (part: UpdatePart) => Equations) => {
    const programs: LoadedProgram[] = [];
    const key = JSON.stringify([kind, forms]);
    for (let index = 0; index < count; index++) {
      const make = () => ({ program: compile(equations({ index, count, forms })) });
      programs.push(await group.load(key, index, make));
    }
    return programs;
  };
  return {
    norms: needsNorms(compiled.optimizer) ? await load("norms", (part) => normEquations(network, compiled, part)) : [],
    updates: await load("update", (part) => updateEquations(network, compiled, part)),
  };
}

function runUpdates(
  { device }: ShardGroup,
  { optimizer }: CompiledModel,
  { norms, updates }: UpdatePrograms,
  learningRate: readonly number[],
): void {
  const counter = iterationName(optimizer);
  const iteration = [device.readVariable(counter)[0]! + 1];
  const inputs = { learningRate, iteration } satisfies Scalars;
  if (norms.length > 0) device.runTogether(norms.map(({ executable }) => ({ executable, inputs: {} })));
  device.runTogether(updates.map(({ executable }) => ({ executable, inputs })));
  device.writeVariable(counter, iteration);
}

/** Factors of each shard's sums of losses, where several outputs with separate counts make up the loss. */
function lossScales(
  group: ShardGroup,
  { outputs }: CompiledModel,
  batch: ShardedBatch,
  counts: readonly LoadedProgram[],
): Record<string, ArrayLike<number>> {
  group.run(counts, batch, () => ({ seed: [0] }));
  const counted = sumsOf(counts);
  return Object.fromEntries(
    outputs.map(({ lossWeight }, i) => [
      portName("lossScale", i),
      [lossWeight / Math.max(1, counted("lossCount", i)[0]!)],
    ]),
  );
}
