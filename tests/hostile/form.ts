/** The contract of a form of file that mutants are made of. */
import { type Dice, mutateBytes } from "./mutate.js";

/** A form of file. */
export interface Form<Content = Uint8Array> {
  readonly name: string;
  /** Files that are right. */
  files(): Promise<readonly Content[]> | readonly Content[];
  mutate(file: Content, dice: Dice, files: readonly Content[]): Content;
  /** Reads it; what it gives is called for some of the files that were accepted, to use what was read. */
  read(file: Content): Promise<Use | undefined> | Use | undefined;
  /** Of how many accepted files one is used; default 10. */
  readonly usedOneIn?: number;
}

export type Use = () => unknown;

// biome-ignore lint/suspicious/noExplicitAny: the driver hands a form its own files
export type AnyForm = Form<any>;

/** A form whose mutants are its bytes, changed. */
export function bytesForm(
  name: string,
  files: Form["files"],
  read: Form["read"],
  mutate: Form["mutate"] = (file, dice, all) => mutateBytes(file, dice, dice.pick(all)),
): Form {
  return { name, files, read, mutate };
}
