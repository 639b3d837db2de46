/** Settings and reports: the arguments and results of every part of the benchmark. */
import type { Pace } from "./run-interleaved.js";
import type { PeerName } from "./targets.js";
import type { Workload } from "./workloads.js";

export interface Setting {
  readonly workloads: readonly Workload[];
  readonly peers: readonly PeerName[];
  readonly pace: Pace;
  /** A test of the harness alone. */
  readonly smoke: boolean;
  /** Folder of the workloads' files. */
  readonly folder: string;
  /** Prints progress. */
  log(line: string): void;
}

export interface Report {
  /** For bench/results.md, below a line with the command and the machine. */
  readonly tables: readonly string[];
  /** The same and more, for `--json`. */
  readonly numbers: object;
  /** Versions of the software that was measured. */
  readonly versions?: Readonly<Record<string, string>>;
}
