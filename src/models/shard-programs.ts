/**
 * Programs for the shards of a batch. Shards of equal shape compute the same, so they are traced and compiled once, as shard 0 is; another
 * one's program is that with the variables of its own in place of shard 0's.
 */
import { compile, type Equations } from "../compiler/compile.js";
import type { Program } from "../compiler/program.js";
import { type IdCounts, shardName } from "./shard-names.js";

/** What a step computes, or a shard of it. */
export interface StepEquations extends Equations {
  readonly idCounts?: IdCounts;
}

/** The same, compiled. */
export interface StepProgram {
  readonly program: Program;
  readonly idCounts?: IdCounts;
}

export class ShardPrograms {
  readonly #first = new Map<string, StepProgram>();

  /**
   * @param key says all that the equations depend on
   * @param equations those of shard 0
   */
  of(shard: number, key: string, equations: () => StepEquations): StepProgram {
    let first = this.#first.get(key);
    if (!first) {
      const traced = equations();
      first = { program: compile(traced), idCounts: traced.idCounts };
      this.#first.set(key, first);
    }
    return shard === 0 ? first : { ...first, program: ofShard(shard, first.program) };
  }
}

function ofShard(shard: number, first: Program): Program {
  const [own, other] = [shardName(0, ""), shardName(shard, "")];
  const renamed = <Named extends { readonly name?: string }>(named: Named): Named =>
    named.name?.startsWith(own) ? { ...named, name: other + named.name.slice(own.length) } : named;
  const name = first.name.replace(/\bshard 0$/, `shard ${shard}`);
  return { ...first, name, buffers: first.buffers.map(renamed), variables: first.variables.map(renamed) };
}
