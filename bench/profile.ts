/** Where the time of a training step goes: its programs line by line, with what each line takes on the main thread. */
import type { Program } from "../src/compiler/program.js";
import { createWasmEngine, formatProgram, tensor } from "../src/index.js";
import { median } from "./run-interleaved.js";
import type { Setting } from "./setting.js";
import { tavaliInputs, tavaliModel } from "./tavali-model.js";
import { dataOf, smallest, type Workload } from "./workloads.js";

export interface ProfileOptions {
  readonly threads: number;
  /** Whether to leave the system's BLAS alone. */
  readonly own: boolean;
}

type Times = Map<object, number[]>;

/** Prints the programs of a step of every workload that trains, each line with the median of its times. */
export async function printProfiles({ workloads, smoke, log }: Setting, options: ProfileOptions): Promise<void> {
  for (const chosen of workloads.filter(({ task }) => task === "train")) {
    const workload = smoke ? smallest(chosen) : chosen;
    log(`${workload.id}: ${workload.title}`);
    for (const [program, times] of await timesOf(workload, options, smoke ? 2 : 40)) {
      const medians = new Map([...times].map(([instruction, each]) => [instruction, median(each)]));
      const total = [...medians.values()].reduce((sum, time) => sum + time, 0);
      console.log(`\n${workload.id}, ${total.toPrecision(3)} ms in kernels`);
      console.log(formatProgram(program, { ports: false, times: medians }));
    }
  }
}

/** @param steps how many are timed, after as many that are not */
async function timesOf(
  workload: Workload,
  { threads, own }: ProfileOptions,
  steps: number,
): Promise<Map<Program, Times>> {
  const programs = new Map<Program, Times>();
  let timing = false;
  const engine = createWasmEngine({
    threads,
    blas: own ? false : "auto",
    onRun: (program, run) => {
      if (!timing) return;
      const times: Times = programs.get(program) ?? new Map();
      programs.set(program, times);
      for (const [instruction, time] of run) times.set(instruction, [...(times.get(instruction) ?? []), time]);
    },
  });
  const model = tavaliModel(workload.model, engine);
  const data = dataOf(workload);
  const [x, y] = [tavaliInputs(workload.model, data.x), data.y].map((part) => tensor(part.data, part.shape));
  for (let step = 0; step < 2 * steps; step++) {
    timing = step >= steps;
    await model.trainOnBatch(x!, y!);
  }
  return programs;
}
