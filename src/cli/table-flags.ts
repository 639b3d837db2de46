/** How a table of labelled texts is described on the command line: its columns and its classes, the same for training and for measuring. */
import { type Command, InvalidArgumentError } from "commander";
import type { ClassifierDataOptions } from "../recipes/classifier/classifier-data.js";

/** What commander parsed. */
export interface TableFlags {
  textColumn?: string | number;
  labelColumn?: string | number;
  classes?: Record<string, string[]>;
}

/** Adds the flags to a command. */
export function addTableFlags(command: Command): Command {
  return command
    .option("--text-column <name>", "the column of the texts: its header, or its position from 0", parseColumn)
    .option(
      "--label-column <name>",
      "the column of the labels; two positions mean that there is no header",
      parseColumn,
    )
    .option(
      "--classes <groups...>",
      "classes and their labels, negative=-2,-1 positive=1,2; texts with other labels are left out",
      parseGroup,
    );
}

/** The flags as the recipe takes them. */
export function tableOptions({ textColumn, labelColumn, classes }: TableFlags): ClassifierDataOptions {
  const named = textColumn !== undefined || labelColumn !== undefined;
  return { ...(named && { columns: { text: textColumn, label: labelColumn } }), ...(classes && { classes }) };
}

function parseColumn(text: string): string | number {
  return /^\d+$/.test(text) ? Number(text) : text;
}

/** "negative=-2,-1" and the groups before it. */
export function parseGroup(text: string, before: Record<string, string[]> = {}): Record<string, string[]> {
  const [, name, labels] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (name === undefined || labels === undefined) {
    throw new InvalidArgumentError('Expected a class and its labels, such as "negative=-2,-1".');
  }
  return { ...before, [name.trim()]: labels.split(",").map((label) => label.trim()) };
}
