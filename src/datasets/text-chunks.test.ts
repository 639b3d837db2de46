import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ConfigError, FormatError } from "../errors.js";
import { type TextProgress, textChunks, utf8Chunks } from "./index.js";

let folder: string;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "tavali-texts-"));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const place = path.join(folder, name);
  fs.writeFileSync(place, content);
  return place;
}

async function whole(chunks: AsyncIterable<string>): Promise<string> {
  let text = "";
  for await (const chunk of chunks) text += chunk;
  return text;
}

/** Message of an error. */
const failure = (chunks: AsyncIterable<string>): Promise<Error> =>
  whole(chunks).then(
    (text) => expect.unreachable(`read ${JSON.stringify(text.slice(0, 40))}`),
    (error: Error) => error,
  );

const persian = "او می‌رود. 👋\n";
const bytesOf = (text: string) => new TextEncoder().encode(text);

describe("textChunks", () => {
  it("reads files one after another, plain or gzip, with a line break between them", async () => {
    const paths = [file("a.txt", "\ufeffone"), file("b.txt.gz", gzipSync(persian)), file("c.txt", "three\r\n")];
    expect(await whole(textChunks(paths))).toBe(`one\n${persian}three\r\n`);
    expect(await whole(textChunks(paths[0]!))).toBe("one");
  });

  it("reads a line of ten megabytes in chunks, and says how far it is", async () => {
    const line = `${"می‌رود ".repeat(1_000_000)}x`;
    for (const place of [file("long.txt", line), file("long.txt.gz", gzipSync(line))]) {
      const seen: TextProgress[] = [];
      let longest = 0;
      let length = 0;
      for await (const chunk of textChunks(place, { onProgress: (progress) => seen.push(progress) })) {
        longest = Math.max(longest, chunk.length);
        length += chunk.length;
      }
      expect(length).toBe(line.length);
      expect(longest).toBeLessThan(line.length / 8);
      const size = fs.statSync(place).size;
      expect(seen.at(-1)).toEqual({ file: place, bytes: size, total: size });
    }
  });

  it.each<[string, string | Uint8Array, RegExp]>([
    ["empty.txt", "", /empty\.txt: is empty/],
    ["mark.txt", "\ufeff", /mark\.txt: is empty/],
    ["empty.gz", gzipSync(""), /empty\.gz: is empty/],
    ["binary.txt", "text\n\0", /binary\.txt: is a binary file \(a zero byte at 5\)/],
    ["far.txt", Buffer.concat([Buffer.alloc(600_000, "x"), Buffer.alloc(1)]), /a zero byte at 600000\)/],
    ["latin.txt", Buffer.from("one\ntwo\ncaf\xe9\nfour", "latin1"), /latin\.txt, row 3: is not valid UTF-8/],
    ["cut.txt", bytesOf(persian).slice(0, -2), /cut\.txt, row 1: is not valid UTF-8/],
    ["cut.gz", gzipSync(persian.repeat(50)).subarray(0, -9), /cut\.gz: the gzip data is truncated or corrupt/],
    ["bad.gz", Buffer.concat([gzipSync(persian).subarray(0, -5), Buffer.alloc(5)]), /bad\.gz: the gzip data is/],
  ])("refuses %s in one line that names it", async (name, content, message) => {
    const error = await failure(textChunks(file(name, content)));
    expect(error).toBeInstanceOf(FormatError);
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain("\n");
  });

  it("looks for all files before it reads the first", async () => {
    const read: TextProgress[] = [];
    const onProgress = (progress: TextProgress) => read.push(progress);
    const good = file("good.txt", "good");
    const missing = await failure(textChunks([good, path.join(folder, "none.txt")], { onProgress }));
    expect(missing).toBeInstanceOf(ConfigError);
    expect(missing.message).toMatch(/none\.txt does not exist; check the path/);
    expect((await failure(textChunks([good, folder], { onProgress }))).message).toMatch(/is not a file/);
    expect((await failure(textChunks([]))).message).toMatch(/no path was given/);
    expect(read).toEqual([]);
  });

  it.each(["stop.txt", "stop.txt.gz"])("stops when its signal says so: %s", async (name) => {
    const text = Array.from({ length: 200_000 }, (_, i) => `${i} `).join("");
    const place = file(name, name.endsWith(".gz") ? gzipSync(text, { level: 0 }) : text);
    const controller = new AbortController();
    const stop = () => controller.abort(new Error("enough"));
    const chunks = textChunks(place, { signal: controller.signal, onProgress: stop });
    expect((await failure(chunks)).message).toBe("enough");
    expect((await failure(textChunks(place, { signal: controller.signal }))).message).toBe("enough");
  });

  it("lets go of a file that is not read to the end", async () => {
    for (const place of [file("part.txt", "x".repeat(1e6)), file("part.gz", gzipSync("x".repeat(1e6)))]) {
      for await (const chunk of textChunks(place)) {
        expect(chunk.length).toBeGreaterThan(0);
        break;
      }
    }
  });
});

describe("utf8Chunks", () => {
  const cutBytes = fc.tuple(fc.string({ unit: "binary", minLength: 1 }), fc.array(fc.nat(60))).map(([text, cuts]) => {
    const bytes = bytesOf(`${text.replace(/[\0\ufeff\p{Cs}]/gu, "é")}\n`);
    const places = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length];
    return { bytes, chunks: places.slice(1).map((end, i) => bytes.slice(places[i]!, end)) };
  });

  it("reads a text in whatever chunks its bytes come", async () => {
    await fc.assert(
      fc.asyncProperty(cutBytes, async ({ bytes, chunks }) => {
        expect(await whole(utf8Chunks(chunks, "t"))).toBe(new TextDecoder().decode(bytes));
      }),
    );
  });

  it("names the row of a fault in whatever chunks it comes", async () => {
    await fc.assert(
      fc.asyncProperty(cutBytes, fc.nat(), async ({ bytes, chunks }, at) => {
        const chunk = at % chunks.length;
        const bad = [...chunks.slice(0, chunk), Uint8Array.of(0xff), ...chunks.slice(chunk)];
        const before = chunks.slice(0, chunk).flatMap((part) => [...part]);
        const row = 1 + before.filter((byte) => byte === 0x0a).length;
        expect(bytes.length).toBeGreaterThan(0);
        expect((await failure(utf8Chunks(bad, "t"))).message).toBe(
          `t, row ${row}: is not valid UTF-8; save the file as UTF-8.`,
        );
      }),
    );
  });
});
