import { readFileSync } from "node:fs";
import { Command } from "commander";
import { expect, it } from "vitest";
import { taggerOptions } from "../recipes/tagger-options.js";
import { addRecipeFlags, flagName } from "./recipe-flags.js";

it("the options of a tagger's training are listed in docs/tagging.md as the schema has them", () => {
  const page = readFileSync(new URL("../../docs/tagging.md", import.meta.url), "utf8");
  const rows = Object.entries(taggerOptions).map(([name, spec]) => {
    const range =
      spec.kind === "choice"
        ? ` (${spec.choices.map((word) => `\`${word}\``).join(", ")})`
        : spec.kind === "switch"
          ? ""
          : ` (${spec.minimum} to ${spec.maximum})`;
    return `| \`${flagName(name, spec)}\` | ${spec.default} | ${spec.help}${range} |`;
  });
  expect(page.split("\n").filter((line) => /^\| `--(?!word-column|tag-column|encoding)/.test(line))).toEqual(rows);
  expect(() => addRecipeFlags(new Command(), taggerOptions)).not.toThrow();
});
