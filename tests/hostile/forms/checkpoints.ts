/** Checkpoints of a training, and the training that goes on from them. */
import { checkpointFromBytes, checkpointToBytes } from "../../../src/formats/index.js";
import {
  csvLogger,
  dense,
  dropout,
  earlyStopping,
  memorySink,
  reduceLROnPlateau,
  runLog,
  sequential,
  tensorBoard,
} from "../../../src/index.js";
import { bytesForm, type Form } from "../form.js";
import { mutateBytes, mutateJson, mutateSealed } from "../mutate.js";

const x = Array.from({ length: 12 }, (_, i) => [i / 12, 1]);
const y = x.map(([value]) => 2 * value!);

const build = () =>
  sequential([dropout(0.1, { inputShape: [2] }), dense(1)], { seed: 1, threads: 1 }).compile({
    optimizer: "adam",
    loss: "meanSquaredError",
    metrics: ["meanAbsoluteError"],
  });

const options = () => ({
  batchSize: 4,
  epochs: 3,
  verbose: 0 as const,
  seed: 1,
  validationSplit: 0.25,
  callbacks: [
    earlyStopping({ patience: 2, restoreBestWeights: true }),
    reduceLROnPlateau({ patience: 1 }),
    csvLogger(memorySink()),
    runLog(memorySink()),
    tensorBoard(memorySink()),
  ],
});

async function files(): Promise<Uint8Array[]> {
  const kept: Uint8Array[] = [];
  const save = async (state: Parameters<typeof checkpointToBytes>[0]) => void kept.push(await checkpointToBytes(state));
  await build().fit(x, y, { ...options(), checkpoint: { every: { epochs: 1, steps: 1 }, save } });
  return [kept[0]!, kept[2]!, kept[4]!];
}

const read: Form["read"] = async (bytes) => {
  const resume = await checkpointFromBytes(bytes, "c.tavali-checkpoint");
  return () => build().fit(x, y, { ...options(), resume });
};

export const checkpointForms: readonly Form[] = [
  {
    ...bytesForm("checkpoint", files, read, (file, dice, all) => {
      if (dice.chance(0.1)) return mutateBytes(file, dice, dice.pick(all));
      // The state is JSON text within the header.
      return mutateSealed(file, dice, (header) =>
        dice.chance(0.2)
          ? mutateJson(header, dice)
          : JSON.stringify({ ...header, state: mutateJson(JSON.parse(String(header.state)), dice) }),
      );
    }),
    usedOneIn: 3,
  },
];
