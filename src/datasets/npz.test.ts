import { readFileSync } from "node:fs";
import fc from "fast-check";
import { gzipSync, zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { FormatError } from "../errors.js";
import { type Tensor, toNested } from "../tensor/tensor.js";
import { gunzip } from "./gunzip.js";
import { type ObjectArray, readNpy } from "./npy.js";
import { readNpz } from "./npz.js";

const toyFile = (ending: string) =>
  new Uint8Array(readFileSync(new URL(`../../tests/golden/utilities/toy_imdb${ending}.npz`, import.meta.url)));
const { raw } = JSON.parse(
  readFileSync(new URL("../../tests/golden/utilities/imdb_load_data_toy.json", import.meta.url), "utf8"),
) as { raw: Record<string, unknown> };
const latin1 = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

function npy(header: string, body: Uint8Array | number[] = [], version = 1): Uint8Array {
  const size = [header.length & 255, header.length >> 8, ...(version > 1 ? [0, 0] : [])];
  return Uint8Array.from([...latin1("\x93NUMPY"), version, 0, ...size, ...latin1(header), ...body]);
}
const plain = (descr: string, shape: string, body: Uint8Array | number[], fortran = "False", version = 1) =>
  npy(`{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': (${shape}), }\n`, body, version);
const bytesOf = (array: { buffer: ArrayBufferLike }) => new Uint8Array(array.buffer);
const pickled = (pickle: string, shape = "1,") => plain("|O", shape, latin1(pickle));

/** A protocol 2 pickle of an object array with these items. */
const objects = (items: string, count: number) =>
  `\x80\x02cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85U\x01b\x87R(K\x01K${String.fromCharCode(count)}\x85` +
  `cnumpy\ndtype\nU\x02O8K\x00K\x01\x87R(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK?tb\x89](${items}etb.`;

describe("readNpz", () => {
  for (const ending of ["", "_pickle0", "_pickle1", "_pickle2", "_pickle3", "_pickle4", "_pickle5"]) {
    test(`reads lists of ids and labels from toy_imdb${ending}.npz`, () => {
      const arrays = readNpz(toyFile(ending));
      expect(Object.keys(raw).sort()).toEqual([...arrays.keys()].sort());
      for (const part of ["x_train", "x_test"]) expect((arrays.get(part) as ObjectArray).items).toEqual(raw[part]);
      for (const part of ["y_train", "y_test"]) expect([...(arrays.get(part) as Tensor).data]).toEqual(raw[part]);
    });
  }

  test("any damage to a file is a FormatError, never another error, and never takes long", () => {
    const file = fc.constantFrom(toyFile(""), toyFile("_pickle0"), toyFile("_pickle5"));
    fc.assert(
      fc.property(file, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }), fc.nat(), (bytes, edits, cut) => {
        const damaged = bytes.slice(0, cut % 3 === 0 ? cut % bytes.length : bytes.length);
        for (const [at, value] of edits) if (damaged.length > 0) damaged[at % damaged.length] = value;
        onlyFormatError(() => readNpz(damaged));
      }),
      { numRuns: 1500 },
    );
  });

  test("an archive that unpacks to more than allowed is refused before it is unpacked", () => {
    const bomb = zipSync({ "x.npy": new Uint8Array(3_000_000) });
    expect(() => readNpz(bomb, { maxBytes: 1_000_000 })).toThrow(/unpacks to 3000000 bytes/);
    const lying = bomb.slice();
    const directory = lying.length - 22 - 51;
    new DataView(lying.buffer).setUint32(directory + 24, 10, true);
    expect(() => readNpz(lying)).toThrow(/larger than the 10 bytes/);
  });

  test("a damaged member is found by its checksum", () => {
    const bytes = toyFile("");
    bytes[bytes.indexOf(0x93) + 140]! ^= 1;
    expect(() => readNpz(bytes, { name: "toy.npz" })).toThrow(/toy\.npz: member "x_train\.npy" is corrupt: its CRC-32/);
  });

  test("a file that is no archive, or holds no array, says so", () => {
    expect(() => readNpz(latin1("hello"))).toThrow(/not a ZIP archive/);
    expect(() => readNpz(zipSync({ "a.txt": latin1("a") }))).toThrow(/no \.npy member/);
  });
});

