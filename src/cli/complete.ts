/** `tavali complete MODEL "The United St"`: the next words with their probabilities, as a keyboard proposes them. */
import { Command } from "commander";
import { loadModel } from "../formats/tavali-file-node.js";
import { completeText } from "../recipes/language/complete-text.js";
import { asLanguageModel } from "../recipes/language/language-metadata.js";
import { integer } from "../recipes/option-schema.js";
import { finiteResult } from "./finite-result.js";
import { numberParser } from "./recipe-flags.js";
import { Terminal } from "./terminal.js";
import { comparison } from "./training-view.js";

/** The command with its options. */
export function completeCommand(): Command {
  return new Command("complete")
    .argument("<model>", "a file that `tavali train lm` wrote")
    .argument("<text>", "the text so far, in quotes; with a space at its end the next word is proposed")
    .option("--count <n>", "how many words", numberParser(integer(5, [1, 1000], "")), 5)
    .option("--json", "end with one JSON object on standard output; all text goes to standard error")
    .action(complete);
}

async function complete(
  file: string,
  text: string,
  { count, json = false }: { count: number; json?: boolean },
): Promise<void> {
  const terminal = new Terminal({ json });
  const lm = asLanguageModel(await loadModel(file), file);
  const completions = finiteResult(file, await completeText(lm, text, count));
  const rows = completions.map(({ word, probability }) => ({ name: word, value: probability }));
  if (rows.length === 0) terminal.say("  The model knows no word that begins so.");
  else for (const line of comparison(terminal.width, rows, 0)) terminal.say(line);
  terminal.result({ model: file, text, completions });
}
