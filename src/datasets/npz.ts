/** NumPy's `.npz` file: a ZIP archive of `.npy` members. */
import { FormatError } from "../errors.js";
import { checkOptions, positive, text } from "../options/index.js";
import { expectBytes } from "../tensor/expect-bytes.js";
import { type NpyArray, readNpy } from "./npy.js";
import { unzip } from "./unzip.js";

/** Options of {@link readNpz}. */
export interface NpzOptions {
  /** The file's name in messages. */
  name?: string;
  /** Most bytes that the members together may unpack to; 512 MiB by default. */
  maxBytes?: number;
}

/**
 * The arrays of a `.npz` file by name, without ".npy"; members of other kinds are left out.
 *
 * @param bytes the whole file
 * @throws FormatError when it is truncated, corrupt, hostile, too large, or holds a dtype that is not supported
 * @example const { data, shape } = readNpz(bytes).get("weights") as Tensor
 */
export function readNpz(bytes: Uint8Array, options: NpzOptions = {}): Map<string, NpyArray> {
  const checks = { name: text, maxBytes: positive };
  const { name = "npz file", maxBytes = 512 * 2 ** 20 } = checkOptions<NpzOptions>("readNpz", options, checks);
  expectBytes("readNpz: bytes", bytes);
  const arrays = new Map<string, NpyArray>();
  for (const [member, content] of unzip(bytes, name, maxBytes)) {
    if (member.endsWith(".npy")) arrays.set(member.slice(0, -4), readNpy(content, `${name}: member "${member}"`));
  }
  if (arrays.size === 0)
    throw new FormatError(`${name}: holds no .npy member; expected a file that numpy.savez wrote.`);
  return arrays;
}
