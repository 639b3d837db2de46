/**
 * Node adapter: checkpoints in a folder, numbered upwards. A new one is complete, on the disk and under its name before the one before the
 * last goes; so whatever is pulled out, a whole one is there.
 */
import { ConfigError, FormatError, StateError } from "../errors.js";
import { nodeModule } from "../host/host.js";
import type { TrainingState } from "../training/index.js";
import { writeFileAtomically } from "./atomic-file-node.js";
import { checkpointFromBytes, checkpointToBytes } from "./checkpoint-bytes.js";

const fs = nodeModule("node:fs");
const path = nodeModule("node:path");

/** How many are kept: the last, and the one before should the last be damaged. */
const kept = 2;
/** As much as Node reads at once. */
const mostBytes = 2 ** 31 - 1;
const pattern = /^checkpoint-(\d+)\.tavali-checkpoint$/;

/** See `saveCheckpoint` of the door. */
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

/** See `loadCheckpoint` of the door. */
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
  throw new StateError(`${folder}: none of its ${numbers.length} checkpoints can be read; train from the beginning.`);
}

/** Whether there is anything to go on from. */
export async function holdsCheckpoint(folder: string): Promise<boolean> {
  return (await numbersIn(folder)).length > 0;
}

/** @throws FormatError for what is larger than a checkpoint can be, ConfigError for what cannot be read */
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

/** The numbers of the checkpoints in a folder, upwards; none where there is no folder. */
async function numbersIn(folder: string): Promise<number[]> {
  const names = await fs.promises.readdir(folder).catch((cause: unknown) => {
    if (reasonOf(cause) === "ENOENT") return [];
    throw new ConfigError(`${folder} is no folder of checkpoints (${reasonOf(cause)}); give a folder.`, { cause });
  });
  const found = names.map((name) => pattern.exec(name)?.[1]).filter((digits) => digits !== undefined);
  return found.map(Number).sort((a, b) => a - b);
}

/** Removes what processes that were killed have left in a folder that this process alone writes to. */
export function removeUnfinishedCheckpoints(folder: string): void {
  for (const name of fs.readdirSync(folder)) {
    if (/^\.checkpoint-.*\.part$/.test(name)) fs.rmSync(path.join(folder, name), { force: true });
  }
}

function reasonOf(cause: unknown): string {
  return (cause as { code?: string }).code ?? String(cause);
}
