import { existsSync, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync, strToU8 } from "fflate";
import { afterAll, describe, expect, it, vi } from "vitest";
import type { Dataset } from "../data/index.js";
import { ConfigError, TavaliError } from "../errors.js";
import { csvDataset, jsonLinesDataset, textDataset } from "./file-datasets.js";

const folder = mkdtempSync(path.join(tmpdir(), "tavali-files-"));
afterAll(() => rmSync(folder, { recursive: true }));
function file(name: string, content: string | Uint8Array): string {
  const at = path.join(folder, name);
  writeFileSync(at, content);
  return at;
}
async function all<Item>(data: Dataset<Item>, skip = 0): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of data.epoch(0, { skip })) items.push(item);
  return items;
}
const reason = (data: Dataset<unknown>) =>
  all(data).then(
    () => "no error",
    (error) => `${error.name}: ${error.message}`,
  );

describe("textDataset", () => {
  it("gives lines without line breaks, blank ones too, of plain and packed files and of Blobs", async () => {
    const text = "one\r\n\r\nسه\nfour";
    const lines = ["one", "", "سه", "four"];
    expect(await all(textDataset(file("a.txt", text)))).toEqual(lines);
    expect(await all(textDataset(file("a.txt.gz", gzipSync(strToU8(text)))))).toEqual(lines);
    expect(await all(textDataset(new Blob([text])))).toEqual(lines);
    expect(await all(textDataset(new Blob([gzipSync(strToU8(text))])))).toEqual(lines);
    expect(await all(textDataset(file("b.txt", "\ufeffone\n")))).toEqual(["one"]);
    expect(await all(textDataset([file("a.txt", text), file("b.txt", "five\n")]))).toEqual([...lines, "five"]);
  });

  it("reads files larger than a chunk, from any place", async () => {
    const lines = Array.from({ length: 60_000 }, (_, i) => `line ${i} ${"ه".repeat(i % 30)}`);
    const data = textDataset([file("large.txt", lines.join("\n")), file("small.txt", "end")]);
    const whole = [...lines, "end"];
    expect(await all(data)).toEqual(whole);
    for (const skip of [1, 59_999, 60_000, 60_001, 70_000]) expect(await all(data, skip)).toEqual(whole.slice(skip));
  });

  it("names file and row in errors of the files and of functions", async () => {
    const [a, b] = [file("a.txt", "x\ny\n"), file("b.txt", "z\n")];
    const numbers = textDataset([a, b]).map((line) => {
      if (line === "z") throw new Error("no number");
      return line;
    });
    expect(await reason(numbers)).toBe(`DataError: ${b}, row 1: the function of map failed: no number`);
    expect(await reason(numbers.shuffle(9).batch(2))).toContain("b.txt, row 1:");
    expect(await reason(textDataset(file("bad.txt", Uint8Array.of(65, 10, 255, 10))))).toMatch(
      /^FormatError: .*bad.txt, row 2: is not valid UTF-8/,
    );
    expect(await reason(textDataset(file("empty.txt", "")))).toMatch(/^FormatError: .*empty.txt: is empty/);
    const cut = gzipSync(strToU8("x\n".repeat(99))).subarray(0, 20);
    expect(await reason(textDataset(file("cut.gz", cut)))).toMatch(/^FormatError: .*cut.gz: the gzip data/);
    expect(await reason(textDataset(new Blob([cut])))).toBe(
      "FormatError: the Blob: the gzip data is truncated or corrupt; pack the file again.",
    );
  });

  it("misses a later file before it reads the first", async () => {
    const seen: string[] = [];
    const data = textDataset([file("a.txt", "x\n"), path.join(folder, "none.txt")]).map((line) => seen.push(line));
    expect(await reason(data)).toMatch(/^ConfigError: .*none.txt does not exist/);
    expect(seen).toEqual([]);
  });

  it.each([[[]], [7], [""], [null], [["a.txt", 7]], [{}]])("refuses %j", (files) => {
    expect(() => textDataset(files as never)).toThrow(ConfigError);
  });

  it("refuses a line without an end", async () => {
    const endless = file("endless.txt", new Uint8Array(2 ** 24 + 2 ** 20).fill(65));
    expect(await reason(textDataset(endless))).toMatch(/endless.txt, row 1: is longer than 16777216 characters/);
  });
});

