/**
 * Folders of checkpoints (Node adapter), with increasing numbers. A new checkpoint is complete and flushed to the disk before an old one is
 * removed; so after a crash there is always a complete one.
 */

import { ConfigError, FormatError, StateError } from "../errors.js";
import { nodeModule } from "../host/host.js";
import { counted } from "../options/index.js";
import type { TrainingState } from "../training/index.js";
import { writeFileAtomically } from "./atomic-file-node.js";
import { checkpointFromBytes, checkpointToBytes } from "./checkpoint-bytes.js";

const fs = nodeModule("node:fs");
const path = nodeModule("node:path");

/** Number of checkpoints kept: the last, and the one before in case the last is damaged. */
const kept = 2;
/** The largest size that Node reads at once. */
const mostBytes = 2 ** 31 - 1;
const pattern = /^checkpoint-(\d+)\.tavali-checkpoint$/;

/** See `saveCheckpoint` of the entry point. */
export async function saveCheckpoint(folder: string, state: TrainingState): Promise<string> {
  await fs.promises.mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw new ConfigError(`${folder} cannot be made: ${reasonOf(cause)}; choose another folder.`, { cause });
  });
  const before = await numbersIn(folder);
  const number = (before.at(-1) ?? 0) + 1;
  const file = fileOf(folder, number);
  await writeFileAtomically(file, await checkpointToBytes(state));
  for (const old of before.slice(0, Math.max(0, before.length + 1 - kept))) {
    await fs.promises.rm(fileOf(folder, old), { force: true });
  }
  removeUnfinishedCheckpoints(folder);
  return file;
}

/** See `loadCheckpoint` of the entry point. */
export async function loadCheckpoint(
  folder: string,
  onDamage: (problem: string) => void,
): Promise<TrainingState | undefined> {
  const numbers = await numbersIn(folder);
  for (const number of numbers.toReversed()) {
    const file = fileOf(folder, number);
    try {
      return await checkpointFromBytes(await readCheckpoint(file), file);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      onDamage(error.message);
    }
  }
  if (numbers.length === 0) return undefined;
  throw new StateError(
    `${folder}: of its ${counted(numbers.length, "checkpoint")} none can be read; train from the beginning.`,
  );
}

/** Whether there is a checkpoint. */
export async function holdsCheckpoint(folder: string): Promise<boolean> {
  return (await numbersIn(folder)).length > 0;
}

/** @throws FormatError for a file larger than a checkpoint can be, ConfigError for one that cannot be read */
async function readCheckpoint(file: string): Promise<Uint8Array> {
  try {
    const { size } = await fs.promises.stat(file);
    if (size <= mostBytes) return await fs.promises.readFile(file);
  } catch (cause) {
    throw new ConfigError(`${file} cannot be read (${reasonOf(cause)}); check its permissions.`, { cause });
  }
  throw new FormatError(`${file}: is more than ${mostBytes} bytes, too large for a checkpoint.`);
}

function fileOf(folder: string, number: number): string {
  return path.join(folder, `checkpoint-${String(number).padStart(6, "0")}.tavali-checkpoint`);
}

/** The numbers of the checkpoints in a folder, ascending; an empty list without a folder. */
async function numbersIn(folder: string): Promise<number[]> {
  const names = await fs.promises.readdir(folder).catch((cause: unknown) => {
    if (reasonOf(cause) === "ENOENT") return [];
    throw new ConfigError(`${folder} is not a folder of checkpoints (${reasonOf(cause)}); give a folder.`, { cause });
  });
  const found = names.map((name) => pattern.exec(name)?.[1]).filter((digits) => digits !== undefined);
  return found.map(Number).sort((a, b) => a - b);
}

/** Removes unfinished files of killed processes; only this process may write to the folder. */
export function removeUnfinishedCheckpoints(folder: string): void {
  for (const name of fs.readdirSync(folder)) {
    if (/^\.checkpoint-.*\.part$/.test(name)) fs.rmSync(path.join(folder, name), { force: true });
  }
}

function reasonOf(cause: unknown): string {
  return (cause as { code?: string }).code ?? String(cause);
}