describe("readNpy", () => {
  test("reads every numeric dtype", () => {
    const cases: [string, { buffer: ArrayBufferLike }, number[]][] = [
      ["|i1", Int8Array.of(-1, 2), [-1, 2]],
      ["<i2", Int16Array.of(-300, 2), [-300, 2]],
      ["<i4", Int32Array.of(-70000, 2), [-70000, 2]],
      ["<i8", BigInt64Array.of(-5n, 7n), [-5, 7]],
      ["<i8", BigInt64Array.of(-5n, 1n << 40n), [-5, 2 ** 40]],
      ["|u1", Uint8Array.of(255, 2), [255, 2]],
      ["<u2", Uint16Array.of(65535, 2), [65535, 2]],
      ["<u4", Uint32Array.of(4294967295, 2), [4294967295, 2]],
      ["<u8", BigUint64Array.of(3n, 4n), [3, 4]],
      ["<f4", Float32Array.of(0.5, -2), [0.5, -2]],
      ["<f8", Float64Array.of(0.1, -2), [0.1, -2]],
      ["|b1", Uint8Array.of(1, 0), [1, 0]],
    ];
    for (const [descr, array, expected] of cases) {
      expect([...(readNpy(plain(descr, "2,", bytesOf(array))) as Tensor).data]).toEqual(expected);
    }
    expect((readNpy(plain("<i8", "1,", bytesOf(BigInt64Array.of(5n)))) as Tensor).data).toBeInstanceOf(Int32Array);
  });

  test("gives row-major order whatever order the file has, in every format version", () => {
    const body = bytesOf(Float32Array.of(1, 4, 2, 5, 3, 6));
    const rows = [
      [1, 2, 3],
      [4, 5, 6],
    ];
    for (const version of [1, 2, 3]) {
      expect(toNested(readNpy(plain("<f4", "2, 3", body, "True", version)) as Tensor)).toEqual(rows);
    }
    expect(toNested(readNpy(plain("<f8", "", bytesOf(Float64Array.of(7)))) as Tensor)).toBe(7);
  });

  test("reads Fortran order in three dimensions", () => {
    // numpy.arange(24).reshape(2, 3, 4) in Fortran order
    const fortran = [0, 12, 4, 16, 8, 20, 1, 13, 5, 17, 9, 21, 2, 14, 6, 18, 10, 22, 3, 15, 7, 19, 11, 23];
    const { data } = readNpy(plain("|u1", "2, 3, 4", fortran, "True")) as Tensor;
    expect([...data]).toEqual(Array.from({ length: 24 }, (_, i) => i));
  });

  test("a shape that the file cannot hold is refused before anything is allocated", () => {
    for (const shape of ["1000000000000,", "999999999999999, 999999999999999", "3,"]) {
      expect(() => readNpy(plain("<f8", shape, [0, 0]))).toThrow(FormatError);
      expect(() => readNpy(pickled(objects("K\x01", 1), shape))).toThrow(FormatError);
    }
  });

  test("dtypes and headers that are not supported are named", () => {
    expect(() => readNpy(plain(">f4", "1,", [0, 0, 0, 0]), "w.npy")).toThrow(/w\.npy: dtype ">f4" is not supported/);
    expect(() => readNpy(plain("<c8", "1,", [0, 0, 0, 0]))).toThrow(/"<c8" is not supported/);
    expect(() => readNpy(plain("<constructor", "1,", []))).toThrow(FormatError);
    expect(() => readNpy(npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }\n"))).toThrow(
      /structured/,
    );
    expect(() => readNpy(plain("<i8", "1,", bytesOf(BigInt64Array.of(1n << 60n))))).toThrow(/cannot hold exactly/);
    expect(() => readNpy(plain("<f4", "1,", [], "False", 9))).toThrow(/format 9/);
  });

  test("a pickle that names anything but NumPy's arrays is refused, by either opcode", () => {
    expect(() => readNpy(pickled("\x80\x02cos\nsystem\nU\x02lsR."))).toThrow(/asks for the Python name "os\.system"/);
    expect(() => readNpy(pickled("\x80\x04\x8c\x05posix\x8c\x06system\x93\x8c\x02ls\x85R."))).toThrow(/posix\.system/);
    expect(() => readNpy(pickled("\x80\x02(U\x02lsios\nsystem\n."))).toThrow(/opcode "i"/);
    expect(() => readNpy(pickled("\x80\x02cnumpy\nndarray\n)\x81."))).toThrow(/opcode 0x81/);
    expect(() => readNpy(pickled("\x80\x02}U\x09__proto__K\x01s."))).toThrow(/opcode "}"/);
  });

  test("a length that goes backwards, a missing value or a list within itself does no harm", () => {
    expect(() => readNpy(pickled("\x80\x02B\xfb\xff\xff\xff."))).toThrow(FormatError);
    expect(() => readNpy(pickled("\x80\x02R."))).toThrow(FormatError);
    expect(() => readNpy(pickled("\x80\x02(."))).toThrow(FormatError);
    expect(() => readNpy(pickled("\x80\x02h\x07."))).toThrow(/refers to a value that is not there/);
    const { items } = readNpy(pickled(objects("]q\x01h\x01a", 1))) as ObjectArray;
    expect((items[0] as unknown[])[0]).toBe(items[0]);
  });

  test("a pickle of too many values is refused", () => {
    const many = new Uint8Array(6_000_000).fill(0x5d);
    const file = new Uint8Array([...plain("|O", "1,", latin1("\x80\x02"))]);
    const whole = new Uint8Array(file.length + many.length);
    whole.set(file);
    whole.set(many, file.length);
    expect(() => readNpy(whole)).toThrow(/makes more than/);
  });

  test("reads numbers, texts, truth values and numeric arrays among the objects", () => {
    const inner =
      "cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85U\x01b\x87R(K\x01K\x02\x85cnumpy\ndtype\n" +
      "U\x02i2K\x00K\x01\x87R(K\x03U\x01<NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89C\x04\x01\x00\x2c\x01tb";
    const file = pickled(objects(`NX\x02\x00\x00\x00\xc3\xa9\x88\x8a\x01\xfeG\x3f\xe0\0\0\0\0\0\0${inner}`, 6), "6,");
    const { items } = readNpy(file) as ObjectArray;
    expect([...Array.from(items)].slice(0, 5)).toEqual([null, "é", true, -2, 0.5]);
    expect([...Array.from((items[5] as ObjectArray).items)]).toEqual([1, 300]);
  });

  test("random bytes behind a valid header are a FormatError", () => {
    const opcodes = [...".KMJIL\x8aGFN\x88\x89X\x8cVSTUBC(])lt\x85\x86\x87ae\x80\x95pq\x94ghjc\x93Rb"].map((c) =>
      c.charCodeAt(0),
    );
    const byte = fc.oneof(fc.nat(255), fc.constantFrom(...opcodes), fc.constantFrom(10, 0x31, 0));
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 60 }), (bytes) => {
        onlyFormatError(() => readNpy(plain("|O", "1,", bytes)));
      }),
      { numRuns: 3000 },
    );
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => onlyFormatError(() => readNpy(bytes))));
  });

  test("any change to a valid pickle gives an array or a FormatError", () => {
    const valid = pickled(objects("](K\x05M\x2c\x01e](K\x07e", 2), "2,");
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(valid.length - 1), fc.nat(255)), { minLength: 1, maxLength: 3 }),
        (edits) => {
          const changed = valid.slice();
          for (const [at, value] of edits) changed[at] = value;
          onlyFormatError(() => readNpy(changed));
        },
      ),
      { numRuns: 3000 },
    );
  });
});

