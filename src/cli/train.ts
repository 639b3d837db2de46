/** `tavali train <task>`: trains a recipe's model and writes it to one file; a command for every training of the recipes. */
import { Command } from "commander";
import { checkFields } from "../recipes/check-fields.js";
import { recipes } from "../recipes/list.js";
import type { LoadedData, Recipe, TrainedTask, TrainingCode, TrainingForm } from "../recipes/recipe.js";
import { usage } from "./failure.js";
import { addFieldFlags, checkNeeded, fieldFlag, typedFields } from "./field-flags.js";
import { askingFor } from "./open-task.js";
import { typedOptions } from "./recipe-flags.js";
import { Terminal } from "./terminal.js";
import { addTrainingFlags, type TrainingFlags, type TrainingTask, trainToFile } from "./training.js";

/** The command with one subcommand for each training. */
export function trainCommand(): Command {
  const command = new Command("train");
  for (const recipe of recipes) {
    for (const name of Object.keys(recipe.train)) command.addCommand(trainingCommand(recipe, name));
  }
  return command;
}

/** The command of one training, with its options. */
export function trainingCommand(recipe: Recipe, name: string): Command {
  const form = recipe.train[name]!;
  const command = addFormFlags(new Command(name).description(form.description), recipe, form);
  return command.allowExcessArguments().action(async (flags: TrainingFlags) => {
    refuseArguments(command, form);
    checkNeeded(command, form.data);
    const terminal = new Terminal({ json: flags.json === true, writesFiles: true });
    await trainToFile(terminal, flags, async () => {
      const code = await recipe.training();
      return (await prepareTraining(terminal, { recipe, code, name }, command)).task;
    });
  });
}

/** Refuses arguments that are not options: most often a file without its flag. */
function refuseArguments(command: Command, { data }: TrainingForm): void {
  const [first] = command.args;
  if (first === undefined) return;
  const field = Object.keys(data).find((name) => data[name]!.kind === "file" || data[name]!.kind === "files");
  const hint = field ? ` Did you mean ${fieldFlag(field)} ${first}?` : "";
  command.error(`error: train ${command.name()} takes no arguments, received ${JSON.stringify(first)}.${hint}`, {
    exitCode: 2,
  });
}

/** Adds every option of a training to a command. */
export function addFormFlags(command: Command, { options }: Recipe, { data, out, corpus }: TrainingForm): Command {
  const presets = corpus && { name: "built-in corpus", values: corpus };
  return addTrainingFlags(addFieldFlags(command, data), out, options, presets);
}

type DataOf<Code extends TrainingCode> =
  Awaited<ReturnType<Code["load"]>> extends LoadedData<infer Data> ? Data : never;
type ResultOf<Code extends TrainingCode> = Awaited<ReturnType<Code["train"]>>;

/** A training of a recipe, and its name. */
interface Chosen<Code extends TrainingCode> {
  readonly recipe: Recipe;
  readonly code: Code;
  readonly name: string;
}

/** The training that was typed, and its data, which are shown. */
export async function prepareTraining<Code extends TrainingCode>(
  terminal: Terminal,
  { recipe, code, name }: Chosen<Code>,
  command: Command,
): Promise<{ data: DataOf<Code>; options: ReturnType<Code["settings"]>; task: TrainingTask<ResultOf<Code>> }> {
  const { data: fields } = recipe.train[name]!;
  const given = typedOptions(recipe.options, command.opts());
  const typed = await typedFields(command, fields, fields);
  const source = await usage(() => checkFields(`train ${name}`, fields, typed));
  const loaded = await code.load(source, given, askingFor());
  terminal.show(loaded);
  const options = (await usage(() => code.settings(loaded.data, given))) as ReturnType<Code["settings"]>;
  const progress = (text: string) => terminal.progress(`  ${text}`);
  const task: TrainingTask<TrainedTask> = {
    name,
    epochs: options.epochs,
    measure: code.measure(options),
    facts: { ...loaded.facts, options },
    train: (hooks) => code.train(loaded.data, options, hooks),
    present(result) {
      const more = code.report?.(result, { data: loaded.data, source, progress });
      if (more) terminal.show(more);
      return more?.facts ?? {};
    },
  };
  return { data: loaded.data as DataOf<Code>, options, task: task as TrainingTask<ResultOf<Code>> };
}
