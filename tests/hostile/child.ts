/**
 * The process that reads mutants: `node child.mjs FORM SEED FROM END`. It tells of every mutant that it has read, and of each that ended in
 * anything but an error of ours; its parent watches the time and the memory.
 */
import { TavaliError } from "../../src/errors.js";
import { forms } from "./forms/index.js";
import { Dice } from "./mutate.js";

/** What the child tells its parent. */
export interface Told {
  /** The mutant that is done; −1 when the files are made. */
  readonly done: number;
  readonly accepted: boolean;
  readonly failure?: string;
  /** Highest resident memory so far, in bytes. */
  readonly memory: number;
}

const [name, seed, from, end] = process.argv.slice(2);
const form = forms.find((candidate) => candidate.name === name)!;
const files = await form.files();
const own = Object.getOwnPropertyNames(Object.prototype).length;
const tell = (told: Omit<Told, "memory">) =>
  new Promise<void>((resolve) => {
    process.send!({ ...told, memory: process.resourceUsage().maxRSS * 1024 }, undefined, undefined, () => resolve());
  });

for (const file of files) await (await form.read(file))?.();
await tell({ done: -1, accepted: false });
for (let mutant = Number(from); mutant < Number(end); mutant++) {
  const dice = new Dice(Number(seed), mutant);
  const content = form.mutate(dice.pick(files), dice, files);
  let accepted = false;
  let failure: string | undefined;
  try {
    const use = await form.read(content);
    accepted = true;
    if (dice.below(form.usedOneIn ?? 10) === 0) await use?.();
  } catch (error) {
    if (!(error instanceof TavaliError)) failure = error instanceof Error ? `${error.stack}` : `threw ${error}`;
  }
  if (Object.getOwnPropertyNames(Object.prototype).length !== own) failure = "Object.prototype was changed";
  await tell({ done: mutant, accepted, ...(failure !== undefined && { failure }) });
}
process.disconnect();
// What a mutant left running must not keep the process.
process.exit(0);
