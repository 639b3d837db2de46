/**
 * The progress line, as Keras draws it: redrawn in place on a terminal, one line per epoch elsewhere. Where it is written to is a value, so
 * that the core knows neither Node nor the DOM.
 */
import type { Callback } from "./callbacks.js";
import type { Logs } from "./logs.js";

/** Where progress goes. */
export interface ProgressSink {
  readonly isTerminal: boolean;
  write(text: string): void;
}

const WIDTH = 20;
/** Milliseconds between two drawings. */
const INTERVAL = 50;

/** Standard error where there is one, else the console. */
export function defaultSink(): ProgressSink {
  const { process, console } = globalThis as {
    process?: { stderr?: { isTTY?: boolean; write(text: string): unknown } };
    console?: { log(text: string): void };
  };
  const stream = process?.stderr;
  if (stream?.write) return { isTerminal: stream.isTTY === true, write: (text) => void stream.write(text) };
  return { isTerminal: false, write: (text) => console?.log(text.replace(/\n$/, "")) };
}

/**
 * Draws progress while `fit` runs.
 *
 * @param verbose 1 draws a bar per epoch, 2 writes a line per epoch; on anything but a terminal 1 does, too
 */
export function progressCallback(
  verbose: 1 | 2,
  sink: ProgressSink = defaultSink(),
  now = () => performance.now(),
): Callback {
  let start = 0;
  let afterFirst = 0;
  let drawn = 0;
  const draws = verbose === 1 && sink.isTerminal;
  const line = (done: number, steps: number, logs: Logs): string => {
    const elapsed = (now() - start) / 1000;
    // The first step compiles the program: it does not speak for the others.
    const perStep = done > 1 ? (now() - afterFirst) / 1000 / (done - 1) : elapsed / Math.max(1, done);
    const finished = done === steps;
    const time = finished ? `${Math.round(elapsed)}s` : formatEta(perStep * (steps - done));
    const count = `${String(done).padStart(String(steps).length)}/${steps}`;
    const bar = drawBar(done / steps, draws);
    return `${draws ? bold(count) : count} ${bar} ${draws ? bold(time) : time} ${formatPerStep(perStep)}${formatLogs(logs)}`;
  };
  return {
    onEpochBegin(epoch, { epochs }) {
      start = now();
      drawn = Number.NEGATIVE_INFINITY;
      if (epochs > 1) sink.write(`Epoch ${epoch + 1}/${epochs}\n`);
    },
    onBatchEnd(batch, logs, { steps }) {
      if (batch === 0) afterFirst = now();
      if (!draws || batch + 1 === steps || now() - drawn < INTERVAL) return;
      drawn = now();
      sink.write(`\r${line(batch + 1, steps, logs)}\u001b[K`);
    },
    onEpochEnd(_, logs, { steps }) {
      if (draws) sink.write(`\r${line(steps, steps, logs)}\u001b[K\n`);
      else {
        const elapsed = (now() - start) / 1000;
        const perStep = steps > 1 ? (now() - afterFirst) / 1000 / (steps - 1) : elapsed;
        sink.write(`${steps}/${steps} - ${Math.round(elapsed)}s - ${formatPerStep(perStep)}${formatLogs(logs)}\n`);
      }
    },
  };
}

function drawBar(share: number, colours: boolean): string {
  const done = Math.floor(WIDTH * share);
  const [full, rest] = ["━".repeat(done), "━".repeat(WIDTH - done)];
  return colours ? `\u001b[32m${full}\u001b[0m\u001b[37m${rest}\u001b[0m` : full + rest;
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
  if (seconds >= 1) return `${Math.round(seconds)}s/step`;
  if (seconds >= 1e-3) return `${Math.round(seconds * 1e3)}ms/step`;
  return `${Math.round(seconds * 1e6)}us/step`;
}

/** " - loss: 0.5393 - accuracy: 0.7500"; small numbers as 5.0000e-04. */
export function formatLogs(logs: Logs): string {
  return Object.entries(logs)
    .map(([name, value]) => ` - ${name}: ${formatValue(value)}`)
    .join("");
}

function formatValue(value: number): string {
  if (Math.abs(value) > 1e-3 || value === 0 || !Number.isFinite(value)) return value.toFixed(4);
  return value.toExponential(4).replace(/e([+-])(\d)$/, "e$10$2");
}
