/** The command `tavali`: puts the commands together and turns whatever goes wrong into one line and an exit code. */
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { exitCodeOf, explainError, oneLine } from "./failure.js";
import { endWithOutput, reportLostOutput, standardError, standardOutput } from "./output.js";
import { checkPaths } from "./path-flags.js";

/** The commands. What one does beyond its name is read when its name is typed: help and mistakes wait for nothing else. */
const commands: Readonly<Record<string, { description: string; load: () => Promise<Command> }>> = {
  start: {
    description: "Train a sentiment model and see what it learnt: the place to begin.",
    load: async () => (await import("./start.js")).startCommand(),
  },
  train: {
    description: "Train a model for a task.",
    load: async () => (await import("./train.js")).trainCommand(),
  },
  predict: {
    description: "Classify texts with a trained model.",
    load: async () => (await import("./predict.js")).predictCommand(),
  },
  tag: {
    description: "Find the entities of texts with a trained tagger.",
    load: async () => (await import("./tag.js")).tagCommand(),
  },
  generate: {
    description: "Let a language model say how a text goes on.",
    load: async () => (await import("./generate.js")).generateCommand(),
  },
  complete: {
    description: "Propose the next words of a text, or the rest of the word under way, as a keyboard does.",
    load: async () => (await import("./complete.js")).completeCommand(),
  },
  score: {
    description: "Show how probable each word of a text is to a language model, given those before it.",
    load: async () => (await import("./score.js")).scoreCommand(),
  },
  evaluate: {
    description:
      "Measure a trained model on labelled texts, a tagger on tagged sentences, a language model on any text.",
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
  .helpCommand("help [command]", "show help for a command")
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
  await program.parseAsync(process.argv.length > 2 ? process.argv : [...process.argv, "--help"]);
} catch (error) {
  const message = explainError(error);
  if (message !== undefined) standardError.text(`${message}\n`);
  process.exitCode = exitCodeOf(error);
}
process.exitCode = reportLostOutput();

function withSubcommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}

function packageVersion(): string {
  const manifest = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}
