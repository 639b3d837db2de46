/**
 * Checks the shell commands of a page against what exists: npm scripts, the commands and options of the CLI, files.
 */
import ts from "typescript";
import { recipes } from "../../src/recipes/list.js";
import type { Command } from "./markdown.js";
import { type SourceFile, walk } from "./source.js";

export interface Cli {
  commands: Set<string>;
  /** Every option of every command, as typed: "--epochs", "-e". */
  options: Set<string>;
}

/** Reads names and options from the calls that commander is set up with; running the program would start it. */
export function readCli(files: SourceFile[]): Cli {
  const commands = new Set(["help"]);
  const options = new Set(["--help", "-h"]);
  for (const { tree } of files) {
    walk(tree, (node) => {
      if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return;
      const called = ts.isPropertyAccessExpression(node.expression) ? node.expression.name : node.expression;
      const first = node.arguments?.[0];
      if (!ts.isIdentifier(called) || !first || !ts.isStringLiteralLike(first)) return;
      if (/^(command|Command|createCommand|alias)$/.test(called.text)) commands.add(first.text.split(" ")[0]!);
      if (!/^(option|requiredOption|Option|createOption|version)$/.test(called.text)) return;
      const flags = called.text === "version" ? node.arguments[1] : first;
      const text = flags && ts.isStringLiteralLike(flags) ? flags.text : "-V, --version";
      for (const flag of text.match(/(?<![\w-])--?[a-z][\w-]*/gi) ?? []) options.add(flag);
    });
  }
  return { commands, options };
}

/** Adds the commands and options that the command line makes from the list of recipes. */
export function withRecipes({ commands, options }: Cli): Cli {
  const flagOf = (name: string) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  const fields = recipes.flatMap(({ train, use, evaluate, inspect }) => [
    ...Object.values(train).map(({ data }) => data),
    ...Object.values(use).map(({ request }) => request),
    evaluate.data,
    inspect?.request ?? {},
  ]);
  const names = recipes.flatMap(({ options: schema }) =>
    Object.entries(schema).map(([name, { default: value }]) =>
      value === true ? flagOf(name).replace("--", "--no-") : flagOf(name),
    ),
  );
  return {
    commands: new Set([
      ...commands,
      ...recipes.flatMap(({ use, train }) => [...Object.keys(use), ...Object.keys(train)]),
    ]),
    options: new Set([...options, ...fields.flatMap((schema) => Object.keys(schema).map(flagOf)), ...names]),
  };
}

export interface Surroundings {
  cli: Cli;
  /** The npm scripts of the root, "", and of each workspace by its folder. */
  scripts: Record<string, Record<string, string>>;
  exists(file: string): boolean;
}

const npmOwn = new Set(["install", "i", "ci", "create", "init", "pack", "publish", "link", "view", "ls", "config"]);

function npmComplaint(words: string[], { scripts }: Surroundings): string | undefined {
  const own = words.includes("--") ? words.slice(0, words.indexOf("--")) : words;
  const flag = own.findIndex((word) => /^(-w|--workspace|--prefix|-C)$/.test(word));
  const folder = flag < 0 ? "" : own[flag + 1]!.replace(/^\.\//, "");
  const rest = own.slice(1).filter((word, index) => !word.startsWith("-") && (flag < 0 || index !== flag));
  const [first = "", second = ""] = rest;
  if (npmOwn.has(first) || first === "") return undefined;
  const aliases: Record<string, string> = { t: "test" };
  const script = first === "run" || first === "run-script" ? second : (aliases[first] ?? first);
  const where = folder === "" ? "package.json" : `${folder}/package.json`;
  if (scripts[folder]?.[script] !== undefined) return undefined;
  return `names the npm script "${script}", which ${where} does not have`;
}

function cliComplaint(words: string[], { cli }: Surroundings): string | undefined {
  const [name, ...rest] = words;
  if (name && !name.startsWith("-") && !cli.commands.has(name)) {
    return `names the command "tavali ${name}", which src/cli/ does not have`;
  }
  const flags = [name ?? "", ...rest].map((word) => word.split("=")[0]!).filter((word) => /^--?[a-z]/i.test(word));
  const unknown = flags.find((flag) => !cli.options.has(flag) && !cli.options.has(flag.replace("--", "--no-")));
  return unknown && `uses the option "${unknown}", which no command in src/cli/ has`;
}

/** What is wrong with the commands of a page. Commands of other programs pass. */
export function wrongCommands(file: string, commands: Command[], around: Surroundings): string[] {
  return commands.flatMap(({ line, words }) => {
    const typed = words.filter((word, index) => index > 0 || !/^[A-Z_]+=/.test(word));
    const [program, ...rest] = typed[0] === "npx" ? typed.slice(1).filter((word) => word !== "--yes") : typed;
    let complaint: string | undefined;
    if (program === "npm") complaint = npmComplaint(typed, around);
    if (program === "tavali") complaint = cliComplaint(rest, around);
    if (program === "node" || program === "bash" || program === "python" || program === "tsx") {
      const script = rest.find((word) => !word.startsWith("-"));
      if (script?.includes("/") && !around.exists(script)) complaint = `runs ${script}, which does not exist`;
      if (script === "bin/tavali.mjs") complaint = cliComplaint(rest.slice(rest.indexOf(script) + 1), around);
    }
    return complaint ? [`${file}:${line} ${complaint}`] : [];
  });
}
