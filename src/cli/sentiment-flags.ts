/** How the options of the sentiment recipe are typed on the command line. Kinds, defaults, ranges and help come from its schema. */
import { type Command, InvalidArgumentError, Option } from "commander";
import { type ChoiceOption, type NumberOption, optionProblem } from "../recipes/option-schema.js";
import { corpusSettings, type SentimentOptions, sentimentOptions } from "../recipes/sentiment-options.js";

const flags: Record<keyof SentimentOptions, Option> = {
  encoder: new Option("--encoder <name>"),
  units: new Option("--units <n>"),
  embedding: new Option("--embedding <n>"),
  vocabulary: new Option("--vocabulary <n>"),
  length: new Option("--length <n>"),
  epochs: new Option("--epochs <n>"),
  batchSize: new Option("--batch-size <n>"),
  learningRate: new Option("--learning-rate <x>"),
  decay: new Option("--decay <x>"),
  optimizer: new Option("--optimizer <name>"),
  clip: new Option("--clip <x>"),
  dropout: new Option("--dropout <x>"),
  wordDropout: new Option("--word-dropout <x>"),
  recurrentDropout: new Option("--recurrent-dropout <x>"),
  window: new Option("--window <n>"),
  patience: new Option("--patience <n>"),
  validation: new Option("--validation <x>"),
  seed: new Option("--seed <n>"),
};

/** Adds the recipe's options to a command. Their defaults are in the help only, since they depend on the data. */
export function addSentimentFlags(command: Command): Command {
  for (const [name, known] of Object.entries(flags) as [keyof SentimentOptions, Option][]) {
    const spec: NumberOption | ChoiceOption = sentimentOptions[name];
    const own = corpusSettings[name];
    const defaults = `default: ${spec.default}${own === undefined ? "" : `, built-in corpus: ${own}`}`;
    // A copy, since commander keeps state in an option.
    const option = new Option(known.flags, `${spec.help} (${defaults})`);
    if (spec.kind === "choice") option.choices(spec.choices);
    else option.argParser((text) => parseNumber(spec, text));
    command.addOption(option);
  }
  return command;
}

/** The recipe's options among what commander parsed: those that were typed. */
export function sentimentOptionsOf(parsed: Record<string, unknown>): Partial<SentimentOptions> {
  const typed = Object.keys(flags).filter((name) => parsed[name] !== undefined);
  return Object.fromEntries(typed.map((name) => [name, parsed[name]])) as Partial<SentimentOptions>;
}

function parseNumber(spec: NumberOption, text: string): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  const expected = optionProblem(spec, value);
  if (expected !== undefined) throw new InvalidArgumentError(`Expected ${expected}.`);
  return value;
}
