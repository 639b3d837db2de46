/** Whether a model file is one of a recipe's own: what reads a file asks first. */
import { FormatError } from "../errors.js";

interface Task {
  /** For people. */
  readonly name: string;
  /** The commands that write such files. */
  readonly writers: readonly string[];
  /** The commands that read them. */
  readonly readers: readonly string[];
}

const tasks = {
  classification: {
    name: "text classifier",
    writers: ["train classify", "train sentiment"],
    readers: ["predict", "evaluate", "inspect"],
  },
  tagging: { name: "tagger", writers: ["train tag"], readers: ["tag", "evaluate"] },
  languageModel: {
    name: "language model",
    writers: ["train lm"],
    readers: ["generate", "complete", "score", "evaluate", "inspect"],
  },
} as const satisfies Readonly<Record<string, Task>>;

/** What models are for, as their metadata say it. */
export type TaskName = keyof typeof tasks;

/**
 * @param metadata the file's
 * @param name the file's, for messages
 * @throws FormatError naming the file, what its model is for and what takes it, when that is another task
 */
export function checkTask({ task }: Readonly<Record<string, unknown>>, expected: TaskName, name: string): void {
  if (task === expected) return;
  const { name: wanted, writers } = tasks[expected];
  const source = `Expected a ${wanted}, which ${commands(writers, "or")} writes`;
  const other = taskOf({ task });
  if (other !== undefined) {
    const found = tasks[other];
    throw new FormatError(
      `${name}: this is a ${found.name}. ${source}; for a ${found.name} there is ${commands(found.readers, "and")}.`,
    );
  }
  const found = typeof task === "string" ? `it is for "${task}"` : "it names no task";
  throw new FormatError(`${name}: this is no ${wanted}: ${found}. ${source}.`);
}

/** The task that a file's metadata name; undefined where it is none of the recipes'. */
export function taskOf({ task }: Readonly<Record<string, unknown>>): TaskName | undefined {
  return typeof task === "string" && Object.hasOwn(tasks, task) ? (task as TaskName) : undefined;
}

/** A task in words: "text classifier". */
export function taskInWords(task: TaskName): string {
  return tasks[task].name;
}

function commands(names: readonly string[], last: string): string {
  const quoted = names.map((name) => `\`tavali ${name}\``);
  return quoted.length < 2 ? quoted.join("") : `${quoted.slice(0, -1).join(", ")} ${last} ${quoted.at(-1)}`;
}
