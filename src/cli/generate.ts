/** `tavali generate MODEL`: text that a language model says by itself. */
import { Command } from "commander";
import { thousands } from "../display/text-layout.js";
import { ConfigError } from "../errors.js";
import { loadModel } from "../formats/tavali-file-node.js";
import { type GenerateOptions, generateText } from "../recipes/language/generate-text.js";
import { asLanguageModel } from "../recipes/language/language-metadata.js";
import { integer, number } from "../recipes/option-schema.js";
import { finiteResult } from "./finite-result.js";
import { numberParser } from "./recipe-flags.js";
import { Terminal } from "./terminal.js";

interface Flags extends Omit<GenerateOptions, "onText" | "signal"> {
  stream?: boolean;
  json?: boolean;
}

const whole = (minimum: number, maximum = 1_000_000) => numberParser(integer(minimum, [minimum, maximum], ""));
const real = (minimum: number, maximum: number) => numberParser(number(maximum, [minimum, maximum], ""));

/** The command with its options. */
export function generateCommand(): Command {
  return new Command("generate")
    .argument("<model>", "a file that `tavali train lm` wrote")
    .option("--prompt <text>", "what the text begins with; without it the beginning of a line", "")
    .option("--length <n>", "characters, words or pieces to say", whole(1), 200)
    .option(
      "--temperature <x>",
      "below 1 more of the likely, above 1 more of the unlikely, 0 always the likeliest (default: 1)",
      real(0, 100),
    )
    .option("--top-k <n>", "draw from this many likeliest only", whole(1))
    .option("--top-p <x>", "draw from the fewest likeliest that together have this probability", real(1e-6, 1))
    .option(
      "--beam <n>",
      "look for the most probable text with this many beginnings at once, instead of drawing",
      whole(1, 1024),
    )
    .option("--seed <n>", "equal seeds give equal texts", whole(0, 4_294_967_295), 1)
    .option("--stream", "show the text as it is said")
    .option("--json", "end with one JSON object on standard output; all text goes to standard error")
    .action(generate);
}

async function generate(
  file: string,
  { stream = false, json = false, ...options }: Flags,
  command: Command,
): Promise<void> {
  const terminal = new Terminal({ json });
  refuseIdleFlags(options, command);
  const lm = asLanguageModel(await loadModel(file), file);
  const onText = stream ? (part: string) => terminal.write(part) : undefined;
  if (stream) terminal.write(terminal.style("bold", options.prompt ?? ""));
  const made = finiteResult(file, await generateText(lm, { ...options, ...(onText && { onText }) }));
  if (stream) terminal.say();
  else terminal.write(`${terminal.style("bold", made.prompt)}${made.text}\n`);
  if (made.unknown > 0) {
    terminal.say(
      terminal.style(
        "dim",
        `  ${thousands(made.unknown)} of the prompt's ${lm.codec.kind} are not known to the model.`,
      ),
    );
  }
  terminal.result({ model: file, ...made });
}

/** Options of drawing where nothing is drawn. @throws ConfigError naming them */
function refuseIdleFlags({ temperature, beam = 1 }: GenerateOptions, command: Command): void {
  if (temperature !== 0 && beam === 1) return;
  const drawing = [
    ["topK", "--top-k"],
    ["topP", "--top-p"],
    ["seed", "--seed"],
  ] as const;
  const idle = drawing.filter(([name]) => command.getOptionValueSource(name) === "cli").map(([, flag]) => flag);
  if (idle.length === 0) return;
  const reason = beam > 1 ? `--beam ${beam} looks for the most probable text` : "--temperature 0 takes the likeliest";
  throw new ConfigError(
    `generate: ${reason}, and nothing is drawn that ${idle.join(", ")} could change; leave out one or the other.`,
  );
}
