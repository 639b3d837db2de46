/** Progress of reading texts from files. */

import { abortSignal, aFunction, type OptionChecks, orNull } from "../options/index.js";

/** Progress of reading some files. */
export interface TextProgress {
  /** The file that is read now. */
  readonly file: string;
  /** Bytes read so far, of all files, as they lie on the disk. */
  readonly bytes: number;
  /** Bytes of all files. */
  readonly total: number;
}

/** Options of `textChunks`. */
export interface TextChunksOptions {
  /** Called after every chunk. */
  readonly onProgress?: ((progress: TextProgress) => void) | undefined;
  /** Stops reading. */
  readonly signal?: AbortSignal | undefined;
}

/** Checks of `TextChunksOptions`. */
export const textChunksOptions: OptionChecks<TextChunksOptions> = {
  onProgress: aFunction,
  signal: orNull(abortSignal),
};
