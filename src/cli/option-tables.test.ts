/** The pages and the help say of every recipe's options what its schema says. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { recipes } from "../recipes/list.js";
import type { OptionSpec } from "../recipes/option-schema.js";
import { flagName } from "./recipe-flags.js";
import { trainingCommand } from "./train.js";

function rangeOf(spec: OptionSpec): string {
  if (spec.kind === "switch") return "";
  if (spec.kind === "choice") return ` (${spec.choices.map((word) => `\`${word}\``).join(", ")})`;
  return ` (${spec.minimum} to ${spec.maximum})`;
}

describe.each(recipes.filter(({ page }) => page))("the options in docs/$page", (recipe) => {
  const { page, options: schema } = recipe;
  it("are listed as the schema has them", () => {
    const text = readFileSync(new URL(`../../docs/${page}`, import.meta.url), "utf8");
    const rows = Object.entries(schema).map(([name, spec]) => {
      const value = spec.kind === "switch" ? (spec.default ? "on" : "off") : spec.default;
      return `| \`${flagName(name, spec)}\` | ${value} | ${spec.help}${rangeOf(spec)} |`;
    });
    expect(text.split("\n").filter((line) => /^\| `--[\w-]+` \|[^|]+\|[^|]+\|$/.test(line))).toEqual(rows);
  });

  it.each(Object.keys(recipe.train))(
    "are in the help of train %s, beside what the built-in corpus has instead",
    (name) => {
      const help = trainingCommand(recipe, name).helpInformation().replace(/\s+/g, " ");
      const { corpus = {} } = recipe.train[name]!;
      for (const [name, spec] of Object.entries(schema)) {
        expect(help, name).toContain(flagName(name, spec));
        if (spec.kind === "switch") continue;
        const other = corpus[name] === undefined ? "" : `, built-in corpus: ${corpus[name]}`;
        expect(help, name).toContain(`(default: ${spec.default}${other}`);
      }
    },
  );
});
