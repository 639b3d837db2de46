/** Options that belong to models of some tasks only: one that is typed for a model of another task is an error, not something to pass over. */
import type { Command } from "commander";
import { ConfigError } from "../errors.js";
import { type TaskName, taskInWords } from "../recipes/check-task.js";

/** The options of a command that not every model has, by task and by the names that commander gives them: "textColumn". */
export type FlagsByTask = Readonly<Record<TaskName, readonly string[]>>;

/**
 * @param task the model's
 * @throws ConfigError naming what was typed, and what there is instead
 */
export function refuseOtherFlags(command: Command, file: string, task: TaskName, flags: FlagsByTask): void {
  const longNames = new Map(command.options.map((option) => [option.attributeName(), option.long ?? option.flags]));
  const ofOthers = [...new Set(Object.values(flags).flat())].filter((name) => !flags[task].includes(name));
  const typed = ofOthers.filter((name) => command.getOptionValueSource(name) === "cli");
  if (typed.length === 0) return;
  const listed = (names: readonly string[]) => names.map((name) => longNames.get(name)).join(", ");
  const own = flags[task].length === 0 ? "it has no such options" : `for it there is ${listed(flags[task])}`;
  throw new ConfigError(`${file} is a ${taskInWords(task)}, and ${listed(typed)} does not apply to it; ${own}.`);
}
