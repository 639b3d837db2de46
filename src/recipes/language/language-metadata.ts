/** Metadata of a language model: plain data in the model file that predictions need besides the weights, and reading them back. */

import type { Model } from "../../models/index.js";
import { checkSchema, fields, optional } from "../../schema/index.js";
import { type TextCodec, type TextCodecJSON, textCodecFromJSON } from "../../text/index.js";
import { checkModel, optionsSchema } from "../check-model.js";
import { checkLoaded } from "../check-task.js";
import { languageTask } from "./language-fields.js";
import { type LanguageOptions, languageOptions } from "./language-options.js";

/** The metadata of a language model's file. */
export interface LanguageMetadata {
  readonly task: "languageModel";
  /** Text ⇄ ids. */
  readonly codec: TextCodecJSON;
  /** Options of the training. */
  readonly options: LanguageOptions;
  /** Scores on the test part, and the number of the epoch that was kept. */
  readonly result: Readonly<Record<string, number>>;
  readonly [key: string]: unknown;
}

/** A language model, ready to use: its output is the logits of the next token at every step. */
export interface LanguageModel {
  readonly model: Model;
  readonly metadata: LanguageMetadata;
  readonly codec: TextCodec;
}

const schema = fields({ options: optional(optionsSchema(languageOptions)) });

/**
 * A model from a file as a language model.
 *
 * @param loaded what `loadModel` or `modelFromBytes` returned
 * @param name the file's name, for messages
 * @throws FormatError when it is a model for another task, or its metadata are not what `trainLanguageModel` wrote
 */
export function asLanguageModel(
  loaded: { model: Model; metadata: Readonly<Record<string, unknown>> },
  name: string,
): LanguageModel {
  checkLoaded("asLanguageModel", loaded, languageTask, name);
  const { model, metadata } = loaded;
  checkSchema(metadata, schema, { name, what: "metadata", advice: "Save the model again." });
  const codec = textCodecFromJSON(metadata.codec, name);
  const form = {
    inputs: [{ what: codec.kind, ids: codec.size, shape: [null, null] }],
    output: { what: `one number for each of the ${codec.kind}`, shape: [null, null, codec.size] },
  };
  checkModel(model, form, name);
  return { model, metadata: metadata as LanguageMetadata, codec };
}

/**
 * Beginning of a text for a model: after a line break, if the model knows one. So its first token can be scored and chosen, too.
 *
 * @returns ids to read before the text; none where the model knows no line break
 */
export function beginningOf({ codec }: Pick<LanguageModel, "codec">): Int32Array {
  const ids = codec.encode("\n");
  return ids.some((id) => id === codec.unknown) ? new Int32Array() : ids;
}
