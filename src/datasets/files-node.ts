/** Files of a bounded size (Node adapter). */
import { ConfigError, FormatError } from "../errors.js";
import { nodeModule } from "../host/host.js";

const fs = nodeModule("node:fs");

/**
 * The bytes of a file.
 *
 * @throws ConfigError when there is no such file, FormatError when it is larger than `limit` bytes
 */
export async function readFileBytes(path: string, limit: number, signal?: AbortSignal): Promise<Uint8Array> {
  signal?.throwIfAborted();
  const size = await fileSize(path);
  if (size > limit) throw new FormatError(`${path}: is ${size} bytes, more than the ${limit} allowed; split the file.`);
  try {
    return await fs.promises.readFile(path, { signal });
  } catch (cause) {
    signal?.throwIfAborted();
    throw unreadable(path, cause);
  }
}

/**
 * The size of a file in bytes.
 *
 * @throws ConfigError when there is no such file
 */
export async function fileSize(path: string): Promise<number> {
  const stat = await fs.promises.stat(path).catch((cause) => {
    throw unreadable(path, cause);
  });
  if (!stat.isFile()) throw new ConfigError(`${path} is not a file; expected the path of one file.`);
  return stat.size;
}

/** The error for a path that cannot be read. */
export function unreadable(path: string, cause: unknown): ConfigError {
  const code = (cause as { code?: string }).code ?? "unknown error";
  const reason = code === "ENOENT" ? "does not exist" : `cannot be read (${code})`;
  return new ConfigError(`${path} ${reason}; check the path.`, { cause });
}
