/** Runs before any test file where TAVALI_WITHOUT names optimizations, with commas between: all programs are compiled without them. */
import { vi } from "vitest";
import type { Optimization } from "../../src/compiler/compile.js";

vi.mock("../../src/compiler/compile.js", async (importOriginal) => {
  const original = await importOriginal<typeof import("../../src/compiler/compile.js")>();
  const without = process.env.TAVALI_WITHOUT!.split(",") as Optimization[];
  const compile: typeof original.compile = (equations, options) =>
    original.compile(equations, { without: [...without, ...(options?.without ?? [])] });
  return { ...original, compile };
});
