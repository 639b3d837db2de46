/**
 * Contract of recipes: a recipe is a value that says what a task is, and brings the code that does it. Command lines, pages and servers
 * are made from the list of recipes (`list.ts`) and know none of them by name.
 *
 * The description is plain data: names, words of help, options and fields. It imports nothing that trains or reads, so that help and forms
 * cost nothing. The code is two modules, each loaded when it is first needed:
 *
 *     recipe.ts       defineRecipe({ task, name, trainings, options, train, evaluate, use, inspect, training, answers })
 *     …-training.ts   load, settings, measure, train, report, evaluate
 *     …-answers.ts    open, use, inspect
 *
 * Whatever is asked is plain JSON that the recipe's fields describe, and every {@link Answer} is plain JSON with its lines of text.
 */
import type { Line, TextView } from "../display/lines.js";
import type { Inspection, PagePart } from "../inspection/index.js";
import type { Model } from "../models/index.js";
import type { FieldSchema } from "./fields.js";
import type { OptionSchema } from "./option-schema.js";
import type { Measure, TrainingHooks, TrainingOutcome } from "./training-report.js";

/** Name of the models of a recipe, and the trainings that write them. */
export interface TaskFacts {
  /** Stands in the metadata of a model file and finds the recipe: "classification". */
  readonly task: string;
  /** For people, after "a": "text classifier". */
  readonly name: string;
  /** The names of the trainings that write such files: `tavali train NAME`. */
  readonly trainings: readonly string[];
}

/** A training as a user chooses it. A recipe may have several, which differ in the data that they take. */
export interface TrainingForm {
  /** A sentence of help. */
  readonly description: string;
  /** The model file where no other name is given. */
  readonly out: string;
  /** Fields of the data's source. */
  readonly data: FieldSchema;
  /** Values of options that suit the built-in corpus better than the defaults, where there is one. */
  readonly corpus?: Readonly<Record<string, unknown>>;
}

/** A request that models of a task answer. */
export interface RequestForm {
  /** A sentence of help. */
  readonly description: string;
  readonly request: FieldSchema;
  /** Set where the answer may come in parts: what is said about that. */
  readonly streams?: string;
}

/** A recipe: its description, and the way to its code. */
export interface Recipe extends TaskFacts {
  /** The page in docs/ whose table lists the options. */
  readonly page?: string;
  /** Options of a training. */
  readonly options: OptionSchema;
  /** By the name that is typed: `tavali train NAME`. */
  readonly train: Readonly<Record<string, TrainingForm>>;
  /** `on` is what a model is measured on, in words. */
  readonly evaluate: { readonly on: string; readonly data: FieldSchema };
  /** By the name that is typed: `tavali NAME MODEL`. Recipes may share a name. */
  readonly use: Readonly<Record<string, RequestForm>>;
  /** Fields of an inspection. Absent if models cannot be inspected. */
  readonly inspect?: { readonly request: FieldSchema };
  /** Loads the functions that read data. */
  training(): Promise<TrainingCode>;
  /** Loads the functions of trained models. */
  answers(): Promise<AnswerCode>;
}

/** Data to train on. */
export interface LoadedData<Data = unknown> {
  readonly data: Data;
  /** Facts for the record of the training: `{ data: "reviews.csv" }`. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** The same for people. */
  lines(view: TextView): readonly Line[];
}

/** A result: plain JSON for programs, and the same in lines for people. */
export interface Answer {
  readonly facts: object;
  lines(view: TextView): readonly Line[];
}

/** Inspection of a model on one text. */
export interface InspectionAnswer extends Answer {
  /** The numbers that must be finite for the rest to mean anything. */
  readonly numbers: object;
  readonly inspection: Inspection;
  /** The words of a page with pictures. */
  readonly part: Omit<PagePart, "inspection">;
}

/** Caller of a request. */
export interface Asking {
  /** The model's file or name, for messages. */
  readonly model?: string;
  /** The caller's name of a field or an option, for messages; `topK` is "--top-k" on a command line. */
  nameOf(field: string): string;
  /** Hears a streamed answer as it grows. @param given whether the part is of the request itself */
  readonly onPart?: ((text: string, given?: boolean) => void | Promise<void>) | undefined;
  /** Ends an answer early. */
  readonly signal?: { readonly aborted: boolean };
}

/** Context of the report on a training. */
export interface ReportContext<Data = unknown> {
  readonly data: Data;
  /** Values of the training's fields. */
  readonly source: Readonly<Record<string, unknown>>;
  /** Hears of slow work, in words. */
  progress(text: string): void;
}

/** The model of a file and what the file says about it. */
export interface LoadedTask {
  readonly model: Model;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** Result of a training. */
export type TrainedTask = TrainingOutcome & LoadedTask;

/** Functions that read data: a module exports them. `data` and `opened` are the recipe's own; values of fields are checked before. */
export interface TrainingCode {
  /**
   * Reads what a training learns from.
   *
   * @param source values of the training's fields
   * @param given options that were given, such as the seed
   */
  load(source: object, given: object, asking: Asking): Promise<LoadedData>;
  /** Every option's value: the given one, else what suits the data, else the default. @throws ConfigError for one out of range */
  settings(data: unknown, given: object): { readonly epochs: number };
  /** The number that chooses the best epoch. */
  measure(options: unknown): Measure;
  /** Trains, keeps the best epoch and measures it on the test part. The metadata hold the recipe's task. */
  train(data: unknown, options: object, hooks: TrainingHooks): Promise<TrainedTask>;
  /** More of a result than its numbers. */
  report?(result: TrainedTask, context: ReportContext): Answer;
  /** Measures a model. @param source values of the fields of `evaluate` */
  evaluate(opened: unknown, source: object, asking: Asking): Promise<Answer>;
}

/** Functions of trained models: a module exports them. It imports nothing that trains, so that a page which only asks stays small. */
export interface AnswerCode {
  /** A model from a file, ready to use. @throws FormatError where the metadata are not what `train` wrote */
  open(loaded: LoadedTask, file: string): unknown;
  /** An answer to each request of the description, by its name. */
  readonly use: Readonly<Record<string, { answer(opened: unknown, request: object, asking: Asking): Promise<Answer> }>>;
  /** Inspection of a model on one text. @param request values of the fields of `inspect` */
  inspect?(opened: unknown, text: string, request: object): Promise<InspectionAnswer>;
}

/**
 * A recipe from its description.
 *
 * @example
 * export const parity = defineRecipe({
 *   ...parityTask,
 *   options: { units: integer(8, [1, 64], "numbers in the state"), … },
 *   train: { parity: { description: "Learn the parity of rows of bits.", out: "parity.tavali", data: {} } },
 *   evaluate: { on: "rows of bits", data: {} },
 *   use: { count: { description: "Say whether ones are even or odd.", request: { texts: { kind: "texts", needed: true, positional: true, help: "rows" } } } },
 *   training: () => import("./parity-training.js"),
 *   answers: () => import("./parity-answers.js"),
 * });
 */
/* @__NO_SIDE_EFFECTS__ */ export function defineRecipe<const Description extends Recipe>(
  description: Description,
): Description {
  return description;
}
