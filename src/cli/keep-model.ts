/**
 * Saving of a trained model: to its file, or, when that cannot be written any more, to the folder of temporary files, so that hours of training
 * are not lost to a full disk.
 */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { ConfigError } from "../errors.js";
import { saveModel } from "../formats/tavali-file-node.js";
import type { Model } from "../models/index.js";

/** A trained model and what is to be known about it. */
export interface TrainedModel {
  readonly model: Model;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** Keeps one training's model. */
export class ModelKeeper {
  readonly #out: string;
  /** Elsewhere. */
  readonly #refuge: string;
  #problem: ConfigError | undefined;
  #kept = false;

  /** @param out the model's file */
  constructor(out: string, folder = os.tmpdir()) {
    this.#out = out;
    this.#refuge = path.join(folder, `${process.pid}-${path.basename(out)}`);
  }

  /** Path of the saved model; undefined before it is saved. */
  get place(): string | undefined {
    if (!this.#kept) return undefined;
    return this.#problem === undefined ? this.#out : this.#refuge;
  }

  /** Writes the model; a second time in place of the first. @throws ConfigError when it can be written nowhere */
  async save({ model, metadata }: TrainedModel): Promise<void> {
    try {
      await saveModel(model, this.#out, metadata);
      if (this.#problem) fs.rmSync(this.#refuge, { force: true });
      this.#problem = undefined;
    } catch (problem) {
      if (!(problem instanceof ConfigError)) throw problem;
      await saveModel(model, this.#refuge, metadata).catch(() => {
        throw problem;
      });
      this.#problem = problem;
    }
    this.#kept = true;
  }

  /** @throws ConfigError when the model is not where it should be, naming the place where it is */
  check(): void {
    if (this.#problem) throw new ConfigError(`${this.#problem.message} The model is kept in ${this.#refuge}.`);
  }
}
