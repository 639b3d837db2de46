/** Event files against TensorBoard: our bytes are its own writer's, and what it read in them (scalars.json) is what was written. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fileVersionRecord, maskedCrc32c, type ScalarEvent, scalarRecord } from "../../src/training/event-file.js";

const golden = new Uint8Array(readFileSync(new URL("./tensorboard/events.out.tfevents.golden", import.meta.url)));
const read = JSON.parse(readFileSync(new URL("./tensorboard/scalars.json", import.meta.url), "utf8")) as Record<
  string,
  [wallTime: number, step: number, value: string][]
>;

const events: ScalarEvent[] = [
  { wallTime: 1.5, step: 0, values: { "epoch/loss": Math.LN2, "epoch/accuracy": 0.5 } },
  { wallTime: 1764000000.25, step: 1, values: { "epoch/loss": 1e-40, "epoch/accuracy": Number.NaN } },
  { wallTime: 1764000001.75, step: 300, values: { "step/loss": Number.POSITIVE_INFINITY } },
  { wallTime: 1764000002, step: 2 ** 33 + 5, values: { "step/größe": -3.25 } },
];

describe("an event file", () => {
  it("has the bytes that TensorBoard's own writer gives it", () => {
    const bytes = [fileVersionRecord(1.25), ...events.map(scalarRecord)].flatMap((record) => [...record]);
    expect(bytes).toEqual([...golden]);
  });

  it("is read by TensorBoard as what was written", () => {
    const written: typeof read = {};
    for (const { wallTime, step, values } of events) {
      for (const [tag, value] of Object.entries(values)) {
        const text = { NaN: "nan", Infinity: "inf" }[String(value)] ?? String(Math.fround(value));
        written[tag] = [...(written[tag] ?? []), [wallTime, step, text]];
      }
    }
    expect(written).toEqual(read);
  });
});

it.each([
  [127, [0x7f]],
  [128, [0x80, 0x01]],
  [16_384, [0x80, 0x80, 0x01]],
])("step %i is written in groups of seven bits", (step, groups) => {
  // A length and its checksum (12 bytes), the time (9), then the key of the step.
  const record = scalarRecord({ wallTime: 0, step, values: {} });
  expect([...record.subarray(21, 22 + groups.length)]).toEqual([0x10, ...groups]);
});

describe("CRC-32C", () => {
  // RFC 3720, B.4: 32 bytes of zeros, of ones, and 0 … 31; the masks as TensorFlow puts them on.
  it.each([
    [new Uint8Array(32), 0x8a9136aa],
    [new Uint8Array(32).fill(255), 0x62a8ab43],
    [Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
  ])("%#", (bytes, sum) => {
    const mask = (plain: number) => (((plain >>> 15) | (plain << 17)) + 0xa282ead8) >>> 0;
    expect(maskedCrc32c(bytes)).toBe(mask(sum));
  });
});
