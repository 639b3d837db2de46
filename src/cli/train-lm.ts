/** `tavali train lm`: learns to say what comes next in a text. */
import { Command } from "commander";
import { languageData } from "../recipes/language/language-data.js";
import { languageMeasure, languageSettings, trainLanguageModel } from "../recipes/language/language-model.js";
import { languageCorpusSettings, languageOptions } from "../recipes/language/language-options.js";
import { typedOptions } from "./recipe-flags.js";
import { Terminal } from "./terminal.js";
import { addTrainingFlags, type TrainingFlags, trainToFile } from "./training.js";
import { fact } from "./training-view.js";

interface Flags extends TrainingFlags {
  text?: string[];
}

/** The command with its options. */
export function trainLanguageCommand(): Command {
  const command = new Command("lm")
    .description("Learn to say what comes next in a text: characters, words or pieces of words.")
    .option("--text <files...>", "UTF-8 texts, plain or gzip, one after another; without them the built-in corpus");
  const presets = { name: "built-in corpus", values: languageCorpusSettings };
  return addTrainingFlags(command, "lm.tavali", languageOptions, presets).action(async (flags: Flags) => {
    const terminal = new Terminal({ json: flags.json === true, writesFiles: true });
    await trainToFile(terminal, flags, () => {
      const data = languageData(flags.text);
      const options = languageSettings(data, typedOptions(languageOptions, flags));
      fact(terminal, "text", data.source);
      return {
        name: "lm",
        epochs: options.epochs,
        measure: languageMeasure,
        facts: { text: data.source, options },
        train: (hooks) => trainLanguageModel(data, options, hooks),
      };
    });
  });
}
