/**
 * Download cache (Node adapter): a file is fetched once, checked against its known hash, and kept in the user's cache directory
 * (`TAVALI_CACHE`, else the platform's). It is written to a temporary file and renamed, so that no half-written or
 * unchecked file is ever found there, after crashes and with parallel loads, too.
 */
import { FormatError, TavaliError } from "../errors.js";
import { environmentVariable, nodeModule } from "../host/host.js";

const crypto = nodeModule("node:crypto");
const fs = nodeModule("node:fs");
const os = nodeModule("node:os");
const path = nodeModule("node:path");

/** Bytes received so far and, if the server sends it, in total. */
export interface DownloadProgress {
  readonly file: string;
  readonly received: number;
  readonly total: number | undefined;
}

/** A file of a data set: its address and its hash. */
export interface RemoteFile {
  readonly name: string;
  readonly url: string;
  readonly algorithm: "sha256" | "md5";
  readonly hash: string;
  /** Its largest size in bytes. */
  readonly limit: number;
}

/** Options of {@link cachedFile}. */
export interface CacheOptions {
  onProgress?: ((progress: DownloadProgress) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** The directory that downloads are kept in: `TAVALI_CACHE`, else the platform's cache directory. */
export function cacheDirectory(): string {
  return path.join(environmentVariable("TAVALI_CACHE") || platformCache(), "datasets");
}

/** The platform's cache directory for this program: by the XDG specification, except on macOS and Windows. */
function platformCache(): string {
  const place = { darwin: [undefined, "Library", "Caches"], win32: ["LOCALAPPDATA", "AppData", "Local"] } as const;
  const [variable, ...inHome] = place[process.platform as keyof typeof place] ?? ["XDG_CACHE_HOME", ".cache"];
  const folder = (variable && environmentVariable(variable)) || path.join(homeDirectory(), ...inHome);
  return process.platform === "win32" ? path.join(folder, "tavali", "Cache") : path.join(folder, "tavali");
}

/** @throws TavaliError without the permission to read it, as in Deno */
function homeDirectory(): string {
  try {
    return os.homedir();
  } catch (cause) {
    throw new TavaliError(
      `The cache directory is not known: ${(cause as Error).message}. ` +
        "Set TAVALI_CACHE to a directory, or download the file by other means and give its path.",
      { cause },
    );
  }
}

/**
 * The bytes of a remote file, from the cache where a copy with the right hash lies there, else fetched.
 *
 * @throws FormatError when what was received has another hash or is too large; TavaliError when the transfer fails;
 *   the signal's reason when aborted
 */
export async function cachedFile(file: RemoteFile, options: CacheOptions = {}): Promise<Uint8Array> {
  options.signal?.throwIfAborted();
  const target = path.join(cacheDirectory(), file.name);
  const cached = await fs.promises.readFile(target).catch(() => undefined);
  if (cached !== undefined && hashOf(cached, file) === file.hash) return cached;
  const bytes = await download(file, options);
  const received = hashOf(bytes, file);
  if (received !== file.hash) {
    throw new FormatError(
      `${file.name}: the content of ${file.url} has the ${file.algorithm} ${received}, expected ${file.hash}. ` +
        "Nothing was kept; try again, or download it by other means and give its path.",
    );
  }
  await keep(bytes, target);
  return bytes;
}

function hashOf(bytes: Uint8Array, { algorithm }: RemoteFile): string {
  return crypto.createHash(algorithm).update(bytes).digest("hex");
}

async function download(file: RemoteFile, { onProgress, signal }: CacheOptions): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let received = 0;
  try {
    const response = await fetch(file.url, signal ? { signal } : {});
    if (!response.ok || response.body === null) {
      throw new TavaliError(`${file.name}: ${file.url} answered ${response.status}; try again later, or give a path.`);
    }
    // A compressed transfer's length is not that of the content.
    const length = response.headers.get("content-encoding") ? null : response.headers.get("content-length");
    const total = length === null ? undefined : Number(length);
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      received += chunk.length;
      if (received > file.limit) {
        throw new FormatError(
          `${file.name}: ${file.url} sends more than ${file.limit} bytes; it is not the right file.`,
        );
      }
      chunks.push(chunk);
      onProgress?.({ file: file.name, received, total });
    }
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof TavaliError) throw cause;
    throw new TavaliError(
      `${file.name}: the transfer from ${file.url} broke off after ${received} bytes. Nothing was kept; ` +
        "check the connection and try again, or download it by other means and give its path.",
      { cause },
    );
  }
  return Buffer.concat(chunks);
}

async function keep(bytes: Uint8Array, target: string): Promise<void> {
  const temporary = `${target}.${process.pid}.${crypto.randomUUID()}.part`;
  try {
    await fs.promises.mkdir(path.dirname(target), { recursive: true });
    await fs.promises.writeFile(temporary, bytes, { flag: "wx" });
    await fs.promises.rename(temporary, target);
  } catch (cause) {
    await fs.promises.rm(temporary, { force: true }).catch(() => undefined);
    throw new TavaliError(
      `The cache directory ${path.dirname(target)} cannot be written. Set TAVALI_CACHE to a directory that can.`,
      { cause },
    );
  }
}
