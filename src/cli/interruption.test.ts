import { describe, expect, it } from "vitest";
import { withInterruption } from "./interruption.js";

describe("withInterruption", () => {
  it("turns a signal of the process into an aborted signal, once for one key press", async () => {
    let heard = 0;
    const before = process.listenerCount("SIGINT");
    const aborted = await withInterruption(
      async (signal) => {
        process.emit("SIGINT", "SIGINT");
        process.emit("SIGINT", "SIGINT");
        return signal.aborted;
      },
      () => heard++,
    );
    expect([aborted, heard]).toEqual([true, 1]);
    expect(process.listenerCount("SIGINT")).toBe(before);
  });

  it("leaves no listener behind when the work fails", async () => {
    const before = process.listenerCount("SIGTERM");
    await expect(withInterruption(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(process.listenerCount("SIGTERM")).toBe(before);
  });
});
