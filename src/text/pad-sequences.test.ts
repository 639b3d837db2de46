import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ConfigError, DataError, ShapeError, TavaliError } from "../errors.js";
import { toNested } from "../tensor/tensor.js";
import { type PadOptions, padSequences, type Sequence } from "./pad-sequences.js";

interface Case {
  sequences: Sequence[];
  args: Record<string, unknown>;
  output?: unknown;
  message?: string;
}
const golden = JSON.parse(
  readFileSync(new URL("../../tests/golden/utilities/pad_sequences.json", import.meta.url), "utf8"),
) as { cases: Case[] };

function optionsOf({ maxlen, ...rest }: Record<string, unknown>): PadOptions {
  return { ...rest, ...(maxlen === undefined ? {} : { maxlen: Number(maxlen) }) } as PadOptions;
}

describe("padSequences", () => {
  for (const { sequences, args, output, message } of golden.cases) {
    const title = `${JSON.stringify(sequences)} with ${JSON.stringify(args)}`;
    const objects = String(args.dtype).includes("object");
    if (objects) test.skip(`${title}: tensors hold numbers, so there is no object dtype`, () => {});
    else if (message !== undefined) {
      test(`refuses ${title} as Keras does`, () => {
        expect(() => padSequences(sequences, optionsOf(args))).toThrow(TavaliError);
      });
    } else {
      test(`gives Keras's result for ${title}`, () => {
        const result = padSequences(sequences, optionsOf(args));
        expect(toNested(result)).toEqual(output);
        expect(result.data).toBeInstanceOf(args.dtype === "float32" ? Float32Array : Int32Array);
      });
    }
  }

  test("places every kept item and fills the rest, whatever the lengths and sides", () => {
    const side = fc.constantFrom("pre" as const, "post" as const);
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.integer({ min: 1, max: 99 }), { maxLength: 9 }), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 12 }),
        side,
        side,
        (sequences, maxlen, padding, truncating) => {
          const { data, shape } = padSequences(sequences, { maxlen, padding, truncating, value: -7 });
          expect(shape).toEqual([sequences.length, maxlen]);
          sequences.forEach((sequence, row) => {
            const kept = truncating === "pre" ? sequence.slice(-maxlen) : sequence.slice(0, maxlen);
            const gap = new Array<number>(maxlen - kept.length).fill(-7);
            const expected = padding === "pre" ? [...gap, ...kept] : [...kept, ...gap];
            expect([...data.slice(row * maxlen, (row + 1) * maxlen)]).toEqual(expected);
          });
        },
      ),
    );
  });

  test("accepts typed arrays", () => {
    expect(toNested(padSequences([Int32Array.of(5), Int32Array.of(6, 7)]))).toEqual([
      [0, 5],
      [6, 7],
    ]);
  });

  test("an item that int32 cannot hold is an error that names its place", () => {
    expect(() => padSequences([[1], [2, Number.NaN]])).toThrow(/NaN at sequence 1, item 1/);
    expect(() => padSequences([[2 ** 31]])).toThrow(DataError);
    expect([...padSequences([[2 ** 31]], { dtype: "float32" }).data]).toEqual([2 ** 31]);
  });

  test("numbers beside arrays, or ragged items, are a shape error", () => {
    expect(() => padSequences([[1, [2]]])).toThrow(ShapeError);
    expect(() => padSequences([[[1, 2], 3]])).toThrow(ShapeError);
    expect(() => padSequences([[[1, 2], [3]]])).toThrow(ShapeError);
  });

  test("a length that no memory holds is refused before anything is allocated", () => {
    expect(() => padSequences([[1]], { maxlen: 1e12 })).toThrow(ConfigError);
  });
});
