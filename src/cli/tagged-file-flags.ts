/** How a file of tagged words is read, as options of the commands that take one. */
import { type Command, Option } from "commander";
import { type TaggedTextOptions, type TextEncoding, textEncodings } from "../datasets/index.js";

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

/** The options as the readers take them. */
export function taggedTextOptions({ wordColumn, tagColumn, encoding }: TaggedFileFlags): TaggedTextOptions {
  return { wordColumn, tagColumn, encoding };
}