describe("gunzip", () => {
  const text = latin1("a review\n".repeat(20000));

  test("unpacks one member and several", () => {
    const one = gzipSync(text);
    const two = Uint8Array.from([...one, ...gzipSync(latin1("end"))]);
    expect(gunzip(one, "a.gz", 1e6)).toEqual(text);
    expect(gunzip(two, "a.gz", 1e6)).toEqual(Uint8Array.from([...text, ...latin1("end")]));
  });

  test("stops at the limit", () => {
    expect(() => gunzip(gzipSync(text), "a.gz", 1000)).toThrow(
      /a\.gz: the unpacked content is larger than the 1000 bytes/,
    );
  });

  test("every truncation is a FormatError", () => {
    const packed = gzipSync(text);
    for (let length = 0; length < packed.length; length++) {
      expect(() => gunzip(packed.subarray(0, length), "a.gz", 1e6)).toThrow(FormatError);
    }
  });

  test("any change to the data is a FormatError or goes unnoticed only in the header", () => {
    const packed = gzipSync(latin1("some reviews, some words, some more words"));
    fc.assert(
      fc.property(fc.nat(packed.length - 1), fc.nat(255), (at, value) => {
        const changed = packed.slice();
        changed[at] = value;
        onlyFormatError(() => gunzip(changed, "a.gz", 1e6));
      }),
      { numRuns: 2000 },
    );
  });
});

function onlyFormatError(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
  }
}
