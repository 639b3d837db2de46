/** CSV logger: a table with one row for each epoch. */
import { checkOptions, nameText, wholeNumber } from "../options/index.js";
import { fields, is, list, optional, text } from "../schema/index.js";
import type { Callback } from "./callbacks.js";
import { CountedSink, type LogSink } from "./log-sink.js";
import { checkedMemory } from "./training-state.js";

/** Options of `csvLogger`. */
export interface CsvLoggerOptions {
  /** Separator of columns; default ",". */
  readonly separator?: string;
}

type Memory = { readonly length: number; readonly columns: readonly string[] | undefined };
const memorySchema = fields({ length: is(wholeNumber(0)), columns: optional(list(text())) });

/**
 * Writes one row for each epoch: its index, from 0, and its numbers, as Keras's CSVLogger does. The first epoch decides the columns, with
 * columns for validation even if it was not validated (`validationFreq`). NA stands for numbers that were not measured.
 *
 * @example csvLogger(fileSink("epochs.csv"))
 */
export function csvLogger(sink: LogSink, options: CsvLoggerOptions = {}): Callback {
  const { separator = "," } = checkOptions<CsvLoggerOptions>("csvLogger", options, { separator: nameText });
  const counted = new CountedSink("csvLogger", sink);
  let columns: readonly string[] | undefined;
  const row = (cells: readonly string[]) =>
    counted.write(`${cells.map((cell) => quoted(cell, separator)).join(separator)}\n`);
  return {
    name: "csvLogger",
    observes: true,
    async onTrainBegin({ resumes }) {
      columns = undefined;
      if (!resumes) await counted.rewind(0);
    },
    async onEpochEnd(epoch, logs, { numbers }) {
      if (!columns) {
        const validation = Object.keys(numbers.known).filter((name) => /^val[A-Z]/.test(name));
        columns = [...new Set([...Object.keys(logs), ...validation])];
        await row(["epoch", ...columns]);
      }
      await row([String(epoch), ...columns.map((name) => (Object.hasOwn(logs, name) ? String(logs[name]) : "NA"))]);
    },
    state: (): Memory => ({ length: counted.length, columns }),
    async restore(state) {
      const memory = checkedMemory<Memory>("csvLogger", state, memorySchema);
      columns = memory.columns;
      await counted.rewind(memory.length);
    },
  };
}

function quoted(cell: string, separator: string): string {
  return cell.includes(separator) || /["\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
