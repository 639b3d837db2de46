import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { FormatError, TavaliError } from "../errors.js";
import { cacheDirectory, cachedFile, type DownloadProgress, type RemoteFile } from "./cache-node.js";
import { loadData } from "./imdb.js";

const content = Buffer.alloc(300_000, "abcdefg");
const hash = createHash("sha256").update(content).digest("hex");
let server: Server;
let answer: RequestListener;
let requests: number;
let directory: string;
let before: string | undefined;

beforeEach(async () => {
  requests = 0;
  answer = (_, response) => {
    response.writeHead(200, { "content-length": content.length });
    response.end(content);
  };
  server = createServer((request, response) => {
    requests++;
    answer(request, response);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  directory = mkdtempSync(join(tmpdir(), "tavali-cache-"));
  before = process.env.TAVALI_CACHE;
  process.env.TAVALI_CACHE = directory;
});

afterEach(async () => {
  if (before === undefined) delete process.env.TAVALI_CACHE;
  else process.env.TAVALI_CACHE = before;
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
  rmSync(directory, { recursive: true });
});

const file = (changes: Partial<RemoteFile> = {}): RemoteFile => ({
  name: "letters.bin",
  url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/letters.bin`,
  algorithm: "sha256",
  hash,
  limit: 1_000_000,
  ...changes,
});
const kept = () => readdirSync(directory, { recursive: true }).filter((name) => name !== "datasets");

describe("cachedFile", () => {
  test("fetches once with progress, then reads the cache", async () => {
    const progress: DownloadProgress[] = [];
    const first = await cachedFile(file(), { onProgress: (step) => progress.push(step) });
    expect(content.equals(first)).toBe(true);
    expect(progress.at(-1)).toEqual({ file: "letters.bin", received: content.length, total: content.length });
    expect(progress.every((step, i) => i === 0 || step.received > progress[i - 1]!.received)).toBe(true);
    const second = await cachedFile(file());
    expect(content.equals(second)).toBe(true);
    expect(requests).toBe(1);
    expect(readdirSync(cacheDirectory())).toEqual(["letters.bin"]);
  });

  test("content with the wrong hash is an error and is not kept", async () => {
    await expect(cachedFile(file({ hash: "0".repeat(64) }))).rejects.toThrow(FormatError);
    expect(kept()).toEqual([]);
  });

  test("an interrupted transfer is an error and leaves nothing behind", async () => {
    answer = (_, response) => {
      response.writeHead(200, { "content-length": content.length });
      response.write(content.subarray(0, 100_000), () => response.destroy());
    };
    await expect(cachedFile(file())).rejects.toThrow(/broke off after 100000 bytes/);
    expect(kept()).toEqual([]);
  });

  test("an interrupted transfer of unknown length is an error too", async () => {
    answer = (_, response) => {
      response.writeHead(200);
      response.write(content.subarray(0, 100_000), () => response.destroy());
    };
    await expect(cachedFile(file())).rejects.toThrow(TavaliError);
    expect(kept()).toEqual([]);
  });

  test("aborting stops the transfer and leaves nothing behind", async () => {
    answer = (_, response) => {
      response.writeHead(200, { "content-length": content.length });
      response.write(content.subarray(0, 1000));
    };
    const controller = new AbortController();
    const loading = cachedFile(file(), { signal: controller.signal, onProgress: () => controller.abort() });
    await expect(loading).rejects.toMatchObject({ name: "AbortError" });
    expect(kept()).toEqual([]);
  });

  test("a server that answers with an error, is absent, or sends without end is an error", async () => {
    answer = (_, response) => {
      response.writeHead(404);
      response.end("no");
    };
    await expect(cachedFile(file())).rejects.toThrow(/answered 404/);
    await expect(cachedFile(file({ url: "http://127.0.0.1:1/" }))).rejects.toThrow(/broke off after 0 bytes/);
    answer = (_, response) => {
      response.writeHead(200);
      response.end(content);
    };
    await expect(cachedFile(file({ limit: 1000 }))).rejects.toThrow(/sends more than 1000 bytes/);
    expect(kept()).toEqual([]);
  });

  test("a damaged copy in the cache is fetched anew", async () => {
    await cachedFile(file());
    writeFileSync(join(cacheDirectory(), "letters.bin"), "damaged");
    expect(content.equals(await cachedFile(file()))).toBe(true);
    expect(requests).toBe(2);
    expect(content.equals(readFileSync(join(cacheDirectory(), "letters.bin")))).toBe(true);
  });

  test("loads at the same time do not disturb one another", async () => {
    const all = await Promise.all(Array.from({ length: 4 }, () => cachedFile(file())));
    for (const bytes of all) expect(content.equals(bytes)).toBe(true);
    expect(readdirSync(cacheDirectory())).toEqual(["letters.bin"]);
  });

  test("a cache directory that cannot be written is explained", async () => {
    process.env.TAVALI_CACHE = join(directory, "occupied");
    writeFileSync(process.env.TAVALI_CACHE, "a file");
    await expect(cachedFile(file())).rejects.toThrow(/Set TAVALI_CACHE/);
  });

  test("imdb.loadData refuses a server's file that is not the official one", async () => {
    await expect(loadData({ url: file().url })).rejects.toThrow(/imdb\.npz: .* expected 69664113be75683a/);
    expect(kept()).toEqual([]);
  });
});
