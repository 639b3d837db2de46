import { afterEach, describe, expect, it, vi } from "vitest";
import { sequential } from "../models/index.js";
import { createWasmEngine } from "./index.js";
import { mostThreads } from "./thread-count.js";

const wrong = [1.5, Number.NaN, 0, -1, 1e5, Number.POSITIVE_INFINITY, "2"];

afterEach(() => vi.unstubAllEnvs());

describe("a number of threads", () => {
  it.each(wrong)("%s is refused wherever it is given", async (threads) => {
    expect(() => sequential([], { threads: threads as number })).toThrow(/threads must be a whole number from 1 to/);
    expect(() => createWasmEngine({ threads: threads as number })).toThrow(/threads must be a whole number from 1 to/);
    if (threads === "2") return;
    vi.stubEnv("TAVALI_THREADS", String(threads));
    await expect(createWasmEngine().createDevice().threads()).rejects.toThrow(
      /TAVALI_THREADS must be a whole number from 1 to/,
    );
  });

  it("is at most that of the cores, or 8", async () => {
    expect(mostThreads()).toBeGreaterThanOrEqual(8);
    expect(() => createWasmEngine({ threads: mostThreads() + 1 })).toThrow(/More threads than cores wait/);
    vi.stubEnv("TAVALI_THREADS", "2");
    expect(await createWasmEngine().createDevice().threads()).toBe(2);
  });
});
