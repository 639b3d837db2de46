/** Locks of what one training at a time may write: its model file and its folder of checkpoints. */
import fs from "node:fs";
import path from "node:path";
import { ConfigError } from "../errors.js";
import { checkWritable } from "../formats/atomic-file-node.js";
import { removeUnfinishedCheckpoints } from "../formats/checkpoint-folder-node.js";
import type { CheckpointFlags } from "./checkpoint-flags.js";
import { type FileLock, lockFile, removeUnfinished } from "./file-lock.js";

/** A lock's name in the folder it protects. */
export const folderLock = "training.lock";

/**
 * Does a training's work while nobody else may write its files.
 *
 * @throws ConfigError naming the process that is at work on one of them, or when one cannot be written
 */
export async function whileLocked<Result>(
  { out, checkpoint, resume }: CheckpointFlags & { readonly out: string },
  work: () => Promise<Result>,
): Promise<Result> {
  const locks: FileLock[] = [];
  try {
    await checkWritable(out);
    locks.push(lockOut(out));
    if (checkpoint !== undefined) locks.push(lockMadeFolder(checkpoint));
    else if (resume !== undefined && isFolder(resume)) locks.push(lockFolder(resume, "give another --checkpoint"));
    return await work();
  } finally {
    for (const lock of locks.reverse()) lock.release();
  }
}

/** Takes a folder for this process. @param advice what else its user can do */
export function lockFolder(folder: string, advice: string): FileLock {
  const lock = lockFile(path.join(folder, folderLock), `The folder ${folder}`, advice);
  removeUnfinishedCheckpoints(folder);
  return lock;
}

function lockOut(out: string): FileLock {
  // A link is followed, as it is when the file is written.
  const target = fs.existsSync(out) ? fs.realpathSync(out) : path.resolve(out);
  const file = path.join(path.dirname(target), `.${path.basename(target)}.lock`);
  const lock = lockFile(file, `The model file ${out}`, "give another --out");
  removeUnfinished(target);
  return lock;
}

/** The folder is made where it is missing, and goes again where nothing came into it. */
function lockMadeFolder(folder: string): FileLock {
  let made: string | undefined;
  try {
    made = fs.mkdirSync(folder, { recursive: true });
  } catch (cause) {
    const code = (cause as { code?: string }).code ?? String(cause);
    throw new ConfigError(`${folder} cannot be made (${code}); give another folder for checkpoints.`, { cause });
  }
  const lock = lockFolder(folder, "give another --checkpoint");
  return {
    release() {
      lock.release();
      if (made === undefined) return;
      try {
        fs.rmdirSync(folder);
      } catch {
        // It holds checkpoints, or is gone.
      }
    },
  };
}

function isFolder(name: string): boolean {
  return fs.statSync(name, { throwIfNoEntry: false })?.isDirectory() === true;
}
