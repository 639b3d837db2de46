/** Programs for the shards of a batch: those of equal shape are traced and compiled once, as shard 0 is. */
import type { Equations } from "../compiler/compile.js";
import type { Program } from "../compiler/program.js";
import type { GradientForms } from "./gradient-form.js";
import { shardName } from "./shard-names.js";

/** Equations of a step, or of a shard of it. */
export interface StepEquations extends Equations {
  /** Of a shard of several: the form of the gradients that it leaves. */
  readonly forms?: GradientForms | undefined;
}

/** The same, compiled. */
export interface StepProgram {
  readonly program: Program;
  readonly forms?: GradientForms | undefined;
}

/** The program of another shard: that of shard 0 with the other shard's variables. */
export function ofShard(shard: number, first: StepProgram): StepProgram {
  return shard === 0 ? first : { ...first, program: renamed(shard, first.program) };
}

function renamed(shard: number, first: Program): Program {
  const [prefix, other] = [shardName(0, ""), shardName(shard, "")];
  const ofOther = <Named extends { readonly name?: string }>(named: Named): Named =>
    named.name?.startsWith(prefix) ? { ...named, name: other + named.name.slice(prefix.length) } : named;
  const name = first.name.replace(/\bshard 0$/, `shard ${shard}`);
  return { ...first, name, buffers: first.buffers.map(ofOther), variables: first.variables.map(ofOther) };
}

/** Seed of the noise in one shard: each draws other numbers. */
export function shardNoise(noise: number, shard: number): number {
  return (noise + Math.imul(shard, 0x9e3779b9)) | 0;
}
