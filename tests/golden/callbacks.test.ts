/** Callbacks against Keras: when they stop, which weights they keep, which learning rates they set. */
import { expect, it } from "vitest";
import {
  type Callback,
  earlyStopping,
  type Logs,
  reduceLROnPlateau,
  type TrainingControl,
} from "../../src/training/index.js";
import { goldenCases } from "./golden.js";

interface CallbackCase {
  readonly name: string;
  readonly callback: "earlyStopping" | "reduceLROnPlateau";
  readonly options: object;
  readonly values: readonly number[];
  readonly epochs: number;
  readonly restored: number | null;
  readonly learningRates: readonly number[];
}

const kinds = { earlyStopping, reduceLROnPlateau };
const cases = goldenCases<CallbackCase>("callbacks.json");

/** A model whose only weight is the number of epochs it was trained for. */
function scripted() {
  const seen = { epochs: 0, restored: null as number | null };
  const model = {
    learningRate: 0.5,
    snapshot: async () => new Map([["epochs", { data: Int32Array.of(seen.epochs), shape: [] }]]),
    restore: async (snapshot: ReadonlyMap<string, { data: ArrayLike<number> }>) => {
      seen.restored = snapshot.get("epochs")!.data[0]!;
    },
  };
  const numbers = { known: { loss: "lower", valLoss: "lower" }, complete: true };
  return { seen, control: { model, stopTraining: false, validates: true, numbers } as unknown as TrainingControl };
}

/** @param renew the callback to go on with after each epoch: itself, or another one with its state */
async function run(first: Callback, { values }: CallbackCase, renew: (callback: Callback) => Callback) {
  const { seen, control } = scripted();
  const learningRates: number[] = [];
  let callback = first;
  await callback.onTrainBegin?.(control);
  for (const [epoch, valLoss] of values.entries()) {
    seen.epochs = epoch + 1;
    const before = control.model.learningRate;
    const more = (await callback.onEpochEnd?.(epoch, { valLoss }, control)) as Logs | undefined;
    if (more) expect(more.learningRate).toBe(before);
    learningRates.push(control.model.learningRate);
    if (control.stopTraining) break;
    callback = renew(callback);
  }
  await callback.onTrainEnd?.({}, control);
  return { ...seen, learningRates };
}

it.each(cases.map((golden) => [golden.name, golden] as const))("%s", async (_, golden) => {
  const { epochs, restored, learningRates, options } = golden;
  const make = () => kinds[golden.callback](options);
  const renewed = (callback: Callback) => {
    const other = make();
    other.restore?.(callback.state?.());
    return other;
  };
  for (const renew of [(callback: Callback) => callback, renewed]) {
    const ours = await run(make(), golden, renew);
    expect(ours).toMatchObject({ epochs, restored });
    expect(ours.learningRates).toHaveLength(learningRates.length);
    // The file has 15 digits.
    for (const [i, rate] of learningRates.entries()) expect(ours.learningRates[i]! / rate).toBeCloseTo(1, 13);
  }
});
