import { expect, it } from "vitest";
import { tensor } from "../tensor/tensor.js";
import { checkFingerprint, checksum } from "./fingerprint.js";
import { reportedNumbers } from "./reported-numbers.js";

const model = { reported: { loss: "lower", accuracy: "higher" } } as const;
const onEpochEnd = () => undefined;

it("knows every number unless a callback may add one without saying so", () => {
  const complete = (...callbacks: object[]) => reportedNumbers(model, callbacks, false).complete;
  expect(complete()).toBe(true);
  expect(complete({})).toBe(true);
  expect(complete({ onEpochEnd })).toBe(false);
  expect(complete({ onEpochEnd, observes: true })).toBe(true);
  expect(complete({ onEpochEnd, reports: { mine: "higher" } })).toBe(true);
  expect(complete({ onEpochEnd, reports: { mine: "higher" } }, { onEpochEnd })).toBe(false);
  expect(reportedNumbers({}, [], false)).toEqual({ known: { loss: "lower" }, complete: false });
});

it("counts those of the validation where there is one, and those of callbacks", () => {
  const { known } = reportedNumbers(model, [{ reports: { mine: undefined } }], true);
  const validation = { valLoss: "lower", valAccuracy: "higher" };
  expect(known).toEqual({ ...model.reported, ...validation, mine: undefined });
});

it("a checksum looks at both halves of every number", () => {
  const sum = (...data: number[]) => checksum(tensor(Float64Array.from(data), [data.length]).data);
  expect(sum(1, 2)).not.toBe(sum(2, 1));
  // 1 + 2⁻⁵² differs from 1 in the lower half alone, 2 in the upper half alone.
  const all = [sum(1), sum(1 + 2 ** -52), sum(2), sum(0), sum(-0)].flatMap((both) => both.split(" "));
  expect(new Set(all).size).toBe(all.length);
  expect(sum(1, -2.5, 1e-300)).toBe("52189e34 4dece416");
});

it("what differs is shown whole up to 60 characters, and around the place where it parts beyond", () => {
  const compare = (then: string, now: string) => () => checkFingerprint({ data: then }, { data: now });
  const [short, long] = ["a".repeat(60), "a".repeat(61)];
  expect(compare(short, "b")).toThrow(`data: ${short} then, b now`);
  expect(compare(long, `${"a".repeat(45)}b`)).toThrow(`data: …${long.slice(15)}… then, …${"a".repeat(30)}b… now`);
});
