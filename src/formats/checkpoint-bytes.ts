/** Checkpoint files: a training's state ⇄ bytes, in Node and in browsers. */
import { ConfigError } from "../errors.js";
import { formatValue } from "../options/index.js";
import { checkSchema, fields, text } from "../schema/index.js";
import { isRecord } from "../tensor/tensor-like.js";
import { checkTrainingState, type StateValue, type TrainingState } from "../training/index.js";
import { type FileKind, sealFile, unsealFile } from "./sealed-file.js";
import { decodeState, encodeState } from "./state-bytes.js";

const checkpointFile: FileKind = {
  letters: "TAVCHK",
  version: 1,
  noun: "checkpoint",
  writer: "`--checkpoint` or saveCheckpoint",
  hint: "Use an older checkpoint, or train from the beginning.",
};

/**
 * The bytes of a checkpoint file: the state, number for number. Equal states give equal bytes.
 *
 * @example await model.fit(x, y, { checkpoint: { save: async (state) => store.put(await checkpointToBytes(state)) } });
 */
export async function checkpointToBytes(state: TrainingState): Promise<Uint8Array<ArrayBuffer>> {
  if (!isRecord(state)) {
    throw new ConfigError(
      `saveCheckpoint: expected the state that fit gives to checkpoint.save, received ${formatValue(state)}.`,
    );
  }
  const { json, tensors } = encodeState(state as unknown as StateValue);
  return sealFile(checkpointFile, { header: { state: json }, tensors });
}

/**
 * The state that {@link checkpointToBytes} was given.
 *
 * @param name the file's name, for messages
 * @throws FormatError when the file is truncated, damaged, of another kind, or of a newer version
 */
export async function checkpointFromBytes(bytes: Uint8Array, name: string): Promise<TrainingState> {
  const { header, tensors } = await unsealFile(checkpointFile, bytes, name);
  checkSchema(header, fields({ state: text() }), { name, what: "the header", advice: checkpointFile.hint });
  const state: unknown = decodeState(header.state as string, tensors, name);
  checkTrainingState(state, name);
  return state;
}
