/** Files as text in chunks: paths in Node, `File` and `Blob` objects in browsers. Gzip is unpacked. */
import { ConfigError, FormatError, TavaliError } from "../errors.js";
import { kindOf } from "../tensor/kind.js";
import { isGzip } from "./gunzip.js";
import { requireNode } from "./node-only.js";
import { utf8Chunks } from "./utf8-text.js";

interface ByteReader {
  read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array }>;
  cancel(): Promise<unknown>;
}

interface ByteStream {
  getReader(): ByteReader;
  pipeThrough(change: unknown): ByteStream;
}

/** A `File` or `Blob`. */
export interface BlobLike {
  readonly name?: string;
  slice(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> };
  stream(): unknown;
}

/** A file: its path (Node), or a `File` or `Blob`. */
export type FileSource = string | BlobLike;

/** The sources, checked. @param owner begins messages */
export function fileSources(owner: string, given: FileSource | readonly FileSource[]): readonly FileSource[] {
  const files: readonly unknown[] = Array.isArray(given) ? given : [given];
  if (files.length === 0) throw new ConfigError(`${owner}: there are no files; give at least one path or File.`);
  const wrong = files.find((file) => !(typeof file === "string" && file !== "") && !isBlob(file));
  if (wrong !== undefined || files.includes(undefined)) {
    throw new ConfigError(`${owner}: expected the path of a file, a File or a Blob, received ${kindOf(wrong)}.`);
  }
  if (files.some((file) => typeof file === "string")) requireNode(owner, "Give a File or a Blob instead.");
  return files as readonly FileSource[];
}

function isBlob(value: unknown): value is BlobLike {
  return typeof value === "object" && value !== null && "stream" in value && typeof value.stream === "function";
}

/** The name of a file in messages. */
export function nameOfFile(file: FileSource): string {
  return typeof file === "string" ? file : (file.name ?? "the Blob");
}

/** The name of a file without its folders, for checkpoints: a training may resume where its data were moved. */
export function shortName(file: FileSource): string {
  return nameOfFile(file).replace(/^.*[/\\]/, "");
}

/** The text of one file, in chunks cut anywhere. Leaving the loop closes the file. @throws FormatError naming it */
export async function* fileChunks(file: FileSource): AsyncGenerator<string> {
  if (typeof file !== "string") yield* utf8Chunks(blobChunks(file), nameOfFile(file));
  else {
    const { readTextFiles } = await import("./text-files-node.js");
    yield* readTextFiles([file], {});
  }
}

/** Checks that all files are there, before the first of them is read. @throws ConfigError naming one that is not */
export async function checkFiles(files: readonly FileSource[]): Promise<void> {
  const paths = files.filter((file) => typeof file === "string");
  if (paths.length === 0) return;
  const { fileSize } = await import("./files-node.js");
  for (const path of paths) await fileSize(path);
}

async function* blobChunks(file: BlobLike): AsyncGenerator<Uint8Array> {
  const { DecompressionStream } = globalThis as unknown as { DecompressionStream: new (format: string) => unknown };
  const packed = isGzip(new Uint8Array(await file.slice(0, 2).arrayBuffer()));
  const stream = file.stream() as ByteStream;
  const reader = (packed ? stream.pipeThrough(new DecompressionStream("gzip")) : stream).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value!;
    }
  } catch (cause) {
    if (cause instanceof TavaliError || !packed) throw cause;
    throw new FormatError(`${nameOfFile(file)}: the gzip data is truncated or corrupt; pack the file again.`, {
      cause,
    });
  } finally {
    await reader.cancel().catch(() => {});
  }
}
