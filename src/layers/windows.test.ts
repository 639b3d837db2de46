import { expect, it } from "vitest";
import { windowCount } from "./windows.js";

it.each([
  [7, 3, 1, 1, 5, 7],
  [7, 3, 2, 1, 3, 4],
  [8, 3, 2, 1, 3, 4],
  [8, 3, 3, 1, 2, 3],
  [8, 3, 1, 2, 4, 8],
  [3, 3, 2, 1, 1, 2],
])(
  "of %i steps, windows of %i at stride %i and dilation %i are %i without padding and %i with",
  (length, size, stride, dilation, valid, same) => {
    expect(windowCount(length, { size, stride, dilation }, "valid")).toBe(valid);
    expect(windowCount(length, { size, stride, dilation }, "same")).toBe(same);
    expect(windowCount(null, { size, stride, dilation }, "valid")).toBe(null);
  },
);
