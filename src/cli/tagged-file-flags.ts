/** How a file of tagged words is read, as options of the commands that take one. */
import { type Command, Option } from "commander";
import { type TaggedTextOptions, type TextEncoding, textEncodings } from "../datasets/index.js";
import { ConfigError } from "../errors.js";

/** What commander parsed. */
export interface TaggedFileFlags {
  wordColumn?: string;
  tagColumn?: string;
  encoding?: TextEncoding;
}

/** Adds the options to a command. */
export function addTaggedFileFlags(command: Command): Command {
  return command
    .option(
      "--word-column <column>",
      'where the words are: a position from 0, or a name in the header (default: the first; "word")',
    )
    .option("--tag-column <column>", 'where the tags are, as --word-column; -1 is the last (default: the last; "tag")')
    .addOption(new Option("--encoding <name>", "of the files (default: utf-8)").choices([...textEncodings]));
}

/**
 * Refuses options that say how a file is read where there is none: the built-in corpus has a form of its own.
 *
 * @param others options that need `--data`, too, as they are typed
 * @throws ConfigError naming the first of them
 */
export function refuseWithoutData(
  { wordColumn, tagColumn, encoding }: TaggedFileFlags,
  others: Readonly<Record<string, unknown>> = {},
): void {
  const all = { ...others, "--word-column": wordColumn, "--tag-column": tagColumn, "--encoding": encoding };
  const alone = Object.entries(all).find(([, value]) => value !== undefined)?.[0];
  if (alone === undefined) return;
  throw new ConfigError(`${alone} needs --data, the file of tagged words; the built-in corpus has its own parts.`);
}

/** The options as the readers take them. */
export function taggedTextOptions({ wordColumn, tagColumn, encoding }: TaggedFileFlags): TaggedTextOptions {
  return { wordColumn, tagColumn, encoding };
}
