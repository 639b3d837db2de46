/** The command `tavali`: puts the commands together and turns whatever goes wrong into one line and an exit code. */
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { recipes } from "../recipes/list.js";
import { exitCodeOf, explainError, oneLine } from "./failure.js";
import { endWithOutput, reportLostOutput, standardError, standardOutput } from "./output.js";
import { checkPaths } from "./path-flags.js";

interface LateCommand {
  readonly description: string;
  readonly load: () => Promise<Command>;
}

/** The commands. What one does beyond its name is read when its name is typed: help and mistakes wait for nothing else. */
const commands: Readonly<Record<string, LateCommand>> = {
  start: {
    description: "Train a sentiment model and see what it learnt: the place to begin.",
    load: async () => (await import("./start.js")).startCommand(),
  },
  train: {
    description: "Train a model for a task.",
    load: async () => (await import("./train.js")).trainCommand(),
  },
  ...requestCommands(),
  evaluate: {
    description: `Measure a trained model: ${recipes.map(({ name, evaluate }) => `a ${name} on ${evaluate.on}`).join(", ")}.`,
    load: async () => (await import("./evaluate.js")).evaluateCommand(),
  },
  inspect: {
    description: "Show what a text does to a model: its verdict after every word, states, gates and gradients.",
    load: async () => (await import("./inspect.js")).inspectCommand(),
  },
  runs: {
    description: "List and compare past trainings.",
    load: async () => (await import("./runs.js")).runsCommand(),
  },
  doctor: {
    description: "Show what Tavali runs on here, how fast it is, and what would make it faster.",
    load: async () => (await import("./doctor.js")).doctorCommand(),
  },
};

const program = new Command("tavali")
  .description("Recurrent neural networks in TypeScript: train, evaluate and use them.")
  .version(packageVersion(), "-V, --version", "print the version")
  .helpCommand("help [command...]", "show help for a command")
  .configureHelp({ subcommandTerm: (command) => command.name() })
  .hook("preAction", (_, command) => checkPaths(command));
for (const [name, { description, load }] of Object.entries(commands)) {
  const command = process.argv.includes(name) ? await load() : new Command(name);
  program.addCommand(command.description(description));
}
for (const command of withSubcommands(program)) {
  command
    .exitOverride()
    .helpOption("-h, --help", "show this help")
    .configureOutput({
      writeOut: (text) => standardOutput.text(text),
      writeErr: (text) => standardError.text(text),
      outputError: (text) => standardError.line(`tavali: ${oneLine(text.replace(/^error: /, ""))}`),
    });
}

// Until a command says that it writes files.
endWithOutput();
try {
  await program.parseAsync(withHelp(process.argv));
} catch (error) {
  const message = explainError(error);
  if (message !== undefined) standardError.text(`${message}\n`);
  process.exitCode = exitCodeOf(error);
}
process.exitCode = reportLostOutput();

/** Help is what no arguments ask for; "help train lm" asks for what "train lm --help" does. */
function withHelp(argv: readonly string[]): readonly string[] {
  const [node, script, first, ...words] = argv as [string, string, ...string[]];
  if (first === undefined) return [...argv, "--help"];
  return first === "help" && words.length > 1 && Object.hasOwn(commands, words[0]!)
    ? [node, script, ...words, "--help"]
    : argv;
}

/** A command for each request that models of some recipe answer. */
function requestCommands(): Record<string, LateCommand> {
  const forms = recipes.flatMap(({ use }) => Object.entries(use));
  const load = (name: string) => async () => (await import("./ask.js")).askCommand(name);
  return Object.fromEntries(forms.map(([name, { description }]) => [name, { description, load: load(name) }]));
}

function withSubcommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}

function packageVersion(): string {
  const manifest = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}
