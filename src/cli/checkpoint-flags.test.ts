import { describe, expect, it } from "vitest";
import { parseInterval } from "./checkpoint-flags.js";

describe("--checkpoint-every", () => {
  it.each([
    ["epoch", { epochs: 1 }],
    ["30s", { epochs: 1, seconds: 30 }],
    ["100steps", { epochs: 1, steps: 100 }],
    ["1step", { epochs: 1, steps: 1 }],
  ])("%s", (text, every) => {
    expect(parseInterval(text)).toEqual(every);
  });

  it.each(["", "0s", "steps", "3 epochs", "-1s", "1.5s"])('refuses "%s"', (text) => {
    expect(() => parseInterval(text)).toThrow(/30s.*100steps.*epoch/);
  });
});
