import { describe, expect, it } from "vitest";
import { ConfigError } from "../errors.js";
import { windowBatches, windowsOf } from "./window-batches.js";

const table = (length: number, options: { window: number; stride?: number }) =>
  windowsOf(length, options).map(({ first, steps, lossSteps, kept }) => [first, steps, lossSteps, kept]);

describe("windowsOf", () => {
  it("divides a stream into consecutive windows", () => {
    expect(table(10, { window: 4 })).toEqual([
      [0, 4, 4, 4],
      [4, 4, 4, 4],
      [8, 2, 2, 0],
    ]);
  });

  it("reads earlier steps again where the window is longer than the stride", () => {
    expect(table(9, { window: 5, stride: 2 })).toEqual([
      [0, 2, 2, 0],
      [0, 4, 2, 1],
      [1, 5, 2, 2],
      [3, 5, 2, 2],
      [5, 4, 1, 0],
    ]);
  });

  it("gives every step one loss", () => {
    for (const [length, window, stride] of [
      [1, 1, 1],
      [17, 6, 4],
      [20, 20, 20],
      [5, 8, 8],
    ] as const) {
      const windows = windowsOf(length, { window, stride });
      expect(windows.reduce((sum, { lossSteps }) => sum + lossSteps, 0)).toBe(length);
      windows.forEach(({ first, kept }, i) => {
        expect(windows[i + 1]?.first ?? first + kept).toBe(first + kept);
      });
    }
  });

  it("has one window without steps where the streams have none", () => {
    expect(table(0, { window: 4 })).toEqual([[0, 0, 0, 0]]);
  });

  it("refuses a window shorter than the stride", () => {
    expect(() => windowsOf(9, { window: 2, stride: 3 })).toThrow(ConfigError);
    expect(() => windowsOf(9, { window: 2.5 })).toThrow("received window 2.5, stride 2.5");
  });
});

describe("windowBatches", () => {
  it("reads all windows of some streams, then of the next, the same ones for the same seed", () => {
    const source = windowBatches(5, 6, 2, true, { window: 3 });
    expect(source.steps).toBe(6);
    const [batch, again] = [source.epoch(7, 1), source.epoch(7, 1)];
    const batches = Array.from({ length: 6 }, (_, i) => batch(i));
    expect(batches.map(({ window }) => window!.first)).toEqual([0, 3, 0, 3, 0, 3]);
    for (let i = 0; i < 6; i += 2) expect(batches[i]!.rows).toEqual(batches[i + 1]!.rows);
    expect([0, 2, 4].flatMap((i) => [...batches[i]!.rows]).sort()).toEqual([0, 1, 2, 3, 4]);
    expect(new Set(batches.map(({ noise }) => noise)).size).toBe(6);
    expect(again(3)).toEqual(batches[3]);
  });
});
