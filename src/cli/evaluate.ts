/** `tavali evaluate MODEL`: how well a model of any recipe does on data whose answers are known. */
import { Command } from "commander";
import { checkFields } from "../recipes/check-fields.js";
import { recipes } from "../recipes/list.js";
import { usage } from "./failure.js";
import { addFieldFlags, fieldsOfAll, typedFields } from "./field-flags.js";
import { finiteResult } from "./finite-result.js";
import { askingFor, openTask } from "./open-task.js";
import { addJsonFlag, Terminal } from "./terminal.js";

const fields = fieldsOfAll(recipes.map(({ evaluate }) => evaluate.data));

/** The command with its options. */
export function evaluateCommand(): Command {
  const command = new Command("evaluate").argument("<model>", "a file that `tavali train` wrote");
  return addJsonFlag(addFieldFlags(command, fields)).action(() => evaluateModel(command));
}

async function evaluateModel(command: Command): Promise<void> {
  const terminal = new Terminal({ json: command.opts<{ json?: boolean }>().json === true });
  const file = String(command.processedArgs[0]);
  const task = await openTask(command, file, ({ evaluate }) => evaluate.data);
  const typed = await typedFields(command, fields, task.fields);
  const source = await usage(() => checkFields("evaluate", task.fields, typed));
  const { evaluate } = await task.recipe.training();
  const answer = await evaluate(task.opened, source, askingFor(file));
  finiteResult(file, answer.facts);
  terminal.show(answer);
  terminal.result({ ...answer.facts, model: file });
}
