/** The list of forms whose mutants are read. */
import type { AnyForm } from "../form.js";
import { archiveForms } from "./archives.js";
import { brokenForms } from "./broken.js";
import { checkpointForms } from "./checkpoints.js";
import { modelForms } from "./models.js";
import { runForms } from "./runs.js";
import { tableForms } from "./tables.js";
import { tokenizerForms } from "./tokenizers.js";
import { weightForms } from "./weights.js";

export const forms: readonly AnyForm[] = [
  ...modelForms,
  ...checkpointForms,
  ...tokenizerForms,
  ...runForms,
  ...archiveForms,
  ...tableForms,
  ...weightForms,
  ...brokenForms,
];
