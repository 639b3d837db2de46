/** `tavali tag MODEL "text" …`: the entities that a tagger finds in texts. */
import { Command } from "commander";
import { textChunks } from "../datasets/index.js";
import { ConfigError } from "../errors.js";
import { loadModel } from "../formats/tavali-file-node.js";
import { markedLines, spanLines } from "../recipes/tagger/entity-view.js";
import { tagText } from "../recipes/tagger/tag-text.js";
import { asTagger } from "../recipes/tagger/tagger-metadata.js";
import { Terminal } from "./terminal.js";

/** The command with its options. */
export function tagCommand(): Command {
  return new Command("tag")
    .argument("<model>", "a file that `tavali train tag` wrote")
    .argument("[texts...]", "texts, each in quotes")
    .option("--file <file>", "tag the lines of a text file, too")
    .option("--json", "end with one JSON object on standard output; all text goes to standard error")
    .action(tagTexts);
}

async function tagTexts(file: string, given: string[], flags: { file?: string; json?: boolean }): Promise<void> {
  const terminal = new Terminal({ json: flags.json === true });
  const tagger = asTagger(await loadModel(file), file);
  const texts = flags.file === undefined ? given : [...given, ...(await linesOf(flags.file))];
  if (texts.length === 0) throw new ConfigError("tag: there are no texts; give one in quotes, or --file.");
  const tagged = await tagText(tagger, texts);
  const types = new Set(tagger.codec.vocabulary.tags.filter((tag) => tag !== "O").map((tag) => tag.slice(2)));
  const labels = [...types].sort();
  const view = { width: terminal.width, style: terminal.style.bind(terminal) };
  for (const one of tagged) {
    for (const line of [...markedLines(one, labels, view), ...spanLines(one, labels, view)]) terminal.say(line);
  }
  terminal.result({ model: file, texts: tagged });
}

async function linesOf(file: string): Promise<string[]> {
  let text = "";
  for await (const chunk of textChunks(file)) text += chunk;
  return text.split(/\r?\n/).filter((line) => line.trim() !== "");
}
