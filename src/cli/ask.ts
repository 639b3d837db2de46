/** Commands that ask a trained model something: `tavali predict MODEL "text"`, `tavali generate MODEL`, … for every request of the recipes. */
import { Command } from "commander";
import { checkFields } from "../recipes/check-fields.js";
import { recipes } from "../recipes/list.js";
import { usage } from "./failure.js";
import { addFieldFlags, fieldsOfAll, typedFields } from "./field-flags.js";
import { finiteResult } from "./finite-result.js";
import { askingFor, openTask } from "./open-task.js";
import { addJsonFlag, Terminal } from "./terminal.js";

/** The command of a request. Where recipes share its name, the model's file says which answers. */
export function askCommand(name: string): Command {
  const asked = recipes.filter(({ use }) => use[name]);
  const trainings = asked.flatMap((recipe) => recipe.trainings);
  const writer = trainings.length === 1 ? `train ${trainings[0]}` : "train";
  const fields = fieldsOfAll(asked.map(({ use }) => use[name]!.request));
  const command = new Command(name).argument("<model>", `a file that \`tavali ${writer}\` wrote`);
  addFieldFlags(command, fields);
  const streams = asked.find(({ use }) => use[name]?.streams)?.use[name]?.streams;
  if (streams !== undefined) command.option("--stream", streams);
  return addJsonFlag(command).action(() => ask(name, command));

  async function ask(name: string, command: Command): Promise<void> {
    const { json = false, stream = false } = command.opts<{ json?: boolean; stream?: boolean }>();
    const terminal = new Terminal({ json });
    const file = String(command.processedArgs[0]);
    const task = await openTask(command, file, ({ use }) => use[name]?.request);
    const typed = await typedFields(command, fields, task.fields);
    const request = await usage(() => checkFields(name, task.fields, typed));
    const streamed = stream && task.recipe.use[name]?.streams !== undefined;
    const onPart = (text: string, given = false) => terminal.write(given ? terminal.style("bold", text) : text);
    const asking = { ...askingFor(file), ...(streamed && { onPart }) };
    const answer = await usage(() => task.code.use[name]!.answer(task.opened, request, asking));
    finiteResult(file, answer.facts);
    if (streamed) terminal.say();
    terminal.show(answer, { streamed });
    terminal.result({ model: file, ...answer.facts });
  }
}