describe("csvDataset", () => {
  it("gives records by the names of the header, in any of the usual delimiters", async () => {
    const records = [
      { text: "a, b", label: "1" },
      { text: 'the "best"', label: "0" },
    ];
    const quoted = '"a, b"D1\n\n"the ""best"""D0\n';
    for (const delimiter of [",", ";", "|"]) {
      const table = `text${delimiter}label\n${quoted.replaceAll("D", delimiter)}`;
      expect(await all(csvDataset(file("t.csv", table)))).toEqual(records);
      expect(await all(csvDataset(file("t.csv", table.replaceAll("\n", "\r\n"))))).toEqual(records);
    }
    expect(await all(csvDataset(file("t.tsv", 'text\tlabel\na, b\t1\nthe "best"\t0\n')))).toEqual(records);
    expect(await all(csvDataset(file("t.csv", "a, b#1"), { delimiter: "#", columns: ["text", "label"] }))).toEqual(
      records.slice(0, 1),
    );
    const cells = csvDataset(file("t.csv", "text,label\na,1\n"), { records: false });
    expect(await all(cells)).toEqual([["a", "1"]]);
    const [one, two] = [file("1.csv", "text,label\nx,1\n"), file("2.csv", "label,text\n0,y\n")];
    expect(await all(csvDataset([one, two]))).toEqual([
      { text: "x", label: "1" },
      { text: "y", label: "0" },
    ]);
  });

  it("reads quoted cells that lie across chunks", async () => {
    const cells = Array.from({ length: 30_000 }, (_, i) => `${"q".repeat(i % 13)}"${i}",\n${"z".repeat(i % 7)}`);
    const table = `n,cell\n${cells.map((cell, i) => `${i},"${cell.replaceAll('"', '""')}"`).join("\r\n")}`;
    const data = csvDataset(file("q.csv", table));
    expect((await all(data)).map(({ cell }) => cell)).toEqual(cells);
    expect((await all(data, 29_998)).map(({ n }) => n)).toEqual(["29998", "29999"]);
  });

  it.each([
    ["a,b\n1,2\n\n3\n", 'row 4: has 1 cell for the 2 columns "a", "b"'],
    ['a,b\n1,2\n3,"x" y\n4,5\n', "row 3: the quoting is broken"],
    ['a,b\n1,"open\n', "row 2: the quoting is broken"],
    ["a,b\r1,2\r3,4\r", "rows end with carriage returns alone"],
    ["a,a\n1,2\n", 'row 1: two columns have the name "a"'],
    ["__proto__,a\n1,2\n", 'no column can have the name "__proto__"'],
  ])("refuses %j", async (table, message) => {
    expect(await reason(csvDataset(file("w.csv", table)))).toMatch(/^FormatError: .*w.csv/);
    expect(await reason(csvDataset(file("w.csv", table)))).toContain(message);
  });
});

it.each([{ delimiter: '"' }, { delimiter: "" }, { columns: ["a", "a"] }, { columns: ["__proto__"] }, { records: 1 }])(
  "csvDataset refuses the options %j",
  (options) => {
    expect(() => csvDataset("a.csv", options as never)).toThrow(TavaliError);
  },
);

describe("jsonLinesDataset", () => {
  it("gives the value of each line", async () => {
    const data = jsonLinesDataset<{ n: number }>(file("a.jsonl", '{"n":1}\n\n{"n":2}\r\n'));
    expect((await all(data.map(({ n }) => n))).join()).toBe("1,2");
  });

  it("names the row that is not JSON", async () => {
    expect(await reason(jsonLinesDataset(file("b.jsonl", '{"n":1}\n\n{"n":\n')))).toMatch(
      /^FormatError: .*b.jsonl, row 3: is not JSON \(/,
    );
  });
});

it("whole passes behind every stage end without an error", async () => {
  const data = textDataset(file("three.txt", "one\ntwo\nthree\n"));
  expect((await all(data.filter((line) => line !== "two"))).join()).toBe("one,three");
  expect((await all(data.shuffle(2))).sort().join()).toBe("one,three,two");
  expect(await all(data.bucketByLength({ boundaries: [4], batchSize: 2 }))).toEqual([["one", "two"], ["three"]]);
  expect(await all(data.take(2).batch(2))).toEqual([["one", "two"]]);
});

it("a pass that is left closes its file", async (context) => {
  if (!existsSync("/proc/self/fd")) context.skip("open files are listed under /proc, which is not here");
  const large = file("open.txt", "line\n".repeat(200_000));
  const data = textDataset(large);
  const stages = [
    data,
    data.map((line) => line),
    data.filter(() => true),
    data.take(2),
    data.skip(2),
    data.shuffle(2),
    data.batch(2),
    data.padBatch(2),
    data.bucketByLength({ boundaries: [3], batchSize: 2 }),
    data.prefetch(2),
    data.repeat(2),
  ] as Dataset<unknown>[];
  for (const each of stages) for (let i = 0; i < 5; i++) for await (const _ of each) break;
  const opened = () =>
    readdirSync("/proc/self/fd").flatMap((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`) === large ? [fd] : [];
      } catch {
        return [];
      }
    });
  await vi.waitFor(() => expect(opened()).toEqual([]));
});
