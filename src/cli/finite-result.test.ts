import { expect, it } from "vitest";
import { finiteResult } from "./finite-result.js";

it("lets numbers pass and names the first that is none, wherever it stands", () => {
  const good = { loss: 1, parts: [{ p: [0.5, 1e300] }, null, "NaN"], data: new Float32Array(2) };
  expect(finiteResult("a.tavali", good)).toBe(good);
  expect(() => finiteResult("a.tavali", { parts: [{ p: [0.5, Number.NaN] }] })).toThrow(
    /^a\.tavali: .*parts\[0\]\.p\[1\] is NaN.*train again/,
  );
  expect(() => finiteResult("a", { data: Float32Array.of(1, Number.POSITIVE_INFINITY) })).toThrow(/data\[1\] is Inf/);
});
