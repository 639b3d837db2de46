import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConfigError, FormatError } from "../errors.js";
import { tensor } from "../tensor/tensor.js";
import { decodeModelFile, encodeModelFile, type ModelFile } from "./tavali-file.js";

const sample: ModelFile = {
  architecture: { type: "Sequential", layers: [{ type: "Dense", units: 3 }] },
  compile: { loss: "binaryCrossentropy", optimizer: { type: "rmsprop", learningRate: 1e-3 } },
  metadata: { task: "sentiment", labels: ["negative", "positive"], vocabulary: ["«خوب»", "don't", "\u0000"] },
  tensors: [
    { name: "dense/kernel", ...tensor(Float32Array.of(1.5, -2, 3e-38, 0, 5, 6), [2, 3]) },
    { name: "dense/bias", ...tensor(Float32Array.of(0.1, 0.2, 0.3), [3]) },
    { name: "seen", ...tensor(Int32Array.of(-7), []) },
    { name: "empty", ...tensor(new Float64Array(0), [0, 4]) },
    { name: "bytes", ...tensor(Uint8Array.of(1, 2, 255)) },
  ],
};

/** Writes a correct checksum over whatever the bytes say now. */
async function sealed(bytes: Uint8Array): Promise<Uint8Array> {
  const body = bytes.slice(0, -32);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
  return Uint8Array.of(...body, ...digest);
}

/** The sample's file with its header replaced by another of the same length or shorter. */
async function withHeader(change: (text: string) => string): Promise<Uint8Array> {
  const bytes = await encodeModelFile(sample);
  const length = new DataView(bytes.buffer).getUint32(12, true);
  const text = new TextDecoder().decode(bytes.subarray(16, 16 + length));
  const changed = new TextEncoder().encode(change(text));
  if (changed.length > length) throw new Error("the replacement must not be longer");
  bytes.fill(0x20, 16, 16 + length);
  bytes.set(changed, 16);
  return sealed(bytes);
}

describe("a model file", () => {
  it("gives back what was put in", async () => {
    expect(await decodeModelFile(await encodeModelFile(sample), "a.tavali")).toEqual(sample);
  });

  it("has equal bytes for equal content, whatever the order of keys", async () => {
    const { compile, architecture, metadata, tensors } = sample;
    const reordered = {
      tensors,
      metadata: Object.fromEntries(Object.entries(metadata).reverse()),
      architecture,
      compile,
    };
    expect(await encodeModelFile(reordered)).toEqual(await encodeModelFile(sample));
  });

  it("begins and ends as docs/model-file.md says", async () => {
    const bytes = await encodeModelFile(sample);
    expect([...bytes.subarray(0, 8)]).toEqual([0x89, ...Buffer.from("TAVALI\n")]);
    expect([...bytes.subarray(8, 12)]).toEqual([1, 0, 0, 0]);
    expect(await sealed(bytes)).toEqual(bytes);
  });

  it("is read from the middle of a buffer too", async () => {
    const bytes = await encodeModelFile(sample);
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect(await decodeModelFile(shifted.subarray(3), "a.tavali")).toEqual(sample);
  });

  it("keeps every number type and any header, whatever they hold", async () => {
    const arrays = fc.oneof(
      fc.float32Array(),
      fc.float64Array(),
      fc.int8Array(),
      fc.int16Array(),
      fc.int32Array(),
      fc.uint8Array(),
      fc.uint16Array(),
      fc.uint32Array(),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(arrays, { maxLength: 4 }),
        fc.dictionary(fc.string(), fc.string()),
        async (list, metadata) => {
          const tensors = list.map((data, i) => ({ name: String(i), ...tensor(data) }));
          const read = await decodeModelFile(
            await encodeModelFile({ architecture: {}, metadata, tensors }),
            "a.tavali",
          );
          expect(Object.entries(read.metadata).sort()).toEqual(Object.entries(metadata).sort());
          expect(read.tensors.map(({ data }) => data)).toEqual(list);
        },
      ),
      { numRuns: 100 },
    );
  });

  it("refuses to write what it could not read back", async () => {
    await expect(encodeModelFile({ ...sample, metadata: { loss: Number.NaN } })).rejects.toThrow(
      "model file.metadata.loss: JSON cannot hold this number NaN",
    );
    const twice = [sample.tensors[1]!, sample.tensors[1]!];
    await expect(encodeModelFile({ ...sample, tensors: twice })).rejects.toThrow(ConfigError);
    const round: Record<string, unknown> = {};
    round.self = round;
    await expect(encodeModelFile({ ...sample, metadata: round as never })).rejects.toThrow("contain itself");
  });
});

