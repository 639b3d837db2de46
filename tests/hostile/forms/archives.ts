/** NumPy's arrays, pickles in them, ZIP archives and gzip. */
import fs from "node:fs";
import path from "node:path";
import { gzipSync, unzipSync, zipSync } from "fflate";
import { gunzip } from "../../../src/datasets/gunzip.js";
import * as imdb from "../../../src/datasets/imdb.js";
import { readNpy } from "../../../src/datasets/npy.js";
import { readNpz } from "../../../src/datasets/npz.js";
import { readPickledArray } from "../../../src/datasets/pickle.js";
import { unzip } from "../../../src/datasets/unzip.js";
import { bytesForm, type Form } from "../form.js";
import { type Dice, mutateBytes } from "../mutate.js";

const folder = path.resolve(process.cwd(), "tests/golden/utilities");
const archives = () =>
  ["", "_pickle0", "_pickle1", "_pickle2", "_pickle3", "_pickle4", "_pickle5"].map(
    (kind) => new Uint8Array(fs.readFileSync(path.join(folder, `toy_imdb${kind}.npz`))),
  );
const members = () => archives().flatMap((archive) => Object.values(unzipSync(archive)));

/** A plain array of numbers as NumPy writes it. */
function npy(descr: string, shape: string, data: Uint8Array): Uint8Array {
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }`.padEnd(117, " ");
  const head = Uint8Array.of(0x93, ...new TextEncoder().encode("NUMPY"), 1, 0, text.length + 1, 0);
  return Uint8Array.from([...head, ...new TextEncoder().encode(`${text}\n`), ...data]);
}

const arrays = () => [
  npy("<f4", "(2, 3)", new Uint8Array(Float32Array.of(1, 2, 3, 4, 5, 6).buffer)),
  npy("<i8", "(3,)", new Uint8Array(BigInt64Array.of(1n, -2n, 3n).buffer)),
  npy("|b1", "()", Uint8Array.of(1)),
];

const texts = ["", "a", "the cat sat on the mat\n".repeat(40)].map((text) => new TextEncoder().encode(text));
const pickleOf = (file: Uint8Array) =>
  file.subarray(10 + new DataView(file.buffer, file.byteOffset).getUint16(8, true));
const limit = 2 ** 24;

/** An archive whose members are changed and which is packed again, so that its checksums are right. */
function packedAgain(archive: Uint8Array, dice: Dice): Uint8Array {
  if (dice.chance(0.3)) return mutateBytes(archive, dice);
  const files = unzipSync(archive);
  const name = dice.pick(Object.keys(files));
  files[name] = mutateBytes(files[name]!, dice, files[dice.pick(Object.keys(files))]!);
  if (dice.chance(0.1))
    files[dice.pick(["../../evil.npy", "/etc/evil.npy", "__proto__.npy", "constructor.npy"])] = files[name];
  return zipSync(files, { level: dice.chance(0.5) ? 0 : 6 });
}

export const archiveForms: readonly Form[] = [
  bytesForm(
    "npz",
    archives,
    (bytes) => {
      readNpz(bytes, { name: "a.npz", maxBytes: limit });
      return () => imdb.loadData({ bytes });
    },
    packedAgain,
  ),
  bytesForm(
    "npy",
    () => [...members(), ...arrays()],
    (bytes) => void readNpy(bytes),
  ),
  bytesForm(
    "pickle",
    () =>
      members()
        .filter((file) => new TextDecoder("latin1").decode(file.subarray(0, 60)).includes("|O"))
        .map(pickleOf),
    (bytes) => void readPickledArray(bytes, "a.pickle"),
  ),
  bytesForm("zip", archives, (bytes) => void unzip(bytes, "a.zip", limit)),
  bytesForm(
    "gzip",
    () => texts.map((text) => gzipSync(text)),
    (bytes) => void gunzip(bytes, "a.gz", limit),
  ),
];
