/** The pages and the help say of every recipe's options what its schema says. */
import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import { classifierOptions, corpusSettings } from "../recipes/classifier/classifier-options.js";
import { languageCorpusSettings, languageOptions } from "../recipes/language/language-options.js";
import type { OptionSchema, OptionSpec } from "../recipes/option-schema.js";
import { taggerCorpusSettings, taggerOptions } from "../recipes/tagger/tagger-options.js";
import { flagName } from "./recipe-flags.js";
import { trainSentimentCommand } from "./train-classifier.js";
import { trainLanguageCommand } from "./train-lm.js";
import { trainTagCommand } from "./train-tag.js";

interface Recipe {
  readonly page: string;
  readonly schema: OptionSchema;
  readonly command: () => Command;
  readonly corpus: Readonly<Record<string, unknown>>;
}

const recipes: Recipe[] = [
  { page: "classify.md", schema: classifierOptions, command: trainSentimentCommand, corpus: corpusSettings },
  { page: "language-model.md", schema: languageOptions, command: trainLanguageCommand, corpus: languageCorpusSettings },
  { page: "tagging.md", schema: taggerOptions, command: trainTagCommand, corpus: taggerCorpusSettings },
];

function rangeOf(spec: OptionSpec): string {
  if (spec.kind === "switch") return "";
  if (spec.kind === "choice") return ` (${spec.choices.map((word) => `\`${word}\``).join(", ")})`;
  return ` (${spec.minimum} to ${spec.maximum})`;
}

describe.each(recipes)("the options in docs/$page", ({ page, schema, command, corpus }) => {
  it("are listed as the schema has them", () => {
    const text = readFileSync(new URL(`../../docs/${page}`, import.meta.url), "utf8");
    const rows = Object.entries(schema).map(([name, spec]) => {
      const value = spec.kind === "switch" ? (spec.default ? "on" : "off") : spec.default;
      return `| \`${flagName(name, spec)}\` | ${value} | ${spec.help}${rangeOf(spec)} |`;
    });
    expect(text.split("\n").filter((line) => /^\| `--[\w-]+` \|[^|]+\|[^|]+\|$/.test(line))).toEqual(rows);
  });

  it("are in the help, beside what the built-in corpus has instead", () => {
    const help = command().helpInformation().replace(/\s+/g, " ");
    for (const [name, spec] of Object.entries(schema)) {
      expect(help, name).toContain(flagName(name, spec));
      if (spec.kind === "switch") continue;
      const other = corpus[name] === undefined ? "" : `, built-in corpus: ${corpus[name]}`;
      expect(help, name).toContain(`(default: ${spec.default}${other}`);
    }
  });
});
