/** `tavali score MODEL "text" …`: how probable each word is to a language model, given those before it. */

import { Command } from "commander";
import { bar, columnsOf, cut, padTo, visible } from "../display/text-layout.js";
import { loadModel } from "../formats/tavali-file-node.js";
import { asLanguageModel } from "../recipes/language/language-metadata.js";
import { type ScoredPart, scoreText, type TextScore } from "../recipes/language/score-text.js";
import { largest } from "../tensor/extremes.js";
import { finiteResult } from "./finite-result.js";
import { Terminal } from "./terminal.js";

/** The command with its options. */
export function scoreCommand(): Command {
  return new Command("score")
    .argument("<model>", "a file that `tavali train lm` wrote")
    .argument("<texts...>", "texts, each in quotes")
    .option("--json", "end with one JSON object on standard output; all text goes to standard error")
    .action(score);
}

async function score(file: string, texts: string[], { json = false }: { json?: boolean }): Promise<void> {
  const terminal = new Terminal({ json });
  const lm = asLanguageModel(await loadModel(file), file);
  const scores: TextScore[] = [];
  for (const text of texts) scores.push(finiteResult(file, await scoreText(lm, text)));
  scores.forEach((one, i) => {
    if (i > 0) terminal.say();
    showScore(terminal, one, lm.codec.kind);
  });
  terminal.result({ model: file, scores });
}

/** A line a word: a bar of its −log p, so that a surprise is long, and its probability. */
function showScore(terminal: Terminal, { words, nats, perplexity, bitsPerToken }: TextScore, kind: string): void {
  const names = words.map(({ text }) => visible(text));
  const columns = Math.min(24, largest(names.map(columnsOf)));
  const room = Math.max(8, Math.min(40, terminal.width - columns - 26));
  const most = largest(words.map(surprise), 10);
  terminal.say(terminal.style("dim", `  ${padTo("", columns)}  probability  surprise in bits`));
  for (const [i, word] of words.entries()) {
    const bits = surprise(word);
    const color = bits < 4 ? "green" : bits < 10 ? "yellow" : "red";
    const note = word.unknown ? "  unknown" : "";
    terminal.say(
      `  ${padTo(cut(names[i]!, columns), columns)}  ${probabilityText(word.probability).padStart(11)}  ` +
        `${terminal.style(color, bar(bits / most, room))} ${bits.toFixed(1)}${note}`,
    );
  }
  terminal.say(
    `  ${terminal.style("bold", "together")}  ${nats.toFixed(2)} nats, perplexity ${perplexity.toFixed(2)}, ${bitsPerToken.toFixed(2)} bits per token of ${kind}`,
  );
}

function surprise({ probability }: ScoredPart): number {
  return -Math.log2(Math.max(probability, 1e-300));
}

function probabilityText(probability: number): string {
  return probability >= 0.0005 ? probability.toFixed(4) : probability.toExponential(1);
}
