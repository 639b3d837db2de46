/**
 * Node adapter of `text-chunks.ts`. Files are read, unpacked and decoded chunk by chunk, so only one chunk is in memory.
 * zlib checks a gzip file's length and CRC-32 as it comes to the end.
 */
import { ConfigError, FormatError, TavaliError } from "../errors.js";
import { nodeModule } from "../host/host.js";
import { fileSize, unreadable } from "./files-node.js";
import { isGzip } from "./gunzip.js";
import type { TextChunksOptions } from "./text-progress.js";
import { utf8Chunks } from "./utf8-text.js";

const fs = nodeModule("node:fs");
const stream = nodeModule("node:stream");
const zlib = nodeModule("node:zlib");

const CHUNK = 256 * 1024;

/** See `textChunks`. */
export async function* readTextFiles(paths: readonly string[], options: TextChunksOptions): AsyncGenerator<string> {
  const { onProgress, signal } = options;
  if (paths.length === 0) throw new ConfigError("textChunks: no path was given; expected one or more text files.");
  signal?.throwIfAborted();
  let total = 0;
  for (const path of paths) total += await fileSize(path);
  let bytes = 0;
  const count = async function* (file: string): AsyncGenerator<Uint8Array> {
    for await (const chunk of fs.createReadStream(file, { highWaterMark: CHUNK })) {
      signal?.throwIfAborted();
      bytes += chunk.length;
      onProgress?.({ file, bytes, total });
      yield chunk;
    }
  };
  let last = "\n";
  for (const file of paths) {
    if (!last.endsWith("\n")) yield "\n";
    try {
      for await (const text of utf8Chunks(unpacked(count(file), file), file)) {
        last = text;
        yield text;
      }
    } catch (cause) {
      signal?.throwIfAborted();
      throw cause instanceof TavaliError || !isSystemError(cause) ? cause : unreadable(file, cause);
    }
  }
}

/** The content of a file that may be gzip. */
async function* unpacked(chunks: AsyncGenerator<Uint8Array>, file: string): AsyncGenerator<Uint8Array> {
  const first = await chunks.next();
  if (first.done) return;
  const all = async function* () {
    try {
      yield first.value;
      yield* chunks;
    } finally {
      // A reader that leaves after the first chunk closes the file, too.
      await chunks.return(undefined);
    }
  };
  if (!isGzip(first.value)) yield* all();
  else yield* gunzipped(all(), file);
}

async function* gunzipped(chunks: AsyncGenerator<Uint8Array>, file: string): AsyncGenerator<Uint8Array> {
  const source = stream.Readable.from(chunks, { objectMode: false });
  const content = zlib.createGunzip({ chunkSize: CHUNK });
  source.on("error", (cause) => content.destroy(cause));
  try {
    yield* source.pipe(content);
  } catch (cause) {
    if (!(cause as { code?: string }).code?.startsWith("Z_")) throw cause;
    throw new FormatError(`${file}: the gzip data is truncated or corrupt; download or pack the file again.`, {
      cause,
    });
  } finally {
    source.destroy();
  }
}

function isSystemError(cause: unknown): boolean {
  return typeof (cause as { syscall?: unknown } | null)?.syscall === "string";
}
