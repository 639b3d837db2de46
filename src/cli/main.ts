/** The command `tavali`: puts the commands together and turns whatever goes wrong into one line and an exit code. */
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { completeCommand } from "./complete.js";
import { doctorCommand } from "./doctor.js";
import { evaluateCommand } from "./evaluate.js";
import { exitCodeOf, explainError, oneLine } from "./failure.js";
import { generateCommand } from "./generate.js";
import { inspectCommand } from "./inspect.js";
import { predictCommand } from "./predict.js";
import { runsCommand } from "./runs.js";
import { scoreCommand } from "./score.js";
import { startCommand } from "./start.js";
import { tagCommand } from "./tag.js";
import { trainCommand } from "./train.js";

const program = new Command("tavali")
  .description("Recurrent neural networks in TypeScript: train, evaluate and use them.")
  .version(packageVersion(), "-V, --version", "print the version")
  .helpCommand("help [command]", "show help for a command")
  .addCommand(startCommand())
  .addCommand(trainCommand())
  .addCommand(predictCommand())
  .addCommand(tagCommand())
  .addCommand(generateCommand())
  .addCommand(completeCommand())
  .addCommand(scoreCommand())
  .addCommand(evaluateCommand())
  .addCommand(inspectCommand())
  .addCommand(runsCommand())
  .addCommand(doctorCommand());
for (const command of withSubcommands(program)) {
  command
    .exitOverride()
    .helpOption("-h, --help", "show this help")
    .configureOutput({ outputError: (text, write) => write(`tavali: ${oneLine(text.replace(/^error: /, ""))}\n`) });
}

// A reader that stops early, such as `head`, is no error of ours.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit();
  throw error;
});

try {
  await program.parseAsync(process.argv.length > 2 ? process.argv : [...process.argv, "--help"]);
} catch (error) {
  const message = explainError(error);
  if (message !== undefined) process.stderr.write(`${message}\n`);
  process.exitCode = exitCodeOf(error);
}

function withSubcommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}

function packageVersion(): string {
  const manifest = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}
