/** Logs and saved models of uninterrupted and resumed trainings: both write the same files. */
import { describe, expect, it } from "vitest";
import { dense } from "../layers/index.js";
import { type FitOptions, sequential } from "../models/index.js";
import type { Callback } from "./callbacks.js";
import { csvLogger } from "./csv-logger.js";
import { learningRateScheduler } from "./learning-rate-scheduler.js";
import { memorySink } from "./log-sink.js";
import { fillPath, modelCheckpoint } from "./model-checkpoint.js";
import { reduceLROnPlateau } from "./reduce-lr-on-plateau.js";
import { runLog } from "./run-log.js";
import { tensorBoard } from "./tensor-board.js";
import type { TrainingState } from "./training-state.js";

const x = Float32Array.from({ length: 12 }, (_, i) => Math.sin(i));
const y = x.map((value) => 2 * value);
const now = () => new Date(0);
const elapsed = () => 0;

async function train(callbacks: Callback[], options: FitOptions = {}) {
  const model = sequential([dense(1, { inputShape: [1] })], { seed: 3 }).compile({ optimizer: "sgd", loss: "mse" });
  return model.fit({ data: x, shape: [12, 1] }, y, {
    batchSize: 3,
    epochs: 4,
    seed: 1,
    validationSplit: 0.25,
    validationFreq: 2,
    verbose: 0,
    ...options,
    callbacks,
  });
}

/** All the logs, in memory. */
function logs() {
  const [csv, jsonl, board] = [memorySink(), memorySink(), memorySink()];
  const saved: string[] = [];
  const callbacks = () => [
    learningRateScheduler((_, rate) => rate * 0.5),
    reduceLROnPlateau({ patience: 1 }),
    csvLogger(csv),
    runLog(jsonl, { steps: 2, now, elapsed, facts: { task: "line" } }),
    tensorBoard(board, { updateFreq: 2, now: () => 0 }),
    modelCheckpoint("{epoch:02d}-{batch}", (path) => void saved.push(path), { saveFreq: 2 }),
  ];
  return { csv, jsonl, board, saved, callbacks };
}

const events = (text: string) =>
  text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

describe("csvLogger", () => {
  it("writes one row for each epoch, with NA for numbers that were not measured", async () => {
    const { csv, callbacks } = logs();
    const { history } = await train(callbacks());
    const rows = csv.text
      .trim()
      .split("\n")
      .map((row) => row.split(","));
    expect(rows[0]).toEqual(["epoch", "loss", "learningRate", "valLoss"]);
    expect(rows.slice(1).map(([epoch]) => epoch)).toEqual(["0", "1", "2", "3"]);
    expect(rows.slice(1).map(([, loss]) => Number(loss))).toEqual(history.loss);
    expect(rows.slice(1).map(([, , rate]) => Number(rate))).toEqual([0.005, 0.0025, 0.00125, 0.000625]);
    expect(rows.slice(1).map(([, , , loss]) => loss)).toEqual([
      "NA",
      String(history.valLoss![0]),
      "NA",
      String(history.valLoss![1]),
    ]);
  });
});

describe("runLog", () => {
  it("describes the training with one line for each event", async () => {
    const { jsonl, callbacks } = logs();
    await train(callbacks(), { epochs: 1 });
    const time = "1970-01-01T00:00:00.000Z";
    expect(events(jsonl.text)).toMatchObject([
      {
        event: "start",
        time,
        epochs: 1,
        steps: 3,
        validates: true,
        better: { loss: "lower", valLoss: "lower" },
        task: "line",
      },
      { event: "step", epoch: 0, step: 1, loss: expect.any(Number) },
      { event: "epoch", epoch: 0, seconds: 0, learningRate: 0.005, loss: expect.any(Number) },
      { event: "end", stopped: false },
    ]);
  });
});

describe("modelCheckpoint", () => {
  it("saves after a number of steps, or only the best model so far", async () => {
    const { saved, callbacks } = logs();
    await train(callbacks());
    expect(saved).toEqual(["01-2", "02-1", "02-3", "03-2", "04-1", "04-3"]);
    const best: string[] = [];
    const options = { saveBestOnly: true, monitor: "loss", mode: "max" } as const;
    const { history } = await train([modelCheckpoint("{epoch} {loss:.3f}", (path) => void best.push(path), options)]);
    const expected = history
      .loss!.map((loss, i) => [loss, i + 1] as const)
      .filter(([loss], i) => loss > Math.max(-1, ...history.loss!.slice(0, i)));
    expect(best).toEqual(expected.map(([loss, epoch]) => `${epoch} ${loss.toFixed(3)}`));
  });

  it("fills the placeholders of a path as Python would", () => {
    expect(fillPath("{epoch:03d} {loss:8.2f}|{loss:.1e}|{loss}", { epoch: 7, loss: 0.125 })).toBe(
      "007     0.13|1.3e-1|0.125",
    );
    expect(() => fillPath("{accuracy}", { loss: 1 })).toThrow(/placeholder "accuracy".*loss/);
  });
});

describe("logs of a resumed training", () => {
  it("equal those of the uninterrupted one, whatever was written after the checkpoint", async () => {
    const whole = logs();
    await train(whole.callbacks());
    const states: TrainingState[] = [];
    const cut = logs();
    await train(cut.callbacks(), {
      checkpoint: { every: { steps: 1, epochs: 1 }, save: (state) => void states.push(state) },
    });
    const uncut = cut.jsonl.text;
    for (const resume of states) {
      // The log when the checkpoint was made, and after it.
      cut.jsonl.rewind(0);
      cut.jsonl.write(uncut);
      await train(cut.callbacks(), { resume });
      expect(cut.csv.text).toBe(whole.csv.text);
      expect(cut.board.bytes).toEqual(whole.board.bytes);
      const lines = cut.jsonl.text.split("\n").filter((line) => !line.includes('"resume"'));
      expect(lines.join("\n")).toBe(whole.jsonl.text);
    }
  });

  it("may begin there", async () => {
    const states: TrainingState[] = [];
    const { callbacks, csv, jsonl } = logs();
    const acting = () => [...callbacks().slice(0, 2), callbacks()[5]!];
    await train(acting(), { checkpoint: { every: { epochs: 2 }, save: (state) => void states.push(state) } });
    await train(callbacks(), { resume: states[0]! });
    expect(csv.text.trim().split("\n")).toHaveLength(3);
    expect(events(jsonl.text).map(({ event }) => event)).toEqual(["start", "step", "epoch", "step", "epoch", "end"]);
  });
});
