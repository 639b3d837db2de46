/** `tavali train <task>`: trains a recipe's model and writes it to one file. */
import { Command } from "commander";
import { trainClassifyCommand, trainSentimentCommand } from "./train-classifier.js";
import { trainLanguageCommand } from "./train-lm.js";
import { trainTagCommand } from "./train-tag.js";

/** The command with one subcommand per recipe. */
export function trainCommand(): Command {
  return new Command("train")
    .addCommand(trainClassifyCommand())
    .addCommand(trainSentimentCommand())
    .addCommand(trainLanguageCommand())
    .addCommand(trainTagCommand());
}