describe("a file that is not right", () => {
  const problem = async (bytes: Uint8Array) => {
    const error = await decodeModelFile(bytes, "m.tavali").then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(FormatError);
    expect((error as Error).message).toMatch(/^m\.tavali: /);
    return (error as Error).message;
  };

  it("of another kind is named", async () => {
    expect(await problem(new Uint8Array(0))).toContain("the file is empty");
    expect(await problem(Buffer.from("\x89HDF\r\n\x1a\n…", "latin1"))).toContain("HDF5");
    expect(await problem(Buffer.from("PK\x03\x04"))).toContain("zip");
    expect(await problem(Buffer.from("hello, this is text"))).toContain("not a Tavali model file");
  });

  it("of a newer version says to update", async () => {
    const bytes = await encodeModelFile(sample);
    bytes[8] = 2;
    expect(await problem(await sealed(bytes))).toContain("version 2; this Tavali reads version 1. Update");
    bytes[8] = 0;
    expect(await problem(await sealed(bytes))).toContain("version 0, which never existed");
  });

  it("that was cut off is refused at every length", async () => {
    const bytes = await encodeModelFile(sample);
    for (let length = 0; length < bytes.length; length++) await problem(bytes.subarray(0, length));
  });

  it("with flipped bits never yields anything but FormatError", async () => {
    const bytes = await encodeModelFile(sample);
    const flips = fc.array(fc.nat(bytes.length * 8 - 1), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(flips, async (positions) => {
        const damaged = bytes.slice();
        for (const bit of new Set(positions)) damaged[bit >> 3]! ^= 1 << (bit & 7);
        await problem(damaged);
      }),
      { numRuns: 500 },
    );
  });

  it("forged with a correct checksum yields a model file or FormatError", async () => {
    const bytes = await encodeModelFile(sample);
    const changes = fc.array(fc.tuple(fc.integer({ min: 8, max: bytes.length - 33 }), fc.nat(255)), {
      minLength: 1,
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(changes, async (list) => {
        const forged = bytes.slice();
        for (const [at, value] of list) forged[at] = value;
        await decodeModelFile(await sealed(forged), "m.tavali").catch((error) =>
          expect(error).toBeInstanceOf(FormatError),
        );
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ["not JSON", (text: string) => text.slice(1), "header is not JSON"],
    ["a list", () => "[]", "not a JSON object"],
    ["without tensors", () => '{"architecture":{},"metadata":{}}', "tensors must be a list, received nothing"],
    ["with a shape of another size", (text: string) => text.replace("[2,3]", "[2,4]"), "does not lie at"],
    ["with a shape beyond the file", (text: string) => text.replace("[2,3]", "[9,9]"), "within the file"],
    ["with a negative axis", (text: string) => text.replace("[2,3]", "[-2,"), "header is not JSON"],
    [
      "with a fraction as axis",
      (text: string) => text.replace("[2,3]", "[2.5]"),
      "tensors[0].shape[0] must be a whole number",
    ],
    ["with an unknown type", (text: string) => text.replace("float32", "complex"), 'uint32", received "complex"'],
    [
      "with a type from the prototype",
      (text: string) => text.replace("float32", "valueOf"),
      'uint32", received "valueOf"',
    ],
    ["with one name twice", (text: string) => text.replace('"dense/kernel"', '"dense/bias"'), "two tensors are called"],
    ["with overlapping tensors", (text: string) => text.replace('"offset":24', '"offset":16'), "does not lie at 24"],
  ])("has a header %s: refused", async (_, change, message) => {
    expect(await problem(await withHeader(change))).toContain(message);
  });
});
