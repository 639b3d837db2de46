/** What every part of the benchmark is given, and what it gives back. */
import type { Pace } from "./compete.js";
import type { PeerName } from "./contestants.js";
import type { Workload } from "./workloads.js";

export interface Setting {
  readonly workloads: readonly Workload[];
  readonly peers: readonly PeerName[];
  readonly pace: Pace;
  /** Whether only the harness is to be proved. */
  readonly smoke: boolean;
  /** Where workloads are written. */
  readonly folder: string;
  /** Tells people how far it is. */
  say(line: string): void;
}

export interface Report {
  /** For bench/results.md, below a line that says how they came about. */
  readonly tables: readonly string[];
  /** The same and more, for `--json`. */
  readonly numbers: object;
  /** Of what took part. */
  readonly versions?: Readonly<Record<string, string>>;
}
