import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { languageCorpusSettings, languageOptions } from "../recipes/language-options.js";
import type { OptionSpec } from "../recipes/option-schema.js";
import { flagName } from "./recipe-flags.js";
import { trainLanguageCommand } from "./train-lm.js";

const rangeOf = (spec: OptionSpec) => {
  if (spec.kind === "switch") return "";
  if (spec.kind === "choice") return ` (${spec.choices.map((word) => `\`${word}\``).join(", ")})`;
  return ` (${spec.minimum} to ${spec.maximum})`;
};

it("the options of tavali train lm are listed in docs/language-model.md as the schema has them", () => {
  const page = readFileSync(new URL("../../docs/language-model.md", import.meta.url), "utf8");
  const rows = Object.entries(languageOptions).map(([name, spec]) => {
    const value = spec.kind === "switch" ? (spec.default ? "on" : "off") : spec.default;
    return `| \`${flagName(name, spec)}\` | ${value} | ${spec.help}${rangeOf(spec)} |`;
  });
  expect(page.split("\n").filter((line) => line.startsWith("| `--"))).toEqual(rows);
});

it("the help of tavali train lm says what the built-in corpus has instead of the defaults", () => {
  const help = trainLanguageCommand().helpInformation().replace(/\s+/g, " ");
  for (const [name, value] of Object.entries(languageCorpusSettings)) {
    const { default: usual } = languageOptions[name as keyof typeof languageOptions];
    expect(help).toContain(`(default: ${usual}, built-in corpus: ${value})`);
  }
});
