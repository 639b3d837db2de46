/**
 * `tavali start`, which is `npm start`: trains the sentiment model and shows what reading in order is worth, compared with a bag of words
 * that gets the same texts without their order.
 */
import { Command } from "commander";
import { demoSentences } from "../datasets/grammar-reviews.js";
import { comparison } from "../display/lines.js";
import { duration, wrap } from "../display/text-layout.js";
import { predictionLines } from "../recipes/classifier/prediction-view.js";
import { classifierRecipe as recipe } from "../recipes/classifier/recipe.js";
import { checkCheckpointFlags } from "./checkpoint-flags.js";
import { engineLine } from "./engine-facts.js";
import { Terminal } from "./terminal.js";
import { addFormFlags, prepareTraining } from "./train.js";
import { type TrainingFlags, trainOnTerminal } from "./training.js";
import { whileLocked } from "./training-locks.js";
import { fact, learningCurve, section, trainingFacts } from "./training-view.js";

/** The command with its options. */
export function startCommand(): Command {
  const { sentiment } = recipe.train;
  const help = "reviews of your own: a folder (aclImdb, or train and test tables) or one TSV or CSV file";
  const data = { ...sentiment.data, data: { ...sentiment.data.data, help } };
  return addFormFlags(new Command("start"), recipe, { ...sentiment, data }).action(start);
}

async function start(flags: TrainingFlags, command: Command): Promise<void> {
  const terminal = new Terminal({ json: flags.json === true, writesFiles: true });
  checkCheckpointFlags(flags);
  await whileLocked(flags, () => trainAndShow(terminal, flags, command));
}

async function trainAndShow(terminal: Terminal, flags: TrainingFlags, command: Command): Promise<void> {
  const own = flags.data !== undefined;
  section(terminal, "Tavali reads reviews, word after word, and learns what they mean", []);
  terminal.say();
  fact(terminal, "engine", await engineLine());
  const code = await recipe.training();
  const { data, options, task } = await prepareTraining(terminal, { recipe, code, name: "sentiment" }, command);
  const result = await trainOnTerminal(terminal, task, flags);
  const { metadata, vocabulary, history, bestEpoch, test, seconds, interrupted } = result;

  section(terminal, "Learning curve", learningCurve(terminal.width, history));
  const stopped = interrupted ? "interrupted" : history.length < options.epochs ? "no better since" : "done";
  terminal.say(`  ${history.length} epochs in ${duration(seconds)} (${stopped}); kept: epoch ${bestEpoch}`);

  terminal.progress("  counting words for the baseline…");
  const baseline = code.textBaseline(data, vocabulary).accuracy;
  const rows = [
    { name: "recurrent network", value: test.accuracy! },
    { name: "bag of words", value: baseline },
    { name: "guessing", value: 1 / data.classNames.length },
  ];
  section(terminal, "Right on texts it has never seen", comparison(terminal.width, rows, 0));
  for (const line of wrap(verdict(test.accuracy! - baseline, own), terminal.width - 4)) terminal.say(`  ${line}`);

  const sentences = demoSentences.map(({ text }) => text);
  const expected = demoSentences.map(({ label }) => data.classNames[label]!);
  const { use } = await recipe.answers();
  const { predictions } = (await use.predict.answer(result, { texts: sentences })).facts;
  const marks = sameClasses(data.classNames) ? expected : [];
  const lines = predictionLines(metadata.labels, predictions, terminal.width, marks);
  section(terminal, "Five sentences, and what it says about them", lines);
  section(terminal, "Next", next(flags.out, own));
  terminal.result({ ...trainingFacts(result), bagOfWordsAccuracy: baseline, predictions, model: flags.out });
  if (interrupted) process.exitCode = 130;
}

function verdict(gap: number, own: boolean): string {
  const points = `${Math.abs(gap * 100).toFixed(1)} points`;
  if (gap <= 0) return `The bag of words is ahead by ${points}: more epochs, more texts or --bidirectional may help.`;
  if (own) return `Reading in order is worth ${points} on these texts.`;
  return `The bag of words sees the same words without their order. Reading in order is worth ${points}: who was disappointed, what was expected, what "not" belongs to.`;
}

/** Whether the demo sentences' labels mean something for this data. */
function sameClasses(classNames: readonly string[]): boolean {
  return classNames[0] === "negative" && classNames[1] === "positive";
}

function next(model: string, own: boolean): string[] {
  const lines = [
    `  npx tavali predict ${model} "The plot was hardly dull, and I loved it."`,
    ...(own
      ? [`  npx tavali train sentiment --data PATH --bidirectional`]
      : ["  npm start -- --data aclImdb --length 500"]),
    "  npx tavali doctor",
  ];
  if (own) return lines;
  return [
    ...lines,
    "",
    "  For real reviews, take the Large Movie Review Dataset from https://ai.stanford.edu/~amaas/data/sentiment/,",
    "  unpack it, and name the folder; any CSV or TSV with a text and a label column will do as well.",
  ];
}
