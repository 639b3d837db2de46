/** `--checkpoint`, `--checkpoint-every` and `--resume`, the same for every command that trains. */
import { type Command, InvalidArgumentError } from "commander";
import { ConfigError, UsageError } from "../errors.js";
import { holdsCheckpoint, loadCheckpoint, saveCheckpoint } from "../formats/checkpoint-folder-node.js";
import type { CheckpointOptions, TrainingState } from "../training/index.js";
import type { Terminal } from "./terminal.js";
import { fact } from "./training-view.js";

/** Options as commander parsed them. */
export interface CheckpointFlags {
  checkpoint?: string;
  checkpointEvery?: NonNullable<CheckpointOptions["every"]>;
  resume?: string;
}

/** For the hooks of a recipe. */
export interface Checkpointing {
  readonly checkpoint?: CheckpointOptions;
  readonly resume?: TrainingState;
  /** The folder that holds the checkpoints. */
  readonly folder?: string;
  /** The error that prevented the last checkpoint; undefined if it was written. */
  readonly lost?: () => string | undefined;
}

const defaultInterval = { epochs: 1, seconds: 60 };

/** Adds the flags to a command. */
export function addCheckpointFlags(command: Command): Command {
  return command
    .option(
      "--checkpoint <folder>",
      "keep the state of the training there, so that it can go on after whatever ends it",
    )
    .option(
      "--checkpoint-every <interval>",
      "beside every epoch: so many seconds (30s) or steps (100steps), or nothing else (epoch) (default: 60s)",
      parseInterval,
    )
    .option("--resume <folder>", "go on from the checkpoint there, to the very end the training would have had");
}

/** "30s", "100steps" or "epoch" as intervals; every epoch is always among them. */
export function parseInterval(text: string): NonNullable<CheckpointOptions["every"]> {
  if (text === "epoch") return { epochs: 1 };
  const [, digits, unit] = /^(\d+)(s|steps?)$/.exec(text) ?? [];
  const count = Number(digits);
  if (!(count > 0))
    throw new InvalidArgumentError('Expected seconds, such as "30s", steps, such as "100steps", or "epoch".');
  return unit === "s" ? { epochs: 1, seconds: count } : { epochs: 1, steps: count };
}

/** @throws UsageError for an interval of checkpoints without a folder */
export function checkCheckpointFlags({ checkpoint, resume, checkpointEvery }: CheckpointFlags): void {
  if (checkpointEvery === undefined || checkpoint !== undefined || resume !== undefined) return;
  throw new UsageError("--checkpoint-every needs --checkpoint FOLDER.");
}

/**
 * Beginning of the training, and the folder of its checkpoints. With both folders named, an empty one to resume from is a beginning.
 *
 * @throws ConfigError where there is nothing to resume from, or checkpoints would be mixed with those of another training
 */
export async function checkpointing(flags: CheckpointFlags, terminal: Terminal): Promise<Checkpointing> {
  const { checkpoint, resume, checkpointEvery = defaultInterval } = flags;
  const folder = checkpoint ?? resume;
  if (folder === undefined) return {};
  const state = resume === undefined ? undefined : await loadCheckpoint(resume, (problem) => warn(terminal, problem));
  if (resume !== undefined && state === undefined && checkpoint === undefined) {
    throw new ConfigError(`${resume} holds no checkpoint; start with --checkpoint ${resume}, or name another folder.`);
  }
  if (folder !== resume && (await holdsCheckpoint(folder))) {
    throw new ConfigError(
      `${folder} holds checkpoints already; go on with --resume ${folder}, or name an empty folder.`,
    );
  }
  const keeper = new CheckpointKeeper(folder, terminal);
  const save = (reached: TrainingState) => keeper.save(reached);
  if (state) fact(terminal, "resumed", `from ${resume}, ${placeOf(state)}`);
  return {
    checkpoint: { every: checkpointEvery, save },
    folder,
    lost: () => keeper.problem,
    ...(state && { resume: state }),
  };
}

/** Writes checkpoints. One that cannot be written costs the training nothing but itself: the first is told of, and each later one is tried. */
class CheckpointKeeper {
  readonly #folder: string;
  readonly #terminal: Terminal;
  #problem: string | undefined;
  #told = false;

  constructor(folder: string, terminal: Terminal) {
    this.#folder = folder;
    this.#terminal = terminal;
  }

  /** Undefined where the last one was written. */
  get problem(): string | undefined {
    return this.#problem;
  }

  async save(reached: TrainingState): Promise<void> {
    try {
      await saveCheckpoint(this.#folder, reached);
      this.#problem = undefined;
    } catch (error) {
      this.#problem = (error as Error).message;
      if (!this.#told) {
        fact(
          this.#terminal,
          "warning",
          `${this.#problem} The training goes on, and tries again at the next checkpoint.`,
        );
      }
      this.#told = true;
    }
  }
}

function warn(terminal: Terminal, problem: string): void {
  fact(terminal, "damaged", `${problem} Taking the checkpoint before it.`);
}

function placeOf({ epoch, batch, stopped }: TrainingState): string {
  if (stopped) return "where the training had ended";
  return batch === 0 ? `after epoch ${epoch}` : `within epoch ${epoch + 1}, after step ${batch}`;
}

/** Hint for a user who interrupted a training. */
export function howToGoOn(folder: string): string {
  return `  Its state is kept: go on with the same command and --resume ${folder}.`;
}
