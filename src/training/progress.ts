/**
 * Progress line, as Keras draws it: redrawn in place on a terminal, one line per epoch elsewhere. Its destination is a value, so that the
 * core knows neither Node nor the DOM.
 */
import { visibleLine } from "../display/visible-text.js";
import type { Callback } from "./callbacks.js";
import type { Logs } from "./logs.js";

/** The destination of progress lines. */
export interface ProgressSink {
  /** Whether a line can be redrawn in place. */
  readonly isTerminal: boolean;
  /** Width of the terminal; redrawn lines leave out the last numbers that do not fit. */
  readonly columns?: number | undefined;
  write(text: string): void;
}

const WIDTH = 20;
/** Milliseconds between two drawings. */
const INTERVAL = 50;

/** Standard error where there is one, else the console. */
export function defaultSink(): ProgressSink {
  const { process, console } = globalThis as {
    process?: { stderr?: { isTTY?: boolean; columns?: number; write(text: string): unknown } };
    console?: { log(text: string): void };
  };
  const stream = process?.stderr;
  if (!stream?.write) return { isTerminal: false, write: (text) => console?.log(text.replace(/\n$/, "")) };
  return {
    isTerminal: stream.isTTY === true,
    get columns() {
      return stream.columns;
    },
    write: (text) => void stream.write(text),
  };
}

/** One line of progress at a time. */
export interface ProgressLine {
  /** @param steps undefined if the number is not known */
  begin(steps: number | undefined): void;
  /** Reports that `done` steps are done; draws if the last drawing is long enough ago. */
  step(done: number, logs: Logs): void;
  /** Draws the line for the last time. */
  end(logs: Logs): void;
  /** Ends a line that will not be finished. */
  abandon(): void;
}

/**
 * Draws the progress of some steps.
 *
 * @param verbose 1 draws a bar, 2 writes one line at the end; outside a terminal 1 does that, too
 */
export function progressLine(
  verbose: 1 | 2,
  sink: ProgressSink = defaultSink(),
  now = () => performance.now(),
): ProgressLine {
  const draws = verbose === 1 && sink.isTerminal;
  let [start, afterFirst] = [0, 0];
  let drawnAt = Number.NEGATIVE_INFINITY;
  let steps: number | undefined;
  let last = 0;
  let open = false;
  const pace = (done: number) => {
    const seconds = (now() - start) / 1000;
    // The first step compiles the program, so its time is not typical.
    const perStep = done > 1 ? (now() - afterFirst) / 1000 / (done - 1) : seconds / Math.max(1, done);
    return { seconds, perStep };
  };
  const draw = (done: number, logs: Logs): string => {
    const { seconds, perStep } = pace(done);
    const finished = done === steps;
    const count = `${String(done).padStart(String(steps ?? done).length)}/${steps ?? "Unknown"}`;
    const time = finished || steps === undefined ? `${Math.round(seconds)}s` : formatEta(perStep * (steps - done));
    const tail = ` ${formatPerStep(perStep)}`;
    // A wrapped line could not be redrawn in place.
    const room = finished ? undefined : sink.columns;
    const numbers = formatLogs(logs, room && room - `${count} ${time}${tail}`.length - WIDTH - 1);
    return `\r${bold(count)} ${drawBar(steps === undefined ? 0 : done / steps)} ${bold(time)}${tail}${numbers}\u001b[K`;
  };
  return {
    begin(count) {
      start = now();
      drawnAt = Number.NEGATIVE_INFINITY;
      steps = count;
      last = 0;
    },
    step(done, logs) {
      last = done;
      if (done === 1) afterFirst = now();
      if (!draws || done === steps || now() - drawnAt < INTERVAL) return;
      drawnAt = now();
      sink.write(draw(done, logs));
      open = true;
    },
    end(logs) {
      open = false;
      // An epoch of unknown length has ended; one that ended early shows the whole, as Keras does.
      steps ??= last;
      if (draws) {
        sink.write(`${draw(steps, logs)}\n`);
        return;
      }
      const { seconds, perStep } = pace(steps);
      sink.write(`${steps}/${steps} - ${Math.round(seconds)}s - ${formatPerStep(perStep)}${formatLogs(logs)}\n`);
    },
    abandon() {
      if (open) sink.write("\n");
      open = false;
    },
  };
}

/** Draws progress while `fit` runs: a line "Epoch 1/5" where there are several, and a line of progress. */
export function progressCallback(verbose: 1 | 2, sink: ProgressSink = defaultSink(), now?: () => number): Callback {
  const line = progressLine(verbose, sink, now);
  return {
    observes: true,
    onEpochBegin(epoch, { epochs, steps }) {
      if (epochs > 1) sink.write(`Epoch ${epoch + 1}/${epochs}\n`);
      line.begin(steps);
    },
    onBatchEnd(batch, logs) {
      line.step(batch + 1, logs);
    },
    onEpochEnd(_, logs) {
      line.end(logs);
    },
    onTrainEnd() {
      line.abandon();
    },
  };
}

function drawBar(share: number): string {
  const done = Math.floor(WIDTH * share);
  return `\u001b[32m${"━".repeat(done)}\u001b[0m\u001b[37m${"━".repeat(WIDTH - done)}\u001b[0m`;
}

const bold = (text: string) => `\u001b[1m${text}\u001b[0m`;

/** Seconds as Keras writes them: 40s, 1:30, 2:05:09. */
export function formatEta(seconds: number): string {
  const whole = Math.round(seconds);
  const two = (value: number) => String(value).padStart(2, "0");
  if (whole > 3600) return `${Math.floor(whole / 3600)}:${two(Math.floor((whole % 3600) / 60))}:${two(whole % 60)}`;
  if (whole > 60) return `${Math.floor(whole / 60)}:${two(whole % 60)}`;
  return `${whole}s`;
}

/** Time per step: 2s/step, 40ms/step, 350us/step. */
export function formatPerStep(seconds: number): string {
  if (seconds >= 1 || seconds === 0) return `${Math.round(seconds)}s/step`;
  if (seconds >= 1e-3) return `${Math.round(seconds * 1e3)}ms/step`;
  return `${Math.round(seconds * 1e6)}us/step`;
}

/** " - loss: 0.5393 - accuracy: 0.7500"; small numbers as 5.0000e-04. The last ones are left out where there is no `room`. */
export function formatLogs(logs: Logs, room = Number.POSITIVE_INFINITY): string {
  const numbers = Object.entries(logs).map(([name, value]) => ` - ${visibleLine(name)}: ${formatValue(value)}`);
  while (numbers.length > 0 && numbers.join("").length > room) numbers.pop();
  return numbers.join("");
}

function formatValue(value: number): string {
  if (Math.abs(value) > 1e-3 || value === 0 || !Number.isFinite(value)) return value.toFixed(4);
  return value.toExponential(4).replace(/e([+-])(\d)$/, "e$10$2");
}
