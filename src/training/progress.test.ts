import { describe, expect, it } from "vitest";
import type { TrainingControl } from "./callbacks.js";
import { formatEta, formatLogs, formatPerStep, progressCallback } from "./progress.js";

function draw(isTerminal: boolean, verbose: 1 | 2, epochs = 2): string {
  let text = "";
  let time = 0;
  const progress = progressCallback(verbose, { isTerminal, write: (part) => (text += part) }, () => time);
  const control = { epochs, steps: 4 } as TrainingControl;
  progress.onEpochBegin!(0, control);
  for (let batch = 0; batch < 4; batch++) {
    time += 500;
    progress.onBatchEnd!(batch, { loss: 0.5 }, control);
  }
  progress.onEpochEnd!(0, { loss: 0.5, accuracy: 0.75, valLoss: 0.0005 }, control);
  return text;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
const plain = (text: string) => text.replace(/\u001b\[\d*[mK]/g, "");

describe("the progress line", () => {
  it("is drawn in place on a terminal: bar, remaining time, time per step, numbers", () => {
    const lines = plain(draw(true, 1)).split("\r");
    expect(lines).toEqual([
      "Epoch 1/2\n",
      "1/4 ━━━━━━━━━━━━━━━━━━━━ 2s 500ms/step - loss: 0.5000",
      "2/4 ━━━━━━━━━━━━━━━━━━━━ 1s 500ms/step - loss: 0.5000",
      "3/4 ━━━━━━━━━━━━━━━━━━━━ 1s 500ms/step - loss: 0.5000",
      "4/4 ━━━━━━━━━━━━━━━━━━━━ 2s 500ms/step - loss: 0.5000 - accuracy: 0.7500 - valLoss: 5.0000e-04\n",
    ]);
  });

  it("colours the part that is done", () => {
    expect(draw(true, 1)).toContain("\u001b[32m━━━━━━━━━━\u001b[0m\u001b[37m━━━━━━━━━━\u001b[0m");
  });

  it.each([
    [false, 1],
    [false, 2],
    [true, 2],
  ] as const)("is one line per epoch elsewhere (terminal %s, verbose %s)", (isTerminal, verbose) => {
    expect(draw(isTerminal, verbose)).toBe(
      "Epoch 1/2\n4/4 - 2s - 500ms/step - loss: 0.5000 - accuracy: 0.7500 - valLoss: 5.0000e-04\n",
    );
  });

  it("names the epoch only if there are several", () => {
    expect(draw(false, 2, 1)).not.toContain("Epoch");
  });

  it("writes times and numbers as Keras does", () => {
    expect([5, 59.6, 61, 3599, 7509].map(formatEta)).toEqual(["5s", "60s", "1:01", "59:59", "2:05:09"]);
    expect([2.4, 0.04, 0.00035].map(formatPerStep)).toEqual(["2s/step", "40ms/step", "350us/step"]);
    expect(formatLogs({ a: 12.5, b: 0.0005, c: -0.00099, d: 0, e: 1.5e-12 })).toBe(
      " - a: 12.5000 - b: 5.0000e-04 - c: -9.9000e-04 - d: 0.0000 - e: 1.5000e-12",
    );
  });
});
