/** Folders of past trainings: their logs, and the commands that show them. */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { readRuns } from "../../../src/cli/read-runs.js";
import { runsCommand } from "../../../src/cli/runs.js";
import type { Form } from "../form.js";
import { mutateBytes, mutateJson } from "../mutate.js";

const line = (event: string, values: object) => JSON.stringify({ event, time: "2026-11-24T14:30:00.000Z", ...values });
const lines = [
  line("start", { epochs: 3, steps: 4, validates: true, task: "sentiment", options: { units: 4, cell: "gru" } }),
  ...[0, 1, 2].map((epoch) =>
    line("epoch", { epoch, seconds: 1.5, learningRate: 0.001, loss: 1 / (epoch + 1), valLoss: 0.5, valAccuracy: 0.7 }),
  ),
  line("end", { stopped: false, loss: 0.3 }),
  line("result", { accuracy: 0.9, testLoss: 0.2, interrupted: false }),
];
const whole = `${lines.join("\n")}\n`;

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "tavali-runs-"));
process.on("exit", () => fs.rmSync(folder, { recursive: true, force: true }));
const utf8 = new TextEncoder();

function write(name: string, content: Uint8Array): void {
  fs.mkdirSync(path.join(folder, name), { recursive: true });
  fs.writeFileSync(path.join(folder, name, "run.jsonl"), content);
}

/** Commands print; nobody is to see it. */
async function inSilence(work: () => Promise<unknown>): Promise<void> {
  const streams = [process.stdout, process.stderr] as const;
  const writes = streams.map((stream) => stream.write);
  for (const stream of streams) stream.write = () => true;
  try {
    await work();
  } finally {
    streams.forEach((stream, i) => {
      stream.write = writes[i]!;
    });
  }
}

export const runForms: readonly Form[] = [
  {
    name: "run folder",
    usedOneIn: 6,
    files() {
      for (const name of ["b-2", "__proto__"]) write(name, utf8.encode(whole));
      write("c\u001b[2J", utf8.encode("null\n"));
      return [utf8.encode(whole)];
    },
    mutate(file, dice) {
      if (dice.chance(0.4)) return mutateBytes(file, dice);
      const at = dice.below(lines.length);
      const odd = ["null", "[]", "3", '"x"', "true", "{}", '{"event":"start"}', '{"event":null}', '{"event":"epoch"}'];
      if (dice.chance(0.2)) return utf8.encode(lines.toSpliced(at, dice.below(2), dice.pick(odd)).join("\n"));
      return utf8.encode(lines.toSpliced(at, 1, mutateJson(JSON.parse(lines[at]!), dice)).join("\n"));
    },
    read(file) {
      write("a-1", file);
      const found = readRuns(folder).some(({ id }) => id === "a-1");
      return () =>
        inSilence(async () => {
          const commands = [
            ["list"],
            ...(found
              ? [
                  ["show", "a-1"],
                  ["compare", "a-1", "b-2"],
                ]
              : []),
          ];
          for (const command of commands) {
            await runsCommand()
              .exitOverride()
              .parseAsync([...command, "--runs", folder, "--json"], { from: "user" });
          }
        });
    },
  },
];
