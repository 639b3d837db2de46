import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { DataError } from "../../errors.js";
import { scoreEntities } from "./entity-scores.js";

interface Case {
  expected: string[][];
  predicted: string[][];
  accuracy: number;
  all: number[];
  types: Record<string, number[]>;
}

const golden = new URL("../../../tests/golden/seqeval/scores.json", import.meta.url);
const cases = JSON.parse(readFileSync(golden, "utf8")) as Case[];

describe("scoreEntities", () => {
  it("gives what seqeval gives, also for sequences that break every scheme", () => {
    expect(cases.length).toBeGreaterThan(30);
    for (const { expected, predicted, accuracy, all, types } of cases) {
      const scores = scoreEntities(expected, predicted);
      expect(scores.accuracy).toBeCloseTo(accuracy, 12);
      for (const [score, [precision, recall, f1, support]] of [
        [scores, all] as const,
        ...Object.entries(types).map(([type, row]) => [scores.types[type]!, row] as const),
      ]) {
        expect(score.precision).toBeCloseTo(precision!, 12);
        expect(score.recall).toBeCloseTo(recall!, 12);
        expect(score.f1).toBeCloseTo(f1!, 12);
        expect(score.support).toBe(support);
      }
      expect(Object.keys(scores.types)).toEqual(Object.keys(types).sort());
    }
  });

  it("counts an entity only where its borders and its type are right", () => {
    const right = [["B-person", "I-person", "O", "B-place"]];
    expect(scoreEntities(right, right)).toMatchObject({ precision: 1, recall: 1, f1: 1, accuracy: 1 });
    expect(scoreEntities(right, [["B-person", "O", "O", "B-place"]])).toMatchObject({ precision: 0.5, recall: 0.5 });
    expect(scoreEntities(right, [["B-person", "I-person", "O", "B-person"]])).toMatchObject({ found: 2, f1: 0.5 });
  });

  it("is 0 where nothing is found or there is nothing", () => {
    expect(scoreEntities([["B-a"]], [["O"]])).toMatchObject({ precision: 0, recall: 0, f1: 0, support: 1, found: 0 });
    expect(scoreEntities([["O"]], [["B-a"]])).toMatchObject({ precision: 0, recall: 0, f1: 0, support: 0, found: 1 });
  });

  it("refuses sentences of other lengths", () => {
    expect(() => scoreEntities([["O", "O"]], [["O"]])).toThrow(DataError);
    expect(() => scoreEntities([["O"], ["O"]], [["O"]])).toThrow("sentence 1 has 1 tags, and none were predicted");
    expect(() => scoreEntities([["O"]], [["O"], ["O"]])).toThrow("more predictions");
  });
});
