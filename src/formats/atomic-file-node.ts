/** Atomic files (Node adapter): after a crash a file has either the old or the new content, never a part. */
import { ConfigError } from "../errors.js";
import { nodeModule } from "../host/host.js";

const crypto = nodeModule("node:crypto");
const fs = nodeModule("node:fs");
const path = nodeModule("node:path");

/**
 * Writes a whole file: into a temporary file of the same folder, flushed to the disk, then renamed; then the folder is flushed, too.
 *
 * @throws ConfigError when the folder does not exist or cannot be written to, or the path is that of a folder or a device
 */
export async function writeFileAtomically(file: string, bytes: Uint8Array): Promise<void> {
  await refuseIrregular(file);
  // Links are followed, so that they stay links.
  const target = await fs.promises.realpath(file).catch(() => path.resolve(file));
  const temporary = path.join(
    path.dirname(target),
    `.${path.basename(target)}.${crypto.randomUUID().slice(0, 8)}.part`,
  );
  try {
    const handle = await fs.promises.open(temporary, "wx");
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await fs.promises.rename(temporary, target);
    await flushFolder(path.dirname(target));
  } catch (cause) {
    // A place that cannot be written may be no path at all.
    await fs.promises.rm(temporary, { force: true }).catch(() => undefined);
    throw unwritable(file, cause);
  }
}

/** Flushes a rename to the disk. Windows does not open folders; there the file system flushes it. */
async function flushFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await fs.promises.open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Refuses a path that {@link writeFileAtomically} cannot write to, so that a training fails at its start and not at its end. */
export async function checkWritable(file: string): Promise<void> {
  const folder = path.dirname(path.resolve(file));
  try {
    await fs.promises.access(folder, fs.constants.W_OK);
  } catch (cause) {
    throw unwritable(file, cause);
  }
  await refuseIrregular(file);
}

/** Refuses folders and devices: a file that is renamed onto a device would replace it. */
async function refuseIrregular(file: string): Promise<void> {
  const stat = await fs.promises.stat(file).catch(() => undefined);
  if (stat?.isDirectory()) throw new ConfigError(`${file} is a folder; give the path of a file.`);
  if (stat && !stat.isFile()) throw new ConfigError(`${file} is not a regular file; give the path of a file.`);
}

function unwritable(file: string, cause: unknown): ConfigError {
  const code = (cause as { code?: string }).code ?? String(cause);
  const reason =
    code === "ENOENT" ? "its folder does not exist; make the folder first" : `${code}; choose another path`;
  return new ConfigError(`${file} cannot be written: ${reason}.`, { cause });
}
