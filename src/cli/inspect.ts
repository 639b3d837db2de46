/** `tavali inspect MODEL "text" …`: what texts do to a model, states and gradients through time, in the terminal or as a page. */
import { Command } from "commander";
import { checkWritable, writeFileAtomically } from "../formats/atomic-file-node.js";
import { inspectionPage } from "../inspection/index.js";
import { checkFields } from "../recipes/check-fields.js";
import { recipes } from "../recipes/list.js";
import type { InspectionAnswer } from "../recipes/recipe.js";
import { usage } from "./failure.js";
import { addFieldFlags, fieldsOfAll, typedFields } from "./field-flags.js";
import { finiteResult } from "./finite-result.js";
import { openTask } from "./open-task.js";
import { addJsonFlag, Terminal } from "./terminal.js";

const fields = fieldsOfAll(recipes.map(({ inspect }) => inspect?.request ?? {}));

interface Flags {
  readonly html?: string;
  readonly json?: boolean;
}

/** The command with its options. */
export function inspectCommand(): Command {
  const command = new Command("inspect")
    .argument("<model>", "a file that `tavali train` wrote")
    .argument("<texts...>", "texts, each in quotes");
  addFieldFlags(command, fields).option("--html <file>", "also write a page with pictures that needs nothing else");
  return addJsonFlag(command).action((file: string, texts: string[]) => inspectTexts(file, texts, command));
}

async function inspectTexts(file: string, texts: readonly string[], command: Command): Promise<void> {
  const { html, json = false } = command.opts<Flags>();
  const terminal = new Terminal({ json, writesFiles: html !== undefined });
  if (html !== undefined) await checkWritable(html);
  const { code, opened, fields: own } = await openTask(command, file, ({ inspect }) => inspect?.request);
  const typed = await typedFields(command, fields, own);
  const request = await usage(() => checkFields("inspect", own, typed));
  const found: InspectionAnswer[] = [];
  for (const text of texts) found.push(await usage(() => code.inspect!(opened, text, request)));
  for (const { numbers } of found) finiteResult(file, numbers);
  for (const one of found) terminal.show(one);
  if (html !== undefined) {
    const parts = found.map(({ part, inspection }) => ({ ...part, inspection }));
    await writeFileAtomically(html, new TextEncoder().encode(inspectionPage(parts)));
    terminal.say();
    terminal.say(`  wrote ${html}`);
  }
  terminal.result({ model: file, inspections: found.map(({ facts }) => facts) });
}
